"""What a duty names: every source in it, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policyeval.language.conditions import FieldRef, Leaf, leaves, read
from policyeval.language.duty import Cure, Duty
from policyeval.language.evidence import Meant
from policyeval.language.occasions import SinceLast
from policyeval.language.policy import Policy
from policyeval.language.quantities import ShareOf, quantities
from policyeval.language.requires import Requires
from policyeval.language.sources import Happening, Silence


def happenings(duty: Duty) -> Iterator[Happening]:
    """Every source of a duty that names events or another duty."""
    trigger = duty.trigger
    if isinstance(trigger, Silence):
        yield trigger.of
    elif isinstance(trigger, Happening):
        yield trigger
    if isinstance(duty.when, SinceLast) and isinstance(duty.when.since_last.starting, Happening):
        yield duty.when.since_last.starting
    for leg in duty.clock.legs:
        yield from (source for _, source in leg.sources)
    for part in duty.parts:
        if part.evidence is not None:
            yield part.evidence
            if part.evidence.stands_in is not None:
                yield part.evidence.stands_in
        yield from _required(part.requires)
    if duty.unless is not None:
        yield duty.unless
    if duty.review is not None:
        yield duty.review.decision


def _required(requires: Requires) -> Iterator[Happening]:
    held = requires.days_held
    if held is not None:
        yield held.first
        if held.last is not None:
            yield held.last
    for _, quantity in requires.thresholds:
        for each in quantities(quantity):
            if isinstance(each, ShareOf) and each.of.happens:
                yield each.of


def outcomes_used(policy: Policy) -> set[tuple[str, str]]:
    """(duty, outcome) of every duty that is another's source."""
    return {
        (source.duty, outcome)
        for variant in policy.variants.values()
        for source in happenings(variant.duty)
        if source.duty is not None
        for outcome in source.outcome or ("done",)
    }


def fields_asked(policy: Policy) -> set[str]:
    """Every field of events that a condition of the policy tests or compares with."""
    return {
        name
        for variant in policy.variants.values()
        for conditions in _conditions(variant.duty)
        for labelled in read(conditions)
        for leaf in leaves(labelled.predicate)
        for name in _named(leaf)
    }


def _named(leaf: Leaf) -> Iterator[str]:
    yield leaf.field
    if leaf.operator == "same_as":
        yield leaf.value
    elif isinstance(leaf.value, FieldRef):
        yield leaf.value.field


def _conditions(duty: Duty) -> Iterator[Mapping[str, Any] | None]:
    for source in happenings(duty):
        yield source.where
        if isinstance(source, Meant):
            yield source.must
    if isinstance(duty.late, Cure):
        yield duty.late.must
