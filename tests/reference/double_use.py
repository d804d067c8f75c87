"""`double_use: forbidden`: within the duty an event counts once."""

from __future__ import annotations

from dataclasses import dataclass, field

from reference.clock import Clock
from reference.measures import too_soon
from reference.quantities import bounds_of
from reference.sources import World
from reference.standing_in import priority
from reference.words import order


@dataclass(eq=False)
class Slot:
    """A requirement: one part of one obligation, with the events that it might get."""

    part: dict
    needs: int
    owes: bool
    in_time: list[dict]
    late: list[dict]
    pool: list[dict] = field(default_factory=list)
    given: list[dict] = field(default_factory=list)

    def events(self, place: str) -> list[dict]:
        return self.in_time if place == "in time" else self.late


def once_each(world: World, obligations: list[dict]) -> None:
    """Give each event to one requirement: the obligations due first, those waived at the end."""
    slots = []
    for obligation in sorted(obligations, key=lambda o: (o["waived"] is not None, priority(o))):
        for part in obligation["parts"]:
            needs = bounds_of(world, obligation, part["requires"]).low or 0
            places = [sorted(part[place], key=order) for place in ("in time", "late")]
            slots.append(Slot(part, int(needs), obligation["waived"] is None, *places))
    give_out(world.clock, slots)


def give_out(clock: Clock, slots: list[Slot]) -> None:
    """Fill in order what can be filled in time, then what can be late; then hand out the rest."""
    filled: list[Slot] = []
    for with_late in (False, True):
        for slot in slots:
            if slot.owes and slot.needs > 0 and slot not in filled:
                slot.pool = slot.in_time + (slot.late if with_late else [])
                if can_be_filled(clock, [*filled, slot]):
                    filled.append(slot)
    for slot, events in zip(filled, earliest(clock, filled), strict=True):
        slot.given = events
    used = {event["id"] for slot in slots for event in slot.given}
    for place in ("in time", "late"):
        for slot in slots:
            for event in slot.events(place):
                if event["id"] not in used:
                    slot.given.append(event)
                    used.add(event["id"])
    for slot in slots:
        ids = {event["id"] for event in slot.given}
        for place in ("in time", "late"):
            slot.part[place] = [event for event in slot.events(place) if event["id"] in ids]


def assigned(slots: list[Slot], fixed: dict[str, int] | None = None) -> dict[str, int] | None:
    """Event -> number of the slot it goes to, so that each has all it needs; None if none can.

    `fixed` says of some events to which slot they must go.
    """
    held: dict[str, int] = dict(fixed or {})
    locked = set(held)

    def find_one(number: int, seen: set[str]) -> bool:
        for event in slots[number].pool:
            name = event["id"]
            if name in seen or name in locked or held.get(name) == number:
                continue
            seen.add(name)
            if name not in held or find_one(held[name], seen):
                held[name] = number
                return True
        return False

    for number, slot in enumerate(slots):
        has = sum(owner == number for owner in held.values())
        for _ in range(slot.needs - has):
            if not find_one(number, set()):
                return None
    return held


def can_be_filled(clock: Clock, slots: list[Slot]) -> bool:
    """Whether each gets all it needs; of events that must be apart, as they are given out."""
    if assigned(slots) is None:
        return False
    if not any(slot.part["requires"].get("apart") for slot in slots):
        return True
    given = earliest(clock, slots)
    return all(len(events) == slot.needs for slot, events in zip(slots, given, strict=True))


def earliest(clock: Clock, filled: list[Slot]) -> list[list[dict]]:
    """What each filled requirement gets, in order: the earliest that leave enough to others."""
    fixed: dict[str, int] = {}
    given: list[list[dict]] = [[] for _ in filled]
    for number, slot in enumerate(filled):
        mine = given[number]
        for event in slot.pool:
            taken = event["id"] in fixed or len(mine) == slot.needs
            if taken or is_too_soon(clock, slot, mine, event):
                continue
            attempt = {**fixed, event["id"]: number}
            if assigned(filled, attempt) is not None:
                fixed = attempt
                mine.append(event)
    return given


def is_too_soon(clock: Clock, slot: Slot, given: list[dict], event: dict) -> bool:
    """Whether an event comes too soon after the last one that a requirement was given."""
    apart = slot.part["requires"].get("apart")
    if apart is None or not given:
        return False
    return too_soon(clock, given[-1]["values"]["at"], event, apart)
