"""Small tables from Python rows, and the few column idioms that every step uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

Schema = Mapping[str, str]
"""Column name -> Ibis type name."""

STAMP = "timestamp(6)"
WIDE = "decimal(38, 0)"
"""Whole numbers of 38 digits: what is measured, in millionths, and what it is compared with."""

IN_ARROW = {
    "string": pa.string(),
    "int64": pa.int64(),
    WIDE: pa.decimal128(38, 0),
    "float64": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    STAMP: pa.timestamp("us"),
}
"""Ibis type name -> Arrow type."""


def small(rows: Iterable[Sequence[Any]], schema: Schema) -> ir.Table:
    """A table from rows of Python values, in the order of `schema`'s columns."""
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [
        pa.array(column, type=IN_ARROW[kind])
        for column, kind in zip(columns, schema.values(), strict=True)
    ]
    return ibis.memtable(pa.table(arrays, names=list(schema)))


def stacked(tables: Sequence[ir.Table]) -> ir.Table:
    """The rows of one or more tables of the same columns, all of them, as one table."""
    return ibis.union(*tables) if len(tables) > 1 else tables[0]


def null(kind: str) -> ir.Value:
    """A typed null."""
    return ibis.literal(None, type=kind)


def wide(number: int) -> ir.DecimalValue:
    """A whole number to reckon with: an engine may take a small literal for a small type."""
    return ibis.literal(str(number)).cast(WIDE)


def interval(number: int, unit: str) -> ir.IntervalValue:
    """So many units of Ibis (`"D"` days, `"M"` months, `"h"`, `"m"`, `"us"`).

    Not `ibis.interval`: its SQL cannot be written where the compiled build of sqlglot
    (`sqlglotc`) is installed beside.
    """
    return ibis.literal(number, type="int64").as_interval(unit)


def by_label(
    label: ir.StringColumn, choices: Mapping[str, ir.Value], otherwise: ir.Value | Any
) -> ir.Value:
    """One expression for many duties: the value of the choice that `label` names."""
    if not choices:
        return otherwise if isinstance(otherwise, ir.Expr) else ibis.literal(otherwise)
    branches = [(label == name, value) for name, value in choices.items()]
    return ibis.cases(*branches, else_=otherwise)


def joined(values: Sequence[ir.StringValue]) -> ir.StringValue:
    """Texts as one key that no other texts give; null if one is null."""
    if len(values) == 1:
        return values[0]
    key = ibis.literal("")
    for value in values:
        key = key + value.length().cast(dt.string) + ibis.literal(":") + value
    return key


def in_time(rows: ir.Table) -> list[ir.Value]:
    """The order of happenings (`first`, `last`, `id`): of one moment first what is only a date."""
    return [rows["first"], rows["last"].desc(), rows["id"]]
