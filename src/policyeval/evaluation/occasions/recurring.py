"""Obligations of duties whose occasions are periods: bearers × periods."""

from __future__ import annotations

from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives, bearers
from policyeval.evaluation.clocks import graced
from policyeval.evaluation.occasions.periods import Span, periods
from policyeval.evaluation.run import Run
from policyeval.tables import STAMP, null, small
from policyeval.evaluation.times import OPEN_END
from policyeval.language.duty import Duty
from policyeval.language.occasions import InEach

_PERIODS = {
    "period": "string",
    "first_day": "date",
    "last_day": "date",
    "due": STAMP,
    "closes": STAMP,
    "late_until": STAMP,
}


def recurring(name: str, duty: Duty, run: Run, known: Lives) -> ir.Table:
    """The obligations of one duty; the columns of `obligations.COLUMNS`."""
    first, last = run.in_force(duty)
    until = min(run.as_of, last) if last else run.as_of
    spans = periods(duty, run.clock, first, until) if first <= until else []
    table = small((_row(span, duty, run) for span in spans), _PERIODS)
    who = bearers(name, duty, known)
    who = who.mutate(
        from_day=ibis.greatest(who.from_day, _date(first)),
        until_day=ibis.least(who.until_day, _date(last or OPEN_END)),
    )
    both = who.join(table, [who.from_day <= table.last_day, who.until_day >= table.first_day])
    both = both.mutate(
        in_from=ibis.greatest(both.from_day, both.first_day),
        in_until=ibis.least(both.until_day, both.last_day),
    )
    both = both.mutate(inside=both.in_until.delta(both.in_from, unit="day") + 1)
    if duty.bearer.post is not None:
        both = _one_per_bearer(both)
    return _windows(both, duty, run)


def _one_per_bearer(rows: ir.Table) -> ir.Table:
    """Several times of one bearer in one period are one obligation."""
    keys = ["duty", "bearer", "unit", "post", "person", "target", *_PERIODS]
    return rows.group_by(keys).agg(
        in_from=rows.in_from.min(),
        in_until=rows.in_until.max(),
        until_day=rows.until_day.max(),
        inside=rows.inside.sum(),
    )


def _windows(rows: ir.Table, duty: Duty, run: Run) -> ir.Table:
    """Where evidence counts: within the period and the time that the bearer existed in."""
    length = rows.last_day.delta(rows.first_day, unit="day") + 1
    partial = rows.inside < length
    waived = {
        "full": ibis.literal(False),
        "scaled": ibis.literal(False),
        "waived": partial,
        None: rows.in_until < rows.last_day,
    }[duty.part_period]
    rows = rows.mutate(until_day=ibis.least(rows.until_day, _date(run.horizon)))
    starts = run.days.select(in_from="day", from_at="starts")
    ends = run.days.select(until_day="day", lived_until="ends")
    rows = rows.mutate(part_waived=waived, length=length.cast("int64"))
    rows = rows.join(starts, "in_from").join(ends, "until_day")
    return rows.mutate(
        inside=rows.inside.cast("int64"),
        opens=rows.from_at,
        until_at=ibis.least(rows.late_until, rows.lived_until),
        due_day=rows.last_day,
        vacant=ibis.literal(False),
        trigger=null("string"),
        trigger_at=null(STAMP),
        trigger_unit=null("string"),
        **{f"k_{field}": null("string") for field in run.key_fields},
    )


def _row(span: Span, duty: Duty, run: Run) -> tuple[str, date, date, datetime, datetime, datetime]:
    clock = run.clock
    closes = graced(duty, clock, span.last, clock.ends(span.last))
    return (
        span.label,
        span.first,
        span.last,
        clock.ends(span.last),
        closes,
        _late(span, duty, run, closes),
    )


def _late(span: Span, duty: Duty, run: Run, closes: datetime) -> datetime:
    """The last instant whose evidence counts, in time or late."""
    default = "counts" if isinstance(duty.when, InEach) else "does_not_count"
    if (duty.late or default) == "does_not_count":
        return closes
    if span.late_until is None:
        return run.end
    return max(closes, run.clock.ends(span.late_until))


def _date(day: date) -> ir.DateScalar:
    return ibis.literal(day, type="date")
