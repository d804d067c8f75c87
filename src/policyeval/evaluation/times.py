"""Days, working days and instants in a policy's time zone.

Instants are naive UTC timestamps with microseconds; the end of a day is its last microsecond, so
that every window is closed on both sides.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from policyeval.evaluation.working_days import Works, works_on
from policyeval.language.policy import Policy
from policyeval.language.words import Duration
from policyeval.language.working_days import WorkingDays

OPEN_START = date(1000, 1, 1)
"""Stands for a span without a first day."""

OPEN_END = date(9999, 12, 30)
"""Stands for a span without a last day."""

NO_MOMENT = datetime.combine(OPEN_END, datetime.min.time())
"""Stands for a due moment that is not known yet."""

_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)


class Clock:
    """The policy's calendar: when days start and end, and which of them are working days.

    Args:
        policy: its time zone, working-day calendar and year.
        rules: another working-day calendar than the policy's own.
    """

    def __init__(self, policy: Policy, rules: WorkingDays | None = None) -> None:
        self.zone = ZoneInfo(policy.timezone)
        self._policy = policy
        self._rules = rules or policy.working_days
        self._others: dict[str, Clock] = {}
        self._starts: dict[date, datetime] = {}
        month, day = policy.year_starts.split("-")
        self.year_start = (int(month), int(day))
        self._from = self._until = date(1, 1, 1)
        self._working: list[date] = []

    def starts(self, day: date) -> datetime:
        """The first instant of a local day."""
        if day not in self._starts:
            local = datetime(day.year, day.month, day.day, tzinfo=self.zone)
            self._starts[day] = local.astimezone(UTC).replace(tzinfo=None)
        return self._starts[day]

    def ends(self, day: date) -> datetime:
        """The last instant (microsecond) of a local day."""
        return self.starts(day + _DAY) - _TICK

    def by(self, calendar: str | None) -> Clock:
        """The clock by another of the policy's calendars; by its own for None."""
        if calendar is None:
            return self
        if calendar not in self._others:
            self._others[calendar] = Clock(self._policy, self._policy.calendars[calendar])
        return self._others[calendar]

    def day_of(self, instant: datetime) -> date:
        """The local day of an instant."""
        return self.local(instant).date()

    def at(self, day: date, hour: int, minute: int) -> datetime:
        """The instant of a local time."""
        local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone)
        return local.astimezone(UTC).replace(tzinfo=None)

    def local(self, instant: datetime) -> datetime:
        """A naive UTC instant as an aware local time."""
        return instant.replace(tzinfo=UTC).astimezone(self.zone)

    def is_working(self, day: date) -> bool:
        """Whether people work on that day: holidays and make-up working days are known."""
        return self._works(day)

    @cached_property
    def _works(self) -> Works:
        return works_on(self._rules)

    def after(self, day: date, duration: Duration) -> date:
        """The day on which a clock of days, working days or months runs out."""
        if duration.unit == "days":
            return day + timedelta(days=duration.number)
        if duration.unit == "months":
            return add_months(day, duration.number)
        days = self._working_days(day, duration.number)
        at = bisect_right(days, day)
        if duration.number == 0:
            return day if self.is_working(day) else days[at]
        return days[at + duration.number - 1]

    def before(self, day: date, duration: Duration) -> date:
        """The last day that lies so long before `day`."""
        if duration.unit == "days":
            return day - timedelta(days=duration.number)
        if duration.unit == "months":
            return add_months(day, -duration.number)
        days = self._working_days(day, duration.number)
        at = bisect_left(days, day)
        if duration.number == 0:
            return day if self.is_working(day) else days[at - 1]
        return days[at - duration.number]

    def _working_days(self, day: date, number: int) -> list[date]:
        """Working days in a range wide enough around `day`, in order."""
        reach = timedelta(days=number * 4 + 60)
        if day - reach < self._from or day + reach > self._until:
            self._from = min(self._from, day - reach) if self._working else day - reach
            self._until = max(self._until, day + reach) + timedelta(days=400)
            length = (self._until - self._from).days
            days = (self._from + timedelta(days=n) for n in range(length + 1))
            self._working = [each for each in days if self.is_working(each)]
        return self._working

    def year_of(self, day: date) -> str:
        """The plan year that a day lies in: `2025`, or `2025/26` if it starts within a year."""
        first = day.year if (day.month, day.day) >= self.year_start else day.year - 1
        return year_label(first, self.year_start)


def year_label(first: int, year_start: tuple[int, int]) -> str:
    """The label of the plan year that starts in calendar year `first`."""
    return str(first) if year_start == (1, 1) else f"{first}/{(first + 1) % 100:02d}"


def add_months(day: date, months: int) -> date:
    """The same day so many months on (or back), or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, month_length(year, month + 1)))


def window_end(first: date, length: Duration) -> date:
    """The last day of a window of days or months that begins on a day.

    Of months: the day before the same day of the month, or the month's last if it has no such day.
    """
    if length.unit == "days":
        return first + timedelta(days=length.number - 1)
    reached = add_months(first, length.number)
    return reached if reached.day < first.day else reached - _DAY


def month_length(year: int, month: int) -> int:
    """The number of days of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - _DAY).day
