"""Checks of judging rules: every fact that a rule names is one of the case, and every type fits.

The rule engine compares whatever it is given (`true` equals 1, a missing fact equals anything), so
nothing that does not fit may reach it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from policyeval.language.judging import (
    Comparison,
    Condition,
    Conditions,
    FactRef,
    JudgementSpec,
    JudgingRule,
    JudgingRuleSet,
    OneOf,
    PropertyType,
    base_type,
    fits,
    refs_of,
    shown,
    told,
)
from policyeval.language.source import Path_, parse_source, show
from policyeval.language.validation import nearest, validated

Found = Iterator[tuple[Path_, str]]
Shapes = Mapping[str, Mapping[str, PropertyType]]
"""Kind of fact -> property -> type."""

CASE = "case"
"""The kind and the pattern name of the one fact of a judging rule set."""


@cache
def shipped_judging() -> JudgingRuleSet:
    """The rules of judgement that come with policyeval."""
    file = resources.files("policyeval") / "rules" / "judgement.yaml"
    return validated(
        JudgingRuleSet, parse_source(file.read_text(encoding="utf-8"), "judgement.yaml")
    )


def judgement_problems(spec: JudgementSpec) -> Found:
    """Everything that is wrong in a policy's rules of judgement: path below `judgement`, message.

    Whether every situation still gets exactly one verdict is for the proof to say.
    """
    shipped = shipped_judging()
    names = {rule.rule for rule in shipped.rules}
    for number, name in enumerate(spec.instead_of):
        path: Path_ = ("instead_of", number)
        if name not in names:
            yield path, f"`{name}` is no shipped rule{nearest(name, names)}"
        elif name in spec.instead_of[:number]:
            yield path, f"`{name}` stands here twice; keep one"
    seen: set[str] = set()
    for number, rule in enumerate(spec.rules):
        path = ("rules", number)
        if rule.rule in names:
            yield (*path, "rule"), f"a shipped rule is called `{rule.rule}`; choose another name"
        elif rule.rule in seen:
            yield (*path, "rule"), twice(rule.rule)
        seen.add(rule.rule)
        for below, message in rule_problems(rule, shipped):
            yield (*path, *below), message


def twice(name: str) -> str:
    """Two rules have one name."""
    return f"there are two rules `{name}`; give one another name"


def rule_problems(rule: JudgingRule, ruleset: JudgingRuleSet) -> Found:
    """What is wrong in one judging rule."""
    shapes = {CASE: ruleset.case}
    for path, message in conditions_problems(rule.when, CASE, shapes, {}):
        yield ("when", *path), message
    if missing := set(ruleset.gives) - set(rule.then):
        listed = ", ".join(f"`{name}`" for name in sorted(missing))
        yield ("then",), f"a rule must give {listed}; add it"
    for name, value in rule.then.items():
        if name not in ruleset.gives:
            yield ("then", name), f"a rule can't give `{name}`{nearest(name, ruleset.gives)}"
        elif not fits(value, ruleset.gives[name]):
            yield ("then", name), _misfit(name, value, ruleset.gives[name])


def conditions_problems(
    conditions: Conditions, kind: str, shapes: Shapes, earlier: Mapping[str, str]
) -> Found:
    """What is wrong in the conditions on a fact.

    Args:
        conditions: property -> condition.
        kind: the kind of the fact.
        shapes: all kinds of facts.
        earlier: the names of the patterns above, and the kinds of fact that they match.
    """
    for name, condition in conditions.items():
        if name not in shapes[kind]:
            yield (name,), f"`{name}` is unknown{nearest(name, shapes[kind])}"
            continue
        for message in _condition(condition, name, shapes[kind][name]):
            yield (name,), message
        for ref in refs_of(condition):
            for message in ref_problems(ref, name, kind, shapes, earlier):
                yield (name,), message


def _condition(condition: Condition, name: str, declared: PropertyType) -> Iterator[str]:
    if isinstance(condition, Comparison):
        yield from _comparison(condition, name, declared)
    elif not isinstance(condition, FactRef):
        values = condition if isinstance(condition, list) else [condition]
        yield from (_misfit(name, each, declared) for each in values if not fits(each, declared))
        if len(set(values)) < len(values):
            yield f"`{name}`: a value is listed twice; keep one"


def _comparison(condition: Comparison, name: str, declared: PropertyType) -> Iterator[str]:
    numbers, other = condition.numbers, condition.not_
    if not numbers and other is None:
        yield f"`{name}`: say at_least, at_most, more_than, less_than or not"
    if other is not None and not fits(other, declared):
        yield _misfit(name, other, declared)
    if numbers and base_type(declared) != "number":
        yield f"`{name}` is {told(declared)}: only a number can be at least or at most something"


def _misfit(name: str, value: bool | int | str, declared: PropertyType) -> str:
    if isinstance(declared, OneOf):
        hint = nearest(str(value), declared.one_of)
        return f"`{name}` can never be `{show(value)}`{hint}"
    return f"`{name}` is {told(declared)}, so it can never be `{shown(value)}`"


def ref_problems(
    ref: FactRef, name: str, kind: str, shapes: Shapes, earlier: Mapping[str, str]
) -> Iterator[str]:
    """What is wrong with another property to which one is compared."""
    pattern, _, other_name = ref.fact.rpartition(".")
    if pattern and pattern not in earlier:
        yield f"`{ref.fact}`: no pattern above is called `{pattern}`{nearest(pattern, earlier)}"
        return
    other, declared = shapes[earlier[pattern] if pattern else kind], shapes[kind][name]
    if other_name not in other:
        yield f"`{ref.fact}` is unknown{nearest(other_name, other)}"
    elif base_type(other[other_name]) != base_type(declared):
        yield (
            f"`{name}` is {told(declared)} and `{ref.fact}` is {told(other[other_name])}:"
            " they can't be compared"
        )
