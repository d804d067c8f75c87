"""Thresholds as bounds of each obligation: fixed numbers, attributes, tables, shares, sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm
from operator import add
from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.engine import divided
from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.measures.values import MILLION, half_up, in_millionths
from policyeval.evaluation.parts import PartKey, bases, choose
from policyeval.language.bases import Base
from policyeval.language.quantities import (
    AnyQuantity,
    GreaterOf,
    LesserOf,
    NumberTable,
    ShareOf,
    members,
    quantities,
)
from policyeval.language.quantities import bases as bases_of
from policyeval.language.tables import OfAttribute, of_target
from policyeval.tables import WIDE, null, wide

NONE = ibis.literal(None, type=WIDE)
Bounds = tuple[ir.Value, ir.Value]


def fixed(part: PartKey) -> bool:
    """Whether a part's thresholds are plain numbers."""
    return all(isinstance(q, Fraction) for _, q in part.view.requires.thresholds)


def registers(parts: Sequence[PartKey]) -> list[Base]:
    """The registers that thresholds hang on, each once."""
    found: list[Base] = []
    for part in parts:
        for _, quantity in part.view.requires.thresholds:
            for base in bases_of(quantity):
                if not base.happens and base not in found:
                    found.append(base)
    return found


def with_bounds(
    parts: Sequence[PartKey],
    known: Lives,
    rows: ir.Table,
    obligations: ir.Table,
    based: ir.Table | None,
) -> ir.Table:
    """Rows of obligations and parts with the bounds of each.

    Args:
        parts: the parts.
        known: the organisation.
        rows: `ob` int64, `part` string, `lower`, `upper` `WIDE` (the fixed bounds), `inside`,
            `length` int64 (of so many, so much of a lower threshold is asked), `above` boolean
            (more than the threshold), and more.
        obligations: the obligations.
        based: the number of events of each base: `ob` int64, `part` (the base's label) string,
            `counted` int64; None if no share is taken of what happens.

    Returns:
        `rows`, with `lower` and `upper` of those whose thresholds hang on something; each lower
        bound in part, rounded once.
    """
    moving = [part for part in parts if not fixed(part)]
    rows = rows.mutate(lower=_in_part(rows))
    if not moving:
        return rows
    facts = _facts(moving, known, obligations, based)
    both = rows.join(facts, "ob", how="left").drop("ob_right")
    lower, upper = {}, {}
    for part in moving:
        lower[part.label], upper[part.label] = _bounds(part, both, _Columns(moving, part))
    labels = both.part.isin([part.label for part in moving])
    both = both.mutate(
        lower=ibis.ifelse(labels, choose(both.part, lower), both.lower),
        upper=ibis.ifelse(labels, choose(both.part, upper), both.upper),
    )
    return both.select(rows.columns)


def _in_part(rows: ir.Table) -> ir.Value:
    """The lower bounds that are fixed, in part: of more than so much, more than so much of it."""
    above = rows.above.cast("int64").cast(WIDE)
    over = (rows.lower - above) * rows.inside
    up = ibis.ifelse(rows.above, 0, rows.length - 1)
    return divided(over + up, rows.length) + above


@dataclass(frozen=True)
class _Columns:
    """Where `_facts` holds what a part's quantities ask for."""

    moving: Sequence[PartKey]
    part: PartKey

    def base(self, base: Base) -> str:
        if base.happens:
            return f"b_{self.part.label}~{bases(self.part).index(base)}"
        return f"r_{registers(self.moving).index(base)}"


def _facts(
    moving: Sequence[PartKey], known: Lives, obligations: ir.Table, based: ir.Table | None
) -> ir.Table:
    """What the quantities ask for, per obligation: attributes, registers, counts of bases."""
    attributes = [name for name in known.units.columns if name.startswith("a_")]
    units = known.units.select("unit", *attributes)
    facts = obligations.select("ob", "unit", "due_day").left_join(units, "unit")
    facts = facts.drop("unit_right") if "unit_right" in facts.columns else facts
    if any(of_target(each) for part in moving for each in _asked(part)):
        facts = facts.left_join(_of_targets(moving, known, obligations), "ob").drop("ob_right")
    for number, base in enumerate(registers(moving)):
        if base.attribute is not None:
            facts = facts.mutate(**{f"r_{number}": _millionths(facts[_column(base)])})
            continue
        counted = _registered(base, known, facts.select("ob", "unit", "due_day"))
        facts = facts.left_join(counted.rename({f"r_{number}": "number"}), "ob").drop("ob_right")
        facts = facts.mutate(**{f"r_{number}": facts[f"r_{number}"].fill_null(0) * MILLION})
    for part in moving:
        for number, _ in enumerate(bases(part)):
            name = f"{part.name}~{number}"
            column = f"b_{part.label}~{number}"
            assert based is not None  # noqa: S101 - a base that happens is a part
            mine = based.filter(based.part == f"{part.variant}/~{name}")
            mine = mine.select("ob", **{column: mine.counted})
            facts = facts.left_join(mine, "ob").drop("ob_right")
            facts = facts.mutate(**{column: facts[column].fill_null(0) * MILLION})
    return facts.drop("unit", "due_day")


def _asked(part: PartKey) -> Iterator[object]:
    """The quantities of a part's thresholds, with what tables are looked up by and the bases."""
    for _, quantity in part.view.requires.thresholds:
        for each in quantities(quantity):
            yield each
            yield getattr(each, "by", None)
            yield getattr(each, "of", None)


def _of_targets(moving: Sequence[PartKey], known: Lives, obligations: ir.Table) -> ir.Table:
    """The attributes of each obligation's target: `ob`, `t_<attribute>`.

    Without `of_each` it is the unit that the trigger names.
    """
    attributes = {f"t_{name[2:]}": name for name in known.units.columns if name.startswith("a_")}
    units = known.units.select(about="unit", **attributes)
    own = [part.variant for part in moving if part.spec.of_each is not None]
    named = obligations.k_target if "k_target" in obligations.columns else null("string")
    about = ibis.ifelse(obligations.variant.isin(own), obligations.target, named)
    return obligations.select("ob", about=about).left_join(units, "about").select("ob", *attributes)


def _column(asked: OfAttribute | Base) -> str:
    """The column of `_facts` that holds an attribute."""
    return f"{'t' if of_target(asked) else 'a'}_{asked.attribute}"


def _registered(base: Base, known: Lives, obligations: ir.Table) -> ir.Table:
    """How many units below, or holders of a post, there are on the due day."""
    if base.unit is not None:
        units = known.units.filter(known.units.kind.isin(base.unit))
        below = known.below.select(member="unit", unit="above")
        members = below.join(
            units.select(member="unit", from_day="from_day", until_day="until_day"), "member"
        )
    else:
        holders = known.holders.filter(known.holders.post.isin(base.post or ()))
        members = holders.select("unit", "from_day", "until_day", member="person")
    both = obligations.join(
        members,
        [
            obligations.unit == members.unit,
            members.from_day <= obligations.due_day,
            members.until_day >= obligations.due_day,
        ],
    )
    return both.group_by("ob").agg(number=both.member.nunique())


def _millionths(value: ir.Value) -> ir.Value:
    return in_millionths(value.fill_null(0))


def _bounds(part: PartKey, rows: ir.Table, columns: _Columns) -> Bounds:
    lower, upper = NONE, NONE
    for word, quantity in part.view.requires.thresholds:
        low, high = _bound(word, quantity, rows, columns, part.view.requires.scale)
        if word not in {"at_most", "less_than"}:
            lower = low
        if word not in {"at_least", "more_than"}:
            upper = high
    return lower, upper


def _bound(
    word: str, quantity: AnyQuantity, rows: ir.Table, columns: _Columns, scale: int
) -> Bounds:
    """The whole numbers of 1/scale that satisfy a threshold."""
    value, of = _exact(quantity, rows, columns)
    share = Fraction(scale, of)
    over, parts = value * wide(share.numerator), wide(share.denominator)
    inside, length = over * rows.inside, parts * rows.length
    low = {
        "at_least": _up(inside, length),
        "exactly": _up(inside, length),
        "more_than": divided(inside, length) + 1,
    }.get(word, NONE)
    high = {
        "at_most": divided(over, parts),
        "exactly": divided(over, parts),
        "less_than": _up(over, parts) - 1,
    }.get(word, NONE)
    return low.cast(WIDE), high.cast(WIDE)


def _up(over: ir.Value, parts: Any) -> ir.Value:
    return divided(over + parts - 1, parts)


def _exact(quantity: AnyQuantity, rows: ir.Table, columns: _Columns) -> tuple[ir.Value, int]:
    """What a quantity is, not rounded: a whole number, and into how many parts one is divided."""
    if isinstance(quantity, Fraction):
        return wide(quantity.numerator), quantity.denominator
    if isinstance(quantity, ShareOf):
        share = quantity.share / MILLION
        base = rows[columns.base(quantity.of)].cast(WIDE)
        return _rounded(quantity, base * wide(share.numerator), share)
    if isinstance(quantity, OfAttribute):
        return _millionths(rows[_column(quantity)]), MILLION
    if isinstance(quantity, NumberTable):
        return _looked_up(quantity, rows, columns)
    each = [_exact(one, rows, columns) for one in members(quantity)]
    of = lcm(*(parts for _, parts in each))
    values = [value * wide(of // parts) for value, parts in each]
    if isinstance(quantity, GreaterOf):
        return ibis.greatest(*values), of
    return ibis.least(*values) if isinstance(quantity, LesserOf) else reduce(add, values), of


def _rounded(quantity: ShareOf, over: ir.Value, share: Fraction) -> tuple[ir.Value, int]:
    """A share as `_exact` gives it, rounded to a whole number if it says so."""
    if quantity.rounded is None:
        return over, share.denominator
    parts = wide(share.denominator)
    if quantity.rounded == "half_up":
        return half_up(over, parts), 1
    return (_up(over, parts) if quantity.rounded == "up" else divided(over, parts)), 1


def _looked_up(lookup: NumberTable, rows: ir.Table, columns: _Columns) -> tuple[ir.Value, int]:
    """What a table has for an attribute or for what is counted, as `_exact` gives it."""
    if lookup.by.attribute is None:
        value = rows[columns.base(lookup.by)] / MILLION
    else:
        value = rows[_column(lookup.by)]
    each = [_exact(one, rows, columns) for one in lookup.values]
    of = lcm(*(parts for _, parts in each))
    *first, last = [number * wide(of // parts) for number, parts in each]
    if lookup.table is not None:
        said = value.cast("string")
        tests = [said == word for word in lookup.table]
    else:
        bands = [band for band in lookup.bands or () if band.up_to is not None]
        tests = [(value <= band.up_to).fill_null(False) for band in bands]
    branches = list(zip(tests, first, strict=True))
    return (ibis.cases(*branches, else_=last) if branches else last), of
