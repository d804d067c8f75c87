"""Rules of judgement: what a rule may say, and the rules that a policy adds to the shipped ones.

A judging rule looks at one case, a flat mapping of facts: `when` all its conditions hold, `then`
this is the outcome. The shipped rules (`rules/judgement.yaml`) are made of the same models.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    Tag,
)

from policyeval.language.source import show
from policyeval.language.validation import Model, refuse
from policyeval.language.words import Id, Title

MAX_NUMBER = 1_000_000_000
"""The largest number that a rule may be written with."""


def _literal(value: Any) -> Any:
    if not isinstance(value, bool | int | str):
        raise refuse(f"expected a word, a whole number, `true` or `false`, found `{show(value)}`")
    return value if isinstance(value, bool | str) else _fitting(value)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | dict | FactRef):
        raise refuse(f"expected a whole number or `{{fact: name}}`, found `{shown(value)}`")
    return _fitting(value) if isinstance(value, int) else value


def _fitting(number: int) -> int:
    if abs(number) > MAX_NUMBER:
        raise refuse(f"{number} is too large; a rule may say numbers up to {MAX_NUMBER}")
    return number


LiteralValue = Annotated[StrictBool | StrictInt | StrictStr, BeforeValidator(_literal)]
"""`true`, `3` or `text`, just as written: `1` is not `true`, and `"3"` is not `3`."""

PropertyName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=64)]
RuleName = Annotated[Id, Field(max_length=64)]


class OneOf(Model):
    """A text that is one of these words."""

    one_of: Annotated[list[StrictStr], Field(min_length=1)]


def _type_tag(value: Any) -> str:
    return "word" if isinstance(value, str) else "one_of"


PropertyType = Annotated[
    Annotated[Literal["text", "number", "boolean"], Tag("word")] | Annotated[OneOf, Tag("one_of")],
    Discriminator(_type_tag),
]
Shape = dict[PropertyName, PropertyType]
"""The properties of a kind of fact, and their types."""


class FactRef(Model):
    """Another property: `other` of the same fact, or `pattern.property` of an earlier pattern."""

    fact: str


def _operand_tag(value: Any) -> str:
    return "ref" if isinstance(value, dict | FactRef) else "literal"


Number = Annotated[
    Annotated[StrictInt, Tag("literal")] | Annotated[FactRef, Tag("ref")],
    Discriminator(_operand_tag),
    BeforeValidator(_number),
]


class Comparison(Model):
    """One or more comparisons, all of which must hold. `not` takes a literal."""

    at_least: Number | None = None
    at_most: Number | None = None
    more_than: Number | None = None
    less_than: Number | None = None
    not_: LiteralValue | None = Field(default=None, alias="not")

    @property
    def numbers(self) -> dict[str, int | FactRef]:
        """What a number is compared with, by the word of the comparison."""
        words = ("at_least", "at_most", "more_than", "less_than")
        found = {word: getattr(self, word) for word in words}
        return {word: operand for word, operand in found.items() if operand is not None}


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
Conditions = dict[str, Condition]


class JudgingRule(Model):
    """A rule that judges a case: `when` all its conditions hold, `then` this is the outcome."""

    rule: RuleName
    title: Title | None = None
    when: Conditions
    then: dict[str, LiteralValue]


class JudgingRuleSet(Model):
    """Rules of which exactly one must fire for every case."""

    ruleset: PropertyName
    kind: Literal["judging"]
    about: Title | None = None
    case: Shape
    gives: Shape
    rules: Annotated[list[JudgingRule], Field(min_length=1)]


class JudgementSpec(Model):
    """The rules of judgement that a policy adds, and the shipped ones that it takes out."""

    instead_of: tuple[str, ...] = ()
    rules: tuple[JudgingRule, ...] = ()

    @property
    def facts(self) -> frozenset[str]:
        """Every fact of a situation that the added rules look at."""
        used = (facts_of(name, each) for rule in self.rules for name, each in rule.when.items())
        return frozenset(name for names in used for name in names)


def facts_of(name: str, condition: Condition) -> frozenset[str]:
    """The fact that a condition is on, and those that it compares it with."""
    return frozenset({name, *(ref.fact for ref in refs_of(condition))})


def refs_of(condition: Condition) -> Iterator[FactRef]:
    """The other facts that a condition names."""
    if isinstance(condition, FactRef):
        yield condition
    elif isinstance(condition, Comparison):
        yield from (each for each in condition.numbers.values() if isinstance(each, FactRef))


def literals_of(condition: Condition) -> Iterator[bool | int | str]:
    """The values that a condition is written with."""
    if isinstance(condition, list):
        yield from condition
    elif isinstance(condition, Comparison):
        yield from (each for each in condition.numbers.values() if isinstance(each, int))
        if condition.not_ is not None:
            yield condition.not_
    elif not isinstance(condition, FactRef):
        yield condition


def type_of(value: bool | int | str) -> Literal["text", "number", "boolean"]:
    """The type of a value. `True` is a boolean only, although Python calls it a number too."""
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int) else "text"


def base_type(kind: PropertyType) -> Literal["text", "number", "boolean"]:
    """The type that decides what may be compared with what: a word is a text."""
    return "text" if isinstance(kind, OneOf) else kind


def fits(value: bool | int | str, kind: PropertyType) -> bool:
    """Whether a value is of a declared type."""
    if type_of(value) != base_type(kind):
        return False
    return not isinstance(kind, OneOf) or value in kind.one_of


def shown(value: Any) -> str:
    """A value as it is written, a text in quotes."""
    return f'"{show(value)}"' if isinstance(value, str) else show(value)


def told(kind: PropertyType) -> str:
    """A declared type in words."""
    return f"one of {', '.join(kind.one_of)}" if isinstance(kind, OneOf) else f"a {kind}"
