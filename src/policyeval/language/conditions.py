"""Conditions: what an officer may ask of an event or a unit, as a tree of predicates.

A mapping of field -> condition is read into `Predicate`s: leaves that test one field, and `all`,
`any`, `none` over them. `evaluation/predicates.py` turns them into expressions over a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StrictBool, StrictFloat, StrictInt, StrictStr, Tag
from typing_extensions import TypeAliasType

from policyeval.language.shares import ShareText
from policyeval.language.source import Path_, show
from policyeval.language.validation import Model

Scalar = StrictBool | StrictInt | StrictFloat | date | StrictStr
Operator = Literal[
    "equals",
    "one_of",
    "has",
    "has_all",
    "has_any",
    "at_least",
    "at_most",
    "before",
    "after",
    "matches",
    "present",
    "same_as",
]
GROUPS = ("all", "any", "none")


def _shape(value: Any) -> str:
    if isinstance(value, (dict, Test)):
        return "test"
    if isinstance(value, (list, tuple)):
        mappings = any(isinstance(entry, dict) for entry in value)
        return "group" if mappings else "words"
    return "literal"


class FieldRef(Model):
    """Another field of the same event, or a part of it."""

    field: StrictStr
    share: ShareText | None = None


def _compared(value: Any) -> str:
    return "field" if isinstance(value, (dict, FieldRef)) else "literal"


ComparedNumber = Annotated[
    Annotated[StrictInt | StrictFloat, Tag("literal")] | Annotated[FieldRef, Tag("field")],
    Discriminator(_compared),
]
ComparedDate = Annotated[
    Annotated[date, Tag("literal")] | Annotated[FieldRef, Tag("field")],
    Discriminator(_compared),
]
"""What a value is compared with: a literal, or another field of the event."""


class Test(Model):
    """One condition on one field; several keys must all hold."""

    __test__ = False

    has: Scalar | None = None
    has_all: Annotated[tuple[Scalar, ...], Field(min_length=1)] | None = None
    has_any: Annotated[tuple[Scalar, ...], Field(min_length=1)] | None = None
    at_least: ComparedNumber | None = None
    at_most: ComparedNumber | None = None
    before: ComparedDate | None = None
    after: ComparedDate | None = None
    same_as: StrictStr | None = None
    matches: StrictStr | None = None
    present: StrictBool | None = None
    not_: Condition | None = Field(default=None, alias="not")


Condition = Annotated[
    Annotated[Scalar, Tag("literal")]
    | Annotated[tuple[Scalar, ...], Tag("words"), Field(min_length=1)]
    | Annotated[Test, Tag("test")],
    Discriminator(_shape),
]
Entry = Annotated[
    Annotated[Scalar, Tag("literal")]
    | Annotated[tuple[Scalar, ...], Tag("words"), Field(min_length=1)]
    | Annotated[Test, Tag("test")]
    | Annotated[tuple["Conditions", ...], Tag("group"), Field(min_length=1)],
    Discriminator(_shape),
]
Conditions = TypeAliasType("Conditions", dict[str, Entry])
"""Field -> condition; `all`, `any`, `none` -> list of such mappings."""

Test.model_rebuild()


@dataclass(frozen=True)
class Leaf:
    """A test of one field. `negated` is `not:` (the value must still be there)."""

    field: str
    operator: Operator
    value: Any
    negated: bool
    path: Path_


@dataclass(frozen=True)
class Group:
    """`all`, `any` or `none` of its members."""

    kind: Literal["all", "any", "none"]
    members: tuple[Predicate, ...]


Predicate = Leaf | Group


@dataclass(frozen=True)
class Labelled:
    """A top-level condition with the text that a finding shows when it fails."""

    label: str
    predicate: Predicate


def read(conditions: Mapping[str, Any] | None, path: Path_ = ()) -> tuple[Labelled, ...]:
    """Read a mapping of conditions into predicates, one per top-level entry, in order."""
    return tuple(
        Labelled(f"{key}: {_show(entry)}", _entry(key, entry, (*path, key)))
        for key, entry in (conditions or {}).items()
    )


def leaves(predicate: Predicate) -> Iterator[Leaf]:
    """Every leaf of a predicate."""
    if isinstance(predicate, Leaf):
        yield predicate
    else:
        for member in predicate.members:
            yield from leaves(member)


def _entry(key: str, entry: Any, path: Path_) -> Predicate:
    if key in GROUPS and isinstance(entry, tuple):
        members = tuple(
            Group("all", tuple(p.predicate for p in read(member, (*path, n))))
            for n, member in enumerate(entry)
            if isinstance(member, dict)
        )
        return Group(key, members)  # type: ignore[arg-type]
    return _condition(key, entry, False, path)


def _condition(field: str, condition: Any, negated: bool, path: Path_) -> Predicate:
    if not isinstance(condition, Test):
        operator: Operator = "one_of" if isinstance(condition, tuple) else "equals"
        return Leaf(field, operator, condition, negated, path)
    tests: list[Predicate] = []
    for name in condition.model_fields_set:
        value = getattr(condition, name)
        if name == "not_":
            tests.append(_condition(field, value, not negated, (*path, "not")))
        else:
            tests.append(Leaf(field, name, value, negated, (*path, name)))  # type: ignore[arg-type]
    tests.sort(key=repr)
    if len(tests) == 1:
        return tests[0]
    # Not all of several tests is any of them negated.
    return Group("any" if negated else "all", tuple(tests))


def _show(entry: Any) -> str:
    return show(_plain(entry))


def _plain(entry: Any) -> Any:
    if isinstance(entry, Fraction):
        return str(entry)
    if isinstance(entry, (Test, FieldRef)):
        return {
            ("not" if name == "not_" else name): _plain(getattr(entry, name))
            for name in type(entry).model_fields
            if name in entry.model_fields_set
        }
    if isinstance(entry, dict):
        return {key: _plain(value) for key, value in entry.items()}
    if isinstance(entry, tuple):
        return [_plain(value) for value in entry]
    return entry
