"""`per`, `in_each` and `throughout`: the calendar periods and windows of a duty."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from policyeval.evaluation.times import Clock, add_months, month_length, year_label
from policyeval.language.duty import Duty
from policyeval.language.occasions import InEach, Per, Throughout
from policyeval.language.periods import Months, Period, Window

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A period: its label and its days, both included."""

    label: str
    first: date
    last: date


def periods(duty: Duty, clock: Clock, since: date, until: date) -> list[Span]:
    """The periods of a duty that touch `since`..`until` and begin by `until`."""
    if isinstance(duty.when, InEach):
        found = (span for window in duty.when.in_each for span in _windows(window, since, until))
        return [span for span in found if span.first <= until and span.last >= since]
    if isinstance(duty.when, (Per, Throughout)):
        word = duty.when.per if isinstance(duty.when, Per) else duty.when.throughout
        return list(calendar(word, clock, since, until))
    return []


def late_days(spans: Sequence[Span], *, windows: bool) -> list[date | None]:
    """The last day whose evidence can count as late for each of a duty's periods, in order.

    Of `windows` the day before the next one opens: from then on evidence belongs to that one. Of
    periods the last day of the next one. None for no limit: there is no next one yet.
    """
    begins = [span.first for span in spans]
    found: list[date | None] = []
    for span in spans:
        place = bisect_right(begins, span.first if windows else span.last)
        if place == len(spans):
            found.append(None)
        else:
            found.append(begins[place] - _DAY if windows else spans[place].last)
    return found


def _windows(window: Window, since: date, until: date) -> Iterator[Span]:
    for year in range(since.year - 1, until.year + 2):
        if window.month is not None:
            first = date(year, window.month, 1)
            last = date(year, window.month, month_length(year, window.month))
            yield Span(f"{year}-{window.month:02d}", first, last)
            continue
        assert window.first is not None  # noqa: S101 - the model's own check
        assert window.last is not None  # noqa: S101
        first = _day(year, window.first)
        last = _day(year + (window.last < window.first), window.last)
        yield Span(f"{first}/{last}", first, last)


def _day(year: int, month_day: str) -> date:
    month, day = (int(part) for part in month_day.split("-"))
    return date(year, month, min(day, month_length(year, month)))


_MONTHS = {"year": 12, "half_year": 6, "quarter": 3}


def calendar(word: Period, clock: Clock, since: date, until: date) -> Iterator[Span]:
    """The calendar periods that touch `since`..`until`, in order."""
    if word == "day":
        for n in range((until - since).days + 1):
            day = since + timedelta(days=n)
            yield Span(day.isoformat(), day, day)
    elif word == "week":
        day = since - timedelta(days=since.weekday())
        while day <= until:
            year, week, _ = day.isocalendar()
            yield Span(f"{year}-W{week:02d}", day, day + timedelta(days=6))
            day += timedelta(days=7)
    elif word == "month":
        day = since.replace(day=1)
        while day <= until:
            last = date(day.year, day.month, month_length(day.year, day.month))
            yield Span(f"{day:%Y-%m}", day, last)
            day = last + timedelta(days=1)
    else:
        yield from _parts_of_year(word, clock, since, until)


def _parts_of_year(word: Period, clock: Clock, since: date, until: date) -> Iterator[Span]:
    length = word.months if isinstance(word, Months) else _MONTHS[word]
    month, start_day = clock.year_start
    for year in range(since.year - 1, until.year + 1):
        starts = date(year, month, min(start_day, month_length(year, month)))
        label = year_label(year, clock.year_start)
        for n in range(12 // length):
            first = add_months(starts, n * length)
            last = add_months(starts, (n + 1) * length) - timedelta(days=1)
            if last < since or first > until:
                continue
            suffix = {12: "", 6: f"-H{n + 1}", 3: f"-Q{n + 1}"}.get(length, "")
            name = f"{first}/{last}" if isinstance(word, Months) else label + suffix
            yield Span(name, first, last)
