"""Turns an officer's conditions into expressions over a table of events or units.

Every expression is a plain truth value, never null: a missing value satisfies nothing but
`present: false`. `possible` reads the conditions of a row that could not be read in full: what
could not be read might be anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.engine import full_match, has_all
from policyeval.language.conditions import FieldRef, Group, Labelled, Leaf, Predicate, read
from policyeval.language.policy import BASE_FIELDS

Column = Callable[[str], ir.Value]
"""Field name -> the column that holds it."""

TRUE = ibis.literal(True)
_ELSEWHERE = {"at": "day", "recorded_at": "recorded_day"}
OF_MOMENT = ("weekday", "working_day", "hour")
"""Fields that follow from `at`: what can't be read of it can't be read of them."""


def event_column(events: ir.Table) -> Column:
    """Where a table of events holds a field."""

    def column(field: str) -> ir.Value:
        if field in _ELSEWHERE:
            return events[_ELSEWHERE[field]]
        return events[field] if field in BASE_FIELDS else events[f"f_{field}"]

    return column


def holds(
    conditions: Mapping[str, Any] | None, column: Column, unreadable: ir.ArrayValue | None = None
) -> ir.BooleanValue:
    """Whether a row satisfies all conditions; with `unreadable`, whether it might."""
    return _all([_compile(each.predicate, column, unreadable, True) for each in read(conditions)])


def failures(conditions: Mapping[str, Any] | None, column: Column) -> list[ir.StringValue]:
    """Per condition, its label where a row fails it, else null."""
    labelled: tuple[Labelled, ...] = read(conditions)
    return [
        ibis.ifelse(_compile(each.predicate, column, None, True), ibis.null(str), each.label)
        for each in labelled
    ]


def _compile(
    predicate: Predicate, column: Column, unreadable: ir.ArrayValue | None, might: bool
) -> ir.BooleanValue:
    if isinstance(predicate, Group):
        # `none` turns the question round: it might hold unless one of its members surely does.
        inner = might != (predicate.kind == "none")
        members = [_compile(each, column, unreadable, inner) for each in predicate.members]
        if predicate.kind == "all":
            return _all(members)
        return ~_any(members) if predicate.kind == "none" else _any(members)
    test = _leaf(predicate, column(predicate.field), column)
    if unreadable is None:
        return test
    unknown = unreadable.contains(read_from(predicate.field))
    if isinstance(predicate.value, FieldRef):
        unknown |= unreadable.contains(read_from(predicate.value.field))
    elif predicate.operator == "same_as":
        unknown |= unreadable.contains(read_from(predicate.value))
    return (test | unknown) if might else (test & ~unknown)


def read_from(field: str) -> str:
    """The column of the export that a field is read from."""
    return "at" if field in OF_MOMENT else field


def _leaf(leaf: Leaf, value: ir.Value, column: Column) -> ir.BooleanValue:
    present = value.notnull()
    if leaf.operator == "present":
        return present if leaf.value != leaf.negated else ~present
    if leaf.operator == "same_as":
        other = column(leaf.value)
        both = present & other.notnull()
        same = _same(value, other).fill_null(False)
        return both & ~same if leaf.negated else both & same
    if isinstance(leaf.value, FieldRef):
        present &= column(leaf.value.field).notnull()
    test = _test(leaf, value, column).fill_null(False)
    return present & ~test if leaf.negated else present & test


def _same(value: Any, other: Any) -> Any:
    """Equal; of two lists, the same entries in whatever order."""
    if value.type().is_array():
        return has_all(value, other) & has_all(other, value)
    return value == other


def _test(leaf: Leaf, value: Any, column: Column) -> Any:
    operator, wanted = leaf.operator, leaf.value
    if operator == "equals":
        if value.type().is_array():
            return _same(value, ibis.array([wanted]))
        return value == _literal(wanted)
    if operator == "one_of":
        return value.isin([_literal(each) for each in wanted])
    if operator == "has":
        return value.contains(wanted)
    if operator == "has_all":
        return _all([value.contains(each) for each in wanted])
    if operator == "has_any":
        return _any([value.contains(each) for each in wanted])
    if operator == "matches":
        return full_match(value, wanted)
    compare = {"at_least": "ge", "at_most": "le", "before": "lt", "after": "gt"}[operator]
    if isinstance(wanted, FieldRef):
        share = wanted.share or Fraction(1)
        if share.denominator != 1:
            value = value * share.denominator
        other = column(wanted.field)
        return getattr(value, f"__{compare}__")(other if share == 1 else other * share.numerator)
    return getattr(value, f"__{compare}__")(_literal(wanted))


def _literal(value: Any) -> ir.Value:
    return ibis.literal(value, type="date") if isinstance(value, date) else ibis.literal(value)


def _all(tests: list[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(and_, tests) if tests else TRUE


def _any(tests: list[ir.BooleanValue]) -> ir.BooleanValue:
    return reduce(or_, tests) if tests else ~TRUE
