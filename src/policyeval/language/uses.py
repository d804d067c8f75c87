"""What a duty names: every source in it, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from policyeval.language.conditions import FieldRef, Leaf, leaves, read
from policyeval.language.duty import Duty
from policyeval.language.duty_answers import Cure
from policyeval.language.evidence import Meant
from policyeval.language.occasions import SinceLast
from policyeval.language.policy import EscalationSpec, Policy
from policyeval.language.quantities import bases
from policyeval.language.requires import DaysHeld, Requires
from policyeval.language.sources import Happening, OfEscalation, Silence


def happenings(duty: Duty) -> Iterator[Happening]:
    """Every source of a duty that names events or another duty, and what resets their counts."""
    for source in _named_sources(duty):
        yield source
        if source.reached is not None and source.reached.reset is not None:
            yield source.reached.reset


def _named_sources(duty: Duty) -> Iterator[Happening]:
    trigger = duty.trigger
    if isinstance(trigger, Silence):
        yield trigger.of
    elif isinstance(trigger, Happening):
        yield trigger
    if isinstance(duty.when, SinceLast) and isinstance(duty.when.since_last.starting, Happening):
        yield duty.when.since_last.starting
    if duty.during is not None:
        yield from _edges(duty.during)
    for leg in duty.clock.legs:
        yield from (source for _, source in leg.sources)
    for part in duty.parts:
        if part.evidence is not None:
            yield part.evidence
            if part.evidence.stands_in is not None:
                yield part.evidence.stands_in
        yield from _required(part.requires)
    yield from duty.unless
    if duty.review is not None:
        yield duty.review.decision


def _required(requires: Requires) -> Iterator[Happening]:
    if requires.days_held is not None:
        yield from _edges(requires.days_held)
    for _, quantity in requires.thresholds:
        yield from (base for base in bases(quantity) if base.happens)


def _edges(held: DaysHeld) -> Iterator[Happening]:
    yield held.first
    if held.last is not None:
        yield held.last


def outcomes_used(policy: Policy) -> set[tuple[str, str]]:
    """(duty, outcome) of every duty that is another's source."""
    return {
        (source.duty, outcome)
        for variant in policy.variants.values()
        for source in happenings(variant.duty)
        if source.duty is not None
        for outcome in source.outcome or ("done",)
    }


def severe(policy: Policy, spec: EscalationSpec) -> list[str]:
    """The labels of the versions whose findings an escalation counts."""
    return [
        label
        for label, variant in policy.variants.items()
        if variant.duty.severity == spec.when.severity and variant.duty.reported
    ]


def counted_towards(policy: Policy, escalation: str) -> list[str]:
    """The duties whose findings raise an escalation where it is a source.

    Those that hang upon it, themselves or through others, do not: nothing waits for itself.
    """
    taken = _taken(policy, escalation)
    return [name for name in taken if ("escalation", escalation) not in _hangs_on(policy, name)]


def _taken(policy: Policy, escalation: str) -> list[str]:
    spec = policy.escalations.get(escalation)
    if spec is None or "unit" not in spec.of:
        return []
    names = {policy.variants[label].name for label in severe(policy, spec)}
    return [name for name in policy.duties if name in names]


def _hangs_on(policy: Policy, duty: str) -> set[tuple[str, str]]:
    """Every duty and escalation that a duty follows, however far back: (kind, id)."""
    found: set[tuple[str, str]] = set()
    queue = [("duty", duty)]
    for kind, name in queue:
        following = _taken(policy, name) if kind == "escalation" else []
        steps = {("duty", each) for each in following}
        if kind == "duty":
            steps = {step for each in _versions(policy, name) for step in _steps(each)}
        queue += sorted(steps - found)
        found |= steps
    return found


def _versions(policy: Policy, name: str) -> list[Duty]:
    return [variant.duty for variant in policy.variants.values() if variant.name == name]


def _steps(duty: Duty) -> Iterator[tuple[str, str]]:
    if isinstance(duty.trigger, OfEscalation):
        yield "escalation", duty.trigger.escalation
    for source in happenings(duty):
        if source.duty is not None:
            yield "duty", source.duty


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
