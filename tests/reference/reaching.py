"""The section "Sources", `reached`: at which events so many have been reached."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from reference.clock import end_of_window
from reference.exact import exact, is_number, six_places
from reference.periods import period_of
from reference.words import many, order, value_of

if TYPE_CHECKING:
    from reference.sources import World


def reaching(world: World, source: dict) -> list[dict]:
    """The events at which a source happens, in order of time."""
    spec = source["reached"] if isinstance(source["reached"], dict) else {"at": source["reached"]}
    found = []
    counted: dict[tuple, list[dict]] = {}
    for event, resets in turns(world, source, spec):
        key = tuple(value_of(event, column) for column in many(spec.get("by", "unit")))
        if None in key:
            continue
        if resets:
            counted[key] = []
            continue
        before = [each for each in counted.get(key, []) if together(world, spec, each, event)]
        counted[key] = [*before, event]
        if measure(spec, counted[key]) >= exact(spec["at"]):
            found.append(event)
            counted[key] = []
    return found


def turns(world: World, source: dict, spec: dict) -> list[tuple[dict, bool]]:
    """What is counted (False) and what resets (True), in order of time; resets first."""
    plain = {key: value for key, value in source.items() if key != "reached"}
    found = [(event, False) for event in world.happenings(plain)]
    if "reset" in spec:
        found += [(event, True) for event in world.happenings(spec["reset"])]
    return sorted(found, key=turn)


def turn(each: tuple[dict, bool]) -> tuple:
    event, resets = each
    first, timed, name = order(event)
    return first, timed, not resets, name


def together(world: World, spec: dict, earlier: dict, event: dict) -> bool:
    """Whether an earlier event still counts when another happens."""
    before, day = earlier["values"]["at"]["day"], event["values"]["at"]["day"]
    if "per" in spec:
        periods = [period_of(world.clock, spec["per"], each) for each in (before, day)]
        if periods[0] != periods[1]:
            return False
    return "in" not in spec or day <= end_of_window(before, spec["in"])


def measure(spec: dict, events: list[dict]) -> Fraction:
    """Their number, or the sum of a field."""
    if "sum" not in spec:
        return Fraction(len(events))
    values: list[Any] = [value_of(event, spec["sum"]) for event in events]
    return sum((six_places(exact(value)) for value in values if is_number(value)), Fraction(0))
