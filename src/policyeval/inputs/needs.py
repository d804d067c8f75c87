"""Which columns of an export a duty reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policyeval.language.bases import Base
from policyeval.language.clocks import Clock
from policyeval.language.conditions import FieldRef, leaves, read
from policyeval.language.duty import Duty
from policyeval.language.duty_answers import Cure
from policyeval.language.evidence import ANYONE, Evidence, Meant
from policyeval.language.fields import asked_of_trigger
from policyeval.language.requires import BUCKETS, Buckets, Capped, DaysHeld, Requires
from policyeval.language.sources import Dated, Happening, Matched, Silence
from policyeval.language.validation import Model
from policyeval.language.walking import nodes

DERIVED = ("weekday", "working_day", "hour")
"""What follows from `at`: no columns of an export."""


def used_by(duty: Duty) -> Iterator[str]:
    """Every column that a duty reads, some of them more than once."""
    yield from (name for name in _used_by(duty) if name not in DERIVED)


def _used_by(duty: Duty) -> Iterator[str]:
    for _, node in nodes(duty):
        yield from _of_node(duty, node)
    trigger = duty.trigger
    of_events = isinstance(trigger, Happening) and trigger.event is not None
    if duty.bearer.unit is not None and (of_events or isinstance(trigger, Silence)):
        yield "unit"
    if duty.during is not None:
        yield from _named(duty, duty.during)
    for part in duty.parts:
        if part.evidence is not None:
            yield from _named(duty, part.evidence)
        if part.requires.days_held is not None:
            yield from _named(duty, part.requires.days_held)
    if isinstance(duty.late, Cure):
        yield from _conditions(duty.late.must)
    yield from asked_of_trigger(duty)


def _of_node(duty: Duty, node: Model) -> Iterator[str]:
    if isinstance(node, Happening):
        yield from _conditions(node.where)
        yield from _reached(node)
    if isinstance(node, Dated) and node.on is not None:
        yield node.on
    if isinstance(node, Meant):
        yield from _conditions(node.must)
        if not isinstance(node, Evidence):
            yield from _named(duty, node)
    if isinstance(node, Matched):
        yield from _keys(node)
    if isinstance(node, Clock):
        yield from (given.field for _, given in node.given_by_sources)
        yield from (given.field for _, given in node.days_by_sources)
    if isinstance(node, Base) and node.event is not None:
        yield from [node.who or "unit"] if node.who != ANYONE else []
    yield from _measured(node)


def _keys(node: Matched) -> Iterator[str]:
    yield from node.matching or {}
    if node.matching is None and not isinstance(node, Meant):
        yield "unit"  # A source in a clock concerns the trigger of the same unit.


def _reached(node: Happening) -> Iterator[str]:
    """What is counted, and apart by what; what comes of a duty has a unit of itself."""
    spec = node.reached
    if spec is not None:
        yield from [spec.sum] if spec.sum else []
        yield from spec.by or (() if node.duty is not None else spec.columns)


def _measured(node: Model) -> Iterator[str]:
    if isinstance(node, Requires):
        fields = (node.sum, node.distinct, node.average, node.largest, node.smallest)
        yield from filter(None, fields)
    elif isinstance(node, Buckets):
        yield from filter(None, (node.sum, node.distinct))
    if isinstance(node, (Buckets, Capped)) and node.by not in BUCKETS:
        yield node.by
    if isinstance(node, DaysHeld):
        yield from [node.matching] if node.matching else []
        yield from [node.valid_for] if isinstance(node.valid_for, str) else []


def _named(duty: Duty, source: Meant | DaysHeld) -> Iterator[str]:
    """The columns that name bearer and target; what comes of a duty has them of itself."""
    derived = isinstance(source, Meant) and source.duty is not None
    who = source.who or (None if derived else "unit" if duty.bearer.unit else "person")
    if who not in {None, ANYONE}:
        yield str(who)
    if duty.of_each is not None:
        target = source.target or (None if derived else duty.of_each.column)
        yield from [target] if target else []


def _conditions(conditions: Mapping[str, Any] | None) -> Iterator[str]:
    for each in read(conditions):
        for leaf in leaves(each.predicate):
            yield leaf.field
            if leaf.operator == "same_as":
                yield leaf.value
            elif isinstance(leaf.value, FieldRef):
                yield leaf.value.field
