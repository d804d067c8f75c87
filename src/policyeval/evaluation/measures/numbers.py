"""`sum`, `average`, `largest`, `smallest`, `distinct`, `buckets`: what good events amount to.

Each is worked out twice, for the evidence in time and for all of it; late evidence is what the
second adds to the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.measures.count import counts
from policyeval.evaluation.measures.values import MILLION, half_up
from policyeval.evaluation.parts import PartKey
from policyeval.language.requires import Buckets, bounds_of
from policyeval.tables import WIDE, by_label, stacked, wide

KEYS = ["ob", "part"]
Measured = Callable[[ir.Table, list[PartKey]], ir.Table]


def numbers(parts: list[PartKey], hits: ir.Table) -> ir.Table:
    """What is measured, per obligation and part: the columns of `count.counts`.

    `counted` and `late` are in 1/`scale` of the part's requirement.
    """
    groups: dict[str, list[PartKey]] = {}
    for part in parts:
        name = "capped" if part.view.requires.capped else part.view.requires.measure
        groups.setdefault(name, []).append(part)
    tables = [
        _both(hits, some, _MEASURES[name], late=name not in {"average", "smallest"})
        for name, some in groups.items()
        if name in _MEASURES
    ]
    return stacked(tables)


def measured_so(part: PartKey) -> bool:
    """Whether a part is measured here."""
    requires = part.view.requires
    return part.role == "required" and (requires.measure in _MEASURES)


def _both(hits: ir.Table, parts: list[PartKey], measure: Measured, *, late: bool) -> ir.Table:
    mine = hits.filter(hits.part.isin([part.label for part in parts]))
    totals = counts(mine).select(*KEYS, "defective")
    good = mine.filter(mine.good, mine.superseded.isnull())
    in_time = measure(good.filter(~good.late), parts)
    rows = totals.left_join(in_time, KEYS).drop("ob_right", "part_right")
    counted = rows.measure.fill_null(0).cast(WIDE)
    nothing = wide(0)
    if not late:
        return rows.select(*KEYS, "defective", counted=counted, late=nothing).select(_COLUMNS)
    every = measure(good, parts).rename(every="measure")
    rows = rows.mutate(counted=counted).left_join(every, KEYS).drop("ob_right", "part_right")
    more = rows.every.fill_null(0).cast(WIDE) - rows.counted
    return rows.mutate(late=more).select(_COLUMNS)


_COLUMNS = ["ob", "part", "counted", "late", "defective"]


def _sum(good: ir.Table, _parts: list[PartKey]) -> ir.Table:
    return good.group_by(KEYS).agg(measure=good.value.sum())


def _average(good: ir.Table, _parts: list[PartKey]) -> ir.Table:
    """Rounded to millionths, half up, in whole numbers."""
    found = good.group_by(KEYS).agg(total=good.value.sum(), number=good.value.count())
    found = found.filter(found.number > 0)
    return found.select(*KEYS, measure=half_up(found.total, found.number))


def _largest(good: ir.Table, _parts: list[PartKey]) -> ir.Table:
    return good.group_by(KEYS).agg(measure=good.value.max())


def _smallest(good: ir.Table, _parts: list[PartKey]) -> ir.Table:
    return good.group_by(KEYS).agg(measure=good.value.min())


def _distinct(good: ir.Table, _parts: list[PartKey]) -> ir.Table:
    items = good.select(*KEYS, item=good["items"].unnest())
    return items.group_by(KEYS).agg(measure=items.item.nunique())


def _buckets(good: ir.Table, parts: list[PartKey]) -> ir.Table:
    """The number of buckets that satisfy their requirement."""
    specs = {p.label: p.view.requires.buckets for p in parts if p.view.requires.buckets}
    known = good.filter(good.bucket.notnull())
    keys = [*KEYS, "bucket"]
    rows = known.group_by(keys).agg(number=known.count())
    if "value" in good.columns:
        sums = known.group_by(keys).agg(total=known.value.sum())
        rows = rows.left_join(sums, keys).drop([f"{name}_right" for name in keys])
    if "items" in good.columns:
        items = known.select(*keys, item=known["items"].unnest())
        different = items.group_by(keys).agg(different=items.item.nunique())
        rows = rows.left_join(different, keys).drop([f"{name}_right" for name in keys])
    passed = by_label(rows.part, {k: _passes(v, rows) for k, v in specs.items()}, False)
    kept = rows.filter(passed)
    return kept.group_by(KEYS).agg(measure=kept.count())


def _passes(spec: Buckets, rows: ir.Table) -> ir.BooleanValue:
    scale = MILLION if spec.sum else 1
    column = "total" if spec.sum else "different" if spec.distinct else "number"
    value = rows[column].fill_null(0)
    test = ibis.literal(True)
    for name, threshold in spec.thresholds:
        low, high = bounds_of(name, Fraction(str(threshold)) * scale)
        if low is not None:
            test &= value >= wide(low)
        if high is not None:
            test &= value <= wide(high)
    return test


def _capped(good: ir.Table, parts: list[PartKey]) -> ir.Table:
    """The sum, of each bucket at most so much; events without a bucket are counted in full."""
    caps = {p.label: p.view.requires.capped for p in parts}
    rows = good.group_by([*KEYS, "bucket"]).agg(total=good.value.sum().fill_null(0))
    limits = {
        label: wide(int(Fraction(str(cap.at)) * MILLION))
        for label, cap in caps.items()
        if cap is not None
    }
    limited = ibis.least(rows.total, by_label(rows.part, limits, wide(0)))
    rows = rows.mutate(limited=ibis.ifelse(rows.bucket.isnull(), rows.total, limited))
    return rows.group_by(KEYS).agg(measure=rows.limited.sum())


_MEASURES: Mapping[str, Measured] = {
    "sum": _sum,
    "average": _average,
    "largest": _largest,
    "smallest": _smallest,
    "distinct": _distinct,
    "buckets": _buckets,
    "capped": _capped,
}
