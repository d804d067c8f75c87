"""What measures need of an event: a number, the items that it is about, the bucket it falls in.

Numbers are kept as whole millionths, so that sums are exact, in whatever order they are added.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.engine import divided
from policyeval.evaluation.parts import PartKey, choose
from policyeval.evaluation.predicates import event_column
from policyeval.evaluation.run import Run
from policyeval.language.requires import Requires
from policyeval.tables import WIDE, wide

MILLION = 1_000_000


SURE = 4_000_000_000
"""Up to here floating point has the millionths of a number and halves of them."""


def half_up(over: ir.Value, parts: Any) -> ir.Value:
    """`over / parts` rounded half up, in whole numbers."""
    return divided(over * 2 + parts, parts * 2)


def value_columns(run: Run, parts: list[PartKey], rows: ir.Table) -> dict[str, ir.Value]:
    """The columns that the measures of these parts need, and no others.

    Returns:
        `value` `WIDE` (millionths), `items` array<string>, `bucket` string, each only where a part
        needs it.
    """
    wanted = {p.label: p.view.requires for p in parts if p.role == "required"}
    columns: dict[str, ir.Value] = {}
    numbers = {label: name for label, r in wanted.items() if (name := number_field(r))}
    items = {label: name for label, r in wanted.items() if (name := item_field(r))}
    buckets = {label: name for label, r in wanted.items() if (name := bucket_field(r))}
    if numbers:
        columns["value"] = _chosen(rows, {k: millionths(rows, v) for k, v in numbers.items()})
    if items:
        columns["items"] = _chosen(rows, {k: _items(rows, v) for k, v in items.items()})
    if buckets:
        columns["bucket"] = _chosen(rows, {k: _bucket(run, rows, v) for k, v in buckets.items()})
    return columns


def _chosen(rows: ir.Table, choices: dict[str, ir.Value]) -> ir.Value:
    first = next(iter(choices.values()))
    chosen = choose(rows.part, choices)
    return ibis.ifelse(rows.part.isin(sorted(choices)), chosen, ibis.null(first.type()))


def number_field(requires: Requires) -> str | None:
    """The number field that is measured."""
    inner = requires.buckets.sum if requires.buckets else None
    return requires.sum or requires.average or requires.largest or requires.smallest or inner


def item_field(requires: Requires) -> str | None:
    """The field whose different values are counted."""
    return requires.distinct or (requires.buckets.distinct if requires.buckets else None)


def bucket_field(requires: Requires) -> str | None:
    """What events are put together by."""
    each = requires.buckets or requires.capped
    return each.by if each else None


def millionths(rows: ir.Table, field: str) -> ir.Value:
    """A number field in whole millionths."""
    return in_millionths(event_column(rows)(field))


def in_millionths(value: ir.Value) -> ir.Value:
    """Numbers in whole millionths, rounded half up; of large ones by what is written."""
    near = (value * MILLION + 0.5).floor().cast("int64").cast(WIDE)
    written = value.cast("string").cast("decimal(38, 6)") * wide(MILLION)
    return ibis.ifelse(value.abs() < SURE, near, written.cast(WIDE))


def _items(rows: ir.Table, field: str) -> ir.Value:
    value = event_column(rows)(field)
    return value if value.type().is_array() else ibis.array([value.cast("string")])


def _bucket(run: Run, rows: ir.Table, by: str) -> ir.Value:
    day = rows.day
    if by == "day":
        return day.strftime("%Y-%m-%d")
    if by == "week":
        return day.truncate("W").strftime("%Y-%m-%d")
    if by == "month":
        return day.strftime("%Y-%m")
    if by in {"quarter", "year"}:
        return _part_of_year(run, day, 3 if by == "quarter" else 12)
    return event_column(rows)(by).cast("string")


def _part_of_year(run: Run, day: ir.DateValue, months: int) -> ir.Value:
    """The quarter or year of the plan's year, as a text that tells it from all others."""
    month, start = run.clock.year_start
    whole = day.year() * 12 + day.month() - ibis.ifelse(day.day() >= start, 0, 1) - month
    return (whole // months).cast("string")
