"""What comes out: findings, summaries and the report that holds them.

These models are the published format: `policyeval schema finding` prints their JSON Schema.
Times are ISO 8601 with the offset of the policy's time zone; dates are its local days.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Text = dict[str, str]
"""A text by language code, `{"zh": ..., "en": ...}`; at least one entry."""


Number = int | float
"""A whole number as it is, others with up to six decimal places."""

Measure = Literal[
    "count",
    "sum",
    "distinct",
    "average",
    "largest",
    "smallest",
    "buckets",
    "days_held",
    "longest_gap",
]


class Verdict(StrEnum):
    """The judgement of one obligation, the worst first."""

    unmet = "unmet"
    undetermined = "undetermined"
    needs_review = "needs_review"
    late = "late"
    pending = "pending"
    waived = "waived"
    met = "met"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bearer(_Model):
    """Who owes the obligation: a unit, or a post's holder (`person` empty if vacant)."""

    kind: Literal["unit", "post"]
    id: str = Field(description="unit id, person id, or the post id where the post is vacant")
    title: Text
    unit: str = Field(description="the unit itself, or the unit of the post")
    post: str | None = None
    vacant: bool = False


class Target(_Model):
    """What the obligation is about, where the duty says `of_each`: a unit, a person or a word."""

    kind: Literal["unit", "person", "value"] = "unit"

    id: str
    title: Text


class Period(_Model):
    """The calendar period or window; both days are included."""

    label: str
    first: date
    last: date


class Trigger(_Model):
    """What opened the obligation: an event, or something else that happens."""

    kind: Literal["event", "other"] = "event"
    event: str = Field(description="the event's id, or a name such as `end of 2025-03`")
    at: datetime


class Evidence(_Model):
    """An event that was meant, and what became of it."""

    event: str
    at: datetime
    part: str | None = None
    status: Literal["counted", "late", "replaced", "withdrawn", "released", "accepted", "refused"]
    by: str | None = Field(default=None, description="the event that replaced or withdrew it")


class DefectiveEvidence(_Model):
    """An event that was meant but does not count, with the conditions that it failed."""

    event: str
    at: datetime
    part: str | None = None
    failed: tuple[str, ...]


class Part(_Model):
    """The counts of one part; a duty without parts has one, named `""`."""

    name: str
    title: Text = {}
    measure: Measure
    at_least: Number | None
    at_most: Number | None
    counted: Number = Field(description="what the good events in time amount to; or days")
    late: Number
    defective: int
    satisfied: bool


class Remedy(_Model):
    """What would make an obligation met, and by when."""

    missing: Number
    by: datetime | None = Field(description="null: no due moment is known yet")
    parts: tuple[str, ...] = ()
    text: Text


class Accountable(_Model):
    """One who answers for the finding, or a post that nobody held."""

    post: str
    post_title: Text
    responsibility: str | None
    responsibility_title: Text | None
    person: str | None
    name: str | None
    vacant: bool
    instead_of: str | None = Field(
        default=None, description="the vacant post that this one is above"
    )


class Waiver(_Model):
    """The waiver that covers the obligation."""

    reason: str
    approved_by: str
    first: date | None = Field(description="null: from the beginning")
    last: date | None = Field(description="null: without end")


class Review(_Model):
    """What a person must decide about the obligation, and whether that is done."""

    asks: Text
    state: Literal["awaiting", "accepted", "refused"]


class Finding(_Model):
    """The judgement of one obligation."""

    id: str
    policy: str
    version: str
    duty: str
    title: Text
    clause: str
    severity: Literal["minor", "major"]
    bearer: Bearer
    target: Target | None
    period: Period | None
    trigger: Trigger | None
    opens: datetime | None
    due: datetime | None = Field(description="null: not known yet")
    closes: datetime | None = Field(description="due, with grace; null: not known yet")
    verdict: Verdict
    rule: str = Field(description="the judgement rule that fired")
    required: Number
    counted: Number
    late: Number
    defective: int
    parts: tuple[Part, ...]
    evidence: tuple[Evidence, ...]
    evidence_not_listed: int = Field(description="how many more there are than are listed")
    defective_evidence: tuple[DefectiveEvidence, ...]
    unreadable_rows: int = Field(description="rejected rows that might have counted")
    remedy: Remedy | None
    accountable: tuple[Accountable, ...]
    assumed: tuple[str, ...]
    waiver: Waiver | None
    review: Review | None = None
    reason: Text


class RejectedRow(_Model):
    """A row that could not be read and was set aside."""

    file: str
    row: int = Field(description="1-based data row; a CSV's header is row 0")
    column: str
    value: str | None
    reason: Text


class Notice(_Model):
    """Something that was noticed and does not stop the evaluation."""

    code: str
    count: int
    text: Text


class Counts(_Model):
    """Findings by verdict."""

    met: int = 0
    late: int = 0
    unmet: int = 0
    pending: int = 0
    waived: int = 0
    undetermined: int = 0
    needs_review: int = 0


class UnitSummary(_Model):
    """Findings that a unit bears (or its post-holders, for duties of posts)."""

    unit: str
    title: Text
    kind: str
    counts: Counts


class PersonSummary(_Model):
    """Findings that a person answers for."""

    person: str
    name: str
    posts: tuple[str, ...]
    counts: Counts


class Escalation(_Model):
    """Facts put before people for review: it proposes nothing and ranks nobody."""

    escalation: str
    title: Text
    clause: str
    kind: Literal["unit", "person"]
    subject: str
    subject_title: Text
    year: str
    duties: tuple[str, ...]
    findings: tuple[str, ...]
    addressed_to: str
    addressed_to_title: Text
    rules: tuple[str, ...]


class NotEvaluated(_Model):
    """A clause that the policy declares as not evaluated."""

    clause: str
    reason: str
    note: Text | None


class Assumption(_Model):
    """A number or date that the plan does not state and the policy chose."""

    duty: str
    title: Text
    clause: str
    keys: tuple[str, ...]
    rationale: Text | None


class DutySummary(_Model):
    """A duty and its findings by verdict."""

    duty: str
    title: Text
    clause: str
    severity: str
    counts: Counts


class InputFile(_Model):
    """A file that was read: rows in it and what became of them."""

    file: str
    rows: int
    rejected: int


class Header(_Model):
    """Everything of a report except the findings and rejected rows: it stays small."""

    format: Literal["policyeval-report/1"] = "policyeval-report/1"
    policy: str
    version: str
    title: Text
    source: dict[str, str]
    timezone: str
    posts: dict[str, Text] = Field(default={}, description="the titles of the posts")
    unit_kinds: dict[str, Text] = Field(default={}, description="the titles of the kinds of units")
    as_of: date
    since: date | None
    known_by: date | None = Field(description="rows recorded after this day were left out")
    events: int = Field(description="events that were evaluated")
    events_after_as_of: int
    rejected: int
    counts: Counts
    files: tuple[InputFile, ...]
    notices: tuple[Notice, ...]
    duties: tuple[DutySummary, ...]
    units: tuple[UnitSummary, ...]
    people: tuple[PersonSummary, ...]
    escalations: tuple[Escalation, ...]
    not_evaluated: tuple[NotEvaluated, ...]
    assumptions: tuple[Assumption, ...]


class Report(Header):
    """The whole JSON report: the header, then every finding and rejected row."""

    findings: tuple[Finding, ...]
    rejected_rows: tuple[RejectedRow, ...]
