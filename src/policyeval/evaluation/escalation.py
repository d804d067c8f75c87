"""Escalations: which units and people have so many unmet duties that somebody must look."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.obligations import told
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import NO_MOMENT
from policyeval.language.policy import EscalationSpec
from policyeval.language.uses import severe
from policyeval.rules.escalation import EscalationCase, EscalationOutcome, escalate

_TOTALS = ["escalation", "kind", "subject", "year"]


Raised = list[tuple[dict[str, object], EscalationOutcome]]


def escalations(run: Run, known: Lives, judged: ir.Table, answers: ir.Table) -> Raised:
    """The escalations that are in the report, in order of id, kind, subject and year.

    It has those that were raised from its first day on, by whatever findings, and those that its
    own findings would raise by themselves.

    Returns:
        Rows of `escalation`, `kind` (unit or person), `subject`, `year`, `duties` (sorted ids) and
        `findings` (sorted ids of those in the report), each with the rules' outcome.
    """
    found = [
        (row | {"findings": row["told"]}, outcome)
        for name in run.policy.escalations
        for row, outcome in raised_as(name, run, known, judged, answers)
        if row["listed"]
    ]
    return sorted(found, key=lambda each: [str(each[0][name]) for name in _TOTALS])


def raised_as(name: str, run: Run, known: Lives, judged: ir.Table, answers: ir.Table) -> Raised:
    """Those of one id, also with the day on which each was `raised`."""
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
    least = spec.when.unmet.at_least
    known = judged.due < ibis.literal(NO_MOMENT)
    counted = judged.variant.isin(severe(run.policy, spec))
    unmet = judged.filter((judged.verdict == "unmet") & known & counted)
    unmet = unmet.mutate(told=told(run, unmet))
    if kind == "unit":
        rows = unmet.filter(unmet.post.isnull()).mutate(subject=unmet.unit)
    else:
        people = answers.filter(answers.person.notnull()).select("ob", subject="person").distinct()
        rows = unmet.join(people, "ob")
    grouped = rows.group_by(["subject", "year"]).agg(
        duties=rows.duty.collect(distinct=True),
        told=rows.finding.collect(where=rows.told, distinct=True),
        anew=rows.duty.nunique(where=rows.told) >= least,
    )
    grouped = grouped.left_join(_raised(rows, least), ["subject", "year"])
    grouped = grouped.filter(grouped.anew | grouped.raised.notnull())
    return [
        {
            "escalation": name,
            "kind": kind,
            "subject": row["subject"],
            "year": row["year"],
            "duties": sorted(row["duties"]),
            "told": sorted(row["told"] or ()),
            "raised": day,
            "listed": row["anew"] or run.since is None or (day is not None and day >= run.since),
        }
        for row in run.fetch(grouped)
        for day in [row["raised"] and run.clock.day_of(row["raised"])]
    ]


def _raised(rows: ir.Table, least: int) -> ir.Table:
    """When so many different duties had been unmet: `subject`, `year`, `raised`."""
    rows = rows.filter(rows.acts)
    firsts = rows.group_by(["subject", "year", "duty"]).agg(closes=rows.closes.min())
    order = ibis.window(group_by=["subject", "year"], order_by=firsts.closes)
    firsts = firsts.mutate(place=ibis.row_number().over(order))
    return firsts.filter(firsts.place == least - 1).select("subject", "year", raised="closes")


def _holders_of(run: Run, known: Lives, post: str) -> set[str]:
    """Who holds a post on the as-of day."""
    holders = known.holders
    day = ibis.literal(run.as_of)
    found = holders.filter(
        (holders.post == post) & (holders.from_day <= day) & (holders.until_day >= day)
    )
    return {row["person"] for row in run.fetch(found.select("person"))}
