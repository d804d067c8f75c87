"""Does a condition fit the field that it tests?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb

from policyeval.language.conditions import Leaf
from policyeval.language.policy import FieldType
from policyeval.language.source import Path_, show
from policyeval.language.validation import nearest

_KINDS_OF: dict[str, set[str]] = {
    "equals": {"text", "number", "boolean", "date", "list"},
    "one_of": {"text", "number", "date"},
    "has": {"list"},
    "has_all": {"list"},
    "has_any": {"list"},
    "at_least": {"number"},
    "at_most": {"number"},
    "before": {"date"},
    "after": {"date"},
    "matches": {"text"},
    "present": {"text", "number", "boolean", "date", "list"},
}


def condition_problem(leaf: Leaf, field: FieldType) -> Iterator[tuple[Path_, str]]:
    """What is wrong with testing `field` so, at most one problem."""
    if field.kind not in _KINDS_OF[leaf.operator]:
        fitting = sorted(name for name, kinds in _KINDS_OF.items() if field.kind in kinds)
        message = f"`{leaf.operator}` does not fit `{leaf.field}`, which is {_named(field.kind)}"
        yield leaf.path, f"{message}; fitting: {', '.join(fitting)}"
        return
    if leaf.operator == "matches":
        flaw = _regex_problem(leaf.value)
        if flaw:
            yield leaf.path, f"`{leaf.value}` is no regular expression (RE2): {flaw}"
        return
    if leaf.operator in {"equals", "one_of", "has", "has_all", "has_any"}:
        values: tuple[Any, ...] = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
        for value in values:
            problem = _value_problem(value, field)
            if problem:
                yield leaf.path, problem
                return


def _value_problem(value: Any, field: FieldType) -> str | None:
    wanted = "text" if field.kind == "list" else field.kind
    found = (
        "boolean"
        if isinstance(value, bool)
        else "number"
        if isinstance(value, (int, float))
        else "date"
        if isinstance(value, date)
        else "text"
    )
    if found != wanted:
        hint = "; put it in quotes" if wanted == "text" else ""
        return f"expected {_named(wanted)}, found {show(value)}{hint}"
    if field.words is not None and value not in field.words:
        return f"`{value}` is not one of the field's words{nearest(str(value), field.words)}"
    return None


def _named(kind: str) -> str:
    return "text" if kind == "text" else f"a {kind}"


def _regex_problem(pattern: str) -> str | None:
    """The data engine's own word on a pattern, so that `check` and `evaluate` agree."""
    try:
        duckdb.execute("SELECT regexp_full_match('', $1)", [pattern]).fetchall()
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return None
