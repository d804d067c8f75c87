"""What a requirement measures: numbers, sums, different values, buckets."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from reference.clock import Clock
from reference.exact import exact, is_number, six_places
from reference.periods import period_of
from reference.quantities import bounds_from, whole
from reference.words import value_of

PERIODS = ("day", "week", "month", "quarter", "year")
MEASURES = ("sum", "distinct", "average", "largest", "smallest", "buckets")


def measure_of(requires: dict) -> str:
    """The word for what is measured; `count` is the number of events."""
    return next((word for word in MEASURES if word in requires), "count")


def measured(requires: dict, events: list[dict], clock: Clock) -> Fraction:
    """The measure of some events."""
    word = measure_of(requires)
    if word == "count":
        return Fraction(len(events))
    if word == "distinct":
        return Fraction(len(different(events, requires["distinct"])))
    if word == "buckets":
        return Fraction(len(good_buckets(requires["buckets"], events, clock)))
    if word == "sum":
        return total(requires, events, clock)
    values = [value for e in events if (value := number_in(e, requires[word])) is not None]
    if not values:
        return Fraction(0)
    if word == "average":
        return six_places(sum(values, Fraction(0)) / len(values))
    return max(values) if word == "largest" else min(values)


def number_in(event: dict, field: str) -> Fraction | None:
    value = value_of(event, field)
    return six_places(exact(value)) if is_number(value) else None


def different(events: list[dict], field: str) -> set[Any]:
    """The different values of a field; of a list, its entries."""
    found: set[Any] = set()
    for event in events:
        value = value_of(event, field)
        if value is not None:
            found |= set(value) if isinstance(value, list) else {value}
    return found


def total(requires: dict, events: list[dict], clock: Clock) -> Fraction:
    """The sum of a field, of each bucket at most what is `capped`."""
    capped = requires.get("capped")
    if capped is None:
        return sum((number_in(e, requires["sum"]) or Fraction(0) for e in events), Fraction(0))
    without = {key: value for key, value in requires.items() if key != "capped"}
    found = Fraction(0)
    for name, bucket in buckets(capped["by"], events, clock).items():
        amount = total(without, bucket, clock)
        found += amount if name is None else min(amount, exact(capped["at"]))
    return found


def buckets(by: str, events: list[dict], clock: Clock) -> dict[Any, list[dict]]:
    """The events put together by a period or a field; those without the field under None."""
    found: dict[Any, list[dict]] = {}
    for event in events:
        if by in PERIODS:
            name = period_of(clock, by, event["values"]["at"]["day"])["label"]
        else:
            name = value_of(event, by)
        found.setdefault(name, []).append(event)
    return found


def good_buckets(spec: dict, events: list[dict], clock: Clock) -> list[Any]:
    """The buckets that satisfy their own requirement."""
    bounds = bounds_from(spec, lambda word: exact(spec[word]) if word in spec else None)
    if measure_of({k: v for k, v in spec.items() if k != "by"}) in ("count", "distinct"):
        bounds = whole(bounds)
    found = []
    for name, bucket in buckets(spec["by"], events, clock).items():
        value = measured(spec, bucket, clock)
        if name is not None and bounds.reached(value) and not bounds.broken(value):
            found.append(name)
    return found
