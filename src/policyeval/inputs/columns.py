"""The columns of an event export: what they hold, and which of them a policy needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from policyeval.inputs.needs import used_by
from policyeval.language.policy import Policy

Kind = Literal[
    "id", "type", "moment", "unit", "person", "text", "number", "boolean", "date", "list"
]

BASE: dict[str, Kind] = {
    "id": "id",
    "type": "type",
    "at": "moment",
    "unit": "unit",
    "person": "person",
    "target": "unit",
    "replaces": "text",
    "withdraws": "text",
    "recorded_at": "moment",
}
"""The columns that every event has."""

MOMENTS: dict[str, tuple[str, str, str]] = {
    "at": ("first", "last", "day"),
    "recorded_at": ("recorded_first", "recorded_last", "recorded_day"),
}
"""Moment -> its first instant, its last instant and its day in the tables."""

ALWAYS = ("id", "type", "at")
"""Those that every file must have."""


@dataclass(frozen=True)
class Column:
    """A column of the export in the policy's words.

    Args:
        name: as events and conditions name it.
        kind: what it holds.
        words: event type -> the words that the column may hold in its events.
        types: the event types that have the column; None if all have.
    """

    name: str
    kind: Kind
    words: Mapping[str, tuple[str, ...]]
    types: tuple[str, ...] | None

    @property
    def key(self) -> str:
        """The column's name in the tables: fields have a prefix of their own; a moment's day."""
        if self.kind == "moment":
            return MOMENTS[self.name][2]
        return self.name if self.types is None else f"f_{self.name}"


def columns(policy: Policy) -> dict[str, Column]:
    """Every column that a policy knows, by name."""
    found = {name: Column(name, kind, {}, None) for name, kind in BASE.items()}
    for name, kind in policy.fields.items():
        having = {
            event: declared.fields[name]
            for event, declared in policy.event_types.items()
            if name in declared.fields
        }
        words = {event: field.words for event, field in having.items() if field.words}
        found[name] = Column(name, kind, words, tuple(having))
    return found


def needed(policy: Policy) -> dict[str, str]:
    """Columns that at least one file must have -> the duty that uses them."""
    found: dict[str, str] = {}
    for variant in policy.variants.values():
        for column in used_by(variant.duty):
            found.setdefault(column, variant.name)
    return {column: duty for column, duty in found.items() if column not in ALWAYS}
