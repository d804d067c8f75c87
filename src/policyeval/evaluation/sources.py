"""What happens beside the events of the export: days of the calendar, terms, silence.

Each becomes a row as events are, with a type of its own, so that every step that reads events reads
it too. What comes of duties and escalations is in `outcomes.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives, bearing_units
from policyeval.evaluation.occasions.periods import calendar
from policyeval.evaluation.predicates import event_column, holds
from policyeval.evaluation.run import Run
from policyeval.evaluation.running import counted, whole_day
from policyeval.evaluation.times import OPEN_END, OPEN_START
from policyeval.language.clocks import Clock
from policyeval.language.duty import Duty
from policyeval.language.policy import Variant
from policyeval.language.sources import (
    AnniversaryOf,
    DateOf,
    EndOf,
    Happening,
    OfEscalation,
    Silence,
    Source,
    StartOf,
)
from policyeval.tables import null, small

_DAYS = {
    "id": "string",
    "unit": "string",
    "person": "string",
    "target": "string",
    "day": "date",
}


def trigger_types(variant: Variant) -> tuple[str, ...]:
    """The types of the events that can open an obligation of a triggered duty."""
    trigger = variant.duty.trigger
    if isinstance(trigger, Happening):
        return trigger.types
    return (own_type(variant),)


def own_type(variant: Variant) -> str:
    """The type of what happens for this duty alone."""
    return f"~when:{variant.label}"


def trigger_where(variant: Variant) -> Mapping[str, Any] | None:
    """The conditions on those events."""
    trigger = variant.duty.trigger
    return trigger.where if isinstance(trigger, Happening) else None


def happened(run: Run, known: Lives) -> list[ir.Table]:
    """Rows, in the columns of `run.events`, of what happens for the duties of a stage."""
    found = []
    for variant in run.variants.values():
        trigger = variant.duty.trigger
        if trigger is None or isinstance(trigger, (Happening, OfEscalation)):
            continue
        rows = _rows(trigger, variant, run, known)
        found.append(as_events(run, rows.mutate(type=ibis.literal(own_type(variant)))))
    return found


def occurred(run: Run, source: Happening, types: Collection[str]) -> ir.Table:
    """The events of some types that a source means and that count, up to the as-of day."""
    events = run.events
    return events.filter(
        events.type.isin(types),
        holds(source.where, event_column(events)),
        events.superseded.isnull(),
        events["first"] <= ibis.literal(run.end),
    )


def as_events(run: Run, rows: ir.Table) -> ir.Table:
    """Rows of `type` and `_DAYS` in the columns of `run.events`: whole days, without fields."""
    rows = rows.join(run.days.select("day", first="starts", last="ends"), "day")
    return in_columns(run, rows)


def in_columns(run: Run, rows: ir.Table) -> ir.Table:
    """Rows in the columns of `run.events`; null where they have none."""
    schema = run.events.schema()
    columns = {
        name: rows[name].cast(kind) if name in rows.columns else ibis.literal(None, type=kind)
        for name, kind in schema.items()
    }
    return rows.select(**columns)


def _rows(trigger: Source, variant: Variant, run: Run, known: Lives) -> ir.Table:
    if isinstance(trigger, Silence):
        return _silences(trigger, variant, run, known)
    if isinstance(trigger, (DateOf, AnniversaryOf)):
        return _dates(trigger, variant, run, known)
    if variant.duty.of_term:
        return _terms(trigger, variant.duty, known)
    assert isinstance(trigger, (StartOf, EndOf))  # noqa: S101 - all others are dealt with
    return _periods(trigger, variant, run, known)


def _periods(trigger: StartOf | EndOf, variant: Variant, run: Run, known: Lives) -> ir.Table:
    """The first or last days of periods; for units, for each that is there on that day."""
    first, last = run.in_force(variant)
    starts = isinstance(trigger, StartOf)
    word = trigger.start_of if isinstance(trigger, StartOf) else trigger.end_of
    until = min(last or OPEN_END, _known_until(variant, run))
    spans = calendar(word, run.clock, first, until)  # type: ignore[arg-type]
    days = [
        (f"{'start' if starts else 'end'} of {span.label}", span.first if starts else span.last)
        for span in spans
    ]
    table = small(
        (each for each in days if first <= each[1] <= until),
        {"id": "string", "day": "date"},
    )
    nobody = {name: null("string") for name in ("unit", "person", "target")}
    if variant.duty.bearer.unit is None:
        return table.mutate(**nobody)
    units = bearing_units(variant.duty, known)
    both = units.join(table, [units.from_day <= table.day, units.until_day >= table.day])
    return both.mutate(person=nobody["person"], target=nobody["target"])


def _known_until(variant: Variant, run: Run) -> date:
    """Days of the calendar are known beforehand, for what is due before them."""
    return run.ahead if variant.duty.backwards else run.as_of


def _terms(trigger: Source, duty: Duty, known: Lives) -> ir.Table:
    """The first or last days of units, or of the terms of a post's holders."""
    starts = isinstance(trigger, StartOf)
    if duty.bearer.unit is not None:
        rows = bearing_units(duty, known)
        rows = rows.mutate(person=null("string"), target=null("string"))
    else:
        rows = known.holders.filter(known.holders.post.isin(duty.bearer.post or ()))
        rows = rows.mutate(target=rows.post)
    day = rows.from_day if starts else rows.until_day
    label = ibis.literal("start of term " if starts else "end of term ")
    rows = rows.mutate(day=day, id=label + day.strftime("%Y-%m-%d"))
    return rows.filter(rows.day > _date(OPEN_START), rows.day < _date(OPEN_END))


def _date(day: date) -> ir.Value:
    return ibis.literal(day, type="date")


def _dates(trigger: DateOf | AnniversaryOf, variant: Variant, run: Run, known: Lives) -> ir.Table:
    """The days that an attribute gives, or their anniversaries, of units that bear the duty."""
    yearly = isinstance(trigger, AnniversaryOf)
    name = trigger.anniversary_of if isinstance(trigger, AnniversaryOf) else trigger.date_of
    rows: list[tuple[str, str, None, None, date]] = []
    for unit in run.organisation.units:
        day = unit.attributes.get(name)
        if not isinstance(day, date):
            continue
        if not yearly:
            rows.append((f"{name} {day}", unit.id, None, None, day))
            continue
        first = max(day.year + 1, run.policy.in_force.start.year)
        for year in range(first, _known_until(variant, run).year + 1):
            each = in_year(day, year)
            rows.append((f"anniversary of {name} {each}", unit.id, None, None, each))
    table = small(rows, _DAYS)
    units = bearing_units(variant.duty, known)
    both = table.join(units, "unit")
    return both.filter(both.day >= both.from_day, both.day <= both.until_day)


def in_year(day: date, year: int) -> date:
    """The anniversary of a day; of 29 February, 28 February in other years."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _silences(trigger: Silence, variant: Variant, run: Run, known: Lives) -> ir.Table:
    """For each unit, the days on which it had been silent for so long."""
    first, last = run.in_force(variant)
    heard = occurred(run, trigger.of, trigger.of.types).select("unit", "day", "first", "last", "id")
    units = bearing_units(variant.duty, known)
    units = units.mutate(
        from_day=ibis.greatest(units.from_day, _date(first)),
        until_day=ibis.least(units.until_day, _date(last or OPEN_END)),
    )
    heard = heard.join(units, "unit")
    heard = heard.filter(heard.day >= heard.from_day)
    # The last of a day, in the order of time and then by id (`tables.in_time`).
    backwards = [heard["first"].desc(), heard["last"], heard.id.desc()]
    newest = ibis.window(group_by=["unit", "day"], order_by=backwards)
    heard = heard.mutate(place=ibis.row_number().over(newest))
    heard = heard.filter(heard.place == 0).select("unit", "day", "from_day", "until_day", "id")
    quiet = units.mutate(day=units.from_day, id=null("string"))
    quiet = quiet.anti_join(heard, ["unit", "day"]).select(heard.columns)
    rows = ibis.union(heard, quiet)
    order = ibis.window(group_by="unit", order_by="day")
    rows = rows.mutate(following=rows.day.lead().over(order))
    shifts = small(_shifts(trigger, run), {"day": "date", "silent": "date"})
    rows = rows.join(shifts, "day")
    over = rows.following.isnull() | (rows.following > rows.silent)
    rows = rows.filter(over, rows.silent <= _date(run.as_of), rows.silent <= rows.until_day)
    since = ibis.coalesce(rows.id, rows.day.strftime("%Y-%m-%d"))
    return rows.select(
        "unit",
        id=ibis.literal("silence since ") + since,
        person=null("string"),
        target=null("string"),
        day=rows.silent,
    )


def _shifts(trigger: Silence, run: Run) -> Iterator[tuple[date, date]]:
    day, clock = run.policy.in_force.start, Clock(of=trigger.silence)
    while day <= run.as_of:
        reached: datetime = counted(clock, run.clock, whole_day(run.clock, day), trigger.silence)
        yield day, run.clock.day_of(reached)
        day += timedelta(days=1)
