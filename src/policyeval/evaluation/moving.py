"""Moves of a due moment: to a working day, the end of a period, a time of day. Plain Python."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from policyeval.evaluation.times import Clock as Calendar
from policyeval.evaluation.times import add_months, month_length
from policyeval.language.clocks import Clock
from policyeval.language.moves import MoveIf
from policyeval.language.working_days import WEEKDAYS

_DAY = timedelta(days=1)


def moved(spec: Clock, calendar: Calendar, due: datetime) -> datetime:
    """A due moment after the clock's moves (`to`)."""
    working = calendar.by(spec.calendar)
    for move in spec.to:
        if not isinstance(move, MoveIf):
            due = _moved(move, calendar, working, due)
        elif _holds(move, calendar, working, due):
            for each in move.to:
                due = _moved(each, calendar, working, due)
    return due


def _holds(move: MoveIf, calendar: Calendar, working: Calendar, due: datetime) -> bool:
    day = calendar.day_of(due)
    if move.on is not None:
        kinds = {WEEKDAYS[day.weekday()], "working day" if working.is_working(day) else "day off"}
        if not kinds & set(move.on):
            return False
    if move.after is None:
        return True
    # The end of a day stands for the day: it has no time of day. The wall clock is compared, for an
    # hour that comes twice has its times twice.
    return due != calendar.ends(day) and calendar.local(due).time() > time(*_time(move.after))


def _time(text: str) -> tuple[int, int]:
    hour, minute = text.split(":")
    return int(hour), int(minute)


def _moved(move: str, calendar: Calendar, working: Calendar, due: datetime) -> datetime:
    day = calendar.day_of(due)
    if ":" in move:
        return calendar.at(day, *_time(move))
    if move.startswith("end of "):
        return calendar.ends(_end_of(move.removeprefix("end of "), calendar, day))
    reached = _day_reached(move, working, day)
    return due if reached == day else calendar.ends(reached)


def _day_reached(move: str, working: Calendar, day: date) -> date:
    if move.startswith("following"):
        day += _DAY
    if move.startswith("day "):
        return _day_of_month(day, int(move.removeprefix("day ")))
    if move in WEEKDAYS:
        return day + timedelta(days=(WEEKDAYS.index(move) - day.weekday()) % 7)
    if move.endswith("working day"):
        step = -_DAY if move.startswith("previous") else _DAY
        while not working.is_working(day):
            day += step
    return day


def _day_of_month(day: date, number: int) -> date:
    for month in (day.replace(day=1), add_months(day.replace(day=1), 1)):
        reached = month.replace(day=min(number, month_length(month.year, month.month)))
        if reached >= day:
            return reached
    return day


_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def _end_of(period: str, calendar: Calendar, day: date) -> date:
    if period == "week":
        return day + timedelta(days=6 - day.weekday())
    if period == "month":
        return day.replace(day=month_length(day.year, day.month))
    month, start = calendar.year_start
    first = date(day.year - 1, month, min(start, month_length(day.year - 1, month)))
    ends = (add_months(first, n * _MONTHS[period]) - _DAY for n in range(1, 30))
    return next(end for end in ends if end >= day)
