"""By when: deadlines of triggered duties, worked out once per duty and day of the calendar.

A clock in days, working days or months depends on the trigger's day alone, so a small table of
(duty, day) holds every deadline and the data engine looks it up. A clock in hours counts from the
trigger's instant and is added there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import ibis.expr.types as ir

from policyeval.evaluation.run import Run
from policyeval.evaluation.times import Clock
from policyeval.language.duty import Duty
from policyeval.language.occasions import Before
from policyeval.language.words import Duration
from policyeval.tables import STAMP, small

DEADLINES = {
    "day": "date",
    "due_day": "date",
    "due": STAMP,
    "closes": STAMP,
}

NO_TIME = Duration(number=0, unit="hours")


def within(duty: Duty) -> Duration:
    """The duty's clock; `before` without one is at the trigger itself."""
    return duty.within or NO_TIME


def deadlines(duty: Duty, run: Run, first: date, last: date) -> ir.Table:
    """The deadline for a trigger on each day of `first`..`last`: `DEADLINES`.

    Only for clocks that are not in hours.
    """
    return small(_deadlines(duty, run.clock, first, last), DEADLINES)


def _deadlines(
    duty: Duty, clock: Clock, first: date, last: date
) -> Iterator[tuple[date, date, datetime, datetime]]:
    count = clock.before if isinstance(duty.when, Before) else clock.after
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        due_day = count(day, within(duty))
        due = clock.ends(due_day)
        yield day, due_day, due, graced(duty, clock, due_day, due)


def graced(duty: Duty, clock: Clock, due_day: date, due: datetime) -> datetime:
    """The due moment with the duty's grace."""
    if duty.grace is None:
        return due
    if duty.grace.unit == "hours":
        return due + timedelta(hours=duty.grace.number)
    return clock.ends(clock.after(due_day, duty.grace))
