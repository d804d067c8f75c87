"""Conditions over one event or one unit, with three answers: yes, no, can't be read (None)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from reference.clock import as_date

UNREADABLE = object()
"""The value of a column that could not be read."""

Answer = bool | None


def all_of(answers: list[Answer]) -> Answer:
    if False in answers:
        return False
    return None if None in answers else True


def any_of(answers: list[Answer]) -> Answer:
    if True in answers:
        return True
    return None if None in answers else False


def opposite(answer: Answer) -> Answer:
    return None if answer is None else not answer


def holds(conditions: dict | None, value_of: Callable[[str], Any]) -> Answer:
    """Whether all conditions of a mapping hold; `value_of` gives None for a missing value."""
    return all_of([entry_holds(key, entry, value_of) for key, entry in (conditions or {}).items()])


def entry_holds(key: str, entry: Any, value_of: Callable[[str], Any]) -> Answer:
    """Whether one entry of such a mapping holds."""
    if key in ("all", "any", "none") and isinstance(entry, list) and isinstance(entry[0], dict):
        answers = [holds(member, value_of) for member in entry]
        if key == "all":
            return all_of(answers)
        return any_of(answers) if key == "any" else opposite(any_of(answers))
    value = value_of(key)
    return None if value is UNREADABLE else test(value, entry)


def test(value: Any, condition: Any) -> bool:
    """Whether a readable value (None: missing) satisfies a condition."""
    missing = value is None
    if isinstance(condition, list):
        return not missing and any(equals(value, literal) for literal in condition)
    if not isinstance(condition, dict):
        return not missing and equals(value, condition)
    return all(one_test(value, word, wanted) for word, wanted in condition.items())


test.__test__ = False  # not for pytest


def one_test(value: Any, word: str, wanted: Any) -> bool:
    if word == "present":
        return (value is not None) == wanted
    if value is None:
        return False
    if word == "not":
        return not test(value, wanted)
    if word == "has":
        return wanted in value
    if word == "has_all":
        return all(each in value for each in wanted)
    if word == "has_any":
        return any(each in value for each in wanted)
    if word == "at_least":
        return value >= wanted
    if word == "at_most":
        return value <= wanted
    if word == "before":
        return value < as_date(wanted)
    if word == "after":
        return value > as_date(wanted)
    if word == "matches":
        return re.fullmatch(wanted, value) is not None
    raise ValueError(word)


def equals(value: Any, literal: Any) -> bool:
    if isinstance(value, list):
        return set(value) == {literal}
    if isinstance(value, date):
        return value == as_date(literal)
    if isinstance(value, bool) or isinstance(literal, bool):
        return value is literal
    return value == literal
