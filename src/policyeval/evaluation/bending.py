"""What bends a clock: restarts, pauses and extensions, one after the other. Plain Python."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import Literal

from policyeval.evaluation.moving import moved
from policyeval.evaluation.running import (
    Kept,
    Moment,
    Pause,
    Reached,
    counted,
    instant,
    kept_after,
    reached_as,
    start_of,
    whole_day,
)
from policyeval.evaluation.times import Clock as Calendar
from policyeval.language.clocks import Clock
from policyeval.language.words import Duration


@dataclass(frozen=True, order=True)
class Bend:
    """Something that may bend a clock.

    Args:
        kind: how.
        place: at which place of its list it stands.
        at: when.
        nth: its place among those of its source.
        length: how much longer it makes the clock run, or for how long it stands still at most.
        until: until when it makes the clock run.
    """

    kind: Literal["restart", "pause", "resume", "extend"]
    place: int
    at: Moment
    nth: int = 0
    length: Duration | None = field(default=None, compare=False)
    until: datetime | None = field(default=None, compare=False)


_LONG = timedelta(days=400)
_ORDER = {"restart": 0, "pause": 1, "resume": 2, "extend": 3}
_FIRST, _NEXT, _LAST = range(3)


def bent(
    spec: Clock, calendar: Calendar, since: Kept, duration: Duration, bends: Sequence[Bend]
) -> Reached | None:
    """Where a clock ends that events bend, in order of time; None while it is paused.

    Of what happens at one moment, or on a day of which only the day is known, one end of the pause
    that has lasted until then comes first, then what begins, then the other ends.
    """
    state = _Bent(spec, calendar, since, duration)
    waiting = [(_place(bend), bend) for bend in bends]
    heapify(waiting)
    ends = {(bend.place, bend.at.last) for bend in bends if bend.kind == "resume"}
    while waiting:
        place, bend = heappop(waiting)
        first = place[1] == _FIRST
        later = state.after_an_end(bend, ends) if first else None
        if later is not None:
            heappush(waiting, ((later, _NEXT, *place[2:]), bend))
        elif first and state.has_ended(bend):
            heappush(waiting, ((place[0], _LAST, *place[2:]), bend))
        else:
            state.take(bend, place[0])
    return state.reached()


def _place(bend: Bend) -> tuple[datetime, int, bool, int, int]:
    """Where it stands in the order of time: on one day first what has only a date."""
    when = bend.at.last if bend.kind == "resume" else bend.at.first
    return when, _FIRST, bend.at.timed, _ORDER[bend.kind], bend.place


class _Bent:
    """A clock and what has bent it so far."""

    def __init__(self, spec: Clock, calendar: Calendar, since: Kept, duration: Duration) -> None:
        self.spec, self.calendar = spec, calendar
        self.own = duration
        self._begin(since, {})

    def _begin(self, since: Kept, pauses: dict[int, list[Pause]]) -> None:
        """It runs from here, and nothing has bent it but pauses that last."""
        self.start = start_of(self.spec, self.calendar, since)
        if self.own.unit == "months":
            self.since, months = since, since.months + self.own.number
            self.duration = Duration(number=months, unit="months")
        else:
            self.since, self.duration = Kept(self.start), self.own
        self.pauses = pauses
        self.extended: list[Bend] = []

    @cached_property
    def _plain(self) -> Clock:
        """Extensions: their first day is not counted."""
        return self.spec.model_copy(update={"first_day": "excluded"})

    def paused(self, place: int, when: datetime) -> bool:
        """Whether one of its pauses lasts at that moment."""
        newest = self._newest(place)
        if newest is None or not newest.lasts:
            return False
        return newest.last is None or when < newest.last.last

    def after_an_end(self, bend: Bend, ends: Container[tuple[int, datetime]]) -> datetime | None:
        """When it begins if perhaps an end of the pause that lasts comes first; else None.

        Args:
            bend: what begins a pause, or something else.
            ends: what ends pauses, as its place and moment.
        """
        newest = self._newest(bend.place)
        if bend.kind != "pause" or newest is None or not self.paused(bend.place, bend.at.first):
            return None
        at, end = bend.at, self.calendar.ends(bend.at.day)
        if at.timed and (bend.place, at.last) in ends and newest.first.first < at.first:
            return at.last
        limit = newest.last is not None and newest.last.last == end
        perhaps = not at.timed or (bend.place, end) in ends or limit
        return end if newest.first.day < at.day and perhaps else None

    def has_ended(self, bend: Bend) -> bool:
        """Whether something else has ended the pause already that it would end."""
        return bend.kind == "resume" and not self.paused(bend.place, bend.at.last)

    def _newest(self, place: int) -> Pause | None:
        return next(reversed(self.pauses.get(place, [])), None)

    def due(self) -> datetime | None:
        """The due moment as it stands, moved; while a pause stops it there is none."""
        ended = self._unmoved()
        return None if ended is None else moved(self.spec, self.calendar, ended[0])

    def reached(self) -> Reached | None:
        """Where it ends, as it stands; while a pause stops it, nowhere."""
        ended = self._unmoved()
        if ended is None:
            return None
        kept = kept_after(self.spec, self.calendar, self.since, *ended)
        return Reached(moved(self.spec, self.calendar, ended[0]), kept)

    def _unmoved(self) -> tuple[datetime, Duration] | None:
        """The due moment before its moves, and how long it ran: months that were added up."""
        pauses = [each for pauses in self.pauses.values() for each in pauses]
        ended = [pause for pause in pauses if pause.last is not None]
        found = self._ended(ended)
        if len(ended) == len(pauses):
            return found
        # One that began when nothing was left to stop moves nothing, whenever it ends.
        far = whole_day(self.calendar, self.calendar.day_of(found[0]) + _LONG)
        endless = [replace(pause, last=pause.last or far) for pause in pauses]
        return found if self._ended(endless) == found else None

    def _ended(self, pauses: Sequence[Pause]) -> tuple[datetime, Duration]:
        """The same, by pauses that have ended."""
        length, base = self.duration, self.since.moment
        due = counted(self.spec, self.calendar, base, length, pauses)
        months = length.number if length.unit == "months" else None
        for bend in self.extended:
            by = bend.length
            if by is None:
                months = None if bend.until is not None and bend.until > due else months
                due = max(due, bend.until or due)
            elif months is not None and by.unit == "months":
                # Added up first: 31 January and 1 and 2 months are 30 April, not the 28th.
                months += by.number
                length = Duration(number=months, unit="months")
                due = counted(self.spec, self.calendar, base, length, pauses)
            else:
                months = None
                due = counted(self._plain, self.calendar, instant(self.calendar, due), by, pauses)
        return due, length

    def take(self, bend: Bend, when: datetime) -> None:
        if bend.kind == "resume":
            self._resume(bend, when)
            return
        due = self.due()
        begun = bend.at.last >= self.start.first
        in_time = begun and (due is None or bend.at.first <= due)
        if bend.kind == "restart" and in_time:
            self._begin(Kept(bend.at), self._lasting(bend.at))
        elif bend.kind == "pause" and in_time:
            if not self.paused(bend.place, when):
                self.pauses.setdefault(bend.place, []).append(self._begun(bend))
        elif bend.kind == "extend" and self._extends(bend):
            at_any_time = not self.spec.extended[bend.place].in_time
            if in_time or (begun and at_any_time):
                self.extended.append(bend)

    def _extends(self, bend: Bend) -> bool:
        """Up to a day each time, by a duration once for each place of the list."""
        if bend.length is None:
            return bend.until is not None
        return all(each.place != bend.place for each in self.extended)

    def _lasting(self, at: Moment) -> dict[int, list[Pause]]:
        """The pauses that last when the clock starts anew."""
        newest = {place: pauses[-1] for place, pauses in self.pauses.items()}
        return {
            place: [pause]
            for place, pause in newest.items()
            if pause.lasts and (pause.last is None or pause.last.last > at.last)
        }

    def _begun(self, bend: Bend) -> Pause:
        first_day, length = self.spec.pauses[bend.place].first_day, bend.length
        included = first_day == "included"
        if length is None:
            return Pause(bend.at, included=included, lasts=True)
        clock = self.spec.model_copy(update={"first_day": first_day})
        last = reached_as(self.calendar, counted(clock, self.calendar, bend.at, length))
        return Pause(bend.at, last, included=included and length.number > 0, lasts=True)

    def _resume(self, bend: Bend, when: datetime) -> None:
        newest = self._newest(bend.place)
        if newest is None or not newest.lasts or bend.at.last < newest.first.first:
            return
        if newest.first.first < self.start.first and bend.at.last <= self.start.last:
            # It ends as the clock starts anew.
            del self.pauses[bend.place]
        elif newest.last is None or when <= newest.last.last:
            self.pauses[bend.place][-1] = replace(newest, last=bend.at, lasts=False)
