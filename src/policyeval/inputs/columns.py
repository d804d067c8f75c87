"""The columns of an event export: what they hold, and which of them a policy needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from policyeval.language.conditions import leaves, read
from policyeval.language.duty import ANYONE, Duty, PartView
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
}
"""The columns that every event has."""

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
        """The column's name in the tables: fields have a prefix of their own."""
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
    for name, duty in policy.duties.items():
        for column in _used(duty):
            found.setdefault(column, name)
    return {column: duty for column, duty in found.items() if column not in ALWAYS}


def _used(duty: Duty) -> Iterator[str]:
    if duty.trigger is not None:
        yield from _conditions(duty.trigger.where)
        if duty.bearer.unit is not None:
            yield "unit"
    for part in duty.parts:
        yield from _used_by_part(duty, part)
    yield from (each.named_in for each in duty.accountable or () if each.named_in)


def _used_by_part(duty: Duty, part: PartView) -> Iterator[str]:
    source = part.evidence or part.requires.days_held
    if source is None:
        return
    who = source.who or ("unit" if duty.bearer.unit else "person")
    if who != ANYONE:
        yield who
    if duty.of_each is not None:
        yield source.target or "target"
    if part.evidence is not None:
        yield from _conditions(part.evidence.where)
        yield from _conditions(part.evidence.must)
        for ours, theirs in (part.evidence.matching or {}).items():
            yield from (ours, theirs)
    held = part.requires.days_held
    if held is not None:
        yield from _conditions(held.first.where)
        yield from _conditions(held.last.where if held.last else None)
        yield from [held.matching] if held.matching else []


def _conditions(conditions: Mapping[str, Any] | None) -> Iterable[str]:
    return (leaf.field for each in read(conditions) for leaf in leaves(each.predicate))
