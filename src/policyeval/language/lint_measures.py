"""Checks of measures, thresholds and states: the fields, attributes, kinds and posts they name."""

from __future__ import annotations

from policyeval.language.bases import Base
from policyeval.language.clocks import Clock, OfField
from policyeval.language.duty import Duty
from policyeval.language.duty_answers import PartView
from policyeval.language.given import GivenDuration
from policyeval.language.lint_columns import columns, own_targets
from policyeval.language.lint_names import (
    BASE,
    Fields,
    Found,
    Kinds,
    Names,
    shared,
    unknown,
    wanted,
)
from policyeval.language.policy import FieldType
from policyeval.language.quantities import NumberTable
from policyeval.language.requires import BUCKETS, DaysHeld, Requires
from policyeval.language.source import Path_
from policyeval.language.sources import Happening
from policyeval.language.tables import DurationTable, OfAttribute, of_target
from policyeval.language.validation import Model
from policyeval.language.walking import nodes

_DISTINCT = ("text", "date", "list")
_BOOLEAN = ("true", "false")
_DISTINCT_OF_ALL = ("at", "unit", "person", "target")


def measure(names: Names, duty: Duty, part: PartView) -> Found:
    """What is wrong with how a part is measured."""
    path = (*part.path, "requires")
    held = part.requires.days_held
    if held is not None:
        yield from state(names, duty, held, (*path, "days_held"))
    elif part.evidence is not None:
        kinds = names.kinds(part.evidence)
        if kinds:
            yield from _fields(_own(kinds), part.requires, path)


def _own(kinds: Kinds) -> Fields:
    return {name: field for name, field in shared(kinds).items() if name not in BASE}


def _fields(own: Fields, requires: Requires, path: Path_) -> Found:
    for word in ("sum", "average", "largest", "smallest"):
        name = getattr(requires, word)
        if name is not None:
            yield from wanted((*path, word), "field", name, own, ["number"])
    yield from _distinct(own, requires.distinct, path)
    buckets, capped = requires.buckets, requires.capped
    if buckets is not None:
        at = (*path, "buckets")
        yield from _bucket(own, buckets.by, at)
        if buckets.sum is not None:
            yield from wanted((*at, "sum"), "field", buckets.sum, own, ["number"])
        yield from _distinct(own, buckets.distinct, at)
    if capped is not None:
        yield from _bucket(own, capped.by, (*path, "capped"))


def _distinct(own: Fields, name: str | None, path: Path_) -> Found:
    if name is not None:
        known = {**own, **{word: BASE[word] for word in _DISTINCT_OF_ALL}}
        yield from wanted((*path, "distinct"), "field", name, known, _DISTINCT)


def _bucket(own: Fields, by: str, path: Path_) -> Found:
    text = {name: field for name, field in own.items() if field.kind == "text"}
    known = {**text, **{word: FieldType(kind="text") for word in BUCKETS}}
    yield from unknown((*path, "by"), "period or text field", by, known)


def state(names: Names, duty: Duty, held: DaysHeld, path: Path_) -> Found:
    """What is wrong with the fields that a state reads; its events are sources."""
    first = names.kinds(held.first)
    last = names.kinds(held.last) if held.last is not None else first
    if not first or not last:
        return
    kinds = first + last
    yield from columns(duty, kinds, held.who, held.target, path)
    yield from own_targets(names, duty, kinds, held.target, path)
    if held.matching is not None:
        known, at = shared(kinds), (*path, "matching")
        yield from unknown(at, "field", held.matching, known)
        if held.matching in known and known[held.matching].kind == "list":
            yield (
                at,
                f"`{held.matching}` is a list, whose entries have no states; take a text field",
            )
    if isinstance(held.valid_for, str):
        yield from wanted((*path, "for"), "field", held.valid_for, _own(first), ["date"])


def quantity(names: Names, duty: Duty, path: Path_, node: Model) -> Found:
    """What is wrong with a table, a base, an attribute or a calendar; else nothing."""
    attributes = names.attributes
    if of_target(node) and isinstance(node, (OfAttribute, Base)):
        yield from _of_target(duty, path)
    if isinstance(node, (DurationTable, NumberTable)):
        yield from _table(names, duty, path, node)
    elif isinstance(node, OfAttribute) and path[-1] != "by":
        at = (*path, "attribute")
        yield from wanted(at, "unit attribute", node.attribute, attributes, ["number"])
    elif isinstance(node, Base):
        for kind in node.unit or ():
            yield from unknown((*path, "unit"), "unit kind", kind, names.policy.unit_kinds)
        for post in node.post or ():
            yield from unknown((*path, "post"), "post", post, names.policy.posts)
        if node.attribute is not None and path[-1] != "by":
            at = (*path, "attribute")
            yield from wanted(at, "unit attribute", node.attribute, attributes, ["number"])
    elif isinstance(node, Clock):
        yield from _clock(names, duty, path, node)
    if isinstance(node, OfField):
        own = _own(names.of_trigger(duty))
        yield from wanted((*path, "field"), "field of the trigger", node.field, own, ["date"])


def _clock(names: Names, duty: Duty, path: Path_, node: Clock) -> Found:
    if node.calendar is not None:
        known = names.policy.calendars
        yield from unknown((*path, "calendar"), "calendar", node.calendar, known)
    if node.by is not None:
        yield from _table(names, duty, path, node)
    for place, each in nodes(node.of, (*path, "of")):
        if isinstance(each, GivenDuration):
            kinds = names.of_trigger(duty)
            yield from _given(kinds, each, place, "field of the trigger")
    for n, pause in enumerate(node.pauses):
        if isinstance(pause.at_most, GivenDuration):
            at = (*path, "pauses", n, "at_most")
            yield from _given(names.kinds(pause.first), pause.at_most, at, "field")
    for n, extension in enumerate(node.extended):
        if isinstance(extension.by, GivenDuration):
            at = (*path, "extended", n, "by")
            yield from _given(names.kinds(extension.on), extension.by, at, "field")
        elif extension.until is not None and (kinds := names.kinds(extension.on)):
            at = (*path, "extended", n, "until", "field")
            yield from wanted(at, "field", extension.until.field, _own(kinds), ["date"])


def _given(kinds: Kinds, given: GivenDuration, path: Path_, what: str) -> Found:
    """What is wrong with the field that gives a duration; of what is not known, nothing is said."""
    if kinds:
        hint = "to be a duration"
        yield from wanted((*path, "field"), what, given.field, _own(kinds), ["number"], hint=hint)


def _of_target(duty: Duty, path: Path_) -> Found:
    """An attribute of the target needs a unit that is the target."""
    named = isinstance(duty.trigger, Happening)
    units = duty.of_each is not None and duty.of_each.unit is not None
    in_clock = duty.trigger is not None and "within" in path
    if not (named if in_clock else units or (named and duty.of_each is None)):
        message = "`of: target` needs a target that is a unit: `of_each: {unit: …}`"
        triggered = ", or (without `of_each`, and in a clock) an event that opens it and names one"
        yield (*path, "of"), message + triggered


def _table(
    names: Names, duty: Duty, path: Path_, node: DurationTable | NumberTable | Clock
) -> Found:
    by = node.by
    assert by is not None  # noqa: S101 - tables have it, and such clocks
    place: Path_ = (*path, "by")
    if isinstance(by, str):
        what, name, known = "field of the trigger", by, shared(names.of_trigger(duty))
        if not known:
            return
    elif by.attribute is not None:
        what, name, known = "unit attribute", by.attribute, names.attributes
        place = (*place, "attribute")
    else:
        return  # It is counted: a base, which is checked by itself.
    found = known.get(name)
    if node.bands:
        yield from wanted(place, what, name, known, ["number"], hint="for `bands`")
    elif found is not None and found.kind == "number":
        yield place, f"`{name}` is a number; look it up with `bands` instead of `table`"
    else:
        yield from wanted(place, what, name, known, ["text", "boolean"], hint="for `table`")
    words = found and (_BOOLEAN if found.kind == "boolean" else found.words)
    for key in (node.table or {}) if words else {}:
        yield from unknown((*path, "table", key), f"word of `{name}`", key, words or ())
