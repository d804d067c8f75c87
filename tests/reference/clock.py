"""Days, working days, durations, periods: the section "Time", in plain Python.

Instants are kept in UTC; the end of a day is its last microsecond, so that every deadline is an
instant that is itself still in time.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays

ONE_DAY = timedelta(days=1)


class Clock:
    """The policy's time zone and working days."""

    def __init__(self, policy: dict) -> None:
        self.zone = ZoneInfo(policy["timezone"])
        self.year_starts = policy.get("year_starts", "01-01")
        spec = policy.get("working_days")
        self.calendar = None
        self.extra_holidays: list[date] = []
        self.extra_working_days: list[date] = []
        if spec:
            self.calendar = holidays.country_holidays(
                spec["country"], subdiv=spec.get("subdivision")
            )
            self.extra_holidays = [as_date(day) for day in spec.get("extra_holidays", [])]
            self.extra_working_days = [as_date(day) for day in spec.get("extra_working_days", [])]

    def start_of(self, day: date) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return midnight.astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        return self.start_of(day + ONE_DAY) - timedelta(microseconds=1)

    def day_of(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone)

    def is_working_day(self, day: date) -> bool:
        if day in self.extra_holidays:
            return False
        if day in self.extra_working_days:
            return True
        if self.calendar is None:
            return day.weekday() < 5
        return self.calendar.is_working_day(day)

    def working_days_from(self, day: date, number: int, step: timedelta) -> date:
        """The n-th working day after (before) a day; with 0 the day or the next (the last)."""
        if number == 0:
            while not self.is_working_day(day):
                day += step
            return day
        while number > 0:
            day += step
            if self.is_working_day(day):
                number -= 1
        return day

    def due_after(self, first: datetime, last: datetime, duration: str | dict) -> datetime:
        """The due moment of what starts between `first` and `last` (a date: its whole day)."""
        number, unit = read_duration(duration)
        day = self.day_of(first)
        if unit == "hour":
            return last + timedelta(hours=number)
        return self.end_of(self._shift(day, number, unit, +1))

    def due_before(self, first: datetime, duration: str | dict) -> datetime:
        number, unit = read_duration(duration)
        if unit == "hour":
            return first - timedelta(hours=number)
        return self.end_of(self._shift(self.day_of(first), number, unit, -1))

    def with_grace(self, due: datetime, grace: str | dict | None) -> datetime:
        if grace is None:
            return due
        return self.due_after(due, due, grace)

    def _shift(self, day: date, number: int, unit: str, sign: int) -> date:
        if unit == "working day":
            return self.working_days_from(day, number, sign * ONE_DAY)
        if unit == "day":
            return day + sign * number * ONE_DAY
        if unit == "week":
            return day + sign * 7 * number * ONE_DAY
        if unit == "month":
            return shift_months(day, sign * number)
        return shift_months(day, sign * 12 * number)


def as_date(value: date | str) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)


def read_duration(duration: str | dict) -> tuple[int, str]:
    text = duration["of"] if isinstance(duration, dict) else duration
    match = re.fullmatch(r"(\d+) (hour|day|working day|week|month|year)s?", text.strip())
    return int(match[1]), match[2]


def day_number(value: int | str) -> int:
    """`30` or `30 days` (or weeks)."""
    if isinstance(value, int):
        return value
    number, unit = read_duration(value)
    return number * 7 if unit == "week" else number


def shift_months(day: date, number: int) -> date:
    months = day.year * 12 + day.month - 1 + number
    return clamped(months // 12, months % 12 + 1, day.day)


def clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def year_label(clock: Clock, year: int) -> str:
    return str(year) if clock.year_starts == "01-01" else f"{year}/{(year + 1) % 100:02d}"


def first_of_year(clock: Clock, year: int) -> date:
    month, day = clock.year_starts.split("-")
    return clamped(year, int(month), int(day))


def plan_year(clock: Clock, day: date) -> str:
    year = day.year if day >= first_of_year(clock, day.year) else day.year - 1
    return year_label(clock, year)


def span_label(first: date, last: date) -> str:
    return f"{first}/{last}"


def periods(clock: Clock, word: str | dict, first: date, last: date) -> list[dict]:
    """Every calendar period that has a day in `first`-`last`, in order."""
    found = []
    if word == "day":
        day = first
        while day <= last:
            found.append({"first": day, "last": day, "label": str(day)})
            day += ONE_DAY
    elif word == "week":
        day = first - first.weekday() * ONE_DAY
        while day <= last:
            year, week, _ = day.isocalendar()
            label = f"{year}-W{week:02d}"
            found.append({"first": day, "last": day + 6 * ONE_DAY, "label": label})
            day += 7 * ONE_DAY
    elif word == "month":
        day = first.replace(day=1)
        while day <= last:
            end = shift_months(day, 1) - ONE_DAY
            found.append({"first": day, "last": end, "label": f"{day.year}-{day.month:02d}"})
            day = end + ONE_DAY
    else:
        named = {"year": 12, "half_year": 6, "quarter": 3}
        length = word["months"] if isinstance(word, dict) else named[word]
        for year in range(first.year - 1, last.year + 2):
            start = first_of_year(clock, year)
            for n in range(12 // length):
                begins = shift_months(start, n * length)
                ends = shift_months(start, (n + 1) * length) - ONE_DAY
                label = {
                    "year": year_label(clock, year),
                    "half_year": f"{year_label(clock, year)}-H{n + 1}",
                    "quarter": f"{year_label(clock, year)}-Q{n + 1}",
                }.get(word if isinstance(word, str) else "", span_label(begins, ends))
                found.append({"first": begins, "last": ends, "label": label})
    return [p for p in found if p["first"] <= last and p["last"] >= first]


def windows(specs: list[dict], first: date, last: date) -> list[dict]:
    """Every window of `in_each` that has a day in `first`-`last`, in order."""
    found = []
    for year in range(first.year - 1, last.year + 2):
        for spec in specs:
            if "month" in spec:
                begins = date(year, spec["month"], 1)
                ends = shift_months(begins, 1) - ONE_DAY
                label = f"{year}-{begins.month:02d}"
            else:
                begins = clamped(year, *[int(n) for n in spec["from"].split("-")])
                ends = clamped(year, *[int(n) for n in spec["to"].split("-")])
                if spec["to"] < spec["from"]:
                    ends = clamped(year + 1, *[int(n) for n in spec["to"].split("-")])
                label = span_label(begins, ends)
            found.append({"first": begins, "last": ends, "label": label})
    found.sort(key=lambda window: window["first"])
    return [w for w in found if w["first"] <= last and w["last"] >= first]
