"""What was counted, part by part, and together: from measures to the facts of a situation."""

from __future__ import annotations

from fractions import Fraction

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.parts import PartKey, bases, required
from policyeval.evaluation.thresholds import with_bounds
from policyeval.language.policy import Policy
from policyeval.language.requires import Requires
from policyeval.tables import WIDE, small

_PARTS = {
    "variant": "string",
    "part": "string",
    "number": "int64",
    "name": "string",
    "measure": "string",
    "scale": "int64",
    "lower": WIDE,
    "upper": WIDE,
    "bounded": "boolean",
    "whole": "boolean",
    "turns": "boolean",
    "at_end": "boolean",
    "scaled": "boolean",
    "above": "boolean",
}


def _settled_at_end(part: PartKey) -> bool:
    """Whether any further event can move it either way: it is judged when all is over."""
    return part.view.requires.turns or bool(bases(part))


def asked(
    parts: list[PartKey], known: Lives, obligations: ir.Table, based: ir.Table | None
) -> ir.Table:
    """What is asked of every part of every obligation.

    Args:
        parts: the parts.
        known: the organisation.
        obligations: the obligations.
        based: how many events each base has, see `thresholds.with_bounds`.

    Returns:
        `ob`, `number`, `scale` int64; `lower`, `upper` `WIDE` (bounds in 1/scale, null if open);
        `part`, `name`, `measure` string; `closed`, `bounded` (there is an upper bound), `whole`
        (the bounds are fixed whole numbers), `turns` (further events move the measure either way)
        boolean.
    """
    mine = required(parts)
    specs = small(
        (
            (
                p.variant,
                p.label,
                number,
                p.name,
                p.view.requires.measure,
                p.view.requires.scale,
                *p.view.requires.bounds,
                p.view.requires.has_upper or _settled_at_end(p),
                whole(p.view.requires),
                p.view.requires.turns,
                _settled_at_end(p),
                p.spec.part_period == "scaled",
                p.view.requires.more_than is not None,
            )
            for number, p in enumerate(mine)
        ),
        _PARTS,
    )
    columns = ["ob", "variant", "inside", "length", "closed"]
    rows = obligations.select(columns).join(specs, "variant")
    partly = rows.scaled & (rows.inside < rows.length)
    rows = rows.mutate(
        inside=ibis.ifelse(partly, rows.inside, 1), length=ibis.ifelse(partly, rows.length, 1)
    )
    rows = with_bounds(mine, known, rows, obligations, based)
    columns = ["ob", "part", "number", "name", "measure", "scale", "upper"]
    columns += ["bounded", "whole", "turns", "at_end", "closed", "lower"]
    return rows.select(*columns)


def part_results(asked: ir.Table, measured: ir.Table, doubts: ir.Table | None) -> ir.Table:
    """The counts of every part of every obligation, with its bounds.

    Returns:
        The columns of `asked`; `counted`, `late` `WIDE` (in 1/scale); `defective`, `doubt` (rows
        that could not be read and might have counted) int64; `enough`, `enough_late`, `exceeded`
        (the upper bound is), `broken` (for good), `might_do`, `might_break` (rows that could not
        be read might make it enough, or no longer enough) boolean.
    """
    rows = asked.left_join(measured, ["ob", "part"])
    rows = rows.drop("ob_right", "part_right")
    if doubts is None:
        nothing = ibis.literal(0, type="int64")
        rows = rows.mutate(doubt=nothing, in_time=nothing, ending=nothing)
    else:
        rows = rows.left_join(doubts, ["ob", "part"]).drop("ob_right", "part_right")
    counted, late, doubt, in_time, ending = (
        rows[name].fill_null(0) for name in ("counted", "late", "doubt", "in_time", "ending")
    )
    high = rows.upper
    exceeded = (counted > high).fill_null(False)
    counts, either_way = rows.measure == "count", rows.turns
    more, fewer = in_time > 0, ibis.ifelse(either_way, in_time, ending) > 0
    # The longest gap grows with what ends the state; all else with what is more.
    gap = rows.measure == "longest_gap"
    grows, shrinks = ibis.ifelse(gap, fewer, more), ibis.ifelse(gap, more, fewer)
    mendable = exceeded & shrinks
    above = ibis.ifelse(counts, counted + in_time > high, grows & high.notnull())

    def reached(value: ir.Value) -> ir.BooleanValue:
        return (value >= rows.lower).fill_null(True)

    return rows.select(
        "ob",
        "part",
        "number",
        "name",
        "measure",
        "scale",
        "lower",
        "upper",
        "bounded",
        "whole",
        counted=counted,
        late=late,
        defective=rows.defective.fill_null(0),
        doubt=doubt + ending,
        enough=reached(counted) & ~exceeded,
        enough_late=(reached(counted) | reached(counted + late)) & ~exceeded,
        exceeded=exceeded,
        broken=exceeded & ~mendable & (rows.closed | ~rows.at_end),
        might_do=ibis.ifelse(
            exceeded, mendable, (~counts & (doubt > 0)) | reached(counted + late + doubt)
        ),
        might_break=(above | (either_way & more)).fill_null(False),
    )


def obligation_results(parts: list[PartKey], results: ir.Table) -> ir.Table:
    """The counts of every obligation: of events, or of parts where a duty has several.

    Returns:
        `ob`, `scale`, `defective`, `unreadable` int64; `required`, `counted`, `late` `WIDE`;
        `whole`, `asks` (for at least something, be it 0), `bounded`, `broken`, `might` (rows that
        could not be read might change the outcome) boolean.
    """
    every = [p.label for p in required(parts) if p.spec.all_of]
    either = [p.label for p in required(parts) if p.spec.any_of]
    rows = results.mutate(
        every=results.part.isin(every),
        either=results.part.isin(either),
        sure=results.enough & ~results.might_break,
        settled=results.enough & ~results.bounded,
    )
    totals = rows.group_by("ob").agg(
        every=rows.every.any(),
        either=rows.either.any(),
        parts=rows.count(),
        fine=rows.enough.sum(),
        fine_late=rows.enough_late.sum(),
        fine_perhaps=(rows.enough_late | rows.might_do).sum(),
        fine_surely=rows.sure.sum(),
        bounded=rows.bounded.any(),
        settled=rows.settled.any(),
        all_broken=rows.broken.all(),
        any_broken=rows.broken.any(),
        lower=rows.lower.max(),
        scale=rows.scale.max(),
        whole=rows.whole.all(),
        counted=rows.counted.sum(),
        late=rows.late.sum(),
        defective=rows.defective.sum(),
        doubt=rows.doubt.max(),
    )
    several, either_one = totals.every | totals.either, totals.either
    wanted = ibis.ifelse(
        totals.every, totals.parts, ibis.ifelse(either_one, 1, totals.lower.fill_null(0))
    )
    counted = ibis.ifelse(several, totals.fine, totals.counted)
    late = ibis.ifelse(several, totals.fine_late - totals.fine, totals.late)
    needed = ibis.ifelse(several, wanted, 1)
    # Of `any_of`, one part that nothing can undo is enough, whatever bounds the others have.
    bounded = totals.bounded & ~(either_one & totals.settled)
    broken = ibis.ifelse(either_one, totals.all_broken, totals.any_broken)
    might_do = (totals.fine_late < needed) & (totals.fine_perhaps >= needed)
    might_undo = (totals.fine >= needed) & (totals.fine_surely < needed)
    return totals.select(
        "ob",
        "defective",
        scale=ibis.ifelse(several, 1, totals.scale).cast("int64"),
        whole=several | totals.whole,
        asks=several | totals.lower.notnull(),
        bounded=bounded,
        required=wanted.cast(WIDE),
        broken=broken,
        counted=counted.cast(WIDE),
        late=late.cast(WIDE),
        unreadable=totals.doubt.cast("int64"),
        might=~broken & (might_do | might_undo),
    )


def thresholds(policy: Policy) -> set[int]:
    """Every lower bound that an obligation of the policy can have, as situations have them.

    A threshold that is not a whole number, or not fixed, is 1: enough or not.
    """
    found: set[int] = set()
    for variant in policy.variants.values():
        duty = variant.duty
        lowers = [part.requires.bounds[0] or 0 for part in duty.parts]
        if duty.all_of:
            lowers = [len(duty.parts)]
        elif duty.any_of:
            lowers = [1]
        elif any(not whole(part.requires) for part in duty.parts):
            lowers = [0, 1]
        for lower in lowers:
            scaled = duty.part_period == "scaled"
            found |= set(range(min(lower, 1), lower + 1)) if scaled else {lower}
    return found


def whole(requires: Requires) -> bool:
    """Whether a threshold is a fixed whole number, small enough to try every count below it."""
    plain = all(isinstance(quantity, Fraction) for _, quantity in requires.thresholds)
    return plain and requires.scale == 1
