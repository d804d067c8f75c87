"""From situations to verdicts, by the shipped rules and those that a policy adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, cast

from policyeval.errors import RuleEngineError
from policyeval.language.judging import JudgementSpec, JudgingRuleSet
from policyeval.language.lint_judging import judgement_problems
from policyeval.rules.loading import shipped
from policyeval.rules.running import decide

Verdict = Literal["met", "late", "unmet", "pending", "waived", "needs_review", "undetermined"]
Waived = Literal["nothing", "waiver", "part_period", "released"]
Review = Literal["none", "awaiting", "accepted", "refused"]

MOST_DAYS_LATE = 30
"""Lateness is told up to so many working days."""


@dataclass(frozen=True, order=True)
class Situation:
    """All that matters about an obligation for its verdict.

    Args:
        waived: what lifts it, if anything.
        closed: its due moment, grace included, has passed.
        bounded: it has an upper bound.
        broken: the upper bound is exceeded.
        required: the lower threshold, 0 if there is none.
        counted: good evidence in time, clipped to `required`.
        with_late: evidence in time and late, clipped to `required`.
        unreadable: rows that could not be read might change the outcome.
        review: what a person decided on it; `none` if the duty asks for no review.
        working_days_late: reached so many working days after the closing day, clipped to
            `MOST_DAYS_LATE`; 0 if it was reached in time or never.
    """

    waived: Waived
    closed: bool
    bounded: bool
    broken: bool
    required: int
    counted: int
    with_late: int
    unreadable: bool
    review: Review = "none"
    working_days_late: int = 0


@dataclass(frozen=True)
class Judgement:
    """A verdict, and the name of the rule that gave it."""

    verdict: Verdict
    rule: str


def judgement_rules(spec: JudgementSpec | None = None) -> JudgingRuleSet:
    """The shipped rules, with those of a policy added and those that it names taken out.

    Raises:
        RuleEngineError: `judgement.yaml` is not a judging rule set (a broken installation); or
            something is wrong in `spec` that `judgement_problems` would have told.
    """
    ruleset = shipped("judgement")
    if not isinstance(ruleset, JudgingRuleSet):
        raise RuleEngineError("judgement.yaml must be of kind judging")
    if spec is None:
        return ruleset
    if problems := [message for _, message in judgement_problems(spec)]:
        raise RuleEngineError(f"rule set judgement: {'; '.join(problems)}")
    kept = [rule for rule in ruleset.rules if rule.rule not in spec.instead_of]
    return ruleset.model_copy(update={"rules": [*kept, *spec.rules]})


def judge(
    situations: Sequence[Situation], ruleset: JudgingRuleSet | None = None
) -> list[Judgement]:
    """Judge each situation. One judgement per situation, in their order; equal ones judged once.

    Raises:
        RuleEngineError: no rule, or more than one, applies to a situation.
    """
    distinct = list(dict.fromkeys(situations))
    decisions = decide(ruleset or judgement_rules(), [asdict(s) for s in distinct])
    judged = {
        situation: Judgement(cast("Verdict", decision.gives["verdict"]), decision.rule)
        for situation, decision in zip(distinct, decisions, strict=True)
    }
    return [judged[s] for s in situations]
