"""Every situation is tried, as far as rules can tell situations apart, and flaws are shown."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from itertools import combinations_with_replacement
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from policyeval.errors import InvalidInputError, RuleEngineError
from policyeval.language.judging import JudgementSpec
from policyeval.language.policy import Policy
from policyeval.rules import (
    JudgingRuleSet,
    enumerate_situations,
    judge,
    judgement_rules,
    prove,
    proved_rules,
)
from policyeval.rules.proving import situations_to_try

NUMBERS = ("required", "counted", "with_late", "working_days_late")


def without(*names: str) -> JudgingRuleSet:
    """The shipped rules, less some."""
    ruleset = judgement_rules()
    return ruleset.model_copy(update={"rules": [r for r in ruleset.rules if r.rule not in names]})


def with_rule(text: str) -> JudgingRuleSet:
    """The shipped rules, and another."""
    return judgement_rules(JudgementSpec.model_validate({"rules": [yaml.safe_load(text)]}))


def test_the_situations_are_all_there() -> None:
    situations = list(enumerate_situations([2]))
    assert len(situations) == len(set(situations)) == 4 * 2 * 2 * 4 * 6 * 3
    assert all(0 <= s.counted <= s.with_late <= s.required == 2 for s in situations)
    assert all(s.bounded for s in situations if s.broken)
    assert {s.working_days_late for s in situations} == {0}
    assert {s.counted for s in enumerate_situations([0])} == {0}
    assert {s.counted for s in enumerate_situations([200])} == {0, 1, 199, 200}
    assert {s.counted for s in enumerate_situations([200], [50])} == {0, 1, 49, 50, 51, 199, 200}
    assert list(enumerate_situations([3, 1, 3])) == list(enumerate_situations([1, 3]))


def test_lateness_is_tried_only_where_something_came_late() -> None:
    situations = list(enumerate_situations([2], days=[1, 30]))
    late = [s for s in situations if s.counted < s.required <= s.with_late]
    assert {s.working_days_late for s in late} == {0, 1, 2, 29, 30}
    assert {s.working_days_late for s in situations if s not in set(late)} == {0}


def test_what_no_duty_has_cannot_arise() -> None:
    plain = list(enumerate_situations([1], has_review=False, has_unless=False))
    assert {s.review for s in plain} == {"none"}
    assert {s.waived for s in plain} == {"nothing", "waiver", "part_period"}
    assert len(plain) * 4 == len(list(enumerate_situations([1], has_unless=False)))


def test_the_shipped_rules_are_proved() -> None:
    assert prove(judgement_rules(), (0, 1, 2, 3, 4, 7, 200)) == []


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
        " required: 1, counted: 1, with_late: 1, unreadable: false, review: none,"
        " working_days_late: 0}"
    )
    with pytest.raises(RuleEngineError, match=r"no rule applies to .*'bounded': True"):
        judge(situations[:1], without("bound-still-open"))


def test_an_ambiguity_is_reported_with_all_its_rules() -> None:
    rule = (
        "{rule: lenient, when: {waived: nothing, counted: 1, closed: true}, then: {verdict: met}}"
    )
    flaws = prove(with_rule(rule), [1, 2], has_review=False)
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
    assert ("awaiting-review", "lenient") in {f.rules for f in prove(with_rule(rule), [1])}
    with pytest.raises(RuleEngineError, match="and lenient apply to"):
        judge([flaws[0].situation], with_rule(rule))


@pytest.mark.parametrize("name", ["released-by-event", "awaiting-review", "late-review-refused"])
def test_a_rule_is_needed_only_where_a_duty_asks_for_it(name: str) -> None:
    assert prove(without(name), [1]) != []
    assert prove(without(name), [1], has_review=False, has_unless=False) == []


def test_a_rule_about_one_number_far_below_the_threshold_is_found() -> None:
    rule = "{rule: odd, when: {waived: waiver, counted: 77}, then: {verdict: met}}"
    flaws = prove(with_rule(rule), [200])
    assert {(f.situation.counted, f.rules) for f in flaws} == {(77, ("covered-by-waiver", "odd"))}


def test_a_rule_about_one_day_is_found() -> None:
    rule = "{rule: odd, when: {waived: waiver, working_days_late: 17}, then: {verdict: met}}"
    flaws = prove(with_rule(rule), [5])
    assert {f.situation.working_days_late for f in flaws} == {17}


def test_many_thresholds_that_no_rule_tells_apart_are_few() -> None:
    tried = situations_to_try(judgement_rules(), range(1000))
    assert {s.required for s in tried} == {0, 1, 2, 3}
    odd = with_rule("{rule: odd, when: {required: 500}, then: {verdict: met}}")
    required = {s.required for s in situations_to_try(odd, range(1000))}
    assert required == {0, 1, 2, 3, 500, 501, 502, 503}


operands = st.one_of(st.integers(0, 32), st.sampled_from([{"fact": name} for name in NUMBERS]))
comparisons = st.dictionaries(
    st.sampled_from(["at_least", "at_most", "more_than", "less_than"]), operands, min_size=1
)
conditions = st.one_of(
    st.integers(0, 32),
    st.lists(st.integers(0, 32), min_size=1, max_size=3, unique=True),
    st.builds(lambda n: {"not": n}, st.integers(0, 32)),
    comparisons,
)
OPERATORS = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
    "not": operator.ne,
}


def holds(condition: Any, value: int, facts: dict[str, int]) -> bool:
    if isinstance(condition, list):
        return value in condition
    if not isinstance(condition, dict):
        return bool(value == condition)
    return all(
        OPERATORS[word](value, facts[operand["fact"]] if isinstance(operand, dict) else operand)
        for word, operand in condition.items()
    )


def every(thresholds: set[int]) -> Iterator[dict[str, int]]:
    """All numbers that a situation can have, one by one."""
    for required in thresholds:
        for counted, with_late in combinations_with_replacement(range(required + 1), 2):
            for days in range(31) if counted < required <= with_late else (0,):
                yield dict(zip(NUMBERS, (required, counted, with_late, days), strict=True))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(NUMBERS), conditions), min_size=1, max_size=4),
    st.sets(st.integers(0, 40), min_size=1, max_size=4),
)
def test_nothing_that_rules_can_tell_apart_is_left_out(
    whens: list[tuple[str, Any]], thresholds: set[int]
) -> None:
    rules = [
        {"rule": f"r{n}", "when": {name: condition}, "then": {"verdict": "met"}}
        for n, (name, condition) in enumerate(whens)
    ]
    ruleset = judgement_rules(JudgementSpec.model_validate({"rules": rules}))
    tried = situations_to_try(ruleset, thresholds, has_review=False, has_unless=False)
    seen = ({name: getattr(s, name) for name in NUMBERS} for s in tried)

    def patterns(numbers: Iterator[dict[str, int]]) -> set[tuple[bool, ...]]:
        return {tuple(holds(c, each[name], each) for name, c in whens) for each in numbers}

    assert patterns(seen) == patterns(every(thresholds))


def plan(judgement: dict[str, Any] | None) -> Policy:
    duty = {
        "clause": "1",
        "bearer": {"unit": "office"},
        "when": {"per": "year"},
        "evidence": {"event": "report"},
    }
    data = {
        "policy": "plan",
        "version": "1",
        "in_force": {"from": "2025-01-01"},
        "timezone": "UTC",
        "unit_kinds": {"office": {"title": "Office"}},
        "event_types": {"report": {}},
        "judgement": judgement,
        "duties": {"reports": duty},
    }
    return Policy.model_validate(data)


def refused(judgement: dict[str, Any], required: list[int]) -> str:
    with pytest.raises(InvalidInputError) as caught:
        proved_rules(plan(judgement), required, "plan")
    (problem,) = caught.value.problems
    return str(problem)


def test_proved_rules_are_those_of_the_policy() -> None:
    assert proved_rules(plan(None), [0, 1], "plan") == judgement_rules()
    judgement = {"instead_of": ["awaiting-review"]}  # no duty of the plan asks for a review
    proved = proved_rules(plan(judgement), [1], "plan")
    assert [each.rule for each in proved.rules if each.rule == "awaiting-review"] == []
    assert len(proved.rules) == len(judgement_rules().rules) - 1


def test_flaws_are_a_problem_of_the_policy_that_shows_the_first() -> None:
    assert refused({"instead_of": ["within-bound"]}, [0, 1]).startswith(
        "plan: judgement: 2 situations do not get exactly one verdict; change the rules:\n"
        "  no rule applies to {waived: nothing, closed: true, bounded: true, broken: false,"
        " required: 0,"
    )
    one = refused({"instead_of": ["within-bound"]}, [0])
    assert "judgement: 1 situation does not get" in one
    many = refused({"instead_of": ["not-enough", "enough-in-time"]}, [3])
    assert len(many.splitlines()) == 1 + 5


def test_rules_that_the_engine_cannot_take_are_a_problem_of_the_policy() -> None:
    rule = {"rule": "much", "when": {"counted": list(range(600))}, "then": {"verdict": "met"}}
    assert refused({"rules": [rule]}, [0]).startswith("plan: judgement: rule set judgement: ")
    every = [rule.rule for rule in judgement_rules().rules]
    assert "it has no rules" in refused({"instead_of": every}, [0])
