"""The waivers file: who is released from which duty, for which time, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policyeval.errors import InvalidInputError
from policyeval.inputs.organisation import Organisation
from policyeval.language.duty_answers import Bearer
from policyeval.language.policy import Policy
from policyeval.language.source import Path_, read_source
from policyeval.language.targets import OVERSEEN, OfEach
from policyeval.language.validation import Model, checked, nearest
from policyeval.language.words import Span


class WaiverSpec(Span):
    """A waiver; it covers obligations whose due date lies in its span."""

    duty: str
    bearer: str
    target: str | None = None
    reason: str
    approved_by: str


class Waivers(Model):
    """All waivers."""

    waivers: tuple[WaiverSpec, ...] = ()


def load_waivers(path: Path | str, policy: Policy, organisation: Organisation) -> Waivers:
    """Load a waivers file and hold it against the policy and the organisation.

    Raises:
        InvalidInputError: with every problem, each at its line and column.
    """
    source = read_source(Path(path))
    waivers, problems = checked(Waivers, source)
    if waivers is not None:
        for n, waiver in enumerate(waivers.waivers):
            for key, message in _problems(waiver, policy, organisation):
                at: Path_ = ("waivers", n, key)
                problems.append(source.problem(at, message))
    if problems or waivers is None:
        raise InvalidInputError(problems)
    return waivers


def _problems(
    waiver: WaiverSpec, policy: Policy, organisation: Organisation
) -> Iterator[tuple[str, str]]:
    """What a waiver names that is not there, or that its duty never has; by key."""
    duty, anybody = policy.duties.get(waiver.duty), organisation.unit_ids | organisation.person_ids
    if duty is None:
        yield "duty", _unknown("duty", waiver.duty, frozenset(policy.duties))
    if waiver.bearer not in anybody:
        yield "bearer", _unknown("bearer", waiver.bearer, anybody)
    elif duty is not None and waiver.bearer not in _possible(duty.bearer, organisation):
        message = f"`{waiver.bearer}` never owes `{waiver.duty}`; name {_kind(duty.bearer)}"
        yield "bearer", message
    if duty is not None and waiver.target is not None:
        yield from _target_problems(waiver.duty, waiver.target, duty.of_each, organisation)


def _target_problems(
    duty: str, target: str, of_each: OfEach | None, organisation: Organisation
) -> Iterator[tuple[str, str]]:
    if of_each is None:
        yield "target", f"`{duty}` has no targets; leave `target` out"
    elif of_each.value_of is None:
        possible = frozenset(of_each.value or _possible(of_each, organisation))
        if target in possible:
            return
        if of_each.value or target not in organisation.unit_ids | organisation.person_ids:
            yield "target", _unknown("target", target, possible)
        else:
            yield "target", f"`{target}` is never a target of `{duty}`; name {_kind(of_each)}"


def _unknown(what: str, word: str, words: frozenset[str]) -> str:
    return f"unknown {what} `{word}`{nearest(word, words)}"


def _possible(named: Bearer | OfEach, organisation: Organisation) -> frozenset[str]:
    """The units of the kind, or all people: who holds a post changes."""
    if named.unit is None:
        return organisation.person_ids
    if OVERSEEN in named.unit:
        return organisation.unit_ids
    return frozenset(unit.id for unit in organisation.units if unit.kind in named.unit)


def _kind(named: Bearer | OfEach) -> str:
    if named.unit is None:
        return "a person"
    if OVERSEEN in named.unit:
        return "a unit"
    return "a unit of kind " + " or ".join(f"`{kind}`" for kind in named.unit)
