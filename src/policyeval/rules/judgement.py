"""From situations to verdicts, and the proof that every situation gets exactly one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Literal, cast

from policyeval.errors import RuleEngineError
from policyeval.rules.loading import shipped
from policyeval.rules.ruleset import Comparison, JudgingRuleSet
from policyeval.rules.running import decide, fired

Verdict = Literal["met", "late", "unmet", "pending", "waived", "undetermined"]
Waived = Literal["nothing", "waiver", "part_period"]

_WAIVED: tuple[Waived, ...] = ("nothing", "waiver", "part_period")
_SMALL = 4
"""Up to this threshold every count is enumerated; above it those at which rules can change."""


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
    """

    waived: Waived
    closed: bool
    bounded: bool
    broken: bool
    required: int
    counted: int
    with_late: int
    unreadable: bool


@dataclass(frozen=True)
class Judgement:
    """A verdict, and the name of the rule in `judgement.yaml` that gave it."""

    verdict: Verdict
    rule: str


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


def judgement_rules() -> JudgingRuleSet:
    """The shipped rules.

    Raises:
        RuleEngineError: `judgement.yaml` is not a judging rule set (a broken installation).
    """
    ruleset = shipped("judgement")
    if not isinstance(ruleset, JudgingRuleSet):
        raise RuleEngineError("judgement.yaml must be of kind judging")
    return ruleset


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


def enumerate_situations(
    required_values: Iterable[int], landmarks: Iterable[int] = ()
) -> Iterator[Situation]:
    """Every situation that can occur with these thresholds: finitely many, as counts are clipped.

    Large thresholds are represented by the counts at which a rule can change its mind: 0, 1, one
    below the threshold, the threshold, and those around each landmark. A rule can compare a count
    only with another number of the situation or with a number written in it, so no other count
    can be judged differently.

    Args:
        required_values: the lower thresholds, at least 0.
        landmarks: numbers that rules are written with.
    """
    around = {n + step for n in landmarks for step in (-1, 0, 1)}
    for required in sorted(set(required_values)):
        wanted = {0, 1, required - 1, required} | around
        counts = [n for n in range(required + 1) if required <= _SMALL or n in wanted]
        for waived, closed, unreadable, counted, with_late in product(
            _WAIVED, (False, True), (False, True), counts, counts
        ):
            if with_late < counted:
                continue
            for bounded, broken in ((False, False), (True, False), (True, True)):
                yield Situation(
                    waived, closed, bounded, broken, required, counted, with_late, unreadable
                )


def prove(ruleset: JudgingRuleSet, required_values: Iterable[int]) -> list[Flaw]:
    """Try every situation, and list those that do not get exactly one verdict.

    The engine is asked for all rules that fire, not for the first.

    Raises:
        RuleEngineError: the rule set is not about situations, or the engine failed.
    """
    situations = list(enumerate_situations(required_values, _numbers(ruleset)))
    results = fired(ruleset, [asdict(s) for s in situations])
    return [
        Flaw(situation, rules)
        for situation, rules in zip(situations, results, strict=True)
        if len(rules) != 1
    ]


def _numbers(ruleset: JudgingRuleSet) -> Iterator[int]:
    """The numbers that rules are written with."""
    for rule in ruleset.rules:
        for condition in rule.when.values():
            values: list[object] = [condition]
            if isinstance(condition, list):
                values = list(condition)
            elif isinstance(condition, Comparison):
                values = list(condition.model_dump(exclude_none=True).values())
            yield from (v for v in values if isinstance(v, int) and not isinstance(v, bool))


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
