"""Run a rule set's cases: compiled once for each content, then case by case.

The public functions are `fired`, `decide` and `infer`; they take and give plain facts.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policyeval.errors import RuleEngineError
from policyeval.language.judging import FactRef, JudgingRuleSet
from policyeval.language.lint_judging import CASE
from policyeval.rules.checking import check_fact
from policyeval.rules.compiling import Compiled, compile_rules
from policyeval.rules.engine import Fact, Firing, RuleEngine, Value
from policyeval.rules.ruleset import Asserted, ChainingRule, ChainingRuleSet, shapes_of


@dataclass(frozen=True)
class Decision:
    """The one rule that fired for a case, and what it gives."""

    rule: str
    gives: Mapping[str, Value]


@dataclass(frozen=True)
class Inference:
    """What followed from a case's facts.

    Args:
        derived: the facts that rules asserted, each once, a fact after those it follows from.
        rules: the names of the rules that fired, each once, in the order of the file.
    """

    derived: tuple[Fact, ...]
    rules: tuple[str, ...]


_engines: dict[str, tuple[RuleEngine, Compiled]] = {}
_engines_lock = threading.Lock()


def _engine(ruleset: JudgingRuleSet | ChainingRuleSet) -> tuple[RuleEngine, Compiled]:
    """Compile a rule set, once for each content (durable gives compiled memory back to nobody)."""
    key = hashlib.sha256(ruleset.model_dump_json().encode()).hexdigest()
    with _engines_lock:
        if key not in _engines:
            compiled = compile_rules(ruleset)
            _engines[key] = RuleEngine(ruleset.ruleset, compiled.definition), compiled
        return _engines[key]


def _names(firings: Iterable[Firing], compiled: Compiled) -> tuple[str, ...]:
    """The rules that fired, each once, in the order of the file."""
    names = {compiled.rule_of[f.rule] for f in firings}
    return tuple(n for n in dict.fromkeys(compiled.rule_of.values()) if n in names)


def fired(ruleset: JudgingRuleSet, cases: Iterable[Mapping[str, Value]]) -> list[tuple[str, ...]]:
    """All rules that fire for each case: none, one or many. One entry per case, in their order.

    The case stays in the session while rules fire (a durable *fact*, not an *event*, which the
    first rule would consume), so that every rule that applies is seen.

    Raises:
        RuleEngineError: a case does not fit the rule set's `case`, or the engine failed.
    """
    engine, compiled = _engine(ruleset)
    shapes = shapes_of(ruleset)
    results = []
    for case in cases:
        fact = {"is": CASE, **case}
        check_fact(fact, shapes, ruleset.ruleset)
        results.append(_names(engine.run([fact]).firings, compiled))
    return results


def decide(ruleset: JudgingRuleSet, cases: Iterable[Mapping[str, Value]]) -> list[Decision]:
    """The one rule for each case. One entry per case, in their order.

    Raises:
        RuleEngineError: no rule, or more than one, applies to a case; names the case and the rules.
    """
    listed = list(cases)
    gives = {rule.rule: rule.then for rule in ruleset.rules}
    decisions = []
    for case, rules in zip(listed, fired(ruleset, listed), strict=True):
        if not rules:
            raise RuleEngineError(f"rule set {ruleset.ruleset}: no rule applies to {dict(case)}")
        if len(rules) > 1:
            raise RuleEngineError(
                f"rule set {ruleset.ruleset}: {' and '.join(rules)} apply to {dict(case)}"
            )
        decisions.append(Decision(rules[0], gives[rules[0]]))
    return decisions


def infer(ruleset: ChainingRuleSet, cases: Iterable[Iterable[Fact]]) -> list[Inference]:
    """What follows from the facts of each case. One entry per case, in their order.

    Facts that no rule is about lead to nothing; that is no error here.

    Raises:
        RuleEngineError: a fact does not fit the rule set's `facts`, or the engine failed.
    """
    engine, compiled = _engine(ruleset)
    shapes = shapes_of(ruleset)
    rules = {rule.rule: rule for rule in ruleset.rules}

    def react(firing: Firing) -> list[Fact]:
        derived = _asserted(rules[compiled.rule_of[firing.rule]], firing)
        check_fact(derived, shapes, ruleset.ruleset)
        return [derived]

    results = []
    for case in cases:
        facts = list(case)
        for fact in facts:
            check_fact(fact, shapes, ruleset.ruleset)
        outcome = engine.run(facts, react)
        results.append(Inference(outcome.derived, _names(outcome.firings, compiled)))
    return results


def _asserted(rule: ChainingRule, firing: Firing) -> Fact:
    """The fact that a rule asserts, its references filled in from the facts that it matched."""
    return {p: _value(v, firing) for p, v in rule.then.assert_.items()}


def _value(value: Asserted, firing: Firing) -> Value:
    if not isinstance(value, FactRef):
        return value
    pattern, _, prop = value.fact.rpartition(".")
    return firing.matched[pattern][prop]
