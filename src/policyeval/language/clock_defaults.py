"""What the clocks of a duty leave open."""

from __future__ import annotations

from collections.abc import Iterator

from policyeval.language.clocks import Clock
from policyeval.language.conditions import Leaf, leaves, read
from policyeval.language.duty import Duty
from policyeval.language.evidence import Meant
from policyeval.language.given import GivenDuration
from policyeval.language.moves import Move, words_of
from policyeval.language.policy import Policy
from policyeval.language.sources import Happening
from policyeval.language.walking import nodes
from policyeval.language.words import Duration

Choice = tuple[str, str, str]


def clock_defaults(policy: Policy, duty: Duty) -> Iterator[Choice]:
    """Choice, key and value of what the duty's clocks leave open."""
    if duty.within is not None:
        yield from _of_clock(duty.within, ())
    yield from _calendar(policy, duty)


def _of_clock(clock: Clock, moves: tuple[Move, ...]) -> Iterator[Choice]:
    """Of a clock and those within it; `moves` are made after it, by the clocks around it."""
    moves = (*clock.to, *moves)
    for inner in clock.inner:
        yield from _of_clock(inner, () if inner is clock.start else moves)
    units = {each.unit for each in clock.lengths if isinstance(each, GivenDuration) or each.number}
    given = clock.model_fields_set
    if units & {"days", "working_days", "months"} and "first_day" not in given:
        yield "first_day", "within: {first_day: …}", "excluded"
    if "months" in units and "month_end" not in given:
        yield "month_end", "within: {month_end: …}", "last_day"
    if units - {"working_days"} and not any("working day" in word for word in words_of(moves)):
        yield "day_off", "within: {to: next working day}", "stays"
    if any("first_day" not in each.model_fields_set for each in clock.pauses):
        yield "pause_day", "pauses: [{first_day: …}]", "counted"
    if clock.later_of and "unknown" not in given:
        yield "unknown", "within: {unknown: …}", "awaited"
    if any("in_time" not in each.model_fields_set for each in clock.extended):
        yield "in_time", "extended: [{in_time: …}]", "true"


def _calendar(policy: Policy, duty: Duty) -> Iterator[Choice]:
    """Working days are those of the policy, unless the clock that counts them says otherwise."""
    named = [leg for leg in duty.clock.legs if leg.calendar is not None]
    counts = any(_counts_working_days(leg) for leg in duty.clock.legs if leg not in named)
    outside = [node for path, node in nodes(duty) if path[:1] != ("within",)]
    counts |= any(isinstance(each, Duration) and each.unit == "working_days" for each in outside)
    if counts or _asks_for_working_days(duty):
        value = "policy" if policy.working_days is not None else "monday_to_friday"
        yield "calendar", "within: {calendar: …}", value


def _counts_working_days(leg: Clock) -> bool:
    lengths = [*leg.lengths, *(each.by for each in leg.extended if each.by is not None)]
    counted = any(each.unit == "working_days" for each in lengths)
    return counted or any("working day" in word for word in words_of(leg.to))


def _asks_for_working_days(duty: Duty) -> bool:
    asked: list[Leaf] = []
    for _, node in nodes(duty):
        if isinstance(node, Happening):
            asked += _leaves(node.where)
        if isinstance(node, Meant):
            asked += _leaves(node.must)
    return any(leaf.field == "working_day" for leaf in asked)


def _leaves(conditions: object) -> list[Leaf]:
    return [leaf for each in read(conditions) for leaf in leaves(each.predicate)]  # type: ignore[arg-type]
