"""A small bureau's year, made by hand: every verdict, and everything that a report can show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from reports_world import CHINA, DUTIES, UNITS, World, answers, both, defect, event, finding, part

from policyeval.findings.models import (
    Assumption,
    Bearer,
    Escalation,
    Finding,
    NotEvaluated,
    Notice,
    Period,
    RejectedRow,
    Target,
    Trigger,
    Verdict,
    Waiver,
)


def bureau() -> World:
    """A small bureau's year: every verdict, and everything that a report can show."""
    every = [*_reports(), *_supervision(), *_concerns(), *_others()]
    rows = (
        RejectedRow(
            file="events.csv",
            row=17,
            column="date",
            value="2025-13-01",
            reason={"zh": "不是日期", "en": "no date"},
        ),
        RejectedRow(
            file="events.csv",
            row=90,
            column="unit",
            value=None,
            reason={"zh": "未填单位", "en": "no unit given"},
        ),
    )
    unmet = [f for f in every if f.verdict is Verdict.unmet and f.bearer.unit == "party-group"]
    raised = Escalation(
        escalation="accountability-review",
        title=both("提请问责审议", "Accountability review"),
        clause="四(三)",
        kind="unit",
        subject="party-group",
        subject_title=UNITS["party-group"],
        year="2025",
        duties=tuple(dict.fromkeys(f.duty for f in unmet)),
        findings=tuple(f.id for f in unmet),
        addressed_to="superior-committee",
        addressed_to_title=both("上级党委", "Superior committee"),
        rules=("two-unmet-major",),
    )
    return World(
        every,
        rows,
        changes={
            "escalations": (raised,),
            "not_evaluated": (
                NotEvaluated(clause="三(一)", reason="qualitative", note=None),
                NotEvaluated(
                    clause="三(五)",
                    reason="out_of_scope",
                    note=both("不评估个人言论", "Nobody's opinions are evaluated"),
                ),
            ),
            "assumptions": (
                Assumption(
                    duty="public-concern-answered",
                    title=DUTIES["public-concern-answered"][0],
                    clause="三(三)",
                    keys=("within",),
                    rationale=both("参照政务公开办理期限", "As for requests under open government"),
                ),
            ),
            "notices": (
                Notice(
                    code="after-as-of",
                    count=3,
                    text=both(
                        "截止日后的 3 条事件未计入。",
                        "3 events after the as-of day were not looked at.",
                    ),
                ),
            ),
            "events_after_as_of": 3,
        },
    )


def _reports() -> Iterator[Finding]:
    december = Period(label="2025-12", first=date(2025, 12, 1), last=date(2025, 12, 31))
    june = Period(label="2025-06", first=date(2025, 6, 1), last=date(2025, 6, 30))
    due = datetime(2025, 6, 30, 23, 59, 59, 999999, tzinfo=CHINA)
    yield finding(
        1,
        "unmet",
        period=june,
        due=due,
        closes=due + timedelta(days=5),
        defective=1,
        parts=(part(defective=1),),
        defective_evidence=(
            defect("R-0611", date(2025, 6, 11), "form = written", "cc has bureau-office"),
        ),
    )
    yield finding(
        2,
        "met",
        period=december,
        counted=1,
        parts=(part(counted=1, satisfied=True),),
        evidence=(
            event("R-1209", date(2025, 12, 9)),
            event("R-1208", date(2025, 12, 8), "replaced", by="R-1209"),
        ),
    )
    yield finding(
        3,
        "unmet",
        "topical-study",
        required=2,
        counted=1,
        parts=(part(at_least=2, counted=1),),
        evidence=(event("M-0402", date(2025, 4, 2)),),
        assumed=("requires",),
    )


def _supervision() -> Iterator[Finding]:
    for number, (unit, verdict) in enumerate(
        {"highway-station": "late", "ferry-centre": "waived"}.items(), 10
    ):
        late = int(verdict == "late")
        yield finding(
            number,
            verdict,
            "subordinate-supervision",
            target=Target(id=unit, title=UNITS[unit]),
            late=late,
            parts=(part(late=late),),
            evidence=(event("S-0107", date(2026, 1, 7), "late"),) if late else (),
            waiver=Waiver(
                reason="单位年内撤并",
                approved_by="李明",
                first=date(2025, 7, 1),
                last=date(2025, 12, 31),
            )
            if verdict == "waived"
            else None,
            accountable=(answers("member"),),
        )


def _concerns() -> Iterator[Finding]:
    verdicts = ("unmet", "undetermined", "met", "met", "pending")
    for number, verdict in enumerate(verdicts, 20):
        at = datetime(2025, 11, number, 10, 5, tzinfo=CHINA)
        met = int(verdict == "met")
        yield finding(
            number,
            verdict,
            "public-concern-answered",
            unit="transport-section" if number % 2 else "highway-station",
            period=None,
            trigger=Trigger(event=f"C-{number}", at=at),
            opens=at,
            due=at + timedelta(days=5),
            closes=at + timedelta(days=5),
            counted=met,
            parts=(part(counted=met, satisfied=bool(met)),),
            evidence=(event(f"A-{number}", date(2025, 11, number + 1)),) if met else (),
            unreadable_rows=2 if verdict == "undetermined" else 0,
            assumed=("within",),
            accountable=(
                answers("chief", instead_of=None),
                answers("deputy", instead_of="chief"),
            ),
        )


def _others() -> Iterator[Finding]:
    yield finding(
        40,
        "unmet",
        "in-responsibility-systems",
        required=2,
        counted=1,
        parts=(
            part("党建责任制", counted=1, satisfied=True),
            part("目标管理", defective=1),
        ),
        evidence=(event("D-0301", date(2025, 3, 1), part="党建责任制"),),
        defective_evidence=(
            defect("D-0302", date(2025, 3, 2), "topics has ideology-work", part="目标管理"),
        ),
    )
    yield finding(
        41,
        "met",
        "account-staffed",
        "office",
        counted=1,
        parts=(part(measure="longest_gap", at_least=None, at_most=30, counted=12, satisfied=True),),
        accountable=(answers("deputy"),),
    )
    yield finding(
        42,
        "pending",
        "topical-study",
        "office",
        bearer=Bearer(
            kind="post", id="li", title=both("李明", "李明"), unit="office", post="deputy"
        ),
        required=2,
        counted=1,
        parts=(part(at_least=2, counted=1),),
        evidence=(event("M-0901", date(2025, 9, 1)),),
        accountable=(answers("deputy"),),
    )
