"""Which duties can only be helped by another event."""

from __future__ import annotations

from typing import Any

from worlds_sources import has_lower, parts_of

PLAIN = ("per", "in_each", "after", "before", "for_each")
"""Occasions whose obligations are the same whatever else happens."""

EITHER_WAY = {"average", "smallest", "buckets", "days_held", "apart", "at_most", "exactly"}
EITHER_WAY |= {"sum", "largest"}
"""What an event more can make worse: numbers may be negative."""


def is_monotone(duty: dict) -> bool:
    """Whether no event takes anything away: neither time, nor evidence, nor the duty itself."""
    (occasion, source), *_ = duty["when"].items()
    if occasion not in PLAIN or {"unless", "review", "double_use", "while"} & set(duty):
        return False
    if isinstance(source, dict) and "silence" in source:
        return False
    if "'reached'" in str(duty):  # One event more, and others are the third.
        return False
    versions = [duty, *(duty.get("versions") or [])]
    if any(names_a_source(each.get("within")) for each in versions):
        return False
    requirements = [part.get("requires") or {} for part in parts_of(duty)]
    return all(
        has_lower(each) and not EITHER_WAY & set(each) and not counts_events(each)
        for each in requirements
    )


def names_a_source(value: Any) -> bool:
    if isinstance(value, list):
        return any(names_a_source(each) for each in value)
    if not isinstance(value, dict):
        return False
    named = "event" in value or "duty" in value
    return named or any(names_a_source(each) for each in value.values())


def counts_events(requires: dict) -> bool:
    """Whether a threshold is a share of what happens."""
    thresholds = [each for key, each in requires.items() if key not in ("capped",)]
    return names_a_source(thresholds)
