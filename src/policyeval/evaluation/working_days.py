"""Which days are working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import holidays

from policyeval.language.working_days import WEEKDAYS, WorkingDays

Works = Callable[[date], bool]

_MONDAY_TO_FRIDAY = WorkingDays()


def works_on(rules: WorkingDays | None) -> Works:
    """Whether people work on a day, by a calendar; without one, Monday to Friday."""
    rules = rules or _MONDAY_TO_FRIDAY
    usually = _usually(rules)

    def works(day: date) -> bool:
        if day in rules.extra_working_days:
            return True
        return day not in rules.extra_holidays and usually(day)

    return works


def _usually(rules: WorkingDays) -> Works:
    if rules.all_of:
        each = [works_on(inner) for inner in rules.all_of]
        return lambda day: all(works(day) for works in each)
    off = None if rules.weekend is None else {WEEKDAYS.index(name) for name in rules.weekend}
    known = _holidays(rules)
    if known is None:
        weekend = {5, 6} if off is None else off
        return lambda day: day.weekday() not in weekend
    if off is None:
        return lambda day: bool(known.is_working_day(day))

    def works(day: date) -> bool:
        # A holiday is looked up first: that fills in the year's make-up working days.
        holiday = day in known
        return day in known.weekend_workdays or (day.weekday() not in off and not holiday)

    return works


def _holidays(rules: WorkingDays) -> holidays.HolidayBase | None:
    if rules.market is not None:
        return holidays.financial_holidays(rules.market)
    if rules.country is not None:
        return holidays.country_holidays(rules.country, subdiv=rules.subdivision)
    return None
