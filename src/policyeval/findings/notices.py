"""What a reader should know that is no finding."""

from __future__ import annotations

import ibis

from policyeval.evaluation.pipeline import Outcome
from policyeval.evaluation.sources import trigger_types
from policyeval.evaluation.times import NO_MOMENT
from policyeval.findings.models import Notice


def notices(outcome: Outcome) -> tuple[Notice, ...]:
    """Notices about the evaluation as a whole, in a fixed order."""
    found = (_after(outcome), _left_out(outcome), _before_export(outcome), _lost_triggers(outcome))
    return tuple(each for each in found if each is not None)


def _after(outcome: Outcome) -> Notice | None:
    run = outcome.run
    late = run.events.filter(run.events["first"] > ibis.literal(run.end))
    number = _count(outcome, late)
    if number == 0:
        return None
    return Notice(
        code="after-as-of",
        count=number,
        text={
            "zh": f"截止日 {run.as_of} 之后的 {number} 条事件未计入。",
            "en": f"{number} events after the as-of day {run.as_of} were not looked at.",
        },
    )


def _left_out(outcome: Outcome) -> Notice | None:
    since = outcome.run.since
    if since is None:
        return None
    return Notice(
        code="since",
        count=0,
        text={
            "zh": f"{since} 之前已到期的义务不在本报告范围内。",
            "en": f"Obligations that closed before {since} are left out.",
        },
    )


def _before_export(outcome: Outcome) -> Notice | None:
    """Obligations that closed before the first event: is the export complete?"""
    run = outcome.run
    [row] = run.fetch(run.events.aggregate(first=run.events["first"].min()))
    if row["first"] is None:
        return None
    first = run.clock.local(row["first"]).date()
    findings = outcome.findings
    known = findings.due < ibis.literal(NO_MOMENT)
    early = findings.filter(known, findings.due_day < ibis.literal(first))
    number = _count(outcome, early)
    if number == 0:
        return None
    return Notice(
        code="before-export",
        count=number,
        text={
            "zh": (
                f"{number} 项义务在导出的首条事件（{first}）之前已到期；"
                "请核对导出范围，或使用 --since。"
            ),
            "en": (
                f"{number} obligations fell due before the export's first event ({first}); "
                "check what was exported, or use --since."
            ),
        },
    )


def _lost_triggers(outcome: Outcome) -> Notice | None:
    """Rejected rows of a type that opens obligations: those obligations are not known."""
    run = outcome.run
    types = {
        event
        for variant in run.policy.variants.values()
        for event in trigger_types(variant)
        if variant.duty.trigger is not None
    }
    number = _count(outcome, run.rejected.filter(run.rejected.type.isin(sorted(types))))
    if number == 0:
        return None
    return Notice(
        code="rejected-triggers",
        count=number,
        text={
            "zh": (
                f"{number} 条未能读取的记录属于会产生义务的类型；其义务未能判断，见“未读取的记录”。"
            ),
            "en": (
                f"{number} rejected rows are of types that open obligations; whatever they would "
                "have opened is not judged. See the rejected rows."
            ),
        },
    )


def _count(outcome: Outcome, table: ibis.expr.types.Table) -> int:
    [row] = outcome.run.fetch(table.aggregate(number=table.count()))
    return int(row["number"])
