"""What `since_last` takes: one event a link; and what the next clock is counted from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from language_world import policy, problems
from pydantic import ValidationError

from policyeval.language.duty import Duty
from policyeval.language.occasions import IfNear, SinceLast
from policyeval.language.words import Duration

CHAIN = {
    "clause": "1",
    "bearer": {"unit": "site"},
    "when": {"since_last": {}},
    "within": "120 days",
    "evidence": {"event": "meeting"},
}
YEARLY = """\
d:
  clause: "1"
  bearer: {unit: ship}
  when: {since_last: {starting: {date_of: issued_on}, next_from: due}}
  within: 1 year
  evidence: {event: drill}
"""


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


@pytest.mark.parametrize(
    ("rule", "number", "unit", "late"),
    [
        ("{due: 3 months}", 3, "months", "due"),
        ("{due: 0 days, late: due}", 0, "days", "due"),
        ("{due: 5 working days, late: evidence}", 5, "working_days", "evidence"),
        ("{due: {parameter: time}}", 30, "days", "due"),
    ],
)
def test_an_anniversary_may_be_kept_only_if_evidence_comes_near(
    tmp_path: Path, rule: str, number: int, unit: Any, late: Any
) -> None:
    when = policy(tmp_path, YEARLY.replace("next_from: due", f"next_from: {rule}")).duties["d"].when
    assert isinstance(when, SinceLast)
    near = IfNear(due=Duration(number=number, unit=unit), late=late)
    assert when.since_last.next_from == near


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("dew", "4:66: `dew` is not a word that fits here; did you mean `due`?"),
        ("3 months", "4:66: say what that is counted back from: `{due: 3 months}`"),
        ("3", "4:66: `3` is not a word that fits here; known: due, evidence"),
        ("[due]", "4:66: `[due]` is not a word that fits here; did you mean `due`?"),
        ("{late: evidence}", "4:66: `due` is missing; add it"),
        ("{due: soon}", "4:72: expected a duration such as `5 working days`"),
        ("{due: 1 month, late: evidance}", "4:87: `evidance` is not a word that fits here"),
        ("{due: 3 months, latte: due}", "4:82: unknown key `latte`; did you mean `late`?"),
        ("{parameter: time}", "`{due: 20 days}`; it stands for `{parameter: time}`"),
    ],
)
def test_what_the_next_is_counted_from_is_said_where_it_is_wrong(
    tmp_path: Path, rule: str, expected: str
) -> None:
    found = problems(tmp_path, YEARLY.replace("next_from: due", f"next_from: {rule}"))
    assert expected in found[-1], found
