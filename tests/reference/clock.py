"""Days, working days and durations: the section "Time", in plain Python.

Instants are kept in UTC; the end of a day is its last microsecond, so that every deadline is an
instant that is itself still in time. A moment is `{day, first, last}`: one instant, or the first
and the last of a whole day.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays

ONE_DAY = timedelta(days=1)
LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class WorkingDays:
    """One calendar: `working_days`, or one of `calendars`."""

    def __init__(self, spec: dict | None) -> None:
        spec = spec or {}
        self.calendar = None
        if spec.get("country"):
            self.calendar = holidays.country_holidays(
                spec["country"], subdiv=spec.get("subdivision")
            )
        if spec.get("market"):
            self.calendar = holidays.financial_holidays(spec["market"])
        self.weekend = spec.get("weekend")
        self.parts = [WorkingDays(each) for each in spec.get("all_of", [])]
        self.extra_holidays = [as_date(day) for day in spec.get("extra_holidays", [])]
        self.extra_working_days = [as_date(day) for day in spec.get("extra_working_days", [])]

    def has(self, day: date) -> bool:
        if day in self.extra_holidays:
            return False
        if day in self.extra_working_days:
            return True
        if self.parts:
            return all(part.has(day) for part in self.parts)
        if self.weekend is None:
            if self.calendar is None:
                return day.weekday() < 5
            return self.calendar.is_working_day(day)
        off = WEEKDAYS[day.weekday()] in self.weekend
        if self.calendar is None:
            return not off
        is_holiday = day in self.calendar
        return day in self.calendar.weekend_workdays or not (off or is_holiday)


class Clock:
    """The policy's time zone and calendars."""

    def __init__(self, policy: dict) -> None:
        self.zone = ZoneInfo(policy["timezone"])
        self.year_starts = policy.get("year_starts", "01-01")
        self.calendars = {None: WorkingDays(policy.get("working_days"))}
        self.calendars["working_days"] = self.calendars[None]
        for name, spec in (policy.get("calendars") or {}).items():
            self.calendars[name] = WorkingDays(spec)

    def start_of(self, day: date) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return midnight.astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        return self.start_of(day + ONE_DAY) - timedelta(microseconds=1)

    def at_time(self, day: date, hour: int, minute: int) -> datetime:
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
        return local.astimezone(UTC)

    def day_of(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def local(self, instant: datetime | None) -> datetime | None:
        return None if instant is None else instant.astimezone(self.zone)

    def whole_day(self, day: date) -> dict:
        """A day as the moment of something that has no time."""
        return {"day": day, "first": self.start_of(day), "last": self.end_of(day)}

    def moment(self, instant: datetime) -> dict:
        return {"day": self.day_of(instant), "first": instant, "last": instant}

    def reached(self, due: datetime) -> dict:
        """What a clock has reached: the end of a day stands for that day."""
        day = self.day_of(due)
        return self.whole_day(day) if due == self.end_of(day) else self.moment(due)

    def is_working_day(self, day: date, name: str | None = None) -> bool:
        return self.calendars[name].has(day)

    def due(self, at: dict, duration: str, sign: int = 1, **how: object) -> datetime:
        """The due moment so long after (with sign -1: before) a moment."""
        number, unit = read_duration(duration)
        if unit in ("hour", "minute"):
            span = timedelta(**{unit + "s": number})
            return at["last"] + span if sign > 0 else at["first"] - span
        return self.end_of(self.shifted(at["day"], duration, sign, **how))

    def shifted(
        self,
        day: date,
        duration: str,
        sign: int = 1,
        first_day: str = "excluded",
        month_end: str = "last_day",
        name: str | None = None,
        stopped: frozenset[date] = frozenset(),
    ) -> date:
        """A day so many days, working days or months on; `stopped` days are not counted."""
        number, unit = read_duration(duration)
        included = first_day == "included" and number > 0
        if unit in ("month", "year"):
            months = sign * number * (12 if unit == "year" else 1)
            there = in_months(day, months, month_end)
            too_short = sign > 0 and there.day < day.day and month_end != "next_day"
            if included and not too_short:
                there -= sign * ONE_DAY
            first = day if included else day + ONE_DAY
            return there if sign < 0 else pushed(there, first, stopped)
        start = day - sign * ONE_DAY if included else day
        if unit == "working day":
            return self._working_days(start, number, sign, name, stopped)
        number *= 7 if unit == "week" else 1
        return days_on(start, number, sign, stopped)

    def _working_days(
        self, day: date, number: int, sign: int, name: str | None, stopped: frozenset[date]
    ) -> date:
        """The n-th working day after (before) a day; with 0 the day or the next (the last)."""
        start = day

        def counts(day: date) -> bool:
            return self.is_working_day(day, name) and day not in stopped

        if number == 0:
            while not (counts(day) or (day == start and self.is_working_day(day, name))):
                day += sign * ONE_DAY
            return day
        while number > 0:
            day += sign * ONE_DAY
            number -= counts(day)
        return day


def days_on(day: date, number: int, sign: int, stopped: frozenset[date]) -> date:
    """The n-th day after (before) a day that is not stopped."""
    while number > 0:
        day += sign * ONE_DAY
        number -= day not in stopped
    return day


def pushed(due: date, first: date, stopped: frozenset[date]) -> date:
    """A day moved on by the stopped days from the first one on up to it."""
    end = due
    while True:
        moved = due + len([day for day in stopped if first <= day <= end]) * ONE_DAY
        if moved == end:
            return end
        end = moved


def as_date(value: date | str) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)


DURATION = re.compile(r"(\d+)[ \u00a0](minute|hour|day|working[ \u00a0]day|week|month|year)s?")


def read_duration(duration: str) -> tuple[int, str]:
    match = DURATION.fullmatch(duration.strip())
    return int(match[1]), match[2].replace("\u00a0", " ")


def is_duration(text: object) -> bool:
    return isinstance(text, str) and DURATION.fullmatch(text.strip()) is not None


def in_months(day: date, number: int, month_end: str = "last_day") -> date:
    """The same day of another month; `month_end` says what if that month is too short."""
    there = shift_months(day, number)
    if month_end == "next_day" and there.day < day.day:
        return there + ONE_DAY
    if month_end == "kept" and (day + ONE_DAY).day == 1:
        return last_of_month(there)
    return there


def last_of_month(day: date) -> date:
    return clamped(day.year, day.month, 31)


def shift_months(day: date, number: int) -> date:
    months = day.year * 12 + day.month - 1 + number
    return clamped(months // 12, months % 12 + 1, day.day)


def end_of_window(day: date, length: str) -> date:
    """The last day of a window that begins on a day."""
    number, unit = read_duration(length)
    if unit in ("month", "year"):
        there = shift_months(day, number * (12 if unit == "year" else 1))
        return there if there.day < day.day else there - ONE_DAY
    return day + (number * (7 if unit == "week" else 1) - 1) * ONE_DAY


def clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
