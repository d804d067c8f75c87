"""How long the clocks of a policy can run."""

from __future__ import annotations

from collections.abc import Iterator

from policyeval.language.clocks import Clock
from policyeval.language.duty import Duty
from policyeval.language.duty_answers import BeforeDue, Cure
from policyeval.language.given import GivenDuration
from policyeval.language.moves import words_of
from policyeval.language.policy import Policy
from policyeval.language.sources import Silence
from policyeval.language.words import Duration

_DAYS = {"minutes": 0.001, "hours": 0.05, "days": 1, "working_days": 3, "months": 31}


def longest(policy: Policy) -> int:
    """A number of days that no deadline of the policy lies beyond, counted from its start."""
    sums = [
        sum(days_of(each) for each in durations(variant.duty))
        for variant in policy.variants.values()
    ]
    return max(sums, default=0) + 31


def days_of(duration: Duration) -> int:
    """At most so many days, holidays included."""
    return int(duration.number * _DAYS[duration.unit]) + 1


def durations(duty: Duty) -> Iterator[Duration]:
    """Every duration that a due moment of the duty can hang on.

    Of those that a field gives only what stands in for it: what they reach is looked at only as
    long as it lies no further ahead than what is announced.
    """
    for leg in duty.clock.legs:
        yield from _of_leg(leg)
    if duty.grace is not None:
        yield duty.grace
    if isinstance(duty.late, Cure) and duty.late.within is not None:
        yield duty.late.within
    if duty.early is not None:
        yield duty.early
    limit = duty.not_before
    if limit is not None:
        yield limit.due if isinstance(limit, BeforeDue) else limit
    trigger = duty.trigger
    if isinstance(trigger, Silence):
        yield trigger.silence


def _of_leg(leg: Clock) -> Iterator[Duration]:
    found = [*leg.lengths, *(each.by for each in leg.extended if each.by is not None)]
    found += [each.at_most for each in leg.pauses if each.at_most is not None]
    for each in found:
        length = each.otherwise if isinstance(each, GivenDuration) else each
        yield from () if length is None else (length,)
    if leg.to:
        yield Duration(number=370 * len(words_of(leg.to)), unit="days")
