"""Who answers: the asked post, or, while posts are vacant, the post above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policyeval.errors import RuleEngineError
from policyeval.rules.engine import Fact
from policyeval.rules.loading import shipped
from policyeval.rules.ruleset import ChainingRuleSet
from policyeval.rules.running import Inference, infer


@dataclass(frozen=True, order=True)
class PostState:
    """A post on the day: whether it is held, and the post that answers when it is not."""

    post: str
    held: bool
    above: str | None = None


@dataclass(frozen=True, order=True)
class Answer:
    """A post that was asked: vacant, or (the last one) the post that answers."""

    post: str
    vacant: bool


def attribution_rules() -> ChainingRuleSet:
    """The shipped rules.

    Raises:
        RuleEngineError: `attribution.yaml` is not a chaining rule set (a broken installation).
    """
    ruleset = shipped("attribution")
    if not isinstance(ruleset, ChainingRuleSet):
        raise RuleEngineError("attribution.yaml must be of kind chaining")
    return ruleset


def answering(cases: Sequence[tuple[PostState, ...]]) -> list[tuple[Answer, ...]]:
    """Say who answers in each case.

    The question passes up from vacant posts; it ends at the first post that is held, at a post with
    none above it, and where it would come round in a circle.

    Args:
        cases: the posts, the asked one first. The order of the others does not matter.

    Returns:
        For each case the vacant posts in the order in which they were asked, then the post that
        answers; all vacant if nobody does.

    Raises:
        RuleEngineError: a case states one post twice and differently, or asks a post above that it
            does not state.
    """
    distinct = list(dict.fromkeys(cases))
    inferences = infer(attribution_rules(), [_facts(case) for case in distinct])
    answers = {
        case: _answers(case, inference)
        for case, inference in zip(distinct, inferences, strict=True)
    }
    return [answers[case] for case in cases]


def _facts(case: tuple[PostState, ...]) -> Iterator[Fact]:
    stated = {state.post: state for state in case}
    if len(stated) < len(set(case)):
        raise RuleEngineError(f"attribution: a post is stated twice and differently: {case}")
    for state in stated.values():
        yield {"is": "post", "post": state.post, "held": state.held}
        if state.above is not None:
            yield {"is": "above", "post": state.post, "above": state.above}
    if case:
        yield {"is": "asked", "post": case[0].post}


def _answers(case: tuple[PostState, ...], inference: Inference) -> tuple[Answer, ...]:
    """The answers in the order of derivation, which is the order in which posts were asked."""
    stated = {state.post for state in case}
    asked = {fact["post"] for fact in inference.derived if fact["is"] == "asked"}
    if unknown := sorted(str(post) for post in asked - stated):
        raise RuleEngineError(
            f"attribution: {', '.join(unknown)} would answer, but the case does not state whether"
            f" it is held: {case}"
        )
    return tuple(
        Answer(str(fact["post"]), vacant=fact["is"] == "vacant")
        for fact in inference.derived
        if fact["is"] in {"vacant", "answers"}
    )
