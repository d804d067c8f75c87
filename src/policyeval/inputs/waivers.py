"""The waivers file: who is released from which duty, for which time, and by whom."""

from __future__ import annotations

from pathlib import Path

from policyeval.errors import InvalidInputError
from policyeval.inputs.organisation import Organisation
from policyeval.language.policy import Policy
from policyeval.language.source import Path_, read_source
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
        bearers = organisation.unit_ids | organisation.person_ids
        for n, waiver in enumerate(waivers.waivers):
            for key, word, words in (
                ("duty", waiver.duty, frozenset(policy.duties)),
                ("bearer", waiver.bearer, bearers),
                ("target", waiver.target, _targets(waiver, policy, organisation)),
            ):
                if word is not None and word not in words:
                    at: Path_ = ("waivers", n, key)
                    message = f"unknown {key} `{word}`{nearest(word, words)}"
                    problems.append(source.problem(at, message))
    if problems or waivers is None:
        raise InvalidInputError(problems)
    return waivers


def _targets(waiver: WaiverSpec, policy: Policy, organisation: Organisation) -> frozenset[str]:
    """What the duty of a waiver can be owed for: units, people, or words."""
    duty = policy.duties.get(waiver.duty)
    targets = duty.of_each if duty is not None else None
    if targets is not None and targets.value_of is not None:
        # Only events tell which there are.
        return frozenset({waiver.target}) if waiver.target else frozenset()
    if targets is not None and targets.value is not None:
        return frozenset(targets.value)
    if targets is not None and targets.post is not None:
        return frozenset(organisation.person_ids)
    return frozenset(organisation.unit_ids)
