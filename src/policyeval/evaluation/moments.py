"""What follows from when an event happened: `weekday`, `working_day`, `hour`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from policyeval.engine import microseconds, to_local, with_zone
from policyeval.evaluation.predicates import OF_MOMENT
from policyeval.evaluation.run import Run
from policyeval.language.fields import key_fields
from policyeval.language.uses import fields_asked
from policyeval.language.working_days import WEEKDAYS
from policyeval.tables import small

_SINCE = timedelta(days=4000)
_MICROSECONDS_AN_HOUR = 3_600_000_000


def with_moments(run: Run, events: ir.Table) -> ir.Table:
    """Events with those columns of `OF_MOMENT` that the policy's conditions, keys and tables ask.

    Columns that are there already are worked out anew. Days from some ten years before the policy
    is in force on are known to be working days or not.
    """
    asked = (fields_asked(run.policy) | key_fields(run.policy)) & set(OF_MOMENT)
    events = events.drop(*(name for name in OF_MOMENT if name in events.columns))
    if "weekday" in asked:
        words = small(enumerate(WEEKDAYS), {"of_week": "int64", "weekday": "string"})
        events = events.mutate(of_week=events.day.day_of_week.index().cast("int64"))
        events = events.left_join(words, "of_week").drop("of_week", "of_week_right")
    if "working_day" in asked:
        table = small(_working_days(run), {"on": "date", "working_day": "boolean"})
        events = events.left_join(table, events.day == table.on).drop("on")
    if "hour" in asked:
        local = to_local(str(run.clock.zone), with_zone(microseconds(events["first"])))
        since = microseconds(local) - microseconds(local.truncate("D"))
        hour = since / _MICROSECONDS_AN_HOUR
        exact = events["first"] == events["last"]
        events = events.mutate(hour=ibis.ifelse(exact, hour, ibis.null("float64")))
    return events


def _working_days(run: Run) -> Iterator[tuple[date, bool]]:
    day = run.policy.in_force.start - _SINCE
    while day <= run.horizon:
        yield day, run.clock.is_working(day)
        day += timedelta(days=1)
