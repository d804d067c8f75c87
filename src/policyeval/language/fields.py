"""Which fields of triggers a policy needs, beside what conditions ask."""

from __future__ import annotations

from collections.abc import Iterator

from policyeval.language.clocks import OfField
from policyeval.language.duty import Duty
from policyeval.language.given import GivenDuration
from policyeval.language.policy import Policy
from policyeval.language.sources import Matched
from policyeval.language.tables import DurationTable, of_target
from policyeval.language.walking import nodes


def trigger_fields(policy: Policy) -> tuple[str, ...]:
    """Fields of triggers that are matched on, looked up by, counted or named in; sorted."""
    return tuple(
        sorted({name for each in policy.variants.values() for name in asked_of_trigger(each.duty)})
    )


def asked_of_trigger(duty: Duty) -> Iterator[str]:
    """The same of one duty."""
    for source in matched(duty):
        yield from (source.matching or {}).values()
    for leg in duty.clock.legs:
        yield from (each.field for each in leg.lengths if isinstance(each, GivenDuration))
        if isinstance(leg.of, DurationTable) and isinstance(leg.of.by, str):
            yield leg.of.by
        if isinstance(leg.by, str):
            yield leg.by
        if isinstance(leg.start, OfField):
            yield leg.start.field
    if duty.trigger is not None and any(of_target(node) for _, node in nodes(duty)):
        yield "target"
    if duty.bearer.named_in is not None:
        yield duty.bearer.named_in
    yield from (each.named_in for each in duty.accountable or () if each.named_in)


def key_fields(policy: Policy) -> set[str]:
    """Fields of triggers, and the fields of what happens that are matched with them."""
    return {*trigger_fields(policy)} | {
        name for each in policy.variants.values() for name in _own_keys(each.duty)
    }


def _own_keys(duty: Duty) -> Iterator[str]:
    for source in matched(duty):
        yield from source.matching or {}
    states = [duty.during, *(part.requires.days_held for part in duty.parts)]
    yield from (held.matching for held in states if held is not None and held.matching)


def matched(duty: Duty) -> Iterator[Matched]:
    """Every source of a duty that can share a key with its trigger."""
    yield from (part.evidence for part in duty.parts if part.evidence is not None)
    yield from duty.unless
    if duty.review is not None:
        yield duty.review.decision
    for leg in duty.clock.legs:
        yield from (source for _, source in leg.sources)
