"""Thresholds: the quantities that a measure is compared with."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from reference.clock import is_duration, read_duration
from reference.evidence import Desk
from reference.exact import exact, is_number, part, six_places
from reference.sources import World
from reference.tables import in_bands, is_table, looked_up
from reference.words import span_of, value_of, within

WORDS = ("at_least", "at_most", "exactly", "more_than", "less_than")
DECIMAL = ("sum", "average", "largest", "smallest")


@dataclass(frozen=True)
class Bounds:
    """What a measure must reach and must not exceed; None where there is no such bound."""

    low: Fraction | None
    high: Fraction | None
    above: bool = False
    """More than `low`, not only as much."""
    below: bool = False

    def reached(self, value: Fraction) -> bool:
        if self.low is None:
            return True
        return value > self.low if self.above else value >= self.low

    def broken(self, value: Fraction) -> bool:
        if self.high is None:
            return False
        return value >= self.high if self.below else value > self.high


def bounds_of(world: World, obligation: dict, requires: dict) -> Bounds:
    """The bounds of an obligation's requirement, in exact numbers."""

    def amount(word: str, of: dict = requires) -> Fraction | None:
        if word not in of:
            return None
        if "share_of" in requires:
            return part(of[word]) * base(world, obligation, requires["share_of"])
        return quantity(world, obligation, of[word])

    if "gaps" in requires:
        return Bounds(None, amount("at_most", requires["gaps"]))
    if "days_held" in requires and not set(WORDS) & set(requires):
        return Bounds(None, Fraction(0))
    bounds = bounds_from(requires, amount)
    if bounds.low is not None:
        bounds = replace(bounds, low=bounds.low * Fraction(*obligation["share"]))
    if not set(DECIMAL) & set(requires):
        return whole(bounds)
    if bounds.low is not None:
        rounded = math.floor if bounds.above else math.ceil
        bounds = replace(bounds, low=Fraction(rounded(bounds.low * 10**6), 10**6))
    return bounds


def bounds_from(requires: dict, amount: Any) -> Bounds:
    """The bounds that the words give; without any, at least 1."""
    if "exactly" in requires:
        return Bounds(amount("exactly"), amount("exactly"))
    if not set(WORDS) & set(requires):
        return Bounds(Fraction(1), None)
    above, below = "more_than" in requires, "less_than" in requires
    low = amount("more_than") if above else amount("at_least")
    high = amount("less_than") if below else amount("at_most")
    return Bounds(low, high, above, below)


def whole(bounds: Bounds) -> Bounds:
    """The same bounds in whole numbers, for what is counted."""
    low, high = bounds.low, bounds.high
    if low is not None:
        low = Fraction(math.floor(low) + 1 if bounds.above else math.ceil(low))
    if high is not None:
        high = Fraction(math.ceil(high) - 1 if bounds.below else math.floor(high))
    return Bounds(low, high)


def quantity(world: World, obligation: dict, spec: Any) -> Fraction:
    """The number that a quantity is for an obligation."""
    if is_duration(spec):
        number, unit = read_duration(spec)
        return Fraction(number * (7 if unit == "week" else 1))
    if not isinstance(spec, dict):
        return exact(spec)
    if "attribute" in spec:
        return attribute(world, obligation, spec)
    if is_table(spec) and isinstance(spec["by"], dict) and "attribute" not in spec["by"]:
        return quantity(world, obligation, in_bands(spec, base(world, obligation, spec["by"])))
    if is_table(spec):
        unit = obligation["bearer"]["unit"]
        target = target_unit(obligation)
        found = looked_up(spec, obligation["trigger"], unit, target, world.people)
        return quantity(world, obligation, 0 if found is None else found)
    if "share" in spec:
        exactly = part(spec["share"]) * base(world, obligation, spec["of"])
        return rounded(exactly, spec.get("rounded"))
    (word, members), *_ = spec.items()
    amounts = [quantity(world, obligation, member) for member in members]
    return {"greater_of": max, "lesser_of": min, "sum_of": sum}[word](amounts)


def rounded(number: Fraction, how: str | None) -> Fraction:
    """A number as it is, or as a whole one."""
    if how is None:
        return number
    if how == "half_up":
        return Fraction(math.floor(number + Fraction(1, 2)))
    return Fraction(math.ceil(number) if how == "up" else math.floor(number))


def attribute(world: World, obligation: dict, spec: dict) -> Fraction:
    """The number that the bearer's unit has, or the unit that is the target."""
    mine = obligation["bearer"]["unit"]
    whose = target_unit(obligation) if spec.get("of") == "target" else mine
    value = world.people.attributes(whose).get(spec["attribute"])
    return six_places(exact(value)) if is_number(value) else Fraction(0)


def target_unit(obligation: dict) -> str | None:
    """The target, or, without `of_each`, the one that the trigger names."""
    if obligation["target_kind"] is not None:
        return obligation["target"]
    trigger = obligation["trigger"]
    return trigger["values"].get("target") if trigger else None


def base(world: World, obligation: dict, spec: dict) -> Fraction:
    """How many there are of what a share is taken of."""
    unit = obligation["bearer"]["unit"]
    day = obligation["due_day"] or world.as_of
    if "attribute" in spec:
        return attribute(world, obligation, spec)
    if "unit" in spec:
        kinds = [each["id"] for each in world.people.of_kind(spec["unit"])]
        below = [u for u in world.people.below(unit) if within(day, span_of(u))]
        return Fraction(sum(each["id"] in kinds for each in below))
    if "post" in spec:
        holders = world.people.holders_on(spec["post"], day)
        return Fraction(len({h["person"] for h in holders if h["unit"] == unit}))
    desk = Desk(world, obligation)
    found = [
        event
        for event in world.happenings(spec)
        if desk.place(event, base=True) == "in time"
        and desk.was_there(event["values"]["at"]["day"])
        and is_named(desk, event, spec.get("who", "unit"))
    ]
    return Fraction(len(found))


def is_named(desk: Desk, event: dict, who: str) -> bool:
    """Whether a base's event names the bearer's unit, or the bearer in another column."""
    if who == "unit":
        unit = desk.obligation["bearer"]["unit"]
        return unit is not None and value_of(event, "unit") == unit
    return desk.names_bearer(event, who) is True
