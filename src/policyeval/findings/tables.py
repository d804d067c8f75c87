"""Findings as tables: every obligation with its verdict and who answers, and all the evidence.

Counts come from the evaluation. The events behind them are looked up again for the findings that
are asked for, so that a large evaluation never holds all evidence at once.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.adjusting import adjusted
from policyeval.evaluation.evidence import hits
from policyeval.evaluation.measures.state import shown
from policyeval.evaluation.parts import of_role, required
from policyeval.evaluation.pipeline import Outcome, Stage
from policyeval.tables import by_label, null, small, stacked

LISTED = 50
"""How many pieces of evidence of a kind a finding lists; how many more there are is counted."""

_WORST_FIRST = ["unmet", "undetermined", "needs_review", "late", "pending", "waived", "met"]

_PART = {
    "name": "name",
    "measure": "measure",
    "scale": "scale",
    "at_least": "lower",
    "at_most": "upper",
    "counted": "counted",
    "late": "late",
    "defective": "defective",
    "satisfied": "satisfied",
}


def plain_table(outcome: Outcome) -> ir.Table:
    """The findings with their parts and who answers, without the evidence.

    Returns:
        The columns of `outcome.findings`, and `parts` (array of structs as `models.Part`) and
        `accountable` (array of structs: `number`, `seq`, `post`, `person`, `vacant`,
        `instead_of`; null if empty). Bounds are as the policy writes them: what must be more than
        a decimal is counted against a millionth more than it, and shown as that decimal.
    """
    return _with_parts(outcome, outcome.findings)


def detailed_table(outcome: Outcome, chosen: ir.Table) -> ir.Table:
    """Chosen findings with everything that belongs to them.

    Args:
        outcome: what an evaluation found.
        chosen: some rows of `outcome.findings`.

    Returns:
        The columns of `plain_table`, and `evidence` (array<struct<at, event, part, status, by>>),
        `defective_evidence` (array<struct<at, event, part, failed>>), both null if empty and cut at
        `LISTED`, and `evidence_count`, the number of the first before the cut.
    """
    found = evidence_table(outcome, chosen)
    flawed = found.status == "defective"
    good = ibis.struct({name: found[name] for name in ("at", "event", "part", "status", "by")})
    bad = ibis.struct({name: found[name] for name in ("at", "event", "part", "failed")})
    listed = found.group_by("ob").agg(
        evidence=good.collect(where=~flawed).sort()[:LISTED],
        defective_evidence=bad.collect(where=flawed).sort()[:LISTED],
        evidence_count=(~flawed).sum(),
    )
    return _with_parts(outcome, chosen.left_join(listed, "ob").drop("ob_right"))


def evidence_table(outcome: Outcome, chosen: ir.Table) -> ir.Table:
    """Every event that was meant for the chosen findings, and what became of it.

    Returns:
        `ob` int64, `finding`, `part`, `event` string, `at` timestamp, `status` (counted, late,
        defective, replaced, withdrawn; released, accepted, refused), `failed` array<string>, `by`
        string (the event that replaced or withdrew it).
    """
    tables = [_stage_evidence(outcome, stage, chosen) for stage in outcome.stages]
    rows = stacked(tables)
    rows = rows.join(chosen.select("ob", "finding"), "ob")
    return rows.select(
        "ob", "finding", "status", "failed", part="name", event="id", at="first", by="superseded_by"
    )


def _stage_evidence(outcome: Outcome, stage: Stage, chosen: ir.Table) -> ir.Table:
    shown_parts = [part for part in stage.parts if part.role != "base"]
    waited = stage.expected.semi_join(chosen, "ob")
    found = adjusted(hits(stage.parts, waited, stage.meant), stage.adjustments)
    found = found.filter(found.good | found.superseded.isnull())
    found = found.filter(found.part.isin([part.label for part in shown_parts]))
    # What does not release from it is no evidence of anything.
    releases = of_role(shown_parts, "release")
    found = found.filter(found.good | ~found.part.isin(releases)) if releases else found
    failed = ibis.ifelse(_status(stage, found) == "defective", found.failed, null("array<string>"))
    rows = found.select(
        "ob", "part", "id", "first", "superseded_by", status=_status(stage, found), failed=failed
    )
    if stage.changes is not None:
        states = shown(outcome.run, waited, stage.changes)
        status = ibis.coalesce(states.superseded, "counted")
        states = states.mutate(status=status, failed=null("array<string>"))
        rows = ibis.union(rows, states.select(rows.columns))
    names = small(
        ((p.label, p.name if p.role == "required" else "") for p in shown_parts),
        {"part": "string", "name": "string"},
    )
    # An event that releases in two ways is named once.
    rows = rows.join(names, "part").drop("part")
    return rows.distinct() if len(releases) > 1 else rows


def _status(stage: Stage, found: ir.Table) -> ir.Value:
    """What became of an event, by the role of its part."""
    counted = ibis.ifelse(found.late, "late", "counted")
    status = ibis.ifelse(found.good, counted, "defective")
    releases, decisions = of_role(stage.parts, "release"), of_role(stage.parts, "decision")
    if releases:
        released = found.part.isin(releases) & found.good
        status = ibis.ifelse(released, "released", status)
    if decisions:
        decided = ibis.ifelse(found.good, "accepted", "refused")
        status = ibis.ifelse(found.part.isin(decisions), decided, status)
    return ibis.coalesce(found.superseded, status)


def order_of(outcome: Outcome, rows: ir.Table, *, worst_first: bool) -> list[ir.Value]:
    """The order of findings: by the policy's duties, or by verdict, the worst first."""
    duties = {name: ibis.literal(n) for n, name in enumerate(outcome.run.policy.duties)}
    verdicts = {name: ibis.literal(n) for n, name in enumerate(_WORST_FIRST)}
    order = [by_label(rows.duty, duties, len(duties)), rows.due]
    order += [rows[name] for name in ("unit", "bearer", "target", "period", "trigger", "finding")]
    if worst_first:
        order.insert(0, by_label(rows.verdict, verdicts, len(verdicts)))
    return order


def _with_parts(outcome: Outcome, rows: ir.Table) -> ir.Table:
    variants = outcome.run.variants
    beyond = {label: each.duty.requires.beyond for label, each in variants.items()}
    rows = rows.mutate(required=rows.required - _by(rows.variant, beyond))
    for table in (_parts(outcome), _accountable(outcome)):
        rows = rows.left_join(table, "ob").drop("ob_right")
    return rows


def _parts(outcome: Outcome) -> ir.Table:
    results = outcome.results
    wanted = {part.label: part.view.requires for part in required(outcome.parts)}
    beyond = {label: each.beyond for label, each in wanted.items()}
    below = {label: each.below for label, each in wanted.items()}
    results = results.mutate(
        satisfied=results.enough & ~results.broken,
        lower=results.lower - _by(results.part, beyond),
        upper=results.upper + _by(results.part, below),
    )
    entry = ibis.struct({name: results[column] for name, column in _PART.items()})
    if not any(part.name for part in required(outcome.parts)):
        return results.select("ob", parts=ibis.array([entry]))
    rows = results.mutate(entry=entry)
    return rows.group_by("ob").agg(parts=rows.entry.collect(order_by=rows.number))


def _by(label: ir.StringColumn, amounts: Mapping[str, int]) -> ir.Value:
    """The amount that belongs to each label."""
    choices = {name: ibis.literal(amount, "int64") for name, amount in amounts.items() if amount}
    return by_label(label, choices, ibis.literal(0, "int64"))


def _accountable(outcome: Outcome) -> ir.Table:
    answers = outcome.answers
    names = ("number", "seq", "post", "person", "vacant", "instead_of")
    entry = ibis.struct({name: answers[name] for name in names})
    return answers.group_by("ob").agg(accountable=entry.collect().sort())
