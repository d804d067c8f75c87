"""Summaries: findings by verdict, per duty, unit and person; escalations; assumptions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import ibis.expr.types as ir

from policyeval.evaluation.pipeline import Outcome
from policyeval.findings.building import Builder, text
from policyeval.findings.models import (
    Assumption,
    Counts,
    DutySummary,
    Escalation,
    NotEvaluated,
    PersonSummary,
    UnitSummary,
    Verdict,
)
from policyeval.language.policy import Policy


def totals(outcome: Outcome, rows: ir.Table, keys: Sequence[str]) -> dict[tuple[Any, ...], Counts]:
    """Findings by verdict for each value of `keys`; `rows` has `keys` and `verdict`."""
    grouped = rows.group_by([*keys, "verdict"]).agg(number=rows.count())
    found: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for row in outcome.run.fetch(grouped):
        found[tuple(row[key] for key in keys)][row["verdict"]] = row["number"]
    return {key: Counts(**counts) for key, counts in found.items()}


def overall(counts: Iterable[Counts]) -> Counts:
    """Counts added up."""
    names = list(Counts.model_fields)
    every = list(counts)
    return Counts(**{name: sum(getattr(each, name) for each in every) for name in names})


def badness(counts: Counts) -> tuple[int, ...]:
    """A key that sorts the worst first."""
    return tuple(-getattr(counts, verdict) for verdict in Verdict if verdict not in _FINE)


_FINE = {Verdict.waived, Verdict.met}


def duties(outcome: Outcome) -> tuple[DutySummary, ...]:
    """Every duty that is reported, in the policy's order, those without findings too."""
    found = totals(outcome, outcome.findings, ["duty"])
    return tuple(
        DutySummary(
            duty=name,
            title=text(duty.title, name),
            clause=duty.clause,
            severity=duty.severity,
            counts=found.get((name,), Counts()),
        )
        for name, duty in outcome.run.policy.duties.items()
        if duty.reported
    )


def units(outcome: Outcome, builder: Builder) -> tuple[UnitSummary, ...]:
    """Every unit that bears a finding (or whose post-holders do), the worst first."""
    found = totals(outcome, outcome.findings, ["unit"])
    kinds = {unit.id: unit.kind for unit in outcome.run.organisation.units}
    rows = [
        UnitSummary(
            unit=unit,
            title=builder.unit_titles[unit],
            kind=kinds[unit],
            counts=counts,
        )
        for (unit,), counts in found.items()
        if unit is not None
    ]
    return tuple(sorted(rows, key=lambda row: (badness(row.counts), row.unit)))


def people(outcome: Outcome, builder: Builder) -> tuple[PersonSummary, ...]:
    """Every person who answers for a finding, in the order of the organisation file.

    People are not ranked: the report states facts (the boundary of the plan).
    """
    answers = outcome.answers.filter(outcome.answers.person.notnull())
    verdicts = outcome.findings.select("ob", "verdict")
    each = answers.select("ob", "person").distinct().join(verdicts, "ob")
    found = totals(outcome, each, ["person"])
    posts: dict[str, set[str]] = defaultdict(set)
    for row in outcome.run.fetch(answers.select("person", "post").distinct()):
        posts[row["person"]].add(row["post"])
    rows = [
        PersonSummary(
            person=person,
            name=builder.names[person],
            posts=tuple(sorted(posts[person])),
            counts=found[person,],
        )
        for person in builder.names
        if (person,) in found
    ]
    return tuple(rows)


def cells(outcome: Outcome, wanted: Sequence[str]) -> Iterator[tuple[str, str, Counts]]:
    """Findings by verdict for each of `wanted` units and each duty."""
    rows = outcome.findings.filter(outcome.findings.unit.isin(list(wanted)))
    found = totals(outcome, rows, ["unit", "duty"])
    for (unit, duty), counts in sorted(found.items()):
        yield unit, duty, counts


def escalations(outcome: Outcome, builder: Builder) -> tuple[Escalation, ...]:
    """The escalations raised."""
    return tuple(
        _escalation(outcome.run.policy, builder, row, result.addressed, result.rules)
        for row, result in outcome.raised
    )


def _escalation(
    policy: Policy,
    builder: Builder,
    row: Mapping[str, Any],
    addressed: str,
    rules: tuple[str, ...],
) -> Escalation:
    spec = policy.escalations[row["escalation"]]
    subject = row["subject"]
    is_unit = row["kind"] == "unit"
    body = spec.addressed_to.own_case if addressed == "own_case" else None
    post = spec.addressed_to.post
    return Escalation(
        escalation=row["escalation"],
        title=spec.title,
        clause=spec.clause,
        kind="unit" if is_unit else "person",
        subject=subject,
        subject_title=builder.unit_titles[subject]
        if is_unit
        else text(None, builder.names[subject]),
        year=row["year"],
        duties=tuple(row["duties"]),
        findings=tuple(row["findings"]),
        addressed_to=body or post,
        addressed_to_title=policy.bodies[body].title if body else builder.post_title(post),
        rules=rules,
    )


def not_evaluated(policy: Policy) -> tuple[NotEvaluated, ...]:
    """The clauses that the policy declares as not evaluated."""
    return tuple(
        NotEvaluated(clause=each.clause, reason=each.reason, note=each.note)
        for each in policy.not_evaluated
    )


def assumptions(policy: Policy) -> tuple[Assumption, ...]:
    """The numbers and dates that the policy chose where the plan is silent, in any version."""
    keys: dict[str, dict[str, None]] = defaultdict(dict)
    for variant in policy.variants.values():
        keys[variant.name] |= dict.fromkeys(variant.duty.assumed)
    return tuple(
        Assumption(
            duty=name,
            title=text(duty.title, name),
            clause=duty.clause,
            keys=tuple(keys[name]),
            rationale=duty.rationale,
        )
        for name, duty in policy.duties.items()
        if keys[name]
    )
