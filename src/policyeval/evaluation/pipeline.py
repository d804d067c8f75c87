"""The evaluation, top to bottom: occasions, evidence, measures, judgement, attribution, escalation.

The data engine counts over any number of rows; the rule engine judges each distinct situation once.
"""

from __future__ import annotations

from collections.abc import Callable
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
        expected: what each obligation waits for, see `evidence.expectations`.
        meant: the events that parts mean, not yet worked out, see `evidence.meant`.
        changes: events of states, see `state.changes`; None if no duty measures one.
        answers: who answers, see `attribution.answers`.
        raised: escalations.
    """

    run: Run
    known: Lives
    parts: list[PartKey]
    findings: ir.Table
    results: ir.Table
    expected: ir.Table
    meant: ir.Table
    changes: ir.Table | None
    answers: ir.Table
    raised: list[tuple[dict[str, object], EscalationOutcome]]


def evaluate(run: Run, tell: Callable[[str], None] = lambda _step: None) -> Outcome:
    """Judge every obligation of a run; `tell` hears the name of each step as it begins.

    Raises:
        RuleEngineError: a situation gets no verdict, or more than one.
    """
    tell("obligations")
    known = lives(run)
    all_parts = parts(run.policy)
    owed = obligations(run, known)
    expected = run.keep(evidence.expectations(run, known, all_parts, owed))
    tell("evidence")
    meant = evidence.meant(run, all_parts, run.events)
    hits = evidence.hits(expected, meant)
    changes = _changes(run, all_parts)
    measured = _measured(run, all_parts, expected, hits, changes)
    doubts = _doubts(run, all_parts, expected)
    results = run.keep(part_results(all_parts, owed, measured, doubts))
    tell("judgement")
    totals = obligation_results(all_parts, results)
    facts = run.keep(situations(owed, totals))
    verdicts = judged(run, facts)
    findings = run.keep(owed.drop("closed").join(verdicts, "ob"))
    tell("accountability")
    who = run.keep(answers(run, known, findings))
    raised = escalations(run, known, findings, who)
    return Outcome(run, known, all_parts, findings, results, expected, meant, changes, who, raised)


def _changes(run: Run, all_parts: list[PartKey]) -> ir.Table | None:
    if not any(part.view.requires.days_held for part in all_parts):
        return None
    return run.keep(state.changes(run, all_parts, run.events))


def _measured(
    run: Run, all_parts: list[PartKey], expected: ir.Table, hits: ir.Table, changes: ir.Table | None
) -> ir.Table:
    """Every part's measure, by the kind of its measure."""
    counted = count.counts(hits)
    if changes is None:
        return counted
    held = state.held(run, all_parts, expected, changes)
    return ibis.union(counted, held.cast(counted.schema()))


def _doubts(run: Run, all_parts: list[PartKey], expected: ir.Table) -> ir.Table | None:
    if run.fetch(run.rejected.aggregate(rows=run.rejected.count()))[0]["rows"] == 0:
        return None
    return unreadable.doubts(run, all_parts, expected)
