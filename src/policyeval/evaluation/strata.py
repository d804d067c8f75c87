"""The order in which duties are judged: what comes of one may open another."""

from __future__ import annotations

from collections.abc import Iterator

from policyeval.language.duty import Duty
from policyeval.language.policy import Policy
from policyeval.language.sources import OfEscalation
from policyeval.language.uses import counted_towards, happenings


def strata(policy: Policy) -> list[list[str]]:
    """The duties in groups, each after those that it hangs on; ids in the policy's order.

    The policy's checks see to it that duties never hang on each other round in a circle.
    """
    needs = {name: set(_needs(policy, name)) - {name} for name in policy.duties}
    groups: list[list[str]] = []
    done: set[str] = set()
    while len(done) < len(needs):
        group = [name for name in needs if name not in done and needs[name] <= done]
        groups.append(group)
        done.update(group)
    return groups


def _needs(policy: Policy, name: str) -> Iterator[str]:
    for variant in policy.variants.values():
        if variant.name == name:
            yield from _of_duty(policy, variant.duty)


def _of_duty(policy: Policy, duty: Duty) -> Iterator[str]:
    trigger = duty.trigger
    if isinstance(trigger, OfEscalation):
        yield from counted_towards(policy, trigger.escalation)
    for source in happenings(duty):
        if source.duty is not None:
            yield source.duty
