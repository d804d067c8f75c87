"""Local days and instants of a time zone, as expressions over a table.

A local time that stands twice, when clocks go back, is the earlier of the two; one that is skipped,
when they go forward, is read with the offset from before (as Python's `fold=0`, PEP 495).
"""

from __future__ import annotations

from datetime import timedelta

import ibis
import ibis.expr.types as ir

from policyeval.engine import microseconds, stamp, to_instant, to_local, with_zone

_DAY_US = timedelta(days=1) // timedelta(microseconds=1)


def local(instant: ir.TimestampValue, zone: str) -> ir.TimestampValue:
    """A naive UTC instant as local time."""
    return to_local(zone, with_zone(microseconds(instant)))


def utc(local_time: ir.TimestampValue, zone: str) -> ir.TimestampValue:
    """A local time as a naive UTC instant."""
    here = microseconds(local_time)
    now = microseconds(to_instant(zone, local_time))
    # The engine takes the later of two: the offset of the day before tells the earlier one.
    before = microseconds(to_instant(zone, stamp(here - _DAY_US))) + _DAY_US
    is_one = microseconds(to_local(zone, with_zone(before))) == here
    return stamp(ibis.ifelse(is_one, ibis.least(now, before), now))


def local_day(instant: ir.TimestampValue, zone: str) -> ir.DateValue:
    """The local day of a naive UTC instant."""
    return local(instant, zone).date()


def starts(day: ir.DateValue, zone: str) -> ir.TimestampValue:
    """The first instant of a local day, naive UTC."""
    return utc(day.cast("timestamp(6)"), zone)


def ends(day: ir.DateValue, zone: str) -> ir.TimestampValue:
    """The last instant (microsecond) of a local day, naive UTC."""
    following = stamp(microseconds(day.cast("timestamp(6)")) + _DAY_US)
    return stamp(microseconds(utc(following, zone)) - 1)
