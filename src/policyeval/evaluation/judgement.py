"""Judges each distinct situation once, and gives its verdict to every obligation in it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.run import Run
from policyeval.rules.judgement import Situation, judge
from policyeval.tables import small

FACTS = {
    "waived": "string",
    "closed": "boolean",
    "bounded": "boolean",
    "broken": "boolean",
    "required": "int64",
    "clipped": "int64",
    "with_late": "int64",
    "might": "boolean",
}
"""The facts of a situation as columns, in the order of `Situation`'s fields."""


def situations(obligations: ir.Table, results: ir.Table) -> ir.Table:
    """The facts that matter about each obligation.

    Returns:
        `ob` int64; `FACTS`; and `counted`, `late`, `defective`, `unreadable` int64 in full.
    """
    rows = obligations.select("ob", "closed", "waiver", "part_waived").join(results, "ob")
    waived = ibis.cases(
        (rows.waiver.notnull(), "waiver"), (rows.part_waived, "part_period"), else_="nothing"
    )
    return rows.select(
        "ob",
        "closed",
        "bounded",
        "broken",
        "required",
        "counted",
        "late",
        "defective",
        "unreadable",
        "might",
        waived=waived,
        clipped=ibis.least(rows.counted, rows.required),
        with_late=ibis.least(rows.counted + rows.late, rows.required),
    )


def judged(run: Run, facts: ir.Table) -> ir.Table:
    """The verdict of every obligation.

    Returns:
        `facts` with `verdict`, `rule` string.

    Raises:
        RuleEngineError: a situation gets no verdict, or more than one.
    """
    names = list(FACTS)
    distinct = run.fetch(facts.select(names).distinct())
    found = sorted(tuple(row[name] for name in names) for row in distinct)
    verdicts = judge([Situation(*row) for row in found])
    table = small(
        (
            (*row, judgement.verdict, judgement.rule)
            for row, judgement in zip(found, verdicts, strict=True)
        ),
        {**FACTS, "verdict": "string", "rule": "string"},
    )
    return facts.join(table, names)
