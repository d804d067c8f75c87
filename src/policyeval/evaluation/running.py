"""How a clock runs: from a start, for a duration, around pauses, to a due moment. Plain Python.

A clock that nothing bends depends on its trigger's day alone (or on its instant, for hours); one
that events bend is run once for each trigger.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from policyeval.evaluation.times import Clock as Calendar
from policyeval.evaluation.times import add_months, month_length
from policyeval.language.clocks import Clock
from policyeval.language.words import Duration

_DAY = timedelta(days=1)
_MANY = 4000
"""So many working days are looked up in a list; beyond that they are counted one by one."""


@dataclass(frozen=True, order=True)
class Moment:
    """When something happened: one instant, or a whole day where only the day is known.

    Args:
        first: its first instant.
        last: its last instant.
        day: its day.
        number: what the field says that gives a duration, if one does.
        until: the end of the day that a field says, if one does.
    """

    first: datetime
    last: datetime
    day: date
    number: float | None = field(default=None, compare=False)
    until: datetime | None = field(default=None, compare=False)

    @property
    def timed(self) -> bool:
        """Whether it is one instant, not a day."""
        return self.first == self.last


@dataclass(frozen=True)
class Pause:
    """From when until when a clock stands still; None has not ended.

    Args:
        first: when it begins.
        last: when it ends, or would end at the latest.
        lasts: whether it has not been ended yet.
        included: whether the day on which it begins is not counted either.
    """

    first: Moment
    last: Moment | None = None
    included: bool = False
    lasts: bool = False


@dataclass(frozen=True)
class Kept:
    """What a clock is counted from: so many months on from a moment.

    Where an anniversary is kept, months that are too short do not shift it.
    """

    moment: Moment
    months: int = 0


@dataclass(frozen=True)
class Reached:
    """Where a clock ends.

    Args:
        due: its due moment.
        kept: what the next clock is counted from if its due day is kept.
    """

    due: datetime
    kept: Kept


def whole_day(calendar: Calendar, day: date) -> Moment:
    """A day as a moment."""
    return Moment(calendar.starts(day), calendar.ends(day), day)


def instant(calendar: Calendar, at: datetime) -> Moment:
    """An instant as a moment."""
    return Moment(at, at, calendar.day_of(at))


def reached_as(calendar: Calendar, at: datetime) -> Moment:
    """What a clock has reached, as a moment: the end of a day stands for that day."""
    day = calendar.day_of(at)
    return whole_day(calendar, day) if at == calendar.ends(day) else instant(calendar, at)


def start_of(spec: Clock, calendar: Calendar, since: Kept) -> Moment:
    """The moment itself at which a clock starts."""
    if not since.months:
        return since.moment
    days = _Days(spec, calendar, backwards=False, paused=frozenset())
    return whole_day(calendar, days.month_end(since.moment.day, since.months))


def kept_after(
    spec: Clock, calendar: Calendar, since: Kept, reached: datetime, length: Duration
) -> Kept:
    """What the next clock is counted from, where one has reached a moment before its moves.

    Args:
        spec: the clock.
        calendar: the policy's.
        since: what it was counted from.
        reached: where it ends.
        length: how long it ran: with the months of `since`, and with those that made it longer.
    """
    if length.unit == "months" and counted(spec, calendar, since.moment, length) == reached:
        return Kept(since.moment, length.number)
    included = spec.first_day == "included" and not length.of_time and length.number > 0
    if included:
        return Kept(whole_day(calendar, calendar.day_of(reached) + _DAY))
    return Kept(reached_as(calendar, reached))


def counted(
    spec: Clock,
    calendar: Calendar,
    start: Moment,
    duration: Duration,
    pauses: Sequence[Pause] = (),
    *,
    backwards: bool = False,
) -> datetime:
    """When a duration that starts at a moment runs out.

    Args:
        spec: how days are counted (`first_day`, `month_end`, `calendar`).
        calendar: the policy's.
        start: the start.
        duration: how long.
        pauses: when the clock stands still; each has ended.
        backwards: count back from the start instead.
    """
    if duration.of_time:
        return _time(start, duration, pauses, backwards=backwards)
    days = _Days(spec, calendar, backwards, frozenset(_paused_days(pauses)))
    return calendar.ends(days.counted(start.day, duration))


def begins(
    calendar: Calendar,
    start: Moment,
    duration: Duration,
    *,
    back: bool = False,
    clock: Clock | None = None,
) -> datetime:
    """So long after (before) a moment; in days, the beginning of the day so reached."""
    spec = clock or Clock(of=duration)
    reached = counted(spec, calendar, start, duration, backwards=back)
    return reached if duration.of_time else calendar.starts(calendar.day_of(reached))


def _time(
    start: Moment, duration: Duration, pauses: Sequence[Pause], *, backwards: bool
) -> datetime:
    length = timedelta(**{duration.unit: duration.number})
    if backwards:
        return start.first - length
    due = start.last + length
    for first, last in _spans(pauses, start.last):
        if first < due:
            due += last - first
    return due


def _spans(pauses: Sequence[Pause], since: datetime) -> list[tuple[datetime, datetime]]:
    """The times of pauses after an instant, in order, without overlaps."""
    found: list[tuple[datetime, datetime]] = []
    ended = [(p.first.last, p.last.last) for p in pauses if p.last is not None]
    for begun, last in sorted(ended):
        first = max([since, begun, *(end for _, end in found)])
        if first < last:
            found.append((first, last))
    return found


def _paused_days(pauses: Sequence[Pause]) -> set[date]:
    return {
        pause.first.day + timedelta(days=n)
        for pause in pauses
        if pause.last is not None
        for n in range(0 if pause.included else 1, (pause.last.day - pause.first.day).days + 1)
    }


@dataclass(frozen=True)
class _Days:
    """Counts days, working days and months from a day."""

    spec: Clock
    calendar: Calendar
    backwards: bool
    paused: frozenset[date]

    def counted(self, day: date, duration: Duration) -> date:
        step = -_DAY if self.backwards else _DAY
        included = self.spec.first_day == "included" and duration.number > 0
        if duration.unit == "months":
            return self._months(day, duration.number, step if included else timedelta(0))
        if included:
            day -= step
        if duration.unit == "days":
            return self._walk(day, duration.number, step, None)
        calendar = self.calendar.by(self.spec.calendar)
        if not self.paused and duration.number <= _MANY:
            return (calendar.before if self.backwards else calendar.after)(day, duration)
        if duration.number == 0 and calendar.is_working(day):
            return day
        return self._walk(day, max(duration.number, 1), step, calendar.is_working)

    def _walk(
        self, day: date, number: int, step: timedelta, counts: Callable[[date], bool] | None
    ) -> date:
        if counts is None and not self.paused:
            return day + number * step
        while number > 0:
            day += step
            if (counts is None or counts(day)) and day not in self.paused:
                number -= 1
        return day

    def _months(self, day: date, number: int, less: timedelta) -> date:
        reached = self.month_end(day, -number if self.backwards else number)
        # A month without that day ends with its last: that is the day less already.
        ended = reached.day < day.day and self.spec.month_end != "next_day"
        if self.backwards or not ended:
            reached -= less
        first = day if less else day + _DAY
        due, over = reached, -1
        while over != (over := sum(1 for each in self.paused if first <= each <= due)):
            due = reached + timedelta(days=over)
        return due

    def month_end(self, day: date, months: int) -> date:
        """The same day of another month; of a month that is too short, as the clock says."""
        reached = add_months(day, months)
        if self.spec.month_end == "kept" and day.day == month_length(day.year, day.month):
            return reached.replace(day=month_length(reached.year, reached.month))
        if self.spec.month_end == "next_day" and reached.day < day.day:
            return reached + _DAY
        return reached
