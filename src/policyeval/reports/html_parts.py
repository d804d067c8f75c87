"""The pieces that the HTML report is made of: everything its template needs, worked out."""

from __future__ import annotations

from dataclasses import dataclass

from policyeval.findings.models import (
    Counts,
    DefectiveEvidence,
    DutySummary,
    Escalation,
    Evidence,
    Finding,
    Header,
    InputFile,
    PersonSummary,
    RejectedRow,
)


@dataclass(frozen=True)
class Limits:
    """How much of each list the report shows; it says what it leaves out.

    They keep the page small enough to open, search and mail, whatever was evaluated.
    """

    findings: int = 5_000
    evidence: int = 12_000
    """Rows of evidence in the whole page; each finding gets its share."""
    units: int = 150
    people: int = 300
    per_person: int = 60
    escalations: int = 200
    per_escalation: int = 30
    rejected: int = 500
    files: int = 500


@dataclass(frozen=True)
class Segment:
    """A stretch of the bar of verdicts, in the bar's own units; and what it stands for."""

    verdict: str
    number: int
    x: float
    width: float


@dataclass(frozen=True)
class Cell:
    """A cell of the map: its worst verdict, how many of it, and all in words."""

    duty: str
    verdict: str | None
    number: int
    label: str


@dataclass(frozen=True)
class MapRow:
    """A unit's row of the map; `anchor` is empty if the unit has no finding in the page."""

    anchor: str
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class MapTable:
    """The map's columns for some of the duties, so that a plan of many fits on paper."""

    duties: tuple[tuple[int, DutySummary], ...]
    rows: tuple[MapRow, ...]


@dataclass(frozen=True)
class Item:
    """A finding, what it is linked by (`anchor`), and the keys that the filters know it by."""

    anchor: str
    finding: Finding
    unit: str
    duty: str
    people: str
    evidence: tuple[Evidence, ...]
    evidence_more: int
    defective: tuple[DefectiveEvidence, ...]
    defective_more: int


@dataclass(frozen=True)
class UnitSection:
    """The findings of a unit, the worst first; `more` of them are not in the page."""

    anchor: str
    unit: str
    title: str
    counts: Counts
    items: tuple[Item, ...]
    more: int


@dataclass(frozen=True)
class PersonSection:
    """A person: posts as words, the findings that are linked, and how many more there are."""

    anchor: str
    summary: PersonSummary
    posts: tuple[str, ...]
    items: tuple[Item, ...]
    more: int


@dataclass(frozen=True)
class Raised:
    """An escalation; of its findings, those in the page and how many are not."""

    escalation: Escalation
    duties: tuple[str, ...]
    items: tuple[Item, ...]
    more: int


@dataclass(frozen=True)
class Page:
    """The whole report.

    Args:
        left_out: how many findings are not shown; `units_left` and the like likewise.
        full_list: where they are, in words.
        numbered: duties with their numbers in the map, from 1.
        person_anchors: for each person with a section, what it is linked by.
        post_titles: titles of posts, as far as the findings in the page tell them.
        unit_options: (key, label) of the filter; people and duties likewise.
    """

    header: Header
    total: int
    shown: int
    left_out: int
    full_list: str
    bar: tuple[Segment, ...]
    numbered: tuple[tuple[int, DutySummary], ...]
    maps: tuple[MapTable, ...]
    units_left: int
    sections: tuple[UnitSection, ...]
    people: tuple[PersonSection, ...]
    people_left: int
    person_anchors: dict[str, str]
    post_titles: dict[str, str]
    raised: tuple[Raised, ...]
    raised_left: int
    rejected: tuple[RejectedRow, ...]
    rejected_more: bool
    files: tuple[InputFile, ...]
    files_left: int
    unit_options: tuple[tuple[str, str], ...]
    person_options: tuple[tuple[str, str], ...]
    duty_options: tuple[tuple[str, str], ...]
