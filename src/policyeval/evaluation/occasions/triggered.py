"""Obligations of duties that a trigger opens: `after` and `before`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives, bearing_units
from policyeval.evaluation.clocks import deadlines, graced, within
from policyeval.evaluation.predicates import event_column, holds
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import OPEN_END
from policyeval.language.duty import OVERSEEN, Duty
from policyeval.language.occasions import Before
from policyeval.tables import STAMP, null, small


def trigger_events(duties: Iterable[Duty], run: Run) -> ir.Table:
    """The events that can open an obligation of one of these duties: one scan for all of them."""
    types = {event for duty in duties if duty.trigger for event in duty.trigger.event}
    events = run.events
    return events.filter(
        events.type.isin(sorted(types)),
        events.superseded.isnull(),
        events["first"] <= ibis.literal(run.end),
    )


def triggered(name: str, duty: Duty, run: Run, known: Lives, events: ir.Table) -> ir.Table:
    """The obligations of one duty; the columns of `obligations.COLUMNS`.

    Args:
        name: the duty's id.
        duty: the duty.
        run: what it is evaluated on.
        known: the organisation.
        events: what `trigger_events` gives.
    """
    dated = _due(duty, run, _triggers(duty, run, events))
    borne = _by_units(duty, dated, known) if duty.bearer.unit else _by_posts(duty, dated, known)
    rows = _with_targets(duty, borne, known)
    first, last = run.in_force(duty)
    # What falls due when the duty is not in force does not arise.
    rows = rows.filter(
        rows.due_day >= ibis.literal(first), rows.due_day <= ibis.literal(last or OPEN_END)
    )
    # It opens when its bearer and its target are there.
    there = ibis.greatest(rows.born, rows.grown, ibis.literal(first))
    rows = rows.mutate(there=ibis.coalesce(there, ibis.literal(first)))
    rows = rows.join(run.days.select(there="day", there_at="starts"), "there")
    rows = rows.mutate(opens=ibis.greatest(rows.opens, rows.there_at))
    zero = ibis.literal(0, type="int64")
    return rows.mutate(
        duty=ibis.literal(name),
        period=null("string"),
        first_day=null("date"),
        last_day=null("date"),
        from_at=rows.opens,
        until_at=ibis.literal(run.end) if _late_counts(duty) else rows.closes,
        part_waived=ibis.literal(False),
        inside=zero,
        length=zero,
    )


def _late_counts(duty: Duty) -> bool:
    return duty.late != "does_not_count"


def _triggers(duty: Duty, run: Run, events: ir.Table) -> ir.Table:
    """The events that open an obligation each."""
    trigger = duty.trigger
    assert trigger is not None  # noqa: S101 - only triggered duties come here
    first, last = run.in_force(duty)
    chosen = (
        events.type.isin(trigger.event)
        & holds(trigger.where, event_column(events))
        & (events.day >= ibis.literal(first))
    )
    if last is not None:
        chosen &= events.day <= ibis.literal(last)
    return events.filter(chosen).select(
        trigger="id",
        trigger_at="first",
        trigger_last="last",
        trigger_unit="unit",
        day="day",
        **{f"k_{field}": _key(field, duty, run, events) for field in run.key_fields},
    )


def _key(field: str, duty: Duty, run: Run, events: ir.Table) -> ir.Value:
    """The trigger's field as text; null if its type does not have it."""
    declared = {
        name
        for event in (duty.trigger.event if duty.trigger else ())
        for name in run.policy.event_types[event].fields
    }
    if field in declared or field in {"id", "unit", "person", "target"}:
        return event_column(events)(field).cast("string")
    return null("string")


def _due(duty: Duty, run: Run, triggers: ir.Table) -> ir.Table:
    """When each obligation opens, is due (`due_day`, `due`) and closes."""
    clock = within(duty)
    backwards = isinstance(duty.when, Before)
    first, _ = run.in_force(duty)
    if clock.unit == "hours":
        hours = ibis.interval(hours=clock.number)
        due = triggers.trigger_at - hours if backwards else triggers.trigger_last + hours
        rows = triggers.mutate(due=due)
        days = run.days.select(due_day="day", starts="starts", ends="ends")
        rows = rows.join(days, [rows.due >= days.starts, rows.due <= days.ends])
        rows = _graced(duty, run, rows.drop("starts", "ends"))
    else:
        table = deadlines(duty, run, first, run.as_of)
        rows = triggers.join(table, "day")
    opens = ibis.literal(run.clock.starts(first)) if backwards else rows.trigger_at
    return rows.mutate(opens=opens)


def _graced(duty: Duty, run: Run, rows: ir.Table) -> ir.Table:
    """`closes` of a clock in hours."""
    if duty.grace is None:
        return rows.mutate(closes=rows.due)
    if duty.grace.unit == "hours":
        return rows.mutate(closes=rows.due + ibis.interval(hours=duty.grace.number))
    first = run.policy.in_force.start
    days = [first + timedelta(days=n) for n in range((run.horizon - first).days)]
    clock = run.clock
    table = small(
        ((day, graced(duty, clock, day, clock.ends(day))) for day in days),
        {"due_day": "date", "closes": STAMP},
    )
    return rows.join(table, "due_day")


def _by_units(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """Borne by the unit that the trigger names, if it existed on its day and on the due day."""
    units = bearing_units(duty, known)
    both = rows.join(units, rows.trigger_unit == units.unit)
    both = both.filter(
        both.day.between(both.from_day, both.until_day),
        both.due_day.between(both.from_day, both.until_day),
    )
    return both.mutate(
        bearer=both.unit,
        post=null("string"),
        person=null("string"),
        vacant=ibis.literal(False),
        born=both.from_day,
    )


def _by_posts(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """Borne by who holds the post on the due day for the trigger's unit, or by the vacant post."""
    per_post = [_by_post(post, duty, rows, known) for post in duty.bearer.post or ()]
    both = ibis.union(*per_post) if len(per_post) > 1 else per_post[0]
    return both.mutate(born=null("date"))


def _by_post(post: str, duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    held = known.concerns.filter(known.concerns.post == post)
    held = held.select("unit", "person", "concern", c_from="from_day", c_until="until_day")
    concerned = held.join(
        rows.select("trigger", "trigger_unit", "due_day"),
        [
            (held.concern == rows.trigger_unit) | rows.trigger_unit.isnull(),
            held.c_from <= rows.due_day,
            held.c_until >= rows.due_day,
        ],
    )
    who = concerned.select("trigger", "unit", "person").distinct()
    borne = rows.join(who, "trigger").semi_join(bearing_units(duty, known), "unit")
    borne = borne.mutate(bearer=borne.person, vacant=ibis.literal(False))
    seats = held.group_by("concern").agg(unit=held.unit.min())
    empty = _applying(duty, rows.anti_join(who, "trigger"), known)
    empty = empty.left_join(seats, empty.trigger_unit == seats.concern)
    empty = empty.mutate(
        unit=ibis.coalesce(empty.unit, empty.trigger_unit),
        person=null("string"),
        bearer=ibis.literal(post),
        vacant=ibis.literal(True),
    )
    columns = [*rows.columns, "unit", "person", "bearer", "vacant"]
    both = ibis.union(borne.select(columns), empty.select(columns))
    return both.mutate(post=ibis.literal(post))


def _applying(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """Of triggers that meet a vacant post, those to whose unit the duty applies."""
    names = [name for name in known.units.columns if name.startswith("a_")]
    units = known.units.select(*names, attributes_of="unit")
    both = rows.left_join(units, rows.trigger_unit == units.attributes_of)
    return both.filter(holds(duty.applies_when, lambda name: both[f"a_{name}"])).select(
        rows.columns
    )


def _with_targets(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """One obligation per target that exists, or is overseen, on the due day."""
    if duty.of_each is None:
        return rows.mutate(target=null("string"), grown=null("date"))
    if OVERSEEN in duty.of_each.unit:
        seen = known.overseen.select(
            "post", "unit", "person", "target", t_from="from_day", t_until="until_day"
        )
        both = rows.join(seen, ["post", "unit", "person"])
    else:
        units = known.units.filter(known.units.kind.isin(duty.of_each.unit))
        seen = units.select(target="unit", t_from="from_day", t_until="until_day")
        both = rows.cross_join(seen)
    inside = (both.t_from <= both.due_day) & (both.t_until >= both.due_day)
    both = both.filter(inside).drop("t_from", "t_until")
    return both.join(known.units.select(target="unit", grown="from_day"), "target")
