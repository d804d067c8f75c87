"""Small words that every file of the reference uses."""

from __future__ import annotations

from datetime import date
from typing import Any

from reference.clock import ONE_DAY, as_date
from reference.conditions import UNREADABLE, Answer, holds

EVER, NEVER = date(1900, 1, 1), date(2200, 1, 1)


def many(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def span_of(spec: dict) -> tuple[date, date]:
    first, last = spec.get("from"), spec.get("until")
    return (as_date(first) if first else EVER, as_date(last) if last else NEVER)


def within(day: date, span: tuple[date, date]) -> bool:
    return span[0] <= day <= span[1]


def intersection(one: tuple[date, date], other: tuple[date, date]) -> tuple[date, date] | None:
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def days_of(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def value_of(event: dict, field: str) -> Any:
    """A value of an event as conditions see it: `at` is a day."""
    value = event["values"].get(field)
    return value["day"] if isinstance(value, dict) else value


def is_meant(event: dict, spec: dict) -> Answer:
    """Whether an event is of the type and passes `where`; None if it might."""
    kind = event["values"].get("type")
    if kind is not UNREADABLE and kind not in many(spec["event"]):
        return False
    return holds(spec.get("where"), lambda field: value_of(event, field)) and (
        None if kind is UNREADABLE else True
    )
