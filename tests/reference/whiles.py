"""The section "While": the days on which a duty is owed."""

from __future__ import annotations

from datetime import date

from reference.clock import ONE_DAY
from reference.held import State
from reference.sources import World
from reference.words import NEVER, joined, many, value_of, within_any

Span = tuple[date, date]


def spans_of_state(world: World, duty: dict, bearer: dict, target: tuple) -> list[Span]:
    """When the state of `while` holds for a bearer and target."""
    if not can_be_named(bearer, duty["while"].get("who")):
        return []
    owner = {
        "spec": duty,
        "bearer": bearer,
        "target": target[0],
        "target_kind": target[1],
        "successors": False,  # the state is the bearer's own, not a predecessor's
    }
    if "for" in duty["while"]:
        days = State(world, owner, duty["while"], NEVER).days()
        return joined([(day, day) for day in days])
    # Nothing is known of what comes after the as-of day: what holds on the day after it holds on.
    tomorrow = world.as_of + ONE_DAY
    days = State(world, owner, duty["while"], tomorrow).days()
    return joined([(day, NEVER if day == tomorrow else day) for day in days])


def can_be_named(bearer: dict, who: str | None) -> bool:
    """Whether an event can name a bearer: a vacant post has no person, and perhaps no unit."""
    if not bearer["vacant"] or who == "anyone":
        return True
    return who == "unit" and bearer["unit"] is not None


def having_state(
    world: World, duty: dict, bearer: dict, targets: list[tuple], day: date
) -> list[tuple]:
    """The targets for which the state holds on a day; without `while`, all of them."""
    if "while" not in duty:
        return targets
    return [
        target for target in targets if within_any(day, spans_of_state(world, duty, bearer, target))
    ]


def values_told(world: World, duty: dict) -> list[str]:
    """Every value (`value_of`) that an event gives as the target when it begins a state."""
    column = duty["while"].get("target") or duty["of_each"]["value_of"]
    told = {
        value
        for event in world.happenings(duty["while"]["from"])
        for value in many(value_of(event, column))
    }
    return sorted(told - {None})
