"""What the models cannot see: every name a rule uses is declared, and every type fits.

durable compares whatever it is given (`true` equals 1, a missing property equals anything), so
nothing that does not fit may reach it. The checks of conditions are in
`policyeval.language.lint_judging`.
"""

from __future__ import annotations

from policyeval.errors import RuleEngineError
from policyeval.language.judging import FactRef, JudgingRuleSet, Shape, fits, told
from policyeval.language.lint_judging import (
    Found,
    Shapes,
    conditions_problems,
    ref_problems,
    rule_problems,
    twice,
)
from policyeval.language.source import Path_, show
from policyeval.language.validation import nearest
from policyeval.rules.engine import Fact
from policyeval.rules.ruleset import (
    RESERVED,
    ChainingRule,
    ChainingRuleSet,
    patterns_of,
    shapes_of,
)


def check(ruleset: JudgingRuleSet | ChainingRuleSet) -> Found:
    """Yield everything that is wrong in a rule set: the path of keys and a message for each."""
    yield from _reserved(ruleset)
    yield from _named_twice(ruleset)
    if isinstance(ruleset, JudgingRuleSet):
        for number, rule in enumerate(ruleset.rules):
            for path, message in rule_problems(rule, ruleset):
                yield ("rules", number, *path), message
        return
    shapes = shapes_of(ruleset)
    for number, joining in enumerate(ruleset.rules):
        yield from _patterns(joining, shapes, ("rules", number))
        yield from _asserts(joining, shapes, ("rules", number))


def _named_twice(ruleset: JudgingRuleSet | ChainingRuleSet) -> Found:
    seen: set[str] = set()
    for number, name in enumerate(rule.rule for rule in ruleset.rules):
        if name in seen:
            yield ("rules", number, "rule"), twice(name)
        seen.add(name)


def _reserved(ruleset: JudgingRuleSet | ChainingRuleSet) -> Found:
    declared: dict[Path_, Shape] = (
        {("case",): ruleset.case}
        if isinstance(ruleset, JudgingRuleSet)
        else {("facts", kind): shape for kind, shape in ruleset.facts.items()}
    )
    for path, shape in declared.items():
        for name in sorted(RESERVED & set(shape)):
            yield (*path, name), f"a property cannot be called `{name}`; choose another name"


def _patterns(rule: ChainingRule, shapes: Shapes, where: Path_) -> Found:
    earlier: dict[str, str] = {}
    for number, (name, kind, conditions) in enumerate(patterns_of(rule)):
        path = (*where, "when", number, name)
        if name in earlier:
            yield path, f"two patterns are called `{name}`; give one another name"
        if kind not in shapes:
            yield path, f"`is` must name a kind of fact, not `{kind}`{nearest(kind, shapes)}"
            continue
        for below, message in conditions_problems(conditions, kind, shapes, earlier):
            yield (*path, *below), message
        earlier[name] = kind


def _asserts(rule: ChainingRule, shapes: Shapes, where: Path_) -> Found:
    path = (*where, "then", "assert")
    asserted = dict(rule.then.assert_)
    kind = asserted.pop("is", None)
    if not isinstance(kind, str) or kind not in shapes:
        yield path, f"`is` must name a kind of fact{nearest(str(kind), shapes)}"
        return
    if set(asserted) != set(shapes[kind]):
        listed = ", ".join(shapes[kind]) or "no properties"
        yield path, f"`{kind}` must be asserted with {listed}, and nothing else"
        return
    earlier = {name: of for name, of, _ in patterns_of(rule) if of in shapes}
    for prop, value in asserted.items():
        if not isinstance(value, FactRef):
            if not fits(value, shapes[kind][prop]):
                yield (*path, prop), f"`{prop}` is {told(shapes[kind][prop])}, not `{show(value)}`"
        elif "." not in value.fact:
            yield (*path, prop), f"{value.fact}: say of which pattern, as in pattern.{value.fact}"
        else:
            for message in ref_problems(value, prop, kind, shapes, earlier):
                yield (*path, prop), message


def check_fact(fact: Fact, shapes: Shapes, ruleset: str) -> None:
    """Raise RuleEngineError unless a fact has exactly its kind's properties, all of their type."""
    shape = shapes.get(str(fact.get("is")))
    if shape is None:
        raise RuleEngineError(f"rule set {ruleset}: unknown kind of fact: {dict(fact)}")
    if set(fact) - {"is"} != set(shape):
        raise RuleEngineError(
            f"rule set {ruleset}: a fact must have {', '.join(shape) or 'no properties'},"
            f" not {dict(fact)}"
        )
    for prop, kind in shape.items():
        if not isinstance(fact[prop], str | int) or not fits(fact[prop], kind):
            raise RuleEngineError(
                f"rule set {ruleset}: {prop} must be {told(kind)}, in {dict(fact)}"
            )
