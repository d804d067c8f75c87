"""Small words that every file of the reference uses."""

from __future__ import annotations

from datetime import date
from typing import Any

from reference.clock import ONE_DAY, as_date
from reference.conditions import UNREADABLE, Answer, holds

EVER, NEVER = date(1900, 1, 1), date(2200, 1, 1)


def many(value: Any) -> list:
    """A list, also of a single one."""
    return list(value) if isinstance(value, list) else [value]


def span_of(spec: dict) -> tuple[date, date]:
    first, last = spec.get("from"), spec.get("until")
    return (as_date(first) if first else EVER, as_date(last) if last else NEVER)


def within(day: date, span: tuple[date, date]) -> bool:
    return span[0] <= day <= span[1]


def within_any(day: date, spans: list[tuple[date, date]]) -> bool:
    return any(within(day, span) for span in spans)


def intersection(one: tuple[date, date], other: tuple[date, date]) -> tuple[date, date] | None:
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def joined(spans: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """The same days, in stretches that neither overlap nor adjoin."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + ONE_DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def days_of(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def value_of(event: dict | None, field: str) -> Any:
    """A value of an event as conditions see it: `at` is a day. Of no event all are missing."""
    if event is None:
        return None
    if field == "id":
        return event["id"]
    value = event["values"].get(field)
    return value["day"] if isinstance(value, dict) else value


def reader(event: dict) -> Any:
    """What conditions ask for the values of an event."""
    return lambda field: value_of(event, field)


def is_meant(event: dict, spec: dict) -> Answer:
    """Whether an event is of the type and passes `where`; None if it might."""
    kind = event["values"].get("type")
    if kind is not UNREADABLE and kind not in many(spec["event"]):
        return False
    return holds(spec.get("where"), reader(event)) and (None if kind is UNREADABLE else True)


def order(event: dict) -> tuple:
    """Events in order of time: on one day first what has only a date."""
    at = event["values"]["at"]
    return (at["first"], at["first"] == at["last"], str(event["id"]))


def is_timed(at: dict) -> bool:
    return at["first"] == at["last"]


def coincide(one: dict, other: dict) -> bool:
    """Whether two moments are one: the same, or of one day where either has only a date."""
    if is_timed(one) and is_timed(other):
        return one["first"] == other["first"]
    return one["day"] == other["day"]


def shares_key(event: dict, other: dict | None, matching: Any) -> Answer:
    """Whether an event shares its key (`matching`) with another, mostly a trigger."""
    if matching is None:
        return True
    if not isinstance(matching, dict):
        matching = {name: name for name in many(matching)}
    answers: list[Answer] = []
    for ours, theirs in matching.items():
        key, wanted = value_of(event, ours), value_of(other, theirs)
        if wanted is None or key is None:
            answers.append(False)
        else:
            answers.append(None if key is UNREADABLE else key == wanted)
    return False if False in answers else (None if None in answers else True)
