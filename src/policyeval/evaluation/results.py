"""What was counted, part by part, and together: from measures to the facts of a situation."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.parts import PartKey
from policyeval.evaluation.tables import small
from policyeval.language.policy import Policy

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


def part_results(parts: list[PartKey], obligations: ir.Table, measured: ir.Table) -> ir.Table:
    """The counts of every part of every obligation, with its bounds.

    Returns:
        `ob`, `number`, `lower`, `upper`, `counted`, `late`, `defective` int64 (bounds null if
        open); `part`, `name`, `measure` string; `enough`, `enough_late`, `broken` boolean.
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
    counted, late = rows.counted.fill_null(0), rows.late.fill_null(0)
    low, high = rows.lower.fill_null(0), rows.upper
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
        enough=counted >= low,
        enough_late=counted + late >= low,
        broken=(counted > high).fill_null(False),
    )


def obligation_results(parts: list[PartKey], results: ir.Table) -> ir.Table:
    """The counts of every obligation: of events, or of parts where a duty has several.

    Returns:
        `ob`, `required`, `counted`, `late`, `defective` int64; `bounded`, `broken` boolean.
    """
    grouped = {p.duty: p for p in parts if p.name}
    every = [p.label for p in parts if p.name and grouped[p.duty].spec.all_of]
    named = [p.label for p in parts if p.name]
    several = results.part.isin(named)
    whole = results.part.isin(every)
    kept = ~results.broken
    fine, fine_late = results.enough & kept, results.enough_late & kept
    number = ibis.ifelse(several, 1, 0)
    rows = results.mutate(
        several=number,
        whole=ibis.ifelse(whole, 1, 0),
        fine=ibis.ifelse(fine, 1, 0),
        fine_late=ibis.ifelse(fine_late, 1, 0),
        is_broken=ibis.ifelse(results.broken, 1, 0),
        is_bounded=ibis.ifelse(results.upper.notnull(), 1, 0),
    )
    totals = rows.group_by("ob").agg(
        several=rows.several.max(),
        whole=rows.whole.max(),
        parts=rows.count(),
        fine=rows.fine.sum(),
        fine_late=rows.fine_late.sum(),
        broken_parts=rows.is_broken.sum(),
        bounded=rows.is_bounded.max() == 1,
        lower=rows.lower.max().fill_null(0),
        counted=rows.counted.sum(),
        late=rows.late.sum(),
        defective=rows.defective.sum(),
    )
    many, needs_all = totals.several == 1, totals.whole == 1
    required = ibis.ifelse(needs_all, totals.parts, ibis.ifelse(many, 1, totals.lower))
    broken = ibis.ifelse(
        many & ~needs_all, totals.broken_parts == totals.parts, totals.broken_parts > 0
    )
    return totals.select(
        "ob",
        "bounded",
        "defective",
        required=required.cast("int64"),
        broken=broken,
        counted=ibis.ifelse(many, totals.fine, totals.counted).cast("int64"),
        late=ibis.ifelse(many, totals.fine_late - totals.fine, totals.late).cast("int64"),
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
