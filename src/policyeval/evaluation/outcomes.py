"""What comes of duties and escalations, as rows that later duties read as events."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.clocks import on_days
from policyeval.evaluation.escalation import Raised, raised_as
from policyeval.evaluation.run import Run
from policyeval.evaluation.sources import as_events, in_columns, own_type
from policyeval.evaluation.times import NO_MOMENT
from policyeval.language.sources import OfEscalation
from policyeval.language.uses import counted_towards
from policyeval.tables import null, small


def done(run: Run, findings: ir.Table, completed: ir.Table, duties: Sequence[str]) -> ir.Table:
    """The events that completed obligations of these duties, each with the type that says so."""
    chosen = findings.filter(findings.duty.isin(list(duties))).select("ob", "duty")
    which = completed.select("ob", "id").join(chosen, "ob").select("id", "duty").distinct()
    rows = run.events.drop("type").join(which, "id")
    kind = ibis.literal("~") + rows.duty + ibis.literal(":done")
    return in_columns(run, rows.mutate(type=kind))


def closed(run: Run, findings: ir.Table, wanted: Sequence[tuple[str, str]]) -> ir.Table:
    """What obligations closed with a verdict: at the last instant, about the bearer.

    Args:
        run: the run, with the events of the export and how earlier obligations closed.
        findings: judged obligations.
        wanted: (duty, verdict) of what is asked for.
    """
    asked = small(wanted, {"duty": "string", "verdict": "string"})
    rows = findings.filter(findings.closed, findings.closes < ibis.literal(NO_MOMENT))
    rows = rows.join(asked, ["duty", "verdict"])
    seat = ibis.ifelse(rows.post.isnull(), null("string"), rows.unit)
    label = ibis.coalesce(rows.period, rows.trigger)
    about = [rows.duty, rows.bearer, rows.post, seat, rows.target, label]
    name = about[0]
    for each in about[1:]:
        name = name + ibis.coalesce(ibis.literal(" ") + each, ibis.literal(""))
    rosters = [
        label
        for label, variant in run.policy.variants.items()
        if variant.duty.of_each is not None and variant.duty.of_each.post is not None
    ]
    rows = on_days(run, rows.mutate(at=rows.closes), "at", "day")
    roster = rows.variant.isin(rosters) if rosters else ibis.literal(False)
    rows = rows.select(
        "unit",
        "target",
        "trigger",
        "day",
        person=ibis.coalesce(rows.person, ibis.ifelse(roster, rows.target, null("string"))),
        id=name,
        type=ibis.literal("~") + rows.duty + ibis.literal(":") + rows.verdict,
        first=rows["at"],
        last=rows["at"],
    )
    fields = [column for column in run.events.columns if column.startswith("f_")]
    if not fields:
        return in_columns(run, rows)
    triggers = run.events.select(*fields, trigger="id")
    return in_columns(run, rows.left_join(triggers, "trigger").drop("trigger_right"))


def escalated(stage: Run, known: Lives, findings: ir.Table, answers: ir.Table) -> list[ir.Table]:
    """Rows for the duties of a stage that escalations open.

    Args:
        stage: the stage.
        known: the organisation.
        findings: what was found of earlier stages.
        answers: who answers for it.
    """
    found = []
    for variant in stage.variants.values():
        trigger = variant.duty.trigger
        if isinstance(trigger, OfEscalation):
            name = trigger.escalation
            counted = counted_towards(stage.policy, name)
            taken = findings.filter(findings.duty.isin(counted) if counted else ibis.literal(False))
            raised = raised_as(name, stage, known, taken, answers)
            rows = _rows(raised)
            found.append(as_events(stage, rows.mutate(type=ibis.literal(own_type(variant)))))
    return found


def _rows(raised: Raised) -> ir.Table:
    """The day on which each escalation of a unit had all the findings that it takes."""
    rows = [
        (f"{row['escalation']} {row['year']} {row['subject']}", row["subject"], row["raised"])
        for row, _ in raised
        if row["kind"] == "unit"
    ]
    found = small(rows, {"id": "string", "unit": "string", "day": "date"})
    return found.mutate(person=null("string"), target=null("string"))
