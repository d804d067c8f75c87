"""By when: the due moments of triggered duties.

A clock in days that nothing bends depends on the trigger's day alone, so a small table of days
holds every deadline and the data engine looks it up; a plain clock in hours counts from the
trigger's instant and is added there. A clock that events bend, that is looked up in a table or that
is the earlier or later of several is run in Python, once for each trigger (see decision 0010).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.concerning import concerning, happened
from policyeval.evaluation.deadline import Trigger, attributes_of, due_moment
from policyeval.evaluation.moving import moved
from policyeval.evaluation.run import Run
from policyeval.evaluation.running import Kept, Moment, begins, counted, instant, whole_day
from policyeval.evaluation.times import NO_MOMENT
from policyeval.evaluation.times import Clock as Calendar
from policyeval.language.clocks import Clock
from policyeval.language.duty import Duty
from policyeval.language.policy import Variant
from policyeval.language.words import Duration
from policyeval.tables import STAMP, interval, small

DEADLINES = {"day": "date", "due_day": "date", "due": STAMP}


def of_time(duration: Duration) -> ir.Value:
    """A duration in hours or minutes as an interval."""
    return interval(duration.number, "m" if duration.unit == "minutes" else "h")


def by_instant(clock: Clock) -> bool:
    """Whether the data engine can add the clock to the trigger's instant."""
    plain = clock.plain
    return plain is not None and plain.of_time


def by_day(clock: Clock) -> bool:
    """Whether the due moment depends on the trigger's day alone."""
    alone = not clock.sources and clock.start is None and isinstance(clock.of, Duration)
    return alone and isinstance(clock.of, Duration) and not clock.of.of_time


def with_due(variant: Variant, run: Run, triggers: ir.Table) -> ir.Table:
    """Triggers with `due` timestamp (`NO_MOMENT` if not known yet) and `due_day` date.

    Of a due moment that is not known the as-of day stands in for the day.
    """
    clock, duty = variant.duty.clock, variant.duty
    if by_instant(clock) and clock.plain is not None:
        length = of_time(clock.plain)
        due = triggers.trigger_at - length if duty.backwards else triggers.trigger_last + length
        return on_days(run, triggers.mutate(due=due), "due", "due_day")
    if by_day(clock):
        first, _ = run.in_force(variant)
        last = run.horizon if duty.backwards else run.as_of
        return triggers.join(small(_deadlines(duty, run.clock, first, last), DEADLINES), "day")
    return _each(variant, run, triggers)


def on_days(run: Run, rows: ir.Table, moment: str, name: str) -> ir.Table:
    """Rows with the local day of one of their instants."""
    days = run.days.rename({name: "day"}).rename(d_starts="starts", d_ends="ends")
    both = rows.join(days, [rows[moment] >= days.d_starts, rows[moment] <= days.d_ends])
    return both.drop("d_starts", "d_ends")


def _deadlines(
    duty: Duty, calendar: Calendar, first: date, last: date
) -> Iterator[tuple[date, date, datetime]]:
    clock = duty.clock
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        due = _run_of_days(clock, calendar, day, backwards=duty.backwards)
        yield day, calendar.day_of(due), due


def _run_of_days(clock: Clock, calendar: Calendar, day: date, *, backwards: bool) -> datetime:
    assert isinstance(clock.of, Duration)  # noqa: S101 - `by_day` asked
    due = counted(clock, calendar, whole_day(calendar, day), clock.of, backwards=backwards)
    return moved(clock, calendar, due)


def _each(variant: Variant, run: Run, triggers: ir.Table) -> ir.Table:
    triggers = run.keep(triggers.mutate(no=ibis.row_number().cast("int64")))
    found = happened(run, [variant.duty.clock])
    attributes = {unit.id: unit.attributes for unit in run.organisation.units}
    keys = [f"k_{field}" for field in run.key_fields]
    columns = ["no", "trigger_at", "trigger_last", "day", "trigger_unit", *keys]
    rows = []
    for row in run.fetch(triggers.select(columns).order_by("no")):
        given = {field: row[f"k_{field}"] for field in run.key_fields}
        trigger = Trigger(
            Kept(Moment(row["trigger_at"], row["trigger_last"], row["day"])),
            given,
            attributes_of(attributes, row["trigger_unit"], given.get("target")),
            concerning(found, given, row["trigger_unit"]),
            run.ahead,
        )
        due = due_moment(variant.duty.clock, run.clock, trigger, variant.duty.backwards)
        rows.append((row["no"], due or NO_MOMENT, run.clock.day_of(due) if due else run.as_of))
    table = small(rows, {"no": "int64", "due": STAMP, "due_day": "date"})
    return triggers.join(table, "no").drop("no")


def graced(duty: Duty, calendar: Calendar, due: datetime) -> datetime:
    """The due moment with the duty's grace."""
    if duty.grace is None:
        return due
    return run_out(calendar, due, duty.grace, days_as_in(duty))


def days_as_in(duty: Duty) -> Clock:
    """Grace, `early` and the like count working days and month ends as the duty's clock does.

    Where it is one of several, as these do if they all count alike.
    """
    ways = {(each.calendar, each.month_end) for each in duty.clock.counting}
    if len(ways) != 1:
        return Clock(of=NO_TIME)
    [(calendar, month_end)] = ways
    return Clock(of=NO_TIME, calendar=calendar, month_end=month_end)


NO_TIME = Duration(number=0, unit="hours")


def run_out(
    calendar: Calendar, start: datetime, duration: Duration, clock: Clock | None = None
) -> datetime:
    """A duration from an instant; in days, from its day."""
    spec = clock or Clock(of=duration)
    return counted(spec, calendar, instant(calendar, start), duration)


def with_closes(run: Run, duty: Duty, rows: ir.Table) -> ir.Table:
    """Rows of `due`, `due_day` with `closes`: the due moment and the duty's grace."""
    if duty.grace is None:
        return rows.mutate(closes=rows.due)
    return shifted(run, rows, duty.grace, ("due", "due_day", "closes"), days_as_in(duty))


def shifted(
    run: Run,
    rows: ir.Table,
    duration: Duration,
    columns: tuple[str, str, str],
    clock: Clock | None = None,
) -> ir.Table:
    """Rows with the instant so long after one of theirs; in days, the end of the day reached.

    What has no moment stays without one.

    Args:
        run: the run.
        rows: the rows.
        duration: how long.
        columns: the columns that hold the moment and its day, and the new column.
        clock: how days are counted.
    """
    moment, day, name = columns
    if duration.of_time:
        reached = rows[moment] + of_time(duration)
    else:
        calendar, spec = run.clock, clock or Clock(of=duration)
        table = small(
            (
                (each, counted(spec, calendar, whole_day(calendar, each), duration))
                for each in _all_days(run)
            ),
            {day: "date", "reached": STAMP},
        )
        rows = rows.join(table, day)
        reached = rows.reached
    rows = rows.mutate(**{name: _unless_unknown(rows[moment], reached)})
    return rows.drop("reached") if "reached" in rows.columns else rows


def reached_back(
    run: Run,
    rows: ir.Table,
    duration: Duration,
    columns: tuple[str, str, str],
    *,
    back: bool,
    clock: Clock | None = None,
) -> ir.Table:
    """Rows with the instant so long before (after) theirs; in days, the start of the day."""
    moment, day, name = columns
    if duration.of_time:
        length = of_time(duration)
        at = rows[moment]
        reached = at - length if back else at + length
        return rows.mutate(**{name: _unless_unknown(at, reached)})
    calendar = run.clock
    table = small(
        (
            (each, begins(calendar, whole_day(calendar, each), duration, back=back, clock=clock))
            for each in _all_days(run)
        ),
        {day: "date", "reached": STAMP},
    )
    rows = rows.join(table, day)
    return rows.mutate(**{name: _unless_unknown(rows[moment], rows.reached)}).drop("reached")


def _unless_unknown(moment: ir.Value, reached: ir.Value) -> ir.Value:
    unknown = ibis.literal(NO_MOMENT)
    return ibis.ifelse(moment >= unknown, unknown, reached)


def _all_days(run: Run) -> Iterator[date]:
    first = run.policy.in_force.start
    return (first + timedelta(days=n) for n in range((run.horizon - first).days - 30))
