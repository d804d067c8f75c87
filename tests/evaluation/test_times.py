"""Days, working days and instants."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyeval import Policy
from policyeval.evaluation.times import Clock, month_length
from policyeval.language.words import Duration


def clock(**changes: Any) -> Clock:
    plan: dict[str, Any] = {
        "policy": "p",
        "version": "1",
        "in_force": {"from": date(2025, 1, 1)},
        "timezone": "Asia/Shanghai",
        "working_days": {"country": "CN"},
        "unit_kinds": {"group": {"title": "g"}},
        "event_types": {"e": {}},
        "duties": {
            "d": {
                "clause": "c",
                "bearer": {"unit": "group"},
                "when": {"per": "year"},
                "evidence": {"event": "e"},
            }
        },
    }
    return Clock(Policy.model_validate(plan | changes))


CHINA = clock()
AMSTERDAM = clock(timezone="Europe/Amsterdam", working_days={"country": "NL"})


def days(number: int) -> Duration:
    return Duration(number=number, unit="working_days")


@pytest.mark.parametrize(
    ("start", "number", "due"),
    [
        ("2025-06-09", 5, "2025-06-16"),  # over a weekend
        ("2025-09-25", 3, "2025-09-29"),  # Sunday 28 September is a make-up working day
        ("2025-09-30", 1, "2025-10-09"),  # the October holiday
        ("2025-10-09", 2, "2025-10-11"),  # Saturday 11 October is a make-up working day
        ("2025-06-14", 1, "2025-06-16"),  # from a Saturday
        ("2025-06-14", 0, "2025-06-16"),  # none: the next working day
        ("2025-06-16", 0, "2025-06-16"),
    ],
)
def test_working_days_know_holidays_and_make_up_days(start: str, number: int, due: str) -> None:
    assert CHINA.after(date.fromisoformat(start), days(number)) == date.fromisoformat(due)


def test_extra_days_of_the_policy_come_first() -> None:
    own = clock(
        working_days={
            "country": "CN",
            "extra_holidays": [date(2025, 6, 16)],
            "extra_working_days": [date(2025, 6, 14)],
        }
    )
    assert own.after(date(2025, 6, 13), days(1)) == date(2025, 6, 14)
    assert own.after(date(2025, 6, 13), days(2)) == date(2025, 6, 17)


def test_months_end_on_the_months_last_day() -> None:
    month = Duration(number=1, unit="months")
    assert CHINA.after(date(2025, 1, 31), month) == date(2025, 2, 28)
    assert CHINA.after(date(2024, 1, 31), month) == date(2024, 2, 29)
    assert CHINA.before(date(2025, 3, 31), month) == date(2025, 2, 28)
    assert CHINA.after(date(2024, 2, 29), Duration(number=12, unit="months")) == date(2025, 2, 28)


def test_a_day_of_clock_change_is_23_or_25_hours_long() -> None:
    spring, autumn = date(2025, 3, 30), date(2025, 10, 26)
    assert (AMSTERDAM.ends(spring) - AMSTERDAM.starts(spring)).total_seconds() == 23 * 3600 - 1e-6
    assert (AMSTERDAM.ends(autumn) - AMSTERDAM.starts(autumn)).total_seconds() == 25 * 3600 - 1e-6


def test_days_start_at_local_midnight() -> None:
    assert CHINA.starts(date(2025, 1, 1)) == datetime(2024, 12, 31, 16)


def test_a_plan_year_that_starts_in_april() -> None:
    fiscal = clock(year_starts="04-01")
    assert fiscal.year_of(date(2025, 3, 31)) == "2024/25"
    assert fiscal.year_of(date(2025, 4, 1)) == "2025/26"


@given(st.dates(date(2015, 1, 1), date(2026, 12, 31)), st.integers(0, 60))
def test_working_days_agree_with_counting_on_fingers(day: date, number: int) -> None:
    due = CHINA.after(day, days(number))
    between = [date.fromordinal(n) for n in range(day.toordinal() + 1, due.toordinal() + 1)]
    if number:
        assert sum(map(CHINA.is_working, between)) == number
        assert CHINA.is_working(due)
    back = CHINA.before(day, days(number))
    earlier = [date.fromordinal(n) for n in range(back.toordinal(), day.toordinal())]
    if number:
        assert sum(map(CHINA.is_working, earlier)) == number


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_month_lengths(year: int, month: int) -> None:
    last = date(year, month, month_length(year, month))
    assert date.fromordinal(last.toordinal() + 1).day == 1
