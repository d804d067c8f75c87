"""What a rule file may say: Pydantic models of the two kinds of rule set.

*Judging*: each case is one flat fact, and exactly one rule must fire for it.
*Chaining*: each case is several facts; rules join them and assert further facts, which may fire
further rules. See the shipped `judgement.yaml`, `attribution.yaml` and `escalation.yaml`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    Tag,
)

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=64)]
LiteralValue = StrictBool | StrictInt | StrictStr

RESERVED = frozenset({"is", "id", "sid"})
"""Property names that the engine needs for itself."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _title_tag(value: Any) -> str:
    return "languages" if isinstance(value, dict) else "text"


Title = Annotated[
    Annotated[StrictStr, Tag("text")]
    | Annotated[dict[Literal["en", "zh"], StrictStr], Tag("languages")],
    Discriminator(_title_tag),
]


class OneOf(_Strict):
    """A text that is one of these words."""

    one_of: Annotated[list[StrictStr], Field(min_length=1)]


def _type_tag(value: Any) -> str:
    return "word" if isinstance(value, str) else "one_of"


PropertyType = Annotated[
    Annotated[Literal["text", "number", "boolean"], Tag("word")] | Annotated[OneOf, Tag("one_of")],
    Discriminator(_type_tag),
]
Shape = Annotated[dict[Name, PropertyType], Field(min_length=0)]


class FactRef(_Strict):
    """Another property: `other` of the same fact, or `pattern.property` of an earlier pattern."""

    fact: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)?$")]


def _operand_tag(value: Any) -> str:
    return "ref" if isinstance(value, dict | FactRef) else "literal"


Number = Annotated[
    Annotated[StrictInt, Tag("literal")] | Annotated[FactRef, Tag("ref")],
    Discriminator(_operand_tag),
]


class Comparison(_Strict):
    """One or more comparisons, all of which must hold. `not` takes a literal."""

    at_least: Number | None = None
    at_most: Number | None = None
    more_than: Number | None = None
    less_than: Number | None = None
    not_: LiteralValue | None = Field(default=None, alias="not")


def _condition_tag(value: Any) -> str:
    if isinstance(value, list):
        return "alternatives"
    if isinstance(value, FactRef) or (isinstance(value, dict) and "fact" in value):
        return "ref"
    if isinstance(value, dict | Comparison):
        return "comparison"
    return "literal"


Condition = Annotated[
    Annotated[LiteralValue, Tag("literal")]
    | Annotated[list[LiteralValue], Field(min_length=1), Tag("alternatives")]
    | Annotated[FactRef, Tag("ref")]
    | Annotated[Comparison, Tag("comparison")],
    Discriminator(_condition_tag),
]
Conditions = dict[Name, Condition]

Asserted = Annotated[
    Annotated[LiteralValue, Tag("literal")] | Annotated[FactRef, Tag("ref")],
    Discriminator(_operand_tag),
]


class JudgingRule(_Strict):
    """A rule that judges a case: `when` all its conditions hold, `then` this is the outcome."""

    rule: Name
    title: Title | None = None
    when: Conditions
    then: dict[Name, LiteralValue]


class JudgingRuleSet(_Strict):
    """Rules of which exactly one must fire for every case."""

    ruleset: Name
    kind: Literal["judging"]
    about: Title | None = None
    case: Shape
    gives: Shape
    rules: Annotated[list[JudgingRule], Field(min_length=1)]


class Assertion(_Strict):
    """What a chaining rule asserts: a fact, `is` its kind, with all the kind's properties."""

    assert_: dict[Name, Asserted] = Field(alias="assert")


class ChainingRule(_Strict):
    """A rule that joins facts.

    `when` is a list of patterns, each `name: {is: kind, property: condition, ...}`; each matches a
    fact of its own. A condition may refer to a pattern above it.
    """

    rule: Name
    title: Title | None = None
    when: Annotated[
        list[Annotated[dict[Name, Conditions], Field(min_length=1, max_length=1)]],
        Field(min_length=1, max_length=8),
    ]
    then: Assertion


class ChainingRuleSet(_Strict):
    """Rules that derive facts from facts until nothing new follows."""

    ruleset: Name
    kind: Literal["chaining"]
    about: Title | None = None
    facts: Annotated[dict[Name, Shape], Field(min_length=1)]
    rules: Annotated[list[ChainingRule], Field(min_length=1)]


RuleSet = Annotated[JudgingRuleSet | ChainingRuleSet, Field(discriminator="kind")]

CASE = "case"
"""The kind and the pattern name of the one fact of a judging rule set."""


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


def type_of(value: LiteralValue) -> Literal["text", "number", "boolean"]:
    """The type of a value. `True` is a boolean only, although Python calls it a number too."""
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int) else "text"


def base_type(kind: PropertyType) -> Literal["text", "number", "boolean"]:
    """The type that decides what may be compared with what: a word is a text."""
    return "text" if isinstance(kind, OneOf) else kind


def fits(value: LiteralValue, kind: PropertyType) -> bool:
    """Whether a value is of a declared type."""
    if type_of(value) != base_type(kind):
        return False
    return not isinstance(kind, OneOf) or value in kind.one_of


def told(kind: PropertyType) -> str:
    """A declared type in words."""
    return f"one of {', '.join(kind.one_of)}" if isinstance(kind, OneOf) else f"a {kind}"
