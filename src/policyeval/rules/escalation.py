"""Which totals of unmet findings are raised for review, and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, cast

from policyeval.errors import RuleEngineError
from policyeval.rules.engine import Fact
from policyeval.rules.loading import shipped
from policyeval.rules.ruleset import ChainingRuleSet
from policyeval.rules.running import Inference, infer

Addressed = Literal["post", "own_case"]


@dataclass(frozen=True, order=True)
class EscalationCase:
    """One unit's or one person's total in a plan year.

    Args:
        kind: whose total it is.
        unmet: different unmet duties, clipped to `at_least`.
        at_least: from how many on it is raised.
        own: the person holds the post that would be addressed; for a unit it means nothing.
    """

    kind: Literal["unit", "person"]
    unmet: int
    at_least: int
    own: bool


@dataclass(frozen=True)
class EscalationOutcome:
    """To whom it is addressed, and the rules that led there, in the order of the file."""

    addressed: Addressed
    rules: tuple[str, ...]


def escalation_rules() -> ChainingRuleSet:
    """The shipped rules.

    Raises:
        RuleEngineError: `escalation.yaml` is not a chaining rule set (a broken installation).
    """
    ruleset = shipped("escalation")
    if not isinstance(ruleset, ChainingRuleSet):
        raise RuleEngineError("escalation.yaml must be of kind chaining")
    return ruleset


def escalate(cases: Sequence[EscalationCase]) -> list[EscalationOutcome | None]:
    """Say for each case whether it is raised and to whom; None if it is not. In their order.

    Raises:
        RuleEngineError: a raised case is addressed to nobody, or to two.
    """
    distinct = list(dict.fromkeys(cases))
    inferences = infer(escalation_rules(), [[_fact(case)] for case in distinct])
    outcomes = {
        case: _outcome(case, inference)
        for case, inference in zip(distinct, inferences, strict=True)
    }
    return [outcomes[case] for case in cases]


def _fact(case: EscalationCase) -> Fact:
    return {
        "is": "total",
        "of": case.kind,
        "unmet": case.unmet,
        "at_least": case.at_least,
        "own": case.own,
    }


def _outcome(case: EscalationCase, inference: Inference) -> EscalationOutcome | None:
    if not inference.derived:
        return None
    addressed = [fact["to"] for fact in inference.derived if fact["is"] == "addressed"]
    if len(addressed) != 1:
        raise RuleEngineError(
            f"rule set escalation: {asdict(case)} is raised and addressed to"
            f" {' and '.join(map(str, addressed)) or 'nobody'}"
        )
    return EscalationOutcome(cast("Addressed", addressed[0]), inference.rules)
