"""The defaults that a policy rests on: choices that a duty leaves open, as the language makes them.

The table is "Choices where a rule is silent" in docs/language.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policyeval.language.clock_defaults import clock_defaults
from policyeval.language.duty import Duty, DutySpec
from policyeval.language.occasions import (
    After,
    Before,
    ForEach,
    IfNear,
    InAny,
    InEach,
    Per,
    SinceLast,
    Throughout,
)
from policyeval.language.policy import Policy
from policyeval.language.sources import Happening, Reached
from policyeval.language.walking import nodes

CHOICES = (
    "first_day",
    "month_end",
    "day_off",
    "calendar",
    "both_ends",
    "late",
    "part_period",
    "double_use",
    "next_from",
    "next_from_late",
    "pause_day",
    "unknown",
    "in_time",
    "straddles",
    "who",
    "matching",
    "matching_in_clock",
    "itself",
    "counted_apart",
)
"""The choices, in the order of the table."""


@dataclass(frozen=True)
class Default:
    """A choice that a duty leaves open.

    Args:
        duty: its id.
        choice: one of `CHOICES`.
        key: the key that would say otherwise; empty if there is none.
        value: what holds instead, as a word for each thing that it can be.
    """

    duty: str
    choice: str
    key: str
    value: str


def defaults(policy: Policy) -> list[Default]:
    """Every default that a policy rests on, duty by duty, in the order of the table."""
    return [each for name, duty in policy.duties.items() for each in _of_duty(policy, name, duty)]


def _of_duty(policy: Policy, name: str, spec: DutySpec) -> list[Default]:
    """Those of a duty and of its versions, each once."""
    found = {
        Default(name, *choice) for duty in (spec, *spec.versions) for choice in _open(policy, duty)
    }
    if spec.versions and "straddles" not in spec.model_fields_set and _of_period(spec):
        found.add(Default(name, "straddles", "straddles", "start"))
    return sorted(found, key=lambda each: (CHOICES.index(each.choice), each.value))


Choice = tuple[str, str, str]


def _open(policy: Policy, duty: Duty) -> Iterator[Choice]:
    yield from clock_defaults(policy, duty)
    for check in (_both_ends, _late, _part_period, _double_use, _next_from, _who, _matching):
        yield from check(duty)
    if any(isinstance(node, Reached) and node.by is None for _, node in nodes(duty)):
        yield "counted_apart", "reached: {by: …}", "unit"


def _of_period(duty: Duty) -> bool:
    return isinstance(duty.when, (Per, InEach, Throughout))


def _both_ends(duty: Duty) -> Iterator[Choice]:
    if _of_period(duty) or isinstance(duty.when, InAny):
        yield "both_ends", "", "both"


def _late(duty: Duty) -> Iterator[Choice]:
    """Late evidence can only help where something must be reached."""
    reached = any(part.requires.has_lower for part in duty.parts)
    if duty.late is not None or not reached or isinstance(duty.when, (ForEach, InAny)):
        return
    value = "until_next" if isinstance(duty.when, InEach) else str(duty.late_rule)
    value = "until_again" if duty.late_until_again else value
    yield "late", "late", value


def _part_period(duty: Duty) -> Iterator[Choice]:
    if _of_period(duty) and duty.part_period is None:
        yield "part_period", "part_period", "at_end"


def _double_use(duty: Duty) -> Iterator[Choice]:
    """Two requirements can meet in one event if there are parts, triggers or targets."""
    counted = any(part.evidence is not None for part in duty.parts)
    several = len(duty.parts) > 1 or isinstance(duty.when, (After, Before)) or duty.of_each
    if counted and several and "double_use" not in duty.model_fields_set:
        yield "double_use", "double_use", "allowed"


def _next_from(duty: Duty) -> Iterator[Choice]:
    chain = duty.when.since_last if isinstance(duty.when, SinceLast) else None
    if chain is None:
        return
    if "next_from" not in chain.model_fields_set:
        yield "next_from", "since_last: {next_from: …}", "evidence"
    near = chain.next_from
    if isinstance(near, IfNear) and "late" not in near.model_fields_set:
        yield "next_from_late", "since_last: {next_from: {late: …}}", "due"


def _who(duty: Duty) -> Iterator[Choice]:
    named = [duty.during, *(part.evidence or part.requires.days_held for part in duty.parts)]
    if any(source is not None and source.who is None for source in named):
        yield "who", "evidence: {who: …}", "unit" if duty.bearer.unit else "person"


def _matching(duty: Duty) -> Iterator[Choice]:
    if not isinstance(duty.trigger, Happening):
        return
    shown = [part.evidence for part in duty.parts if part.evidence is not None]
    if any(evidence.matching is None for evidence in shown):
        yield "matching", "evidence: {matching: …}", "nothing"
    opening = set(duty.trigger.event or ())
    mute = [each for each in shown if "itself" not in each.model_fields_set]
    if any(opening & set(each.event or ()) and not each.counts_itself for each in mute):
        yield "itself", "evidence: {itself: …}", "does_not_count"
    sources = [source for leg in duty.clock.legs for _, source in leg.sources]
    if any(source.matching is None for source in sources):
        yield "matching_in_clock", "within: {…: {matching: …}}", "unit"
