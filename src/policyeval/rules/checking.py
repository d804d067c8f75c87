"""What the models cannot see: every name a rule uses is declared, and every type fits.

durable compares whatever it is given (`true` equals 1, a missing property equals anything), so
nothing that does not fit may reach it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from policyeval.errors import RuleEngineError
from policyeval.rules.engine import Fact
from policyeval.rules.ruleset import (
    RESERVED,
    ChainingRule,
    ChainingRuleSet,
    Comparison,
    Condition,
    FactRef,
    JudgingRule,
    JudgingRuleSet,
    PropertyType,
    base_type,
    fits,
    patterns_of,
    shapes_of,
    told,
)

Found = tuple[tuple[str | int, ...], str]
"""(path in the file, message)."""

Shapes = Mapping[str, Mapping[str, PropertyType]]


def check(ruleset: JudgingRuleSet | ChainingRuleSet) -> Iterator[Found]:
    """Yield everything that is wrong in a rule set: the path of keys and a message for each."""
    shapes = shapes_of(ruleset)
    yield from _reserved(ruleset)
    seen: set[str] = set()
    rules: Sequence[JudgingRule | ChainingRule] = ruleset.rules
    for number, rule in enumerate(rules):
        where = ("rules", number)
        if rule.rule in seen:
            yield (*where, "rule"), f"there are two rules {rule.rule}: give one another name"
        seen.add(rule.rule)
        yield from _patterns(rule, shapes, where)
        if isinstance(rule, JudgingRule) and isinstance(ruleset, JudgingRuleSet):
            yield from _gives(rule, ruleset.gives, where)
        elif isinstance(rule, ChainingRule):
            yield from _asserts(rule, shapes, where)


def _reserved(ruleset: JudgingRuleSet | ChainingRuleSet) -> Iterator[Found]:
    declared = (
        {("case",): ruleset.case}
        if isinstance(ruleset, JudgingRuleSet)
        else {("facts", kind): shape for kind, shape in ruleset.facts.items()}
    )
    for path, shape in declared.items():
        for name in RESERVED & set(shape):
            yield (*path, name), f"a property cannot be called {name}: choose another name"


def _patterns(
    rule: JudgingRule | ChainingRule, shapes: Shapes, where: tuple[str | int, ...]
) -> Iterator[Found]:
    earlier: dict[str, str] = {}
    for number, (name, kind, conditions) in enumerate(patterns_of(rule)):
        path = (*where, "when")
        if isinstance(rule, ChainingRule):
            path = (*path, number, name)
        if name in earlier:
            yield path, f"two patterns are called {name}: give one another name"
        if kind not in shapes:
            yield path, f"'is' must name a kind of fact ({_listed(shapes)}), not {kind!r}"
            continue
        for prop, condition in conditions.items():
            if prop not in shapes[kind]:
                yield (*path, prop), f"{prop} is unknown: {kind} has {_listed(shapes[kind])}"
                continue
            for message in _condition(condition, prop, kind, shapes, earlier):
                yield (*path, prop), message
        earlier[name] = kind


def _condition(
    condition: Condition, prop: str, kind: str, shapes: Shapes, earlier: Mapping[str, str]
) -> Iterator[str]:
    declared = shapes[kind][prop]
    if isinstance(condition, FactRef):
        yield from _ref(condition, prop, kind, shapes, earlier)
    elif isinstance(condition, Comparison):
        given = condition.model_dump(exclude_none=True)
        if not given:
            yield f"{prop}: say at_least, at_most, more_than, less_than or not"
        if condition.not_ is not None and not fits(condition.not_, declared):
            yield f"{prop} is {told(declared)}, so it cannot be compared with {condition.not_!r}"
        if set(given) - {"not_"} and base_type(declared) != "number":
            yield f"{prop} is {told(declared)}: only a number can be at least or at most something"
        for operand in (
            condition.at_least, condition.at_most, condition.more_than, condition.less_than
        ):  # fmt: skip
            if isinstance(operand, FactRef):
                yield from _ref(operand, prop, kind, shapes, earlier)
    else:
        values = condition if isinstance(condition, list) else [condition]
        for value in values:
            if not fits(value, declared):
                yield f"{prop} is {told(declared)}, so it can never be {value!r}"
        if len(set(values)) < len(values):
            yield f"{prop}: a value is listed twice"


def _ref(
    ref: FactRef, prop: str, kind: str, shapes: Shapes, earlier: Mapping[str, str]
) -> Iterator[str]:
    pattern, _, name = ref.fact.rpartition(".")
    if pattern and pattern not in earlier:
        yield f"{ref.fact}: no pattern above is called {pattern}"
        return
    other = shapes[earlier[pattern] if pattern else kind]
    if name not in other:
        yield f"{ref.fact} is unknown: there is {_listed(other)}"
    elif base_type(other[name]) != base_type(shapes[kind][prop]):
        yield (
            f"{prop} is {told(shapes[kind][prop])} and {ref.fact} is {told(other[name])}:"
            " they cannot be compared"
        )


def _gives(
    rule: JudgingRule, gives: Mapping[str, PropertyType], where: tuple[str | int, ...]
) -> Iterator[Found]:
    path = (*where, "then")
    if set(rule.then) != set(gives):
        yield path, f"a rule must give {_listed(gives)}, and nothing else"
    for prop, value in rule.then.items():
        if prop in gives and not fits(value, gives[prop]):
            yield (*path, prop), f"{prop} is {told(gives[prop])}, not {value!r}"


def _asserts(rule: ChainingRule, shapes: Shapes, where: tuple[str | int, ...]) -> Iterator[Found]:
    path = (*where, "then", "assert")
    asserted = dict(rule.then.assert_)
    kind = asserted.pop("is", None)
    if not isinstance(kind, str) or kind not in shapes:
        yield path, f"'is' must name a kind of fact ({_listed(shapes)})"
        return
    if set(asserted) != set(shapes[kind]):
        yield path, f"{kind} must be asserted with {_listed(shapes[kind])}, and nothing else"
        return
    earlier = {name: of for name, of, _ in patterns_of(rule) if of in shapes}
    for prop, value in asserted.items():
        if not isinstance(value, FactRef):
            if not fits(value, shapes[kind][prop]):
                yield (*path, prop), f"{prop} is {told(shapes[kind][prop])}, not {value!r}"
        elif "." not in value.fact:
            yield (*path, prop), f"{value.fact}: say of which pattern, as in pattern.{value.fact}"
        else:
            for message in _ref(value, prop, kind, shapes, earlier):
                yield (*path, prop), message


def check_fact(fact: Fact, shapes: Shapes, ruleset: str) -> None:
    """Raise RuleEngineError unless a fact has exactly its kind's properties, all of their type."""
    shape = shapes.get(str(fact.get("is")))
    if shape is None:
        raise RuleEngineError(f"rule set {ruleset}: unknown kind of fact: {dict(fact)}")
    if set(fact) - {"is"} != set(shape):
        raise RuleEngineError(
            f"rule set {ruleset}: a fact must have {_listed(shape)}, not {dict(fact)}"
        )
    for prop, kind in shape.items():
        if not isinstance(fact[prop], str | int) or not fits(fact[prop], kind):
            raise RuleEngineError(
                f"rule set {ruleset}: {prop} must be {told(kind)}, in {dict(fact)}"
            )


def _listed(names: Mapping[str, object]) -> str:
    return ", ".join(names) or "no properties"
