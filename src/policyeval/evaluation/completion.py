"""The event that completed an obligation: at which its requirement was first reached."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.parts import PartKey, required
from policyeval.tables import WIDE, in_time


def completions(parts: list[PartKey], results: ir.Table, hits: ir.Table) -> ir.Table:
    """The completing event of each obligation that was completed, in time or late.

    Of `all_of` the last part's, of `any_of` the first; of measures other than counts and sums, the
    last event that counted (in time, if these were enough).

    Args:
        parts: the parts of the duties.
        results: their counts, see `results.part_results`.
        hits: the evidence.

    Returns:
        `ob` int64, `id` string, `first`, `last` timestamp, `day` date. No row where the requirement
        was not reached, or asks for nothing.
    """
    mine = [part.label for part in required(parts)]
    good = hits.filter(hits.part.isin(mine), hits.good, hits.superseded.isnull())
    good = good.distinct(on=["ob", "part", "id"])
    told = results.select(
        "ob",
        "part",
        "measure",
        "lower",
        made=(results.counted + results.late >= results.lower).fill_null(False),
        in_time=(results.counted >= results.lower).fill_null(False),
    )
    rows = good.join(told, ["ob", "part"])
    order = ibis.cumulative_window(group_by=[rows.ob, rows.part], order_by=in_time(rows))
    reached = rows.count().over(order)
    if "value" in rows.columns:
        total = rows.value.fill_null(0).sum().over(order)
        reached = ibis.ifelse(rows.measure == "sum", total, reached)
    counted = rows.measure.isin(["count", "sum"])
    rows = rows.mutate(reached=reached.cast(WIDE), counted=counted)
    whole = rows.made & ~(rows.in_time & rows.late)
    there = ibis.ifelse(rows.counted, rows.reached >= rows.lower, whole)
    rows = rows.filter(rows.lower > 0, there)
    rows = _first(rows, ["ob", "part"], latest=~rows.counted)
    either = [part.label for part in required(parts) if part.spec.any_of]
    complete = rows.group_by("ob").agg(number=rows.count())
    needed = results.filter((results.lower > 0).fill_null(False))
    wanted = needed.group_by("ob").agg(parts=needed.count())
    rows = rows.join(complete, "ob").join(wanted, "ob")
    rows = rows.filter(rows.part.isin(either) | (rows.number == rows.parts))
    rows = _first(rows, ["ob"], latest=~rows.part.isin(either))
    return rows.select("ob", "id", "first", "last", "day")


def _first(rows: ir.Table, keys: list[str], *, latest: ir.BooleanValue) -> ir.Table:
    """One row per key: the earliest event, or where `latest` says so the last."""
    rows = rows.mutate(latest=latest)
    forward = ibis.window(group_by=keys, order_by=in_time(rows))
    backwards = [rows["first"].desc(), rows["last"], rows.id.desc()]
    backward = ibis.window(group_by=keys, order_by=backwards)
    place = ibis.ifelse(
        rows.latest, ibis.row_number().over(backward), ibis.row_number().over(forward)
    )
    rows = rows.mutate(place=place)
    return rows.filter(rows.place == 0).drop("place", "latest")
