"""What the Python interface refuses before it reads anything."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from policyeval import InvalidInputError, evaluate

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("day", ["2025-12-31", datetime(2025, 12, 31), 2025])
@pytest.mark.parametrize("name", ["as_of", "since", "known_by"])
def test_a_day_is_a_date(name: str, day: Any) -> None:
    with pytest.raises(InvalidInputError, match=f"{name}: expected a day such as date"):
        evaluate(ROOT / "nowhere", organisation="none.yaml", events=[], **{name: day})
