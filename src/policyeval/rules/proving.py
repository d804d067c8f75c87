"""The proof that every situation that can arise gets exactly one verdict."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations_with_replacement, product
from typing import get_args

from policyeval.errors import InvalidInputError, Problem, RuleEngineError
from policyeval.language.judging import Condition, JudgingRuleSet, facts_of, literals_of
from policyeval.language.policy import Policy
from policyeval.rules.judgement import (
    MOST_DAYS_LATE,
    Review,
    Situation,
    Waived,
    judgement_rules,
)
from policyeval.rules.running import fired

_SMALL = 4
"""Up to this threshold every count is enumerated; above it those at which rules can change."""
_SHOWN = 5
"""So many of the situations that are judged wrongly are shown."""
_DAYS = "working_days_late"
_BOUNDS = ((False, False), (True, False), (True, True))
"""Whether there is an upper bound, and whether it is broken."""


@dataclass(frozen=True)
class Flaw:
    """A situation that does not get exactly one verdict.

    Args:
        situation: the situation.
        rules: all rules that apply to it: none, or several.
    """

    situation: Situation
    rules: tuple[str, ...]

    def __str__(self) -> str:
        """Say what is wrong, with the situation."""
        rules = f"{' and '.join(self.rules)} apply to" if self.rules else "no rule applies to"
        told = ", ".join(
            f"{name}: {_word(value)}" for name, value in asdict(self.situation).items()
        )
        return f"{rules} {{{told}}}"


def proved_rules(policy: Policy, required_values: Iterable[int], file: str) -> JudgingRuleSet:
    """The rules of judgement of a policy, proved for it.

    Args:
        policy: a policy whose `judgement` has been checked by `judgement_problems`.
        required_values: every lower threshold that an obligation of the policy can have.
        file: what errors call the policy.

    Raises:
        InvalidInputError: a situation does not get exactly one verdict; shows the situation. Or
            the rule engine cannot take the policy's rules.
        RuleEngineError: the engine failed on the shipped rules.
    """
    duties = [variant.duty for variant in policy.variants.values()]
    ruleset = judgement_rules(policy.judgement)
    try:
        flaws = prove(
            ruleset,
            required_values,
            has_review=any(duty.review is not None for duty in duties),
            has_unless=any(bool(duty.unless) for duty in duties),
        )
    except RuleEngineError as error:
        if policy.judgement is None:
            raise
        raise InvalidInputError([Problem(file, 0, 0, f"judgement: {error}")]) from error
    if flaws:
        raise InvalidInputError([Problem(file, 0, 0, f"judgement: {_listed(flaws)}")])
    return ruleset


def _listed(flaws: Sequence[Flaw]) -> str:
    number = f"{len(flaws)} situations do" if len(flaws) > 1 else "1 situation does"
    shown = [f"  {flaw}" for flaw in flaws[:_SHOWN]]
    return "\n".join([f"{number} not get exactly one verdict; change the rules:", *shown])


def prove(
    ruleset: JudgingRuleSet,
    required_values: Iterable[int],
    *,
    has_review: bool = True,
    has_unless: bool = True,
) -> list[Flaw]:
    """Try every situation, and list those that do not get exactly one verdict.

    The engine is asked for all rules that fire, not for the first.

    Raises:
        RuleEngineError: the rule set is not about situations, or the engine failed.
    """
    situations = situations_to_try(
        ruleset, required_values, has_review=has_review, has_unless=has_unless
    )
    results = fired(ruleset, [asdict(s) for s in situations])
    return [
        Flaw(situation, rules)
        for situation, rules in zip(situations, results, strict=True)
        if len(rules) != 1
    ]


def situations_to_try(
    ruleset: JudgingRuleSet,
    required_values: Iterable[int],
    *,
    has_review: bool = True,
    has_unless: bool = True,
) -> list[Situation]:
    """As many situations as it takes to see everything that the rules can do.

    Of thresholds that no rule can tell apart, the smallest stands for all.
    """
    counts, days = _landmarks(ruleset)
    required = representatives(required_values, counts)
    return list(
        enumerate_situations(required, counts, days, has_review=has_review, has_unless=has_unless)
    )


def enumerate_situations(
    required_values: Iterable[int],
    landmarks: Iterable[int] = (),
    days: Iterable[int] = (),
    *,
    has_review: bool = True,
    has_unless: bool = True,
) -> Iterator[Situation]:
    """Every situation that can occur with these thresholds: finitely many, as counts are clipped.

    Large thresholds are represented by the counts at which a rule can change its mind: 0, 1, one
    below the threshold, the threshold, and those around each landmark. A rule can compare a count
    only with another number of the situation or with a number written in it, so no other count
    can be judged differently.

    Args:
        required_values: the lower thresholds, at least 0.
        landmarks: numbers that rules compare counts with.
        days: numbers that rules compare `working_days_late` with.
        has_review: whether a duty may ask for a review.
        has_unless: whether an event may release from a duty.
    """
    waived = [each for each in get_args(Waived) if has_unless or each != "released"]
    reviews: list[Review] = [each for each in get_args(Review) if has_review or each == "none"]
    lateness = sorted({0} | {n for n in _around(days) if 0 <= n <= MOST_DAYS_LATE})
    around = _around(landmarks)
    for required in sorted(set(required_values)):
        for lifted, closed, unreadable, review, (counted, with_late), (bounded, broken) in product(
            waived, (False, True), (False, True), reviews, _counts(required, around), _BOUNDS
        ):
            for late in lateness if counted < required <= with_late else (0,):
                yield Situation(
                    lifted,
                    closed,
                    bounded,
                    broken,
                    required,
                    counted,
                    with_late,
                    unreadable,
                    review,
                    late,
                )


def representatives(required_values: Iterable[int], landmarks: Iterable[int]) -> list[int]:
    """Of thresholds that rules cannot tell apart, the smallest.

    Two counts and a threshold stand in some order among the landmarks. Two thresholds that lie
    between the same landmarks, at least three above the lower one, leave room for the same orders.
    """
    marks = sorted({0, *landmarks})
    found: dict[tuple[int, int], int] = {}
    for required in sorted(set(required_values)):
        below = marks[bisect_right(marks, required) - 1]
        found.setdefault((below, min(required - below, 3)), required)
    return list(found.values())


def _counts(required: int, around: set[int]) -> list[tuple[int, int]]:
    """The counts in time, and with what came late, that a threshold leaves room for."""
    wanted = {0, 1, required - 1, required} | around
    counts = [n for n in range(required + 1) if required <= _SMALL or n in wanted]
    return list(combinations_with_replacement(counts, 2))


def _around(landmarks: Iterable[int]) -> set[int]:
    return {n + step for n in landmarks for step in (-1, 0, 1)}


def _landmarks(ruleset: JudgingRuleSet) -> tuple[set[int], set[int]]:
    """The numbers that rules compare counts with, and those that they compare lateness with."""
    counts: set[int] = set()
    days: set[int] = set()
    for rule in ruleset.rules:
        for name, condition in rule.when.items():
            used = facts_of(name, condition)
            if _DAYS in used and len(used) > 1:
                counts |= set(range(MOST_DAYS_LATE + 1))
                days |= set(range(MOST_DAYS_LATE + 1))
            (days if name == _DAYS else counts).update(_numbers(condition))
    return counts, days


def _numbers(condition: Condition) -> Iterator[int]:
    for each in literals_of(condition):
        if isinstance(each, int) and not isinstance(each, bool):
            yield each


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
