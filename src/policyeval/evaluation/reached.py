"""What happens when so many have been reached: the third event, two in a row, every 100 hours.

Each is a row as events are, with a type that says what was counted. Counting is a sequence and is
walked in Python (see decision 0010), over the few columns that it needs of the events that count.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.measures.values import millionths
from policyeval.evaluation.occasions.periods import calendar
from policyeval.evaluation.predicates import event_column
from policyeval.evaluation.run import Run
from policyeval.evaluation.sources import in_columns, occurred
from policyeval.evaluation.times import Clock, window_end
from policyeval.language.sources import Happening, Reached
from policyeval.language.uses import happenings
from policyeval.tables import joined, small

_FOUND = {"id": "string", "type": "string", "reached": "string"}


@dataclass(frozen=True, order=True)
class _Turn:
    """An event in the order of time: what has only a date before what has a time; resets first."""

    first: datetime
    timed: bool
    counts: bool
    id: str
    type: str
    by: str
    day: date
    value: int


def reached(stage: Run) -> list[ir.Table]:
    """Rows, in the columns of `run.events`, of what is reached for the duties of a stage.

    Args:
        stage: the stage; its events hold what came of earlier duties.
    """
    sources = {
        source.types[0]: source
        for variant in stage.variants.values()
        for source in happenings(variant.duty)
        if source.reached is not None
    }
    found = [
        (turn.id, turn.type, name)
        for name, source in sources.items()
        for turn in _of_source(stage, source)
    ]
    if not found:
        return []
    rows = stage.events.join(small(found, _FOUND), ["id", "type"])
    return [in_columns(stage, rows.mutate(type=rows.reached))]


def _of_source(stage: Run, source: Happening) -> list[_Turn]:
    """The events at which so many of a source had been reached."""
    spec = source.reached
    assert spec is not None  # noqa: S101 - only such sources come here
    turns = list(_turns(stage, source, spec, counts=True))
    if spec.reset is not None:
        turns += _turns(stage, spec.reset, spec, counts=False)
    return list(_walked(spec, stage.clock, sorted(turns)))


def _turns(stage: Run, source: Happening, spec: Reached, *, counts: bool) -> Iterator[_Turn]:
    """What happened of a source; what lacks a column that is counted by is not counted."""
    chosen = occurred(stage, source, source.counted_types)
    column = event_column(chosen)
    value = ibis.literal(1)
    if spec.sum is not None and counts:
        value = millionths(chosen, spec.sum).fill_null(0)
    by = joined([column(name) for name in spec.columns])
    rows = chosen.select("id", "type", "first", "last", "day", by=by, value=value)
    for row in stage.fetch(rows.filter(rows.by.notnull())):
        timed = row["first"] == row["last"]
        yield _Turn(
            row["first"], timed, counts, row["id"], row["type"], row["by"], row["day"], row["value"]
        )


def _walked(spec: Reached, clock: Clock, turns: Iterable[_Turn]) -> Iterator[_Turn]:
    """Of events in order of time those at which so many had been reached."""
    counting: dict[str, _Count] = {}
    rules = _Rules(spec, clock)
    for turn in turns:
        if not turn.counts:
            counting.pop(turn.by, None)
            continue
        count = counting.setdefault(turn.by, _Count(rules))
        if count.add(turn.day, turn.value) >= rules.enough:
            del counting[turn.by]
            yield turn


class _Rules:
    """How long an event counts; each day is worked out once."""

    def __init__(self, spec: Reached, clock: Clock) -> None:
        self.enough = int(spec.scaled)
        length = spec.window
        self.last = cache(lambda day: date.max if length is None else window_end(day, length))
        self.period = cache(lambda day: _period(spec, clock, day))


def _period(spec: Reached, clock: Clock, day: date) -> date:
    """The first day of the period in which a day lies; without `per` there is only one."""
    if spec.per is None:
        return date.min
    return next(calendar(spec.per, clock, day, day)).first


class _Count:
    """What has been counted of one value since counting began."""

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules
        self._period: date | None = None
        self._counted: deque[tuple[date, int]] = deque()
        self._total = 0

    def add(self, day: date, value: int) -> int:
        """The count with one more event."""
        period = self._rules.period(day)
        if period != self._period:
            self._period, self._total = period, 0
            self._counted.clear()
        while self._counted and self._rules.last(self._counted[0][0]) < day:
            self._total -= self._counted.popleft()[1]
        self._counted.append((day, value))
        self._total += value
        return self._total
