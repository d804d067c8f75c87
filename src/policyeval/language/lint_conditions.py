"""Do conditions fit the fields that they test?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb

from policyeval.language.conditions import FieldRef, Leaf, leaves, read
from policyeval.language.lint_names import Fields, Found, Kinds, chosen_from, named, wanted
from policyeval.language.policy import FieldType
from policyeval.language.source import Path_, show
from policyeval.language.validation import nearest

_ALL = {"text", "number", "boolean", "date", "list"}
_KINDS_OF: dict[str, set[str]] = {
    "equals": _ALL,
    "one_of": {"text", "number", "date"},
    "has": {"list"},
    "has_all": {"list"},
    "has_any": {"list"},
    "at_least": {"number"},
    "at_most": {"number"},
    "before": {"date"},
    "after": {"date"},
    "matches": {"text"},
    "present": _ALL,
    "same_as": _ALL,
}
_WITH_VALUES = {"equals", "one_of", "has", "has_all", "has_any"}


def conditions_on(kinds: Kinds, conditions: object, path: Path_) -> Found:
    """What is wrong with conditions on things that can be of several kinds."""
    for leaf in _read(conditions, path):
        for kind in kinds:
            if leaf.field not in kind.fields:
                near = nearest(leaf.field, chosen_from(kind.fields))
                yield leaf.path, f"{kind.said} has no field `{leaf.field}`{near}"
            else:
                yield from condition_problem(leaf, kind.fields)


def conditions_on_units(attributes: Fields, conditions: object, path: Path_) -> Found:
    """What is wrong with conditions on a unit."""
    for leaf in _read(conditions, path):
        if leaf.field not in attributes:
            near = nearest(leaf.field, attributes)
            yield leaf.path, f"unknown unit attribute `{leaf.field}`{near}"
        else:
            yield from condition_problem(leaf, attributes)


def condition_problem(leaf: Leaf, fields: Fields) -> Found:
    """What is wrong with testing a field so, at most one problem."""
    field = fields[leaf.field]
    if field.kind not in _KINDS_OF[leaf.operator]:
        fitting = sorted(name for name, kinds in _KINDS_OF.items() if field.kind in kinds)
        message = f"`{leaf.operator}` does not fit `{leaf.field}`, which is {named(field.kind)}"
        yield leaf.path, f"{message}; fitting: {', '.join(fitting)}"
    elif leaf.operator == "same_as":
        yield from wanted(leaf.path, "field", leaf.value, fields, [field.kind], hint="to compare")
    elif isinstance(leaf.value, FieldRef):
        yield from _reference(leaf, leaf.value, fields)
    elif leaf.operator == "matches":
        flaw = _regex_problem(leaf.value)
        if flaw:
            yield leaf.path, f"`{leaf.value}` is no regular expression (RE2): {flaw}"
    elif leaf.operator in _WITH_VALUES:
        values: tuple[Any, ...] = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        problems = filter(None, (_value_problem(value, field) for value in values))
        yield from ((leaf.path, problem) for problem in list(problems)[:1])


def _reference(leaf: Leaf, other: FieldRef, fields: Fields) -> Found:
    kind = fields[leaf.field].kind
    path = (*leaf.path, "field")
    yield from wanted(path, "field", other.field, fields, [kind], hint="to compare")
    if other.share is not None and kind != "number":
        yield (*leaf.path, "share"), f"`share` is for numbers; `{leaf.field}` is {named(kind)}"


def _read(conditions: object, path: Path_) -> Iterator[Leaf]:
    for labelled in read(conditions, path):  # type: ignore[arg-type]
        yield from leaves(labelled.predicate)


def _value_problem(value: Any, field: FieldType) -> str | None:
    kind = "text" if field.kind == "list" else field.kind
    if _kind_of(value) != kind:
        hint = "; put it in quotes" if kind == "text" else ""
        return f"expected {named(kind)}, found {show(value)}{hint}"
    if field.words is not None and value not in field.words:
        return f"`{value}` is not one of the field's words{nearest(str(value), field.words)}"
    return None


def _kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    return "date" if isinstance(value, date) else "text"


def _regex_problem(pattern: str) -> str | None:
    """The data engine's own word on a pattern, so that `check` and `evaluate` agree."""
    try:
        duckdb.execute("SELECT regexp_full_match('', $1)", [pattern]).fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return None
