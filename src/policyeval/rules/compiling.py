"""From a rule set's models to durable's JSON.

Each pattern becomes one flat `{"$and": [...]}` of simple tests, the first of which is the kind of
the fact. A list of alternatives becomes several rules of the engine, because durable's own `$or`
ends the surrounding `$and` early and so loses the joins after it: facts are joined that do not
belong together. Two properties of one fact are compared by durable itself (`{"$m": other}`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from policyeval.language.judging import (
    Comparison,
    Condition,
    Conditions,
    FactRef,
    JudgingRuleSet,
)
from policyeval.rules.ruleset import ChainingRuleSet, patterns_of

Test = dict[str, Any]

_OPERATORS = {"at_least": "$gte", "at_most": "$lte", "more_than": "$gt", "less_than": "$lt"}


@dataclass(frozen=True)
class Compiled:
    """A rule set for the engine.

    Args:
        definition: name of the engine's rule -> its patterns.
        rule_of: name of the engine's rule -> name of the rule in the file.
    """

    definition: Mapping[str, list[dict[str, Any]]]
    rule_of: Mapping[str, str]


def compile_rules(ruleset: JudgingRuleSet | ChainingRuleSet) -> Compiled:
    """Compile a rule set that has been checked. Pure; fails on nothing."""
    definition: dict[str, list[dict[str, Any]]] = {}
    rule_of: dict[str, str] = {}
    for rule in ruleset.rules:
        patterns = [
            [{name: {"$and": tests}} for tests in _alternatives(kind, conditions)]
            for name, kind, conditions in patterns_of(rule)
        ]
        for number, choice in enumerate(product(*patterns), start=1):
            engine_rule = rule.rule if number == 1 else f"{rule.rule}/{number}"
            definition[engine_rule] = list(choice)
            rule_of[engine_rule] = rule.rule
    return Compiled(definition, rule_of)


def _alternatives(kind: str, conditions: Conditions) -> list[list[Test]]:
    """The conjunctions of tests, any of which makes the pattern match."""
    each = [_tests(prop, condition) for prop, condition in conditions.items()]
    return [[{"is": kind}, *(t for tests in choice for t in tests)] for choice in product(*each)]


def _tests(prop: str, condition: Condition) -> list[list[Test]]:
    if isinstance(condition, list):
        return [[{prop: value}] for value in condition]
    if isinstance(condition, FactRef):
        return [[{prop: _ref(condition)}]]
    if isinstance(condition, Comparison):
        return [list(_compared(prop, condition))]
    return [[{prop: condition}]]


def _compared(prop: str, comparison: Comparison) -> list[Test]:
    tests: list[Test] = []
    for word, operand in comparison.numbers.items():
        value = _ref(operand) if isinstance(operand, FactRef) else operand
        tests.append({_OPERATORS[word]: {prop: value}})
    if comparison.not_ is not None:
        tests.append({"$neq": {prop: comparison.not_}})
    return tests


def _ref(ref: FactRef) -> dict[str, str]:
    pattern, _, prop = ref.fact.rpartition(".")
    return {pattern or "$m": prop}
