"""The shipped judgement rules, over every situation, against their meaning in plain Python."""

from __future__ import annotations

import random
import time

import pytest
import yaml

from policyeval.errors import RuleEngineError
from policyeval.rules import (
    Judgement,
    JudgingRuleSet,
    Situation,
    Verdict,
    enumerate_situations,
    judge,
    judgement_rules,
    prove,
)

REQUIRED = (0, 1, 2, 3, 4, 7, 200)


def meaning(s: Situation) -> Verdict:
    """The table "Verdicts" of the language reference."""
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


def without(*names: str) -> JudgingRuleSet:
    """The shipped rules, less some."""
    ruleset = judgement_rules()
    return ruleset.model_copy(update={"rules": [r for r in ruleset.rules if r.rule not in names]})


def with_rule(text: str) -> JudgingRuleSet:
    """The shipped rules, and another."""
    data = judgement_rules().model_dump(by_alias=True, exclude_none=True)
    data["rules"].append(yaml.safe_load(text))
    return JudgingRuleSet.model_validate(data)


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
    ],
)
def test_each_rule_by_an_example(situation: Situation, judgement: tuple[Verdict, str]) -> None:
    assert judge([situation]) == [Judgement(*judgement)]


def test_the_situations_are_all_there() -> None:
    situations = list(enumerate_situations([2]))
    assert len(situations) == len(set(situations)) == 3 * 2 * 2 * 6 * 3
    assert all(0 <= s.counted <= s.with_late <= s.required == 2 for s in situations)
    assert all(s.bounded for s in situations if s.broken)
    assert {s.counted for s in enumerate_situations([0])} == {0}
    assert {s.counted for s in enumerate_situations([200])} == {0, 1, 199, 200}
    assert {s.counted for s in enumerate_situations([200], [50])} == {0, 1, 49, 50, 51, 199, 200}
    assert list(enumerate_situations([3, 1, 3])) == list(enumerate_situations([1, 3]))


def test_the_shipped_rules_are_proved() -> None:
    assert prove(judgement_rules(), REQUIRED) == []


def test_a_hole_is_reported_with_its_situations() -> None:
    flaws = prove(without("bound-still-open"), [1])
    assert {f.rules for f in flaws} == {()}
    situations = [f.situation for f in flaws]
    assert situations == [
        s
        for s in enumerate_situations([1])
        if s.waived == "nothing" and s.bounded and not s.broken and not s.closed and s.counted == 1
    ]
    assert str(flaws[0]) == (
        "no rule applies to {waived: nothing, closed: false, bounded: true, broken: false,"
        " required: 1, counted: 1, with_late: 1, unreadable: false}"
    )
    with pytest.raises(RuleEngineError, match=r"no rule applies to .*'bounded': True"):
        judge(situations[:1], without("bound-still-open"))


def test_an_ambiguity_is_reported_with_all_its_rules() -> None:
    rule = (
        "{rule: lenient, when: {waived: nothing, counted: 1, closed: true}, then: {verdict: met}}"
    )
    flaws = prove(with_rule(rule), [1, 2])
    assert {f.rules for f in flaws} == {
        ("bound-broken", "lenient"),
        ("enough-in-time", "lenient"),
        ("within-bound", "lenient"),
        ("bound-unreadable", "lenient"),
        ("enough-but-late", "lenient"),
        ("unreadable-might-count", "lenient"),
        ("not-enough", "lenient"),
    }
    assert "enough-in-time and lenient apply to {waived: nothing" in str(flaws[0])
    with pytest.raises(RuleEngineError, match="and lenient apply to"):
        judge([flaws[0].situation], with_rule(rule))


def test_a_rule_about_one_number_far_below_the_threshold_is_found() -> None:
    rule = "{rule: odd, when: {waived: waiver, counted: 77}, then: {verdict: met}}"
    flaws = prove(with_rule(rule), [200])
    assert {(f.situation.counted, f.rules) for f in flaws} == {(77, ("covered-by-waiver", "odd"))}


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
