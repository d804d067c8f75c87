"""Conditions over one event or one unit, with three answers: yes, no, can't be read (None)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from reference.clock import as_date
from reference.exact import exact, is_number, part

UNREADABLE = object()
"""The value of a column that could not be read."""

Answer = bool | None
Read = Callable[[str], Any]


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


def holds(conditions: dict | None, value_of: Read) -> Answer:
    """Whether all conditions of a mapping hold; `value_of` gives None for a missing value."""
    return all_of([entry_holds(key, entry, value_of) for key, entry in (conditions or {}).items()])


def entry_holds(key: str, entry: Any, value_of: Read) -> Answer:
    """Whether one entry of such a mapping holds."""
    if key in ("all", "any", "none") and isinstance(entry, list) and isinstance(entry[0], dict):
        answers = [holds(member, value_of) for member in entry]
        if key == "all":
            return all_of(answers)
        return any_of(answers) if key == "any" else opposite(any_of(answers))
    others = [value_of(field) for field in fields_compared_with(entry)]
    if any(other is None for other in others):
        return False
    value = value_of(key)
    if value is UNREADABLE or UNREADABLE in others:
        return None
    return test(value, entry, value_of)


def fields_compared_with(condition: Any) -> list[str]:
    """The other fields of the event that a condition speaks of, within `not` too."""
    found: list[str] = []
    if isinstance(condition, dict):
        for word, wanted in condition.items():
            if word == "same_as":
                found.append(wanted)
            elif word == "not":
                found += fields_compared_with(wanted)
            elif isinstance(wanted, dict) and "field" in wanted:
                found.append(wanted["field"])
    return found


def test(value: Any, condition: Any, value_of: Read) -> bool:
    """Whether a readable value (None: missing) satisfies a condition."""
    missing = value is None
    if isinstance(condition, list):
        return not missing and any(equals(value, literal) for literal in condition)
    if not isinstance(condition, dict):
        return not missing and equals(value, condition)
    return all(one_test(value, word, wanted, value_of) for word, wanted in condition.items())


test.__test__ = False  # not for pytest


def one_test(value: Any, word: str, wanted: Any, value_of: Read) -> bool:
    if word == "present":
        return (value is not None) == wanted
    if value is None:
        return False
    if word == "not":
        return not test(value, wanted, value_of)
    if word == "same_as":
        return equals(value, value_of(wanted))
    if word == "has":
        return wanted in value
    if word == "has_all":
        return all(each in value for each in wanted)
    if word == "has_any":
        return any(each in value for each in wanted)
    if word == "at_least":
        return value >= number(wanted, value_of)
    if word == "at_most":
        return value <= number(wanted, value_of)
    if word == "before":
        return value < day(wanted, value_of)
    if word == "after":
        return value > day(wanted, value_of)
    if word == "matches":
        return re.fullmatch(wanted, value) is not None
    raise ValueError(word)


def number(wanted: Any, value_of: Read) -> Any:
    """A number as it stands, or (a part of) another field."""
    if isinstance(wanted, dict):
        return exact(value_of(wanted["field"])) * part(wanted.get("share", 1))
    return exact(wanted)


def day(wanted: Any, value_of: Read) -> date:
    return as_date(value_of(wanted["field"]) if isinstance(wanted, dict) else wanted)


def equals(value: Any, literal: Any) -> bool:
    if isinstance(value, list):
        return set(value) == (set(literal) if isinstance(literal, list) else {literal})
    if isinstance(literal, list):
        return set(literal) == {value}
    if isinstance(value, date):
        return value == as_date(literal)
    if isinstance(value, bool) or isinstance(literal, bool):
        return value is literal
    if is_number(value):
        return is_number(literal) and exact(value) == exact(literal)
    return value == literal
