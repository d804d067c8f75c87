"""The section "Tables": a value that is looked up."""

from __future__ import annotations

from typing import Any

from reference.exact import exact, is_number
from reference.organisation import Organisation
from reference.words import value_of


def is_table(value: Any) -> bool:
    return isinstance(value, dict) and "by" in value and ("table" in value or "bands" in value)


def looked_up(
    table: dict,
    trigger: dict | None,
    unit: str | None,
    target: str | None,
    people: Organisation,
) -> Any:
    """What a table says for a trigger (and units, whose attributes it may ask for)."""
    by = table["by"]
    if isinstance(by, dict):
        whose = target if by.get("of") == "target" else unit
        value = people.attributes(whose).get(by["attribute"])
    else:
        value = value_of(trigger, by)
    if "table" in table:
        words = {spoken(word): what for word, what in table["table"].items()}
        return words.get(spoken(value), table.get("otherwise"))
    return in_bands(table, value)


def spoken(value: Any) -> Any:
    """A word of a table; a boolean may be written with quotes or without."""
    return str(value).lower() if isinstance(value, bool) else value


def in_bands(table: dict, value: Any) -> Any:
    """What the bands of a table say for a number; the last one where there is none."""
    if is_number(value):
        for band in table["bands"]:
            if "up_to" not in band or exact(value) <= exact(band["up_to"]):
                return band["is"]
    return table["bands"][-1]["is"]
