"""The evaluation, top to bottom: occasions, evidence, measures, judgement, attribution, escalation.

The data engine counts over any number of rows; the rule engine judges each distinct situation once.
Duties that hang on what comes of others are judged after them, stage by stage.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from policyeval.evaluation import evidence, unreadable
from policyeval.evaluation.adjusting import Adjustments, adjusted, adjustments
from policyeval.evaluation.attribution import answers
from policyeval.evaluation.bearers import Lives, lives
from policyeval.evaluation.completion import completions
from policyeval.evaluation.escalation import Raised, escalations
from policyeval.evaluation.judgement import judged, situations
from policyeval.evaluation.measures import count, state
from policyeval.evaluation.measures.numbers import measured_so, numbers
from policyeval.evaluation.moments import with_moments
from policyeval.evaluation.noting import noted
from policyeval.evaluation.obligations import obligations, told
from policyeval.evaluation.outcomes import closed, done, escalated
from policyeval.evaluation.parts import PartKey, of_role, parts
from policyeval.evaluation.reached import reached
from policyeval.evaluation.results import asked, obligation_results, part_results, thresholds
from policyeval.evaluation.run import Run
from policyeval.evaluation.sources import happened, in_columns
from policyeval.evaluation.strata import strata
from policyeval.evaluation.whiles import whiles
from policyeval.language.uses import outcomes_used
from policyeval.rules.proving import proved_rules
from policyeval.tables import stacked


@dataclass(frozen=True)
class Stage:
    """What was found about the duties of one stage, as tables.

    Args:
        parts: the parts of its duties.
        findings: `obligations.COLUMNS` and what `obligations` adds; the facts, counts, `verdict`
            and `rule` of `judgement.judged`. One row per obligation.
        results: counts per part, see `results.part_results`.
        expected: what each obligation waits for, see `evidence.expectations`.
        meant: the events that parts mean, not yet worked out, see `evidence.meant`.
        adjustments: evidence that hangs on other evidence, see `adjusting`.
        changes: events of states, see `state.changes`; None if no duty measures one.
        answers: who answers, see `attribution.answers`.
        completed: the completing events, see `completion`; None if nothing asks for them.
        closed: how obligations of earlier stages closed, as events; None if no duty asks for it.
    """

    parts: list[PartKey]
    findings: ir.Table
    results: ir.Table
    expected: ir.Table
    meant: ir.Table
    adjustments: Adjustments
    changes: ir.Table | None
    answers: ir.Table
    completed: ir.Table | None
    closed: ir.Table | None = None


@dataclass(frozen=True)
class Outcome:
    """What an evaluation found.

    Args:
        run: what it ran on.
        known: the organisation.
        stages: what was found, stage by stage.
        findings: the findings of all stages.
        results: counts per part of all stages.
        answers: who answers, of all stages.
        raised: escalations.
    """

    run: Run
    known: Lives
    stages: list[Stage]
    findings: ir.Table
    results: ir.Table
    answers: ir.Table
    raised: Raised

    @property
    def parts(self) -> list[PartKey]:
        """The parts of all duties."""
        return [part for stage in self.stages for part in stage.parts]


def evaluate(run: Run, tell: Callable[[str], None] = lambda _step: None) -> Outcome:
    """Judge every obligation of a run; `tell` hears the name of each step as it begins.

    Raises:
        InvalidInputError: by the policy's own rules a situation gets no verdict, or more than one.
        RuleEngineError: the engine failed.
    """
    if run.policy.judgement is not None:
        # The shipped rules are proved by `check` and by tests.
        proved_rules(run.policy, thresholds(run.policy), run.policy.policy)
    known = lives(run)
    run = replace(
        run, events=with_moments(run, run.events), rejected=with_moments(run, run.rejected)
    )
    stages: list[Stage] = []
    for duties in strata(run.policy):
        labels = [label for label, each in run.variants.items() if each.name in duties]
        stage = run.stage(labels, run.events)
        verdicts = _closed(run, stages)
        stage = _with_sources(run, stage, known, stages, verdicts)
        found = _stage(stage, known, _rows_of(run, stages), tell)
        stages.append(replace(found, closed=verdicts))
    who = stacked([each.answers for each in stages])
    findings = stacked([each.findings for each in stages])
    raised = escalations(run, known, findings, who)
    unreported = [label for label, each in run.variants.items() if not each.duty.reported]
    if unreported or run.since is not None:
        reported = ~findings.variant.isin(unreported) if unreported else ibis.literal(True)
        findings = run.keep(findings.filter(reported & told(run, findings)))
        who = run.keep(who.semi_join(findings, "ob"))
    results = stacked([each.results for each in stages])
    return Outcome(run, known, stages, findings, results, who, raised)


def _acting(stages: Sequence[Stage]) -> ir.Table:
    """The findings from which something may follow."""
    findings = stacked([each.findings for each in stages])
    return findings.filter(findings.acts)


def _rows_of(run: Run, stages: Sequence[Stage]) -> int:
    """How many obligations there are already."""
    if not stages:
        return 0
    rows = stacked([each.findings.select("ob") for each in stages])
    number: int = run.fetch(rows.aggregate(number=rows.count()))[0]["number"]
    return number


def _with_sources(
    run: Run, stage: Run, known: Lives, earlier: Sequence[Stage], verdicts: ir.Table | None
) -> Run:
    """A stage with what else happens for its duties, beside the events of the export.

    What came of earlier duties comes first: it may be counted, and be followed by silence.
    """
    came = [] if verdicts is None else [verdicts]
    stage = _with(run, stage, came + _done(run, earlier))
    stage = _with(run, stage, reached(stage))
    more = happened(stage, known)
    if earlier:
        answered = stacked([each.answers for each in earlier])
        more += escalated(stage, known, _acting(earlier), answered)
    return _with(run, stage, more)


def _done(run: Run, earlier: Sequence[Stage]) -> list[ir.Table]:
    """The events that completed obligations of earlier stages, if duties ask for them."""
    duties = [duty for duty, outcome in sorted(outcomes_used(run.policy)) if outcome == "done"]
    completed = [each.completed for each in earlier if each.completed is not None]
    if not duties or not completed:
        return []
    return [done(_knowing(run, earlier), _acting(earlier), stacked(completed), duties)]


def _closed(run: Run, earlier: Sequence[Stage]) -> ir.Table | None:
    """How obligations of earlier stages closed, if duties ask for it."""
    verdicts = [each for each in sorted(outcomes_used(run.policy)) if each[1] != "done"]
    if not verdicts or not earlier:
        return None
    return _kept(run, closed(_knowing(run, earlier), _acting(earlier), verdicts))


def _knowing(run: Run, earlier: Sequence[Stage]) -> Run:
    """The run with all that earlier obligations were opened and completed by."""
    last = earlier[-1].closed
    return run if last is None else run.stage(run.variants, ibis.union(run.events, last))


def _with(run: Run, stage: Run, more: list[ir.Table]) -> Run:
    """A stage whose events are so many more."""
    if not more:
        return stage
    rows = _kept(run, stacked(more))
    return stage.stage(stage.variants, ibis.union(stage.events, rows))


def _kept(run: Run, rows: ir.Table) -> ir.Table:
    """What happens as events are, with what follows from its moment."""
    return run.keep(in_columns(run, with_moments(run, rows)))


def _stage(run: Run, known: Lives, first: int, tell: Callable[[str], None]) -> Stage:
    tell("obligations")
    known = replace(known, whiles=whiles(run))
    all_parts = parts(run)
    owed = obligations(run, known, first)
    expected = run.keep(evidence.expectations(run, known, all_parts, owed))
    tell("evidence")
    meant = evidence.meant(run, all_parts, run.events)
    found = evidence.hits(all_parts, expected, meant)
    wanted = _asked(run, all_parts, known, owed, found)
    changes_made = adjustments(run, known, all_parts, wanted, owed, found)
    found = adjusted(found, changes_made)
    changes = _changes(run, all_parts)
    measured = _measured(run, all_parts, expected, found, changes)
    doubts = _doubts(run, all_parts, expected, owed)
    results = run.keep(part_results(wanted, measured, doubts))
    completed = _completed(run, all_parts, results, found)
    tell("judgement")
    totals = obligation_results(all_parts, results)
    notes = noted(run, all_parts, owed, found, completed)
    facts = run.keep(situations(owed, totals, notes))
    verdicts = judged(run, facts)
    findings = run.keep(owed.drop("closed").join(verdicts, "ob"))
    tell("accountability")
    who = run.keep(answers(run, known, findings))
    return Stage(
        all_parts, findings, results, expected, meant, changes_made, changes, who, completed
    )


def _asked(
    run: Run, all_parts: list[PartKey], known: Lives, owed: ir.Table, found: ir.Table
) -> ir.Table:
    """What is asked of each part; worked out now if it hangs on what happened."""
    bases = of_role(all_parts, "base")
    if not bases:
        return asked(all_parts, known, owed, None)
    based = run.keep(count.counts(found.filter(found.part.isin(bases))))
    return run.keep(asked(all_parts, known, owed, based))


def _changes(run: Run, all_parts: list[PartKey]) -> ir.Table | None:
    if not any(part.view.requires.days_held for part in all_parts):
        return None
    return run.keep(state.changes(run, all_parts, run.events))


def _measured(
    run: Run, all_parts: list[PartKey], expected: ir.Table, hits: ir.Table, changes: ir.Table | None
) -> ir.Table:
    """Every part's measure, by the kind of its measure."""
    numbered = [part for part in all_parts if measured_so(part)]
    labels = [part.label for part in numbered]
    plain = hits.filter(~hits.part.isin(labels)) if labels else hits
    tables = [count.counts(plain)]
    if numbered:
        tables.append(numbers(numbered, hits))
    if changes is not None:
        tables.append(state.held(run, all_parts, expected, changes))
    schema = tables[0].schema()
    return stacked([table.select(list(schema)).cast(schema) for table in tables])


def _doubts(
    run: Run, all_parts: list[PartKey], expected: ir.Table, owed: ir.Table
) -> ir.Table | None:
    if run.fetch(run.rejected.aggregate(rows=run.rejected.count()))[0]["rows"] == 0:
        return None
    return unreadable.doubts(run, all_parts, expected, owed)


def _completed(
    run: Run, all_parts: list[PartKey], results: ir.Table, found: ir.Table
) -> ir.Table | None:
    """The completing events, if another duty or a rule of judgement asks for them."""
    names = {each.name for each in run.variants.values()}
    asked_for = {duty for duty, outcome in outcomes_used(run.policy) if outcome == "done"}
    judgement = run.policy.judgement
    lateness = judgement is not None and "working_days_late" in judgement.facts
    if not names & asked_for and not lateness:
        return None
    return run.keep(completions(all_parts, results, found))
