"""What only some duties ask: decisions, open deadlines, measures other than counts, any target."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from reports_world import CHINA, World, answers, both, event, finding, part

from policyeval.findings.models import Bearer, Finding, Period, Review, Target, Trigger

ASKS = both("措施是否适当？", "Were the measures appropriate?")
OPEN = {"due": None, "closes": None}
"""The deadline of an obligation whose clock has not been started, or stands still."""
SHIFT = both("各班次应急演练", "Drill on each shift")
TRAINING = both("全员培训", "Training of every member")
SAMPLES = both("水质采样", "Water samples")
ANSWER = both("依申请公开答复", "Answers to requests")


def wide() -> World:
    """Findings of every kind that the small bureau does not have."""
    return World([*_reviewed(), *_open(), *_measured(), *_targets()])


def _reviewed() -> Iterator[Finding]:
    states = {"awaiting": "needs_review", "accepted": "met", "refused": "unmet"}
    for number, (state, verdict) in enumerate(states.items(), 1):
        decided = () if state == "awaiting" else (event(f"J-{number}", date(2025, 8, 9), state),)
        yield finding(
            number,
            verdict,
            "measures-taken",
            title=both("采取适当措施", "Appropriate measures"),
            counted=1,
            parts=(part(counted=1, satisfied=True),),
            evidence=(event(f"E-{number}", date(2025, 7, number)), *decided),
            review=Review(asks=ASKS, state=state),
        )
    yield finding(
        4,
        "needs_review",
        "measures-taken",
        "transport-section",
        title=both("采取适当措施", "Appropriate measures"),
        counted=2.5,
        required=2,
        parts=(part(at_least=2, counted=2.5, measure="sum", satisfied=True),),
        review=Review(asks={"zh": "答复是否充分"}, state="awaiting"),
    )
    yield finding(
        5,
        "unmet",
        "measures-taken",
        "office",
        title=both("采取适当措施", "Appropriate measures"),
        review=Review(asks=ASKS, state="awaiting"),
    )


def _open() -> Iterator[Finding]:
    at = datetime(2025, 10, 8, 16, 20, tzinfo=CHINA)
    trigger = {"period": None, "trigger": Trigger(event="Q-7", at=at), "opens": at, **OPEN}
    yield finding(10, "pending", "request-answered", "office", title=ANSWER, **trigger)
    yield finding(
        11,
        "waived",
        "request-answered",
        "office",
        title=ANSWER,
        evidence=(event("W-7", date(2025, 11, 3), "released"),),
        **trigger,
    )


def _measured() -> Iterator[Finding]:
    quarter = Period(label="2025-Q3", first=date(2025, 7, 1), last=date(2025, 9, 30))
    yield finding(
        20,
        "unmet",
        "samples-taken",
        "ferry-centre",
        title=SAMPLES,
        period=quarter,
        required=1234.5,
        counted=1020.25,
        late=0.00005,
        parts=(part(measure="sum", at_least=1234.5, counted=1020.25, late=0.00005),),
    )
    yield finding(
        21,
        "unmet",
        "samples-taken",
        "ferry-centre",
        title=SAMPLES,
        required=0,
        counted=10.3,
        parts=(part(measure="average", at_least=None, at_most=10.1, counted=10.3),),
    )
    names = ("distinct", "largest", "smallest", "buckets")
    yield finding(
        22,
        "pending",
        "samples-taken",
        "ferry-centre",
        title=SAMPLES,
        required=len(names),
        parts=tuple(part(name, measure=name, at_least=3, counted=0.333333) for name in names),
    )


def _targets() -> Iterator[Finding]:
    yield finding(
        30,
        "late",
        "drills",
        "highway-station",
        title=SHIFT,
        target=Target(kind="value", id="夜班", title=both("夜班", "夜班")),
        late=1,
        parts=(part(late=1),),
        evidence=(event("D-1", date(2026, 1, 4), "late"),),
    )
    yield finding(
        31,
        "unmet",
        "members-trained",
        title=TRAINING,
        target=Target(kind="person", id="p-07", title=both("陈静", "陈静")),
        accountable=(answers("member"),),
        closes=datetime(2026, 1, 31, 23, 59, 59, 999999, tzinfo=CHINA) + timedelta(days=1),
    )
    yield finding(
        32,
        "needs_review",
        "members-trained",
        title=TRAINING,
        bearer=Bearer(
            kind="post", id="li", title=both("李明", "李明"), unit="party-group", post="deputy"
        ),
        counted=1,
        parts=(part(counted=1, satisfied=True),),
        review=Review(asks=ASKS, state="awaiting"),
        accountable=(answers("deputy"),),
    )
