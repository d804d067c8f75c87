"""`in_any`: a window that slides over a bearer's time; which windows are looked at.

The windows that fail, or the one that comes closest, are found here; each is then an obligation
like any other, and its evidence is counted as all evidence is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, islice
from typing import Any

import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.occasions.periods import calendar
from policyeval.evaluation.occasions.spells import Spell, evidence_of, followed, spells
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import window_end
from policyeval.language.duty import Duty
from policyeval.language.occasions import InAny, Sliding
from policyeval.language.policy import Variant

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Window:
    first: date
    last: date
    measure: int


def in_any(variant: Variant, run: Run, known: Lives) -> ir.Table:
    """The obligations of a duty; the columns of `obligations.COLUMNS`."""
    found = spells(variant, run, known)
    good = evidence_of([variant], run, found)
    rows = [
        _row(variant, run, spell, window) | {"acts": acts}
        for _, stays in groupby(found.rows, lambda spell: spell.whose)
        for spell, window, acts in _chosen(variant.duty, run, list(stays), good)
    ]
    return followed(run, found, rows)


def _row(variant: Variant, run: Run, spell: Spell, window: _Window) -> dict[str, Any]:
    opens, closes = run.clock.starts(window.first), run.clock.ends(window.last)
    return {
        "spell": spell.number,
        "variant": variant.label,
        "period": window.first.isoformat(),
        "first_day": window.first,
        "last_day": window.last,
        "opens": opens,
        "due": closes,
        "due_day": window.last,
        "closes": closes,
        "from_at": opens,
        "until_at": closes,
    }


def _chosen(
    duty: Duty,
    run: Run,
    stays: Sequence[Spell],
    good: Mapping[int, Sequence[dict[str, Any]]],
) -> Iterator[tuple[Spell, _Window, bool]]:
    """A bearer's windows that are found, and whether anything follows from each.

    What still goes on when the run begins is not over because it began long ago: it is found again
    among the windows that end from then on.
    """
    windows = [
        (stay, window)
        for stay in stays
        for window in _windows(duty, run, stay, good.get(stay.number, []))
    ]
    if not windows:
        still_open = ((stay, span) for stay in stays for span in _spans(duty, run, stay))
        yield from ((stay, _Window(*span, 0), True) for stay, span in islice(still_open, 1))
        return
    acting = _worst(duty, windows)
    yield from ((*each, True) for each in acting)
    if run.since is not None:
        since = run.since
        told = _worst(duty, [each for each in windows if each[1].last >= since])
        yield from ((*each, False) for each in told if each not in acting)


def _worst(duty: Duty, windows: Sequence[tuple[Spell, _Window]]) -> list[tuple[Spell, _Window]]:
    """Of a bearer's windows the first of each run of those that fail, else the closest."""
    low, high = duty.requires.bounds
    chosen: list[tuple[Spell, _Window]] = []
    reach: date | None = None
    for stay, window in windows:
        fails = (low is not None and window.measure < low) or (
            high is not None and window.measure > high
        )
        if not fails:
            continue
        if reach is None or window.first > reach + _DAY:
            chosen.append((stay, window))
        reach = window.last
    if chosen or not windows:
        return chosen
    sign = 1 if low is not None else -1
    return [min(windows, key=lambda each: (sign * each[1].measure, each[1].first))]


def _spans(duty: Duty, run: Run, spell: Spell) -> Iterator[tuple[date, date]]:
    """Every window in the bearer's time that has begun by the as-of day, in order.

    Too much is too much in a shorter time, too: where only an upper bound is asked, what that time
    cuts short is a window as well. Of those that may begin on any day only a time shorter than one
    of them adds to what whole ones hold; of averages a part of a longer window says nothing.
    """
    assert isinstance(duty.when, InAny)  # noqa: S101 - only such duties come here
    sliding = duty.when.in_any
    parts = sliding.starting is not None and duty.requires.measure != "average"
    for begin in _begins(sliding, run, spell):
        first, last = max(begin, spell.first), window_end(begin, sliding.of)
        whole = first == begin and last <= spell.last
        short = first <= last and (parts or (sliding.starting is None and first == spell.first))
        if whole or (short and not duty.requires.has_lower):
            yield first, min(last, spell.last)


def _begins(sliding: Sliding, run: Run, spell: Spell) -> Iterator[date]:
    """The days on which windows may begin; the first period may have begun before the time."""
    until = min(spell.last, run.as_of)
    if sliding.starting is None:
        return (spell.first + n * _DAY for n in range((until - spell.first).days + 1))
    return (span.first for span in calendar(sliding.starting, run.clock, spell.first, until))


def _windows(
    duty: Duty, run: Run, spell: Spell, events: Sequence[dict[str, Any]]
) -> Iterator[_Window]:
    """Every window that has ended by the as-of day, with what its evidence amounts to."""
    inside = _Inside(duty)
    entering = leaving = 0
    ordered = sorted(events, key=lambda event: event["day"])
    for first, last in _spans(duty, run, spell):
        if last > run.as_of:
            return
        while entering < len(ordered) and ordered[entering]["day"] <= last:
            inside.add(ordered[entering], 1)
            entering += 1
        while leaving < entering and ordered[leaving]["day"] < first:
            inside.add(ordered[leaving], -1)
            leaving += 1
        yield _Window(first, last, inside.measure)


class _Inside:
    """What the evidence in a window amounts to, as events enter and leave it."""

    def __init__(self, duty: Duty) -> None:
        self._kind = duty.requires.measure
        self._total = self._number = 0
        self._items: Counter[str] = Counter()

    def add(self, event: dict[str, Any], sign: int) -> None:
        if self._kind in {"sum", "average"}:
            self._total += sign * (event["value"] or 0)
            self._number += sign * (event["value"] is not None)
        elif self._kind == "distinct":
            for item in event["items"] or ():
                if item is not None:
                    self._items[item] += sign
        else:
            self._total += sign

    @property
    def measure(self) -> int:
        if self._kind == "distinct":
            return sum(1 for number in self._items.values() if number > 0)
        if self._kind == "average":
            twice = self._number * 2  # Rounded half up, as in `values.half_up`.
            return (self._total * 2 + self._number) // twice if twice else 0
        return self._total
