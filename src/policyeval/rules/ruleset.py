"""What a rule file may say: Pydantic models of the two kinds of rule set.

*Judging*: each case is one flat fact, and exactly one rule must fire for it; its models are in
`policyeval.language.judging`, because a policy may add such rules.
*Chaining*: each case is several facts; rules join them and assert further facts, which may fire
further rules. See the shipped `judgement.yaml`, `attribution.yaml` and `escalation.yaml`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from policyeval.language.judging import (
    Conditions,
    FactRef,
    JudgingRule,
    JudgingRuleSet,
    LiteralValue,
    PropertyName,
    PropertyType,
    Shape,
)
from policyeval.language.lint_judging import CASE
from policyeval.language.validation import Model
from policyeval.language.words import Title

RESERVED = frozenset({"is", "id", "sid"})
"""Property names that the engine needs for itself."""


def _asserted_tag(value: Any) -> str:
    return "ref" if isinstance(value, dict | FactRef) else "literal"


Asserted = Annotated[
    Annotated[LiteralValue, Tag("literal")] | Annotated[FactRef, Tag("ref")],
    Discriminator(_asserted_tag),
]


class Assertion(Model):
    """What a chaining rule asserts: a fact, `is` its kind, with all the kind's properties."""

    assert_: dict[PropertyName, Asserted] = Field(alias="assert")


class ChainingRule(Model):
    """A rule that joins facts.

    `when` is a list of patterns, each `name: {is: kind, property: condition, ...}`; each matches a
    fact of its own. A condition may refer to a pattern above it.
    """

    rule: PropertyName
    title: Title | None = None
    when: Annotated[
        list[Annotated[dict[PropertyName, Conditions], Field(min_length=1, max_length=1)]],
        Field(min_length=1, max_length=8),
    ]
    then: Assertion


class ChainingRuleSet(Model):
    """Rules that derive facts from facts until nothing new follows."""

    ruleset: PropertyName
    kind: Literal["chaining"]
    about: Title | None = None
    facts: Annotated[dict[PropertyName, Shape], Field(min_length=1)]
    rules: Annotated[list[ChainingRule], Field(min_length=1)]


RuleSet = Annotated[JudgingRuleSet | ChainingRuleSet, Field(discriminator="kind")]


def patterns_of(rule: JudgingRule | ChainingRule) -> list[tuple[str, str, Conditions]]:
    """The patterns of a rule as (name, kind of fact, conditions without `is`)."""
    if isinstance(rule, JudgingRule):
        return [(CASE, CASE, rule.when)]
    found = []
    for pattern in rule.when:
        ((name, conditions),) = pattern.items()
        rest = {p: c for p, c in conditions.items() if p != "is"}
        found.append((name, str(conditions.get("is", "")), rest))
    return found


def shapes_of(ruleset: JudgingRuleSet | ChainingRuleSet) -> dict[str, dict[str, PropertyType]]:
    """Kind of fact -> property -> type."""
    return {CASE: ruleset.case} if isinstance(ruleset, JudgingRuleSet) else ruleset.facts
