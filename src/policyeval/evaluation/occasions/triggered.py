"""Obligations of duties that a trigger opens: `after`, `before` and `for_each`."""

from __future__ import annotations

from collections.abc import Collection

import ibis
import ibis.expr.types as ir

from policyeval.engine import microseconds, to_local, with_zone
from policyeval.evaluation.bearers import Lives, bearing_units, chosen_targets, states_of
from policyeval.evaluation.clocks import days_as_in, reached_back, shifted, with_closes, with_due
from policyeval.evaluation.moments import with_moments
from policyeval.evaluation.parts import key_of
from policyeval.evaluation.predicates import event_column, holds
from policyeval.evaluation.run import Run
from policyeval.evaluation.sources import own_type, trigger_types, trigger_where
from policyeval.evaluation.times import NO_MOMENT, OPEN_END
from policyeval.evaluation.whiles import on_day
from policyeval.language.duty import Duty
from policyeval.language.duty_answers import BeforeDue, Cure
from policyeval.language.policy import Variant
from policyeval.language.sources import Dated
from policyeval.tables import null, stacked


def trigger_events(variants: Collection[Variant], run: Run) -> ir.Table:
    """The events that can open an obligation of one of these duties: one scan for all of them."""
    types = {name for variant in variants for name in trigger_types(variant)}
    events = run.events
    ahead = [own_type(each) for each in variants if each.duty.backwards]
    begun = events["first"] <= ibis.literal(run.end)
    if ahead:
        begun |= events.type.isin(ahead)
    return events.filter(events.type.isin(sorted(types)), events.superseded.isnull(), begun)


def triggered(variant: Variant, run: Run, known: Lives, events: ir.Table) -> ir.Table:
    """The obligations of one duty; the columns of `obligations.COLUMNS`.

    Args:
        variant: the duty's version.
        run: what it is evaluated on.
        known: the organisation.
        events: what `trigger_events` gives.
    """
    duty = variant.duty
    dated = _dated(variant, run, _triggers(variant, run, events))
    borne = _by_units(duty, dated, known) if duty.bearer.unit else _by_posts(duty, dated, known)
    rows = _with_targets(duty, borne, known)
    first, last = run.in_force(variant)
    # What falls due when the duty is not in force does not arise.
    unknown = rows.due >= ibis.literal(NO_MOMENT)
    in_force = rows.due_day.between(ibis.literal(first), ibis.literal(last or OPEN_END))
    rows = rows.filter(unknown | in_force)
    if duty.backwards:
        # A day of the calendar is known beforehand: what is due before it exists once it is due.
        # What an event has announced for a day exists from the event on.
        end = ibis.literal(run.end)
        there = (rows.trigger_at <= end) | (rows.due <= end)
        if isinstance(duty.trigger, Dated) and duty.trigger.on is not None:
            there |= rows.day <= ibis.literal(run.ahead)
        rows = rows.filter(there)
    # It opens when its bearer and its target are there.
    there = ibis.greatest(rows.born, rows.grown, ibis.literal(first))
    rows = rows.mutate(there=ibis.coalesce(there, ibis.literal(first)))
    rows = rows.join(run.days.select(there="day", there_at="starts"), "there")
    rows = rows.mutate(opens=ibis.greatest(rows.opens, rows.there_at))
    zero = ibis.literal(0, type="int64")
    rows = rows.mutate(
        duty=ibis.literal(variant.name),
        variant=ibis.literal(variant.label),
        period=null("string"),
        first_day=null("date"),
        last_day=null("date"),
        from_at=ibis.greatest(rows.opens, rows.not_before),
        part_waived=ibis.literal(False),
        inside=zero,
        length=zero,
    )
    return with_late(run, duty, rows)


def with_late(run: Run, duty: Duty, rows: ir.Table) -> ir.Table:
    """`until_at`: the last instant whose evidence counts, in time or late."""
    rule = duty.late_rule
    if isinstance(rule, Cure) and rule.within is not None:
        rows = rows.mutate(closing_day=_day_of_closing(run, duty, rows))
        columns = ("closes", "closing_day", "until_at")
        return shifted(run, rows, rule.within, columns, days_as_in(duty))
    last = rows.closes if rule == "does_not_count" else ibis.literal(run.end)
    return rows.mutate(until_at=last)


def _day_of_closing(run: Run, duty: Duty, rows: ir.Table) -> ir.Value:
    if duty.grace is None:
        return rows.due_day
    local = to_local(str(run.clock.zone), with_zone(microseconds(rows.closes)))
    far = rows.closes >= ibis.literal(NO_MOMENT)
    return ibis.ifelse(far, rows.due_day, local.date())


def _triggers(variant: Variant, run: Run, events: ir.Table) -> ir.Table:
    """The events that open an obligation each."""
    first, last = run.in_force(variant)
    where = holds(trigger_where(variant), event_column(events))
    events = events.filter(events.type.isin(trigger_types(variant)), where)
    trigger = variant.duty.trigger
    if isinstance(trigger, Dated) and trigger.on is not None:
        events = _on_its_date(run, events, trigger.on, ahead=variant.duty.backwards)
    chosen = events.day >= ibis.literal(max(first, variant.first or first))
    lasts = [each for each in (last, variant.last) if each is not None]
    if lasts:
        chosen &= events.day <= ibis.literal(min(lasts))
    return events.filter(chosen).select(
        trigger="id",
        trigger_at="first",
        trigger_last="last",
        trigger_unit="unit",
        trigger_person="person",
        trigger_target="target",
        day="day",
        **{f"k_{field}": key_of(field, run, events) for field in run.key_fields},
    )


def _on_its_date(run: Run, events: ir.Table, field: str, *, ahead: bool) -> ir.Table:
    """Events as whole days, on the day that one of their fields gives."""
    events = events.mutate(day=event_column(events)(field)).drop("first", "last")
    events = events.join(run.days.select("day", first="starts", last="ends"), "day")
    events = with_moments(run, events)
    return events if ahead else events.filter(events["first"] <= ibis.literal(run.end))


def _dated(variant: Variant, run: Run, triggers: ir.Table) -> ir.Table:
    """When each obligation opens, is due (`due_day`, `due`) and closes."""
    duty = variant.duty
    first, _ = run.in_force(variant)
    rows = with_closes(run, duty, with_due(variant, run, triggers))
    opens = ibis.literal(run.clock.starts(first)) if duty.backwards else rows.trigger_at
    rows = rows.mutate(opens=opens)
    clock = days_as_in(duty)
    if duty.early is not None:
        columns = ("trigger_at", "day", "opens")
        rows = reached_back(run, rows, duty.early, columns, back=True, clock=clock)
    limit = duty.not_before
    if limit is None:
        return rows.mutate(not_before=rows.opens)
    if isinstance(limit, BeforeDue):
        columns = ("due", "due_day", "not_before")
        return reached_back(run, rows, limit.due, columns, back=True, clock=clock)
    columns = ("trigger_at" if duty.backwards else "trigger_last", "day", "not_before")
    return reached_back(run, rows, limit, columns, back=duty.backwards, clock=clock)


def _by_units(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """Borne by the unit that the trigger names, if it existed on its day and on the due day."""
    units = bearing_units(duty, known)
    both = rows.join(units, rows.trigger_unit == units.unit)
    both = both.filter(both.day.between(both.from_day, both.until_day))
    if not duty.of_term:
        both = both.filter(both.due_day.between(both.from_day, both.until_day))
    return both.mutate(
        bearer=both.unit,
        post=null("string"),
        person=null("string"),
        vacant=ibis.literal(False),
        born=both.from_day,
    )


def _by_posts(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """Borne by who holds the post on the due day for the trigger's unit, or by the vacant post."""
    if duty.of_term:
        return _by_terms(duty, rows, known)
    per_post = [_by_post(post, duty, rows, known) for post in duty.bearer.post or ()]
    both = stacked(per_post)
    return both.mutate(born=null("date"))


def _by_terms(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """Borne by whose term it is, even if they have left."""
    units = bearing_units(duty, known).select(trigger_unit="unit")
    rows = rows.semi_join(units, "trigger_unit")
    return rows.mutate(
        bearer=rows.trigger_person,
        unit=rows.trigger_unit,
        post=rows.trigger_target,
        person=rows.trigger_person,
        vacant=ibis.literal(False),
        born=null("date"),
    )


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
    if duty.bearer.named_in is not None:
        mine = borne.filter(borne.person == borne[f"k_{duty.bearer.named_in}"])
        return mine.mutate(post=ibis.literal(post))
    empty = _applying(duty, rows.anti_join(who, "trigger"), known)
    empty = empty.mutate(
        unit=empty.trigger_unit,
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
    """One obligation per target that there is; with `while`, only if its state holds."""
    if duty.of_each is not None and duty.of_each.value_of is not None:
        both = chosen_targets(duty, rows, known)
        both = both.filter(both.day.between(both.t_from, both.t_until))
        return both.drop("t_from", "t_until").mutate(grown=null("date"))
    both = _with_targets_there(duty, rows, known)
    return on_day(duty, both, states_of(known)) if duty.during is not None else both


def _with_targets_there(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """One obligation per target that exists, or is overseen, on the due day."""
    if duty.of_each is None:
        return rows.mutate(target=null("string"), grown=null("date"))
    both = chosen_targets(duty, rows, known)
    day = both.day if duty.of_term else both.due_day
    both = both.filter((both.t_from <= day) & (both.t_until >= day))
    if duty.of_each.unit is None:
        # A roster is read on the due day; a word is always there.
        since = ibis.window(group_by=[*rows.columns, "target"])
        both = both.mutate(grown=both.t_from.min().over(since))
        return both.drop("t_from", "t_until").distinct()
    both = both.drop("t_from", "t_until")
    return both.join(known.units.select(target="unit", grown="from_day"), "target")
