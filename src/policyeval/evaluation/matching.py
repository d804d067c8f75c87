"""Gives out events that count once.

Requirements are filled one after the other: that of the obligation due first, its parts in the
order written; first by evidence in time, then by late evidence. Each is filled in full if that can
be done without taking from those before it, else it takes nothing. Augmenting paths (Kuhn 1955)
find out: a place takes a free event, or one whose own place can take another. Among what it can
have, each requirement then gets its earliest events; where these must be apart, it passes over what
comes too soon after the last one that it got, and is filled only if enough are left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, order=True)
class Slot:
    """A part of an obligation and how many events it needs; those that are waived come last.

    Of several that are due at one moment the names decide: trigger, bearer, post, unit, target,
    period.
    """

    waived: bool
    due: datetime
    opens: datetime
    names: tuple[str, ...]
    ob: int
    number: int
    part: str
    needs: int


@dataclass(frozen=True)
class Use:
    """An event that could count for a part of an obligation, in time or late."""

    event: str
    slot: Slot
    late: bool


Apart = Callable[[Slot, str, str], bool]
"""Whether an event may count for a slot after another one that does."""


def assigned(uses: Sequence[Use], apart: Apart | None = None) -> dict[str, Slot]:
    """Which slot each event counts for.

    Args:
        uses: every possible use, in the order of their events.
        apart: which events may follow one another; None if all may.

    Returns:
        Event -> slot. An event that no requirement needs counts for the first slot that it could
        serve in time, else late.
    """
    given: dict[str, Slot] = {}
    for component in _components(uses):
        given |= _assigned(component, apart)
    return given


def _components(uses: Sequence[Use]) -> Iterator[list[Use]]:
    """Uses that share no event and no slot with others, apart."""
    parent: dict[object, object] = {}

    def root(item: object) -> object:
        while parent.setdefault(item, item) != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for use in uses:
        parent[root(use.event)] = root(use.slot)
    groups: dict[object, list[Use]] = defaultdict(list)
    for use in uses:
        groups[root(use.slot)].append(use)
    yield from groups.values()


def _assigned(uses: Sequence[Use], apart: Apart | None) -> dict[str, Slot]:
    every: dict[Slot, list[str]] = defaultdict(list)
    in_time: dict[Slot, list[str]] = defaultdict(list)
    for late in (False, True):
        for use in uses:
            if use.late is late:
                every[use.slot].append(use.event)
                if not late:
                    in_time[use.slot].append(use.event)
    slots = [slot for slot in sorted(every) if slot.needs and not slot.waived]
    filled = _Filled({})
    for choices in (in_time, every):
        for slot in slots:
            if slot not in filled.choices:
                tried = _Filled({**filled.choices, slot: choices[slot]})
                filled = tried if tried.complete() and _enough(tried.choices, apart) else filled
    given = _earliest(filled.choices, apart)
    for use in sorted(uses, key=lambda each: (each.late, each.slot)):
        given.setdefault(use.event, use.slot)
    return given


@dataclass
class _Filled:
    """Slots with the events that each can take, and who holds what."""

    choices: Mapping[Slot, Sequence[str]]
    fixed: Mapping[str, Slot] = field(default_factory=dict)
    holds: dict[str, Slot] = field(default_factory=dict)

    def complete(self) -> bool:
        """Whether every slot can have all that it needs at the same time."""
        self.holds = dict(self.fixed)
        for slot in self.choices:
            already = sum(1 for holder in self.fixed.values() if holder == slot)
            for _ in range(slot.needs - already):
                if not self._take(slot, set(self.fixed)):
                    return False
        return True

    def _take(self, slot: Slot, tried: set[str]) -> bool:
        for event in self.choices[slot]:
            holder = self.holds.get(event)
            if event in tried or holder == slot:
                continue
            tried.add(event)
            if holder is None or self._take(holder, tried):
                self.holds[event] = slot
                return True
        return False


def _enough(choices: Mapping[Slot, Sequence[str]], apart: Apart | None) -> bool:
    """Whether every slot gets all that it needs where events must be apart."""
    if apart is None:
        return True
    has = Counter(_earliest(choices, apart).values())
    return all(has[slot] == slot.needs for slot in choices)


def _earliest(choices: Mapping[Slot, Sequence[str]], apart: Apart | None) -> dict[str, Slot]:
    """Each slot in turn gets the earliest events that leave all others enough."""
    fixed: dict[str, Slot] = {}
    for slot in choices:
        needs, last = slot.needs, None
        for event in choices[slot]:
            follows = apart is None or last is None or apart(slot, last, event)
            if needs and follows and event not in fixed:
                tried = {**fixed, event: slot}
                if _Filled(choices, tried).complete():
                    fixed, needs, last = tried, needs - 1, event
    return fixed
