"""Escalations: which units and people have so many unmet duties that somebody must look."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import NO_MOMENT
from policyeval.language.policy import EscalationSpec
from policyeval.rules.escalation import EscalationCase, EscalationOutcome, escalate

_TOTALS = ["escalation", "kind", "subject", "year"]


Raised = list[tuple[dict[str, object], EscalationOutcome]]


def escalations(run: Run, known: Lives, judged: ir.Table, answers: ir.Table) -> Raised:
    """The escalations raised, in order of id, kind, subject and year.

    Returns:
        Rows of `escalation`, `kind` (unit or person), `subject`, `year`, `duties` (sorted ids) and
        `findings` (sorted ids), each with the rules' outcome.
    """
    names = run.policy.escalations
    raised = [each for name in names for each in raised_as(name, run, known, judged, answers)]
    return sorted(raised, key=lambda each: [str(each[0][name]) for name in _TOTALS])


def raised_as(name: str, run: Run, known: Lives, judged: ir.Table, answers: ir.Table) -> Raised:
    """Those of one id."""
    spec = run.policy.escalations[name]
    rows = [row for kind in spec.of for row in _totals(name, kind, spec, run, judged, answers)]
    own = _holders_of(run, known, spec.addressed_to.post)
    cases = [_case(row, spec, own) for row in rows]
    distinct = sorted(set(cases), key=repr)
    outcome = dict(zip(distinct, escalate(distinct), strict=True))
    return [
        (row, result)
        for row, case in zip(rows, cases, strict=True)
        if (result := outcome[case]) is not None
    ]


def _case(row: dict[str, object], spec: EscalationSpec, own: set[str]) -> EscalationCase:
    duties = row["duties"]
    assert isinstance(duties, list)  # noqa: S101 - `_totals` builds it
    least = spec.when.unmet.at_least
    is_person = row["kind"] == "person"
    return EscalationCase(
        kind="person" if is_person else "unit",
        unmet=min(len(duties), least),
        at_least=least,
        own=is_person and row["subject"] in own and spec.addressed_to.own_case is not None,
    )


def _totals(
    name: str, kind: str, spec: EscalationSpec, run: Run, judged: ir.Table, answers: ir.Table
) -> list[dict[str, object]]:
    """Unmet duties per subject and year; only subjects with enough of them are brought here."""
    severe = [
        label
        for label, variant in run.policy.variants.items()
        if variant.duty.severity == spec.when.severity and variant.duty.reported
    ]
    known = judged.due < ibis.literal(NO_MOMENT)
    unmet = judged.filter((judged.verdict == "unmet") & known & judged.variant.isin(severe))
    if kind == "unit":
        rows = unmet.filter(unmet.post.isnull()).mutate(subject=unmet.unit)
    else:
        people = answers.filter(answers.person.notnull()).select("ob", subject="person").distinct()
        rows = unmet.join(people, "ob")
    grouped = rows.group_by(["subject", "year"]).agg(
        duties=rows.duty.collect(distinct=True), findings=rows.finding.collect(distinct=True)
    )
    grouped = grouped.filter(grouped.duties.length() >= spec.when.unmet.at_least)
    return [
        {
            "escalation": name,
            "kind": kind,
            "subject": row["subject"],
            "year": row["year"],
            "duties": sorted(row["duties"]),
            "findings": sorted(row["findings"]),
        }
        for row in run.fetch(grouped)
    ]


def _holders_of(run: Run, known: Lives, post: str) -> set[str]:
    """Who holds a post on the as-of day."""
    holders = known.holders
    day = ibis.literal(run.as_of)
    found = holders.filter(
        (holders.post == post) & (holders.from_day <= day) & (holders.until_day >= day)
    )
    return {row["person"] for row in run.fetch(found.select("person"))}
