"""`since_last`: each piece of evidence starts the clock for the next.

Who bears it and what counts as evidence are worked out by the data engine; the chain itself, where
every link hangs on the one before, is followed in Python, bearer by bearer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives, bearing_units
from policyeval.evaluation.concerning import happened
from policyeval.evaluation.deadline import attributes_of
from policyeval.evaluation.occasions.links import BearerChain, Link, as_moment, chain_of
from policyeval.evaluation.occasions.spells import Spell, Spells, evidence_of, followed, spells
from policyeval.evaluation.run import Run
from policyeval.evaluation.running import Moment, reached_as, whole_day
from policyeval.evaluation.times import OPEN_END
from policyeval.language.duty import Duty
from policyeval.language.policy import Variant
from policyeval.language.sources import DateOf, Happening


def since_last(versions: list[Variant], run: Run, known: Lives) -> ir.Table:
    """The obligations of one duty, all its versions; the columns of `obligations.COLUMNS`."""
    duty = versions[0].duty
    found = spells(_whoever(versions), run, known)
    good = evidence_of(versions, run, found, anytime=True)
    starts = _first_events(duty, versions[0], run, found)
    attributes = {unit.id: unit.attributes for unit in run.organisation.units}
    bending = happened(run, [each.duty.clock for each in versions])
    applies = _applying(versions, run, known)
    rows = []
    begun: dict[tuple[str | None, ...], Moment | None] = {}
    for spell in found.rows:
        chain = BearerChain(
            run,
            versions,
            spell,
            attributes_of(attributes, spell.unit, spell.target),
            good.get(spell.number, []),
            bending,
        )
        events = starts.get(spell.number, [])
        back = spell.whose in begun
        at = begun.setdefault(spell.whose, _begin(duty, chain, events))
        if back and at is not None and at.day < spell.first:
            at = _return(run, spell, events)
        links = chain.obligations(_start(run, spell, chain, at))
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


def _first_events(
    duty: Duty, variant: Variant, run: Run, found: Spells
) -> Mapping[int, list[dict[str, Any]]]:
    """For chains that an event starts: such events of each bearer and target, in order."""
    starting = chain_of(duty).starting
    if not isinstance(starting, Happening):
        return {}
    return evidence_of([variant], run, found, instead=starting)


Events = Sequence[Mapping[str, Any]]
"""Events that start a chain, in order of time: `first`, `last`, `day`, …"""


def _begin(duty: Duty, chain: BearerChain, events: Events) -> Moment | None:
    """From when a bearer's first interval is counted; None if there is no start yet."""
    starting, day = chain_of(duty).starting, chain.spell.first
    if isinstance(starting, Happening):
        before = [event for event in events if event["day"] <= day]
        return as_moment(before[-1]) if before else as_moment(events[0]) if events else None
    if isinstance(starting, DateOf):
        value = chain.attributes[starting.whose].get(starting.date_of)
        if not isinstance(value, date) or value > OPEN_END:
            return None
        day = value
    return whole_day(chain.run.clock, day)


def _return(run: Run, spell: Spell, events: Events) -> Moment:
    """From when it is counted after an absence: the day of return, or what starts it that day."""
    today = [event for event in events if event["day"] == spell.first]
    return as_moment(today[-1]) if today else whole_day(run.clock, spell.first)


def _start(run: Run, spell: Spell, chain: BearerChain, at: Moment | None) -> Link | None:
    """Where a chain starts; counted on from a moment to the first due day in the bearer's time."""
    if at is None or at.day > spell.last:
        return None
    link = chain.starting(at)
    link = link.moved_on(chain.hours_on(link.at))
    while link.at.day < spell.first:
        reached = chain.reached(link)
        if reached is None or reached.due <= link.at.last:
            break
        if run.clock.day_of(reached.due) >= spell.first:
            break
        link = link.moved_on(reached_as(run.clock, reached.due), reached.kept)
    return link
