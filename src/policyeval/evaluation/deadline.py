"""The due moment of one trigger: tables looked up, the earlier or later of several, bends.

Plain Python, run once for each trigger of a clock that depends on more than the trigger's moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from policyeval.evaluation.bending import Bend, bent
from policyeval.evaluation.moving import moved
from policyeval.evaluation.running import (
    Kept,
    Moment,
    Reached,
    counted,
    reached_as,
    start_of,
    whole_day,
)
from policyeval.evaluation.times import Clock as Calendar
from policyeval.language.clocks import Clock, OfField
from policyeval.language.given import AnyDuration, GivenDuration
from policyeval.language.tables import DurationTable, LookupKey, Whose
from policyeval.language.words import Duration

Attributes = Mapping[Whose, Mapping[str, Any]]
"""Attributes of the bearer's (with a trigger, the trigger's) unit, and of the target."""


def attributes_of(
    units: Mapping[str, Mapping[str, Any]], unit: str | None, target: str | None
) -> Attributes:
    """The attributes of a unit and of a target; what is no unit has none.

    Args:
        units: unit -> its attributes.
        unit: the bearer's unit; with a trigger, the trigger's.
        target: the target.
    """
    return {"bearer": units.get(unit or "", {}), "target": units.get(target or "", {})}


@dataclass(frozen=True)
class Trigger:
    """A trigger, what it carries, and what happened that concerns it.

    Args:
        since: when it happened; where an anniversary is kept, what that is counted from.
        keys: its fields, as text.
        attributes: of its unit, and of the target.
        happened: source of a clock (by its identity) -> when it happened, in order.
        ahead: the last day that is looked at for deadlines that its fields give.
    """

    since: Kept
    keys: Mapping[str, str | None]
    attributes: Attributes
    happened: Mapping[int, list[Moment]]
    ahead: date


def due_moment(
    clock: Clock, calendar: Calendar, trigger: Trigger, backwards: bool
) -> datetime | None:
    """When a clock runs out for one trigger; None while that is not known."""
    reached = run_for(clock, calendar, trigger, backwards)
    return None if reached is None else reached.due


def run_for(clock: Clock, calendar: Calendar, trigger: Trigger, backwards: bool) -> Reached | None:
    """Where a clock ends for one trigger; None while that is not known."""
    if clock.earlier_of or clock.later_of:
        legs = (*(clock.earlier_of or ()), *(clock.later_of or ()))
        ends = [run_for(leg, calendar, trigger, backwards) for leg in legs]
        reached = _one_of(clock, ends)
    elif clock.by is not None:
        leg = looked_up(clock, clock.by, trigger.keys, trigger.attributes)
        reached = run_for(leg, calendar, trigger, backwards)
    elif clock.until is not None:
        since = start_of(clock, calendar, trigger.since)
        due = _next(trigger.happened.get(id(clock.until), []), since)
        reached = None if due is None else Reached(due, Kept(reached_as(calendar, due)))
    else:
        return _run(clock, calendar, trigger, backwards)
    return None if reached is None else replace(reached, due=moved(clock, calendar, reached.due))


def _one_of(clock: Clock, ends: Sequence[Reached | None]) -> Reached | None:
    known = [each for each in ends if each is not None]
    if clock.earlier_of:
        return min(known, key=lambda each: each.due, default=None)
    if clock.unknown == "awaited" and len(known) < len(ends):
        return None
    return max(known, key=lambda each: each.due, default=None)


def _next(happened: Iterable[Moment], trigger: Moment) -> datetime | None:
    return next((each.last for each in happened if each.last > trigger.last), None)


def _run(clock: Clock, calendar: Calendar, trigger: Trigger, backwards: bool) -> Reached | None:
    since = _since(clock, calendar, trigger, backwards)
    duration = length_of(clock, trigger.keys, trigger.attributes)
    if since is None or duration is None:
        return None
    if backwards:
        due = counted(clock, calendar, since.moment, duration, backwards=True)
        return Reached(moved(clock, calendar, due), since)
    reached = bent(clock, calendar, since, duration, list(_bends(clock, trigger.happened)))
    far = clock.given and reached is not None and calendar.day_of(reached.due) > trigger.ahead
    return None if far else reached


def _since(clock: Clock, calendar: Calendar, trigger: Trigger, backwards: bool) -> Kept | None:
    """What a clock is counted from; None as long as that is not known."""
    if clock.start is None:
        return trigger.since
    start: Moment | None
    if isinstance(clock.start, Clock):
        reached = due_moment(clock.start, calendar, trigger, backwards)
        start = None if reached is None else reached_as(calendar, reached)
    elif isinstance(clock.start, OfField):
        start = _day_given(trigger, clock.start.field, calendar)
    else:
        start = next(iter(trigger.happened.get(id(clock.start), [])), None)
    return None if start is None else Kept(start)


def _day_given(trigger: Trigger, field: str, calendar: Calendar) -> Moment | None:
    text = trigger.keys.get(field)
    day = None if text is None else date.fromisoformat(text)
    return None if day is None or day > trigger.ahead else whole_day(calendar, day)


def length_of(
    clock: Clock, keys: Mapping[str, str | None], attributes: Attributes
) -> Duration | None:
    """How long a clock runs: as it says, as its table or as a field says; None if that says none.

    Args:
        clock: the clock, one that has `of`.
        keys: the trigger's fields, as text.
        attributes: the attributes of the unit and of the target.
    """
    length: Any = clock.of
    if isinstance(length, DurationTable):
        length = looked_up(length, length.by, keys, attributes)
    if isinstance(length, GivenDuration):
        text = keys.get(length.field)
        return length.of(None if text is None else float(text))
    assert isinstance(length, Duration)  # noqa: S101 - the model's own check
    return length


def looked_up(
    lookup: Any, by: LookupKey, keys: Mapping[str, str | None], attributes: Attributes
) -> Any:
    """What a table has for a field of the trigger or an attribute of a unit.

    Args:
        lookup: the table: words or bands, of durations or of clocks.
        by: what it is looked up by.
        keys: the trigger's fields, as text.
        attributes: the attributes of the unit and of the target.
    """
    value = keys.get(by) if isinstance(by, str) else attributes[by.whose].get(by.attribute)
    if lookup.table is not None:
        # `true` and `false` are words of a table as any others.
        word = str(value).lower() if isinstance(value, bool) else value
        return lookup.table.get(word) or lookup.otherwise
    number = None if value is None else float(value)
    for band in lookup.bands:
        if band.up_to is None or (number is not None and number <= band.up_to):
            return band.value
    return lookup.bands[-1].value


def _bends(clock: Clock, happened: Mapping[int, list[Moment]]) -> Iterator[Bend]:
    for place, source in enumerate(clock.restarts):
        yield from (Bend("restart", place, at) for at in happened.get(id(source), []))
    for place, pause in enumerate(clock.pauses):
        for nth, at in enumerate(happened.get(id(pause.first), [])):
            yield Bend("pause", place, at, nth, _length(pause.at_most, at))
        if pause.last is not None:
            yield from (Bend("resume", place, at) for at in happened.get(id(pause.last), []))
    for place, extension in enumerate(clock.extended):
        for nth, at in enumerate(happened.get(id(extension.on), [])):
            until = None if extension.until is None else at.until
            yield Bend("extend", place, at, nth, _length(extension.by, at), until)


def _length(length: AnyDuration | None, at: Moment) -> Duration | None:
    return length.of(at.number) if isinstance(length, GivenDuration) else length
