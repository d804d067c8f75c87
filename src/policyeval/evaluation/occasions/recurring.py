"""Obligations of duties whose occasions are periods: bearers × periods, all duties at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives, bearers
from policyeval.evaluation.clocks import graced, run_out
from policyeval.evaluation.occasions.periods import Span, late_days, periods
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import OPEN_END
from policyeval.language.duty import Duty
from policyeval.language.duty_answers import Cure
from policyeval.language.occasions import InEach
from policyeval.language.policy import Variant, by_duty
from policyeval.tables import STAMP, null, small, stacked

_TERMS = {
    "variant": "string",
    "duty": "string",
    "bearers": "string",
    "first": "date",
    "last": "date",
    "part_period": "string",
}
_PERIODS = {
    "variant": "string",
    "period": "string",
    "first_day": "date",
    "last_day": "date",
    "due": STAMP,
    "closes": STAMP,
    "late_until": STAMP,
}
_WHO = ["bearer", "unit", "post", "person", "target"]


def recurring(variants: Mapping[str, Variant], run: Run, known: Lives) -> ir.Table:
    """The obligations of these duties; the columns of `obligations.COLUMNS`.

    Duties that the same bearers owe share one expression, so that its size does not grow with the
    number of duties.
    """
    alike: dict[str, Duty] = {}
    for variant in variants.values():
        alike.setdefault(_bearers(variant.duty), variant.duty)
    numbers = {key: str(n) for n, key in enumerate(alike)}
    repeated, single = (
        [
            bearers(numbers[key], duty, known)
            for key, duty in alike.items()
            if _may_repeat(duty) is repeats
        ]
        for repeats in (True, False)
    )
    terms = small(
        (
            (label, each.name, numbers[_bearers(each.duty)], first, last or OPEN_END, part_period)
            for label, each in variants.items()
            for first, last in [run.in_force(each)]
            for part_period in [each.duty.part_period]
        ),
        _TERMS,
    )
    duties = by_duty(variants.values())
    spans = small((row for versions in duties for row in _rows(versions, run)), _PERIODS)
    owed = [_in_periods(stacked(tables), terms, spans) for tables in (single, repeated) if tables]
    if repeated:
        owed[-1] = _one_per_bearer(owed[-1])
    return _windows(stacked(owed), run)


def _may_repeat(duty: Duty) -> bool:
    """Whether one bearer and target may have several times in one period."""
    return duty.bearer.post is not None or duty.comes_and_goes


def _bearers(duty: Duty) -> str:
    """What makes the bearers of two duties the same."""
    return repr((duty.bearer, duty.of_each, duty.applies_when, duty.during))


def _in_periods(who: ir.Table, terms: ir.Table, spans: ir.Table) -> ir.Table:
    """Each bearer in each period that it touches: from and until when it is inside.

    `until_day` is the last day on which it is there at all: late evidence may come in a later stay.
    """
    borne = who.join(terms, "bearers")
    borne = borne.mutate(
        from_day=ibis.greatest(borne.from_day, borne["first"]),
        until_day=ibis.least(borne.until_day, borne["last"]),
    )
    borne = borne.filter(borne.from_day <= borne.until_day)
    stays = ibis.window(group_by=["variant", *_WHO])
    borne = borne.mutate(until_ever=borne.until_day.max().over(stays))
    both = borne.join(
        spans,
        [
            borne.variant == spans.variant,
            borne.from_day <= spans.last_day,
            borne.until_day >= spans.first_day,
        ],
    )
    both = both.mutate(
        in_from=ibis.greatest(both.from_day, both.first_day),
        in_until=ibis.least(both.until_day, both.last_day),
    )
    inside = both.in_until.delta(both.in_from, unit="day") + 1
    columns = [*_PERIODS, "duty", *_WHO, "part_period", "in_from", "in_until"]
    return both.select(*columns, until_day="until_ever", inside=inside)


def _one_per_bearer(rows: ir.Table) -> ir.Table:
    """Several times of one bearer in one period are one obligation."""
    return rows.group_by([*_PERIODS, "duty", *_WHO, "part_period"]).agg(
        in_from=rows.in_from.min(),
        in_until=rows.in_until.max(),
        until_day=rows.until_day.max(),
        inside=rows.inside.sum(),
    )


def _windows(rows: ir.Table, run: Run) -> ir.Table:
    """Where evidence counts: within the period and the time that the bearer existed in."""
    length = rows.last_day.delta(rows.first_day, unit="day") + 1
    waived = ibis.cases(
        (rows.part_period == "waived", rows.inside < length),
        (rows.part_period.isnull(), rows.in_until < rows.last_day),
        else_=False,
    )
    horizon = ibis.literal(run.horizon, type="date")
    rows = rows.mutate(
        until_day=ibis.least(rows.until_day, horizon),
        part_waived=waived,
        length=length.cast("int64"),
        inside=rows.inside.cast("int64"),
    )
    starts = run.days.select(in_from="day", from_at="starts")
    ends = run.days.select(until_day="day", lived_until="ends")
    rows = rows.join(starts, "in_from").join(ends, "until_day")
    return rows.mutate(
        opens=rows.from_at,
        until_at=ibis.least(rows.late_until, rows.lived_until),
        due_day=rows.last_day,
        vacant=ibis.literal(False),
        trigger=null("string"),
        trigger_at=null(STAMP),
        trigger_unit=null("string"),
        **{f"k_{field}": null("string") for field in run.key_fields},
    )


Row = tuple[str, str, date, date, datetime, datetime, datetime]


def _rows(versions: Sequence[Variant], run: Run) -> Iterator[Row]:
    """The periods of a duty, each by the version that decides it.

    What follows a period is the duty's next one, whichever version decides that.
    """
    decided = [(span, variant) for variant in versions for span in _decided(variant, run)]
    decided.sort(key=lambda each: (each[0].first, each[0].last))
    windows = isinstance(versions[0].duty.when, InEach)
    limits = late_days([span for span, _ in decided], windows=windows)
    for (span, variant), limit in zip(decided, limits, strict=True):
        due = run.clock.ends(span.last)
        closes = graced(variant.duty, run.clock, due)
        until = _late(limit, variant.duty, run, closes)
        yield (variant.label, span.label, span.first, span.last, due, closes, until)


def _decided(variant: Variant, run: Run) -> Iterator[Span]:
    """The periods that a duty's version decides."""
    duty = variant.duty
    first, last = run.in_force(variant)
    until = min(run.as_of, last) if last else run.as_of
    for span in periods(duty, run.clock, first, until) if first <= until else []:
        if _in_version(variant, span.last if duty.straddles == "end" else span.first):
            yield span


def _in_version(variant: Variant, day: date) -> bool:
    return (variant.first or day) <= day <= (variant.last or day)


def _late(limit: date | None, duty: Duty, run: Run, closes: datetime) -> datetime:
    """The last instant whose evidence counts, in time or, up to the day `limit`, late."""
    rule = duty.late_rule
    if rule == "does_not_count":
        return closes
    following = run.end if limit is None else run.clock.ends(limit)
    if isinstance(rule, Cure) and rule.within is not None:
        cured = run_out(run.clock, closes, rule.within)
        return max(closes, min(cured, following)) if isinstance(duty.when, InEach) else cured
    return max(closes, following)
