"""The shipped judgement rules, over every situation, against their meaning in plain Python."""

from __future__ import annotations

import random
import time

import pytest

from policyeval.rules import (
    Judgement,
    Situation,
    Verdict,
    enumerate_situations,
    judge,
    judgement_rules,
)

REQUIRED = (0, 1, 2, 3, 4, 7, 200)


def by_counts(s: Situation) -> Verdict:
    """The verdict before anybody reviews it."""
    if s.waived != "nothing":
        return "waived"
    if s.broken:
        return "unmet"
    if s.counted >= s.required:
        if not s.bounded:
            return "met"
        if not s.closed:
            return "pending"
        return "undetermined" if s.unreadable else "met"
    if not s.closed:
        return "pending"
    if s.with_late >= s.required:
        return "late"
    return "undetermined" if s.unreadable else "unmet"


def meaning(s: Situation) -> Verdict:
    """The table "Verdicts" of the language reference."""
    verdict = by_counts(s)
    if verdict not in {"met", "late"} or s.review in {"none", "accepted"}:
        return verdict
    return "needs_review" if s.review == "awaiting" else "unmet"


def test_every_situation_gets_the_verdict_that_is_meant() -> None:
    situations = list(enumerate_situations(REQUIRED))
    judgements = judge(situations)
    wrong = [(s, j) for s, j in zip(situations, judgements, strict=True) if j.verdict != meaning(s)]
    assert wrong == []
    assert {j.rule for j in judgements} == {r.rule for r in judgement_rules().rules}


@pytest.mark.parametrize(
    ("situation", "judgement"),
    [
        (Situation("waiver", True, False, False, 1, 0, 0, False), ("waived", "covered-by-waiver")),
        (
            Situation("part_period", True, True, True, 1, 0, 0, True),
            ("waived", "part-period-waived"),
        ),
        (Situation("nothing", False, True, True, 0, 0, 0, True), ("unmet", "bound-broken")),
        (Situation("nothing", False, False, False, 2, 2, 2, True), ("met", "enough-in-time")),
        (Situation("nothing", False, True, False, 2, 1, 1, False), ("pending", "not-yet-enough")),
        (Situation("nothing", False, True, False, 0, 0, 0, False), ("pending", "bound-still-open")),
        (Situation("nothing", True, True, False, 1, 1, 1, False), ("met", "within-bound")),
        (
            Situation("nothing", True, True, False, 1, 1, 1, True),
            ("undetermined", "bound-unreadable"),
        ),
        (Situation("nothing", True, True, False, 2, 1, 2, True), ("late", "enough-but-late")),
        (
            Situation("nothing", True, False, False, 2, 0, 1, True),
            ("undetermined", "unreadable-might-count"),
        ),
        (Situation("nothing", True, False, False, 2, 0, 1, False), ("unmet", "not-enough")),
        (Situation("released", False, True, True, 1, 0, 0, True), ("waived", "released-by-event")),
        (
            Situation("nothing", False, False, False, 1, 1, 1, False, "awaiting"),
            ("needs_review", "awaiting-review"),
        ),
        (
            Situation("nothing", True, False, False, 1, 1, 1, True, "refused"),
            ("unmet", "review-refused"),
        ),
        (
            Situation("nothing", True, False, False, 1, 1, 1, True, "accepted"),
            ("met", "enough-in-time"),
        ),
        (
            Situation("nothing", True, True, False, 0, 0, 0, False, "awaiting"),
            ("needs_review", "within-bound-awaiting-review"),
        ),
        (
            Situation("nothing", True, True, False, 0, 0, 0, False, "refused"),
            ("unmet", "within-bound-review-refused"),
        ),
        (
            Situation("nothing", True, False, False, 2, 1, 2, False, "awaiting", 3),
            ("needs_review", "late-awaiting-review"),
        ),
        (
            Situation("nothing", True, False, False, 2, 1, 2, False, "refused", 30),
            ("unmet", "late-review-refused"),
        ),
        (
            Situation("nothing", True, False, False, 2, 1, 2, False, "accepted", 30),
            ("late", "enough-but-late"),
        ),
    ],
)
def test_each_rule_by_an_example(situation: Situation, judgement: tuple[Verdict, str]) -> None:
    assert judge([situation]) == [Judgement(*judgement)]


def test_equal_situations_and_any_order_give_the_same() -> None:
    situations = list(enumerate_situations([0, 1, 2])) * 2
    expected = dict(zip(situations, judge(situations), strict=True))
    random.Random(7).shuffle(situations)
    assert judge(situations) == [expected[s] for s in situations]
    assert judge([]) == []


def test_five_thousand_distinct_situations_are_quick() -> None:
    situations = [
        Situation("nothing", True, False, False, required, counted, counted, False)
        for required in range(100, 200)
        for counted in range(50)
    ]
    assert len(set(situations)) == 5000
    start = time.perf_counter()
    judgements = judge(situations)
    assert time.perf_counter() - start < 5  # takes 0.3 s; generous for a busy machine
    assert {j.rule for j in judgements} == {"not-enough"}
