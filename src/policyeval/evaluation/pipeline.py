"""The evaluation, top to bottom: occasions, evidence, measures, judgement, attribution, escalation.

The data engine counts over any number of rows; the rule engine judges each distinct situation once.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from policyeval.evaluation import evidence, unreadable
from policyeval.evaluation.attribution import answers
from policyeval.evaluation.bearers import Lives, lives
from policyeval.evaluation.escalation import escalations
from policyeval.evaluation.judgement import judged, situations
from policyeval.evaluation.measures import count, state
from policyeval.evaluation.obligations import obligations
from policyeval.evaluation.parts import PartKey, parts
from policyeval.evaluation.results import obligation_results, part_results
from policyeval.evaluation.run import Run
from policyeval.rules.escalation import EscalationOutcome


@dataclass(frozen=True)
class Outcome:
    """What an evaluation found, as tables.

    Args:
        run: what it ran on.
        known: the organisation.
        parts: the parts of all duties.
        findings: `obligations.COLUMNS` and what `obligations` adds; the facts, counts, `verdict`
            and `rule` of `judgement.judged`. One row per obligation.
        results: counts per part, see `results.part_results`.
        hits: events that met an obligation, see `evidence.hits`.
        changes: events of states, see `state.changes`.
        answers: who answers, see `attribution.answers`.
        raised: escalations.
    """

    run: Run
    known: Lives
    parts: list[PartKey]
    findings: ir.Table
    results: ir.Table
    hits: ir.Table
    changes: ir.Table
    answers: ir.Table
    raised: list[tuple[dict[str, object], EscalationOutcome]]


def evaluate(run: Run) -> Outcome:
    """Judge every obligation of a run.

    Raises:
        RuleEngineError: a situation gets no verdict, or more than one.
    """
    known = lives(run)
    all_parts = parts(run.policy)
    owed = obligations(run, known)
    expected = run.keep(evidence.expectations(run, known, all_parts, owed))
    hits = evidence.hits(expected, evidence.meant(run, all_parts, run.events))
    changes = _changes(run, all_parts)
    measured = _measured(run, all_parts, expected, hits, changes)
    results = run.keep(part_results(all_parts, owed, measured))
    totals = obligation_results(all_parts, results)
    facts = run.keep(situations(owed, totals, _unreadable(run, all_parts, expected)))
    verdicts = judged(run, facts)
    findings = run.keep(owed.drop("closed").join(verdicts, "ob"))
    who = run.keep(answers(run, known, findings))
    raised = escalations(run, known, findings, who)
    return Outcome(run, known, all_parts, findings, results, hits, changes, who, raised)


def _changes(run: Run, all_parts: list[PartKey]) -> ir.Table:
    return run.keep(state.changes(run, all_parts, run.events))


def _measured(
    run: Run, all_parts: list[PartKey], expected: ir.Table, hits: ir.Table, changes: ir.Table
) -> ir.Table:
    """Every part's measure, by the kind of its measure."""
    counted = count.counts(hits)
    if not any(part.view.requires.days_held for part in all_parts):
        return counted
    held = state.held(run, all_parts, expected, changes)
    columns = ["ob", "part", "counted", "late", "defective"]
    kinds = dict.fromkeys(columns[2:], "int64")
    return ibis.union(counted.select(columns).cast(kinds), held.select(columns).cast(kinds))


def _unreadable(run: Run, all_parts: list[PartKey], expected: ir.Table) -> ir.Table | None:
    if run.fetch(run.rejected.aggregate(rows=run.rejected.count()))[0]["rows"] == 0:
        return None
    return unreadable.unreadable_rows(run, all_parts, expected)
