"""How long the clocks of a policy can run."""

from __future__ import annotations

from collections.abc import Iterator

from policyeval.language.clocks import Clock
from policyeval.language.duty import Duty
from policyeval.language.duty_answers import BeforeDue, Cure
from policyeval.language.moves import words_of
from policyeval.language.policy import Policy
from policyeval.language.sources import Silence
from policyeval.language.tables import DurationTable
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
    """Every duration that a due moment of the duty can hang on."""
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
    if isinstance(leg.of, Duration):
        yield leg.of
    elif isinstance(leg.of, DurationTable):
        yield from table_values(leg.of)
    for extension in leg.extended:
        yield extension.by
    yield from (pause.at_most for pause in leg.pauses if pause.at_most is not None)
    if leg.to:
        yield Duration(number=370 * len(words_of(leg.to)), unit="days")


def table_values(lookup: DurationTable) -> Iterator[Duration]:
    """The durations that a table can give."""
    yield from (lookup.table or {}).values()
    yield from (band.value for band in lookup.bands or ())
    if lookup.otherwise is not None:
        yield lookup.otherwise
