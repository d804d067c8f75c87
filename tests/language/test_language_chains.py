"""What `since_last` takes: one event a link, said or left out."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from policyeval.language.duty import Duty

CHAIN = {
    "clause": "1",
    "bearer": {"unit": "site"},
    "when": {"since_last": {}},
    "within": "120 days",
    "evidence": {"event": "meeting"},
}


def test_one_event_may_be_said_or_left_out() -> None:
    assert Duty.model_validate(CHAIN).requires.bounds == (1, None)
    assert Duty.model_validate({**CHAIN, "requires": {"at_least": 1}}).requires.bounds == (1, None)


@pytest.mark.parametrize(
    "requires",
    [
        {"at_least": 2},
        {"exactly": 1},
        {"at_least": 1, "apart": "3 days"},
        {"sum": "hours"},
        {"at_least": {"attribute": "beds"}},
    ],
)
def test_a_link_takes_nothing_more(requires: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="since_last"):
        Duty.model_validate({**CHAIN, "requires": requires})
