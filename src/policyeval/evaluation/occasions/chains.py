"""`since_last`: each piece of evidence starts the clock for the next.

Who bears it and what counts as evidence are worked out by the data engine; the chain itself, where
every link hangs on the one before, is followed in Python, bearer by bearer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives, bearing_units
from policyeval.evaluation.clocks import graced, run_out
from policyeval.evaluation.deadline import length_of
from policyeval.evaluation.occasions.spells import Spell, Spells, evidence_of, followed, spells
from policyeval.evaluation.run import Run
from policyeval.evaluation.running import Moment, begins, counted, instant, moved, whole_day
from policyeval.evaluation.times import Clock as Calendar
from policyeval.language.clocks import Clock
from policyeval.language.duty import BeforeDue, Cure, Duty
from policyeval.language.occasions import Chain, SinceLast
from policyeval.language.policy import Variant
from policyeval.language.sources import DateOf, Happening


@dataclass(frozen=True)
class Link:
    """What the next clock is counted from: a moment, and the evidence that it is, if it is one."""

    at: Moment
    done: datetime
    event: str | None
    values: Mapping[str, Any]

    @property
    def opened(self) -> datetime:
        """From when the next obligation is open."""
        first: datetime = self.values.get("first", self.at.first)
        return first


def since_last(versions: list[Variant], run: Run, known: Lives) -> ir.Table:
    """The obligations of one duty, all its versions; the columns of `obligations.COLUMNS`."""
    duty = versions[0].duty
    found = spells(_whoever(versions), run, known)
    good = evidence_of(versions, run, found)
    starts = _first_events(duty, versions[0], run, found)
    attributes = {unit.id: unit.attributes for unit in run.organisation.units}
    applies = _applying(versions, run, known)
    rows = []
    for spell in found.rows:
        chain = _Followed(
            run,
            versions,
            spell,
            attributes.get(spell.unit, {}),
            good.get(spell.number, []),
        )
        links = chain.obligations(_start(duty, run, spell, chain, starts))
        rows += [row for row in links if applies(row["variant"], spell.unit)]
    return followed(run, found, rows)


def _whoever(versions: Sequence[Variant]) -> Variant:
    """Of versions that apply to different units one that applies to them all."""
    first = versions[0]
    if _alike(versions):
        return first
    return replace(first, duty=first.duty.model_copy(update={"applies_when": None}))


def _alike(versions: Sequence[Variant]) -> bool:
    return all(each.duty.applies_when == versions[0].duty.applies_when for each in versions)


def _applying(versions: Sequence[Variant], run: Run, known: Lives) -> Callable[[str, str], bool]:
    """Whether a version applies to a unit."""
    if _alike(versions):
        return lambda _version, _unit: True
    units = {
        each.label: {row["unit"] for row in run.fetch(bearing_units(each.duty, known))}
        for each in versions
    }
    return lambda version, unit: unit in units[version]


def _chain(duty: Duty) -> Chain:
    assert isinstance(duty.when, SinceLast)  # noqa: S101 - only such duties come here
    return duty.when.since_last


def _first_events(
    duty: Duty, variant: Variant, run: Run, found: Spells
) -> Mapping[int, list[dict[str, Any]]]:
    """For chains that an event starts: such events of each bearer and target, in order."""
    starting = _chain(duty).starting
    if not isinstance(starting, Happening):
        return {}
    return evidence_of([variant], run, found, instead=starting)


def _start(
    duty: Duty,
    run: Run,
    spell: Spell,
    chain: _Followed,
    starts: Mapping[int, list[dict[str, Any]]],
) -> Link | None:
    """Where a chain starts; counted on from there to the first due day in the bearer's time."""
    starting = _chain(duty).starting
    day: date | None = spell.first
    if isinstance(starting, DateOf):
        value = chain.attributes.get(starting.date_of)
        day = value if isinstance(value, date) else None
    elif isinstance(starting, Happening):
        events = starts.get(spell.number, [])
        day = events[0]["day"] if events else None
    if day is None:
        return None
    while True:
        at = whole_day(run.clock, day)
        due = chain.due(Link(at, at.first, None, {}), day)
        reached = run.clock.day_of(due)
        if reached >= spell.first or reached <= day:
            break
        day = reached
    at = whole_day(run.clock, day)
    return Link(at, at.last, None, {})


@dataclass
class _Followed:
    """One bearer's chain."""

    run: Run
    versions: list[Variant]
    spell: Spell
    attributes: Mapping[str, Any]
    events: list[dict[str, Any]]

    def version(self, day: date) -> Variant:
        """The version in force on a day."""
        for each in self.versions:
            if (each.first or day) <= day <= (each.last or day):
                return each
        return self.versions[0]

    def due(self, link: Link, day: date) -> datetime:
        """When the next piece of evidence is due."""
        clock = self.version(day).duty.clock
        return _ran(clock, self.run.clock, link, self.attributes)

    def obligations(self, link: Link | None) -> Iterator[dict[str, Any]]:
        """Link by link, up to the still open end."""
        while link is not None and (link.event or link.at.day <= self.run.as_of):
            day = link.values.get("day", link.at.day)
            variant = self.version(day)
            due = self.due(link, day)
            opens = max(link.opened, self.run.clock.starts(self.spell.first))
            since = max(opens, self._not_before(variant.duty, link, due))
            following = self._next(variant, link, since)
            row = self._row(variant, link, (opens, since), due, following)
            if row is not None:
                yield row
            link = self._link(variant.duty, due, following)

    def _not_before(self, duty: Duty, link: Link, due: datetime) -> datetime:
        limit, calendar = duty.not_before, self.run.clock
        if limit is None:
            return link.opened
        if isinstance(limit, BeforeDue):
            return begins(calendar, instant(calendar, due), limit.due, back=True)
        return begins(calendar, link.at, limit)

    def _next(self, variant: Variant, link: Link, opens: datetime) -> dict[str, Any] | None:
        for event in self.events:
            later = event["first"] > link.done
            if event["variant"] == variant.label and later and event["last"] >= opens:
                return event
        return None

    def _link(self, duty: Duty, due: datetime, event: dict[str, Any] | None) -> Link | None:
        if event is None:
            return None
        calendar = self.run.clock
        at = Moment(event["first"], event["last"], event["day"])
        if _chain(duty).next_from == "due":
            at = whole_day(calendar, calendar.day_of(due))
        return Link(at, event["last"], event["id"], event)

    def _row(
        self,
        variant: Variant,
        link: Link,
        times: tuple[datetime, datetime],
        due: datetime,
        following: dict[str, Any] | None,
    ) -> dict[str, Any] | None:
        calendar, duty = self.run.clock, variant.duty
        due_day = calendar.day_of(due)
        if due_day > self.spell.last or due_day < self.spell.first:
            return None
        closes = graced(duty, calendar, due)
        opens, since = times
        last = following["last"] if following else self.run.end
        if self.spell.last < self.run.as_of:
            last = min(last, calendar.ends(self.spell.last))
        rule = duty.late_rule
        if isinstance(rule, Cure):
            cured = run_out(calendar, closes, rule.within) if rule.within else last
            last = min(last, cured)
        elif rule == "does_not_count":
            last = min(last, closes)
        event = link.event is not None
        return {
            "spell": self.spell.number,
            "variant": variant.label,
            "period": None if event else link.at.day.isoformat(),
            "first_day": None if event else link.at.day,
            "last_day": None if event else due_day,
            "trigger": link.event,
            "trigger_at": link.values.get("first"),
            "opens": opens,
            "due": due,
            "due_day": due_day,
            "closes": closes,
            "from_at": since,
            "until_at": last,
            "past": link.done,
        }


def _ran(clock: Clock, calendar: Calendar, link: Link, attributes: Mapping[str, Any]) -> datetime:
    if clock.earlier_of or clock.later_of:
        legs = clock.earlier_of or clock.later_of or ()
        dues = [_ran(leg, calendar, link, attributes) for leg in legs]
        return moved(clock, calendar, (min if clock.earlier_of else max)(dues))
    length = length_of(clock, link.values.get("keys", {}), attributes)
    return moved(clock, calendar, counted(clock, calendar, link.at, length))
