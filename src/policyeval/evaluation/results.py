"""What was counted, part by part, and together: from measures to the facts of a situation."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.parts import PartKey
from policyeval.language.policy import Policy
from policyeval.tables import small

_PARTS = {
    "duty": "string",
    "part": "string",
    "number": "int64",
    "name": "string",
    "measure": "string",
    "lower": "int64",
    "upper": "int64",
    "scaled": "boolean",
}


def part_results(
    parts: list[PartKey],
    obligations: ir.Table,
    measured: ir.Table,
    doubts: ir.Table | None,
) -> ir.Table:
    """The counts of every part of every obligation, with its bounds.

    Returns:
        `ob`, `number`, `lower`, `upper`, `counted`, `late`, `defective`, `doubt` (rows that could
        not be read and might have counted) int64, bounds null if open; `part`, `name`, `measure`
        string; `enough`, `enough_late`, `broken`, `might_do`, `might_break` boolean.
    """
    specs = small(
        (
            (
                p.duty,
                p.label,
                number,
                p.name,
                p.view.requires.measure,
                *p.view.requires.bounds,
                p.spec.part_period == "scaled",
            )
            for number, p in enumerate(parts)
        ),
        _PARTS,
    )
    rows = obligations.select("ob", "duty", "inside", "length").join(specs, "duty")
    # Rounded up in whole numbers, so that no engine's floating point decides.
    scaled = ((rows.lower * rows.inside + rows.length - 1) // rows.length).cast("int64")
    lower = ibis.ifelse(rows.scaled & (rows.inside < rows.length), scaled, rows.lower)
    rows = rows.mutate(lower=lower).left_join(measured, ["ob", "part"])
    rows = rows.drop("ob_right", "part_right")
    if doubts is None:
        rows = rows.mutate(doubt=ibis.literal(0, type="int64"))
    else:
        rows = rows.left_join(doubts, ["ob", "part"]).drop("ob_right", "part_right")
    counted, late, doubt = (rows[name].fill_null(0) for name in ("counted", "late", "doubt"))
    low, high = rows.lower.fill_null(0), rows.upper
    # One more event can shorten or lengthen the time that a state held: any row leaves all open.
    unsure = (rows.measure != "count") & (doubt > 0)
    broken = (counted > high).fill_null(False)
    return rows.select(
        "ob",
        "part",
        "number",
        "name",
        "measure",
        "lower",
        "upper",
        counted=counted,
        late=late,
        defective=rows.defective.fill_null(0),
        doubt=doubt,
        enough=counted >= low,
        enough_late=counted + late >= low,
        broken=broken & ~unsure,
        might_do=unsure | (counted + late + doubt >= low),
        might_break=unsure | (counted + doubt > high).fill_null(False),
    )


def obligation_results(parts: list[PartKey], results: ir.Table) -> ir.Table:
    """The counts of every obligation: of events, or of parts where a duty has several.

    Returns:
        `ob`, `required`, `counted`, `late`, `defective`, `unreadable` int64; `bounded`, `broken`,
        `might` (rows that could not be read might change the outcome) boolean.
    """
    every = [p.label for p in parts if p.spec.all_of]
    either = [p.label for p in parts if p.spec.any_of]
    bounded = results.upper.notnull()
    fine = results.enough & ~results.broken
    rows = results.mutate(
        every=results.part.isin(every),
        either=results.part.isin(either),
        bounded=bounded,
        fine=fine,
        fine_late=results.enough_late & ~results.broken,
        fine_perhaps=results.might_do & ~results.broken,
        settled=fine & ~bounded,
    )
    totals = rows.group_by("ob").agg(
        every=rows.every.any(),
        either=rows.either.any(),
        parts=rows.count(),
        fine=rows.fine.sum(),
        fine_late=rows.fine_late.sum(),
        fine_perhaps=rows.fine_perhaps.sum(),
        bounded=rows.bounded.any(),
        settled=rows.settled.any(),
        all_broken=rows.broken.all(),
        any_broken=rows.broken.any(),
        all_might_break=rows.might_break.all(),
        any_might_break=rows.might_break.any(),
        lower=rows.lower.max().fill_null(0),
        counted=rows.counted.sum(),
        late=rows.late.sum(),
        defective=rows.defective.sum(),
        doubt=rows.doubt.max(),
    )
    several, either_one = totals.every | totals.either, totals.either
    required = ibis.ifelse(totals.every, totals.parts, ibis.ifelse(either_one, 1, totals.lower))
    counted = ibis.ifelse(several, totals.fine, totals.counted)
    late = ibis.ifelse(several, totals.fine_late - totals.fine, totals.late)
    needed = ibis.ifelse(several, required, 1)
    # Of `any_of`, one part that nothing can undo is enough, whatever bounds the others have.
    bounded = totals.bounded & ~(either_one & totals.settled)
    broken = ibis.ifelse(either_one, totals.all_broken, totals.any_broken)
    might_break = ibis.ifelse(either_one, totals.all_might_break, totals.any_might_break)
    might_do = (counted + late < required) & (totals.fine_perhaps >= needed)
    return totals.select(
        "ob",
        "defective",
        bounded=bounded,
        required=required.cast("int64"),
        broken=broken,
        counted=counted.cast("int64"),
        late=late.cast("int64"),
        unreadable=totals.doubt.cast("int64"),
        might=might_do | (bounded & ~broken & might_break),
    )


def thresholds(policy: Policy) -> set[int]:
    """Every lower bound that an obligation of the policy can have, scaled ones too."""
    found: set[int] = set()
    for duty in policy.duties.values():
        lowers = [part.requires.bounds[0] or 0 for part in duty.parts]
        if duty.all_of:
            lowers = [len(duty.parts)]
        elif duty.any_of:
            lowers = [1]
        for lower in lowers:
            found |= set(range(1, lower + 1)) if duty.part_period == "scaled" else {lower}
    return found
