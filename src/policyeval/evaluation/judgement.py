"""Judges each distinct situation once, and gives its verdict to every obligation in it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.run import Run
from policyeval.rules.judgement import Situation, judge, judgement_rules
from policyeval.tables import small

FACTS = {
    "waived": "string",
    "closed": "boolean",
    "bounded": "boolean",
    "broken": "boolean",
    "needed": "int64",
    "clipped": "int64",
    "with_late": "int64",
    "might": "boolean",
    "review": "string",
    "working_days_late": "int64",
}
"""The facts of a situation as columns, in the order of `Situation`'s fields."""


def situations(obligations: ir.Table, results: ir.Table, noted: ir.Table | None) -> ir.Table:
    """The facts that matter about each obligation.

    Args:
        obligations: the obligations.
        results: what `obligation_results` gives.
        noted: `ob` int64; `released` boolean, `review` string, `working_days_late` int64; None if
            nothing is noted of any.

    Returns:
        `ob` int64; `FACTS`; and `required`, `counted`, `late` (in 1/`scale`), `scale`, `defective`,
        `unreadable` int64 in full.
    """
    rows = obligations.select("ob", "closed", "waiver", "part_waived").join(results, "ob")
    if noted is None:
        nothing = {"released": False, "review": "none", "working_days_late": 0}
        rows = rows.mutate(**{name: ibis.literal(value) for name, value in nothing.items()})
    else:
        rows = rows.join(noted, "ob")
    waived = ibis.cases(
        (rows.waiver.notnull(), "waiver"),
        (rows.part_waived, "part_period"),
        (rows.released, "released"),
        else_="nothing",
    )
    # Of thresholds that are no fixed whole numbers it matters only whether they are reached; one of
    # 0 asks for something, too: what is measured may lie below.
    enough = (rows.counted >= rows.required).cast("int64")
    all_told = rows.counted + ibis.greatest(rows.late, 0)
    enough_late = (all_told >= rows.required).cast("int64")
    some = rows.asks.cast("int64")
    needed = ibis.ifelse(rows.whole, rows.required, some)
    clipped = ibis.ifelse(rows.whole, rows.counted, enough)
    with_late = ibis.ifelse(rows.whole, all_told, enough_late)
    late = (clipped < needed) & (with_late >= needed)
    return rows.select(
        "ob",
        "closed",
        "bounded",
        "broken",
        "required",
        "counted",
        "late",
        "scale",
        "defective",
        "unreadable",
        "might",
        "review",
        needed=needed.cast("int64"),
        working_days_late=ibis.ifelse(late, rows.working_days_late, 0).cast("int64"),
        waived=waived,
        clipped=ibis.least(clipped, needed).cast("int64"),
        with_late=ibis.least(with_late, needed).cast("int64"),
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
    rules = judgement_rules(run.policy.judgement)
    verdicts = judge([Situation(*row) for row in found], rules)
    table = small(
        (
            (*row, judgement.verdict, judgement.rule)
            for row, judgement in zip(found, verdicts, strict=True)
        ),
        {**FACTS, "verdict": "string", "rule": "string"},
    )
    return facts.join(table, names)
