"""What the HTML report shows, arranged: everything its template needs and nothing to work out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from policyeval.findings.models import (
    Accountable,
    Counts,
    DutySummary,
    Escalation,
    Finding,
    Header,
    PersonSummary,
    RejectedRow,
    Text,
    UnitSummary,
)
from policyeval.reports.data import ReportData
from policyeval.reports.words import WORST_FIRST, Words, count_of, total, worst

BAR_WIDTH = 1000
"""Width of the bar of verdicts, in its own units."""


@dataclass(frozen=True)
class Limits:
    """How much of each list the report shows; it says what it leaves out."""

    findings: int = 5_000
    units: int = 150
    people: int = 300
    per_person: int = 60
    rejected: int = 500


@dataclass(frozen=True)
class Segment:
    """A stretch of the bar of verdicts, in `BAR_WIDTH` units; and what it stands for."""

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
    """A unit's row of the map."""

    unit: str
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Item:
    """A finding, and what it is linked by (`anchor` is unique in the page)."""

    anchor: str
    finding: Finding
    people: str


@dataclass(frozen=True)
class UnitSection:
    """The findings of a unit, the worst first."""

    unit: str
    title: str
    kind: str
    counts: Counts
    items: tuple[Item, ...]


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
        numbered: duties with their numbers in the map, from 1.
        options: (value, label) of the filters for units, people and duties.
        left_out: how many findings are not shown; `units_left`, `people_left` likewise.
        full_list: where they are, in words.
    """

    header: Header
    total: int
    shown: int
    left_out: int
    full_list: str
    bar: tuple[Segment, ...]
    numbered: tuple[tuple[int, DutySummary], ...]
    rows: tuple[MapRow, ...]
    units_left: int
    sections: tuple[UnitSection, ...]
    people: tuple[PersonSection, ...]
    people_left: int
    person_anchors: dict[str, str]
    raised: tuple[Raised, ...]
    rejected: tuple[RejectedRow, ...]
    rejected_more: bool
    unit_options: tuple[tuple[str, str], ...]
    person_options: tuple[tuple[str, str], ...]
    duty_options: tuple[tuple[str, str], ...]


def page(data: ReportData, words: Words, limits: Limits, full_lists: tuple[str, ...]) -> Page:
    """Arrange an outcome for the HTML report.

    Args:
        data: the outcome; of its findings at most `limits.findings` are held, the worst first.
        words: the report's language.
        limits: how much of each list is shown.
        full_lists: files beside the report that hold every finding.
    """
    header = data.header
    items = tuple(
        Item(f"f{n}", finding, "\n".join(_people_of(finding)))
        for n, finding in enumerate(data.findings(worst_first=True, limit=limits.findings), 1)
    )
    every = total(header.counts)
    sections = _sections(header, items, words)
    shown_units = header.units[: limits.units]
    people = _people(header, items, words, limits)
    rejected = tuple(islice(data.rejected_rows(limit=limits.rejected + 1), limits.rejected + 1))
    unit_titles = {u.unit: words.text(u.title) or u.unit for u in shown_units}
    unit_titles |= {section.unit: section.title for section in sections}
    names = {p.summary.person: p.summary.name for p in people}
    names |= {a.person: a.name or a.person for i in items for a in i.finding.accountable if a.person}
    return Page(
        header=header,
        total=every,
        shown=len(items),
        left_out=max(every - len(items), 0),
        full_list=words.files(full_lists),
        bar=_bar(header.counts),
        numbered=tuple(enumerate(header.duties, 1)),
        rows=_rows(data, shown_units, words),
        units_left=len(header.units) - len(shown_units),
        sections=sections,
        people=people,
        people_left=len(header.people) - len(people),
        person_anchors={p.summary.person: p.anchor for p in people},
        raised=_raised(header, items, words),
        rejected=rejected[: limits.rejected],
        rejected_more=len(rejected) > limits.rejected,
        unit_options=tuple(unit_titles.items()),
        person_options=tuple(names.items()),
        duty_options=tuple(
            (d.duty, f"{n}. {words.text(d.title) or d.duty}")
            for n, d in enumerate(header.duties, 1)
        ),
    )


def _people_of(finding: Finding) -> list[str]:
    """The people who answer for a finding, each once."""
    return list(dict.fromkeys(a.person for a in finding.accountable if a.person))


def _bar(counts: Counts) -> tuple[Segment, ...]:
    every = total(counts)
    bar: list[Segment] = []
    x = 0.0
    for verdict in WORST_FIRST:
        number = count_of(counts, verdict)
        if number:
            width = BAR_WIDTH * number / every
            bar.append(Segment(verdict.value, number, round(x, 2), round(width, 2)))
            x += width
    return tuple(bar)


def _rows(
    data: ReportData, units: Iterable[UnitSummary], words: Words
) -> tuple[MapRow, ...]:
    shown = list(units)
    found = {(unit, duty): c for unit, duty, c in data.cells([each.unit for each in shown])}
    return tuple(
        MapRow(
            unit.unit,
            words.text(unit.title) or unit.unit,
            tuple(
                _cell(unit, duty, found.get((unit.unit, duty.duty), Counts()), words)
                for duty in data.header.duties
            ),
        )
        for unit in shown
    )


def _cell(unit: UnitSummary, duty: DutySummary, counts: Counts, words: Words) -> Cell:
    verdict = worst(counts)
    said = [
        f"{words.verdict(each)} {count_of(counts, each)}"
        for each in WORST_FIRST
        if count_of(counts, each)
    ]
    what = words("list_comma").join(said) or words("no_obligations")
    place = f"{words.text(unit.title) or unit.unit} × {words.text(duty.title) or duty.duty}"
    number = count_of(counts, verdict) if verdict else 0
    return Cell(duty.duty, verdict, number, f"{place}{words('colon')}{what}")


def _sections(header: Header, items: Iterable[Item], words: Words) -> tuple[UnitSection, ...]:
    """One section per unit with a finding in the page, in the header's order."""
    by_unit: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_unit[item.finding.bearer.unit].append(item)
    known = {unit.unit: unit for unit in header.units}
    order = [*(u for u in known if u in by_unit), *(u for u in by_unit if u not in known)]
    return tuple(_section(unit, known.get(unit), by_unit[unit], words) for unit in order)


def _section(
    unit: str, summary: UnitSummary | None, items: Iterable[Item], words: Words
) -> UnitSection:
    if summary is None:  # A vacant post that belongs to no unit.
        return UnitSection(unit, unit or words("no_unit"), "", Counts(), tuple(items))
    title = words.text(summary.title) or unit
    return UnitSection(unit, title, summary.kind, summary.counts, tuple(items))


def _people(
    header: Header, items: Iterable[Item], words: Words, limits: Limits
) -> tuple[PersonSection, ...]:
    found: dict[str, list[Item]] = defaultdict(list)
    titles: dict[str, Text] = {}
    for item in items:
        for each in item.finding.accountable:
            _learn(titles, each)
        for person in _people_of(item.finding):
            found[person].append(item)
    sections = []
    for number, person in enumerate(header.people[: limits.people], 1):
        posts = tuple(words.text(titles.get(post)) or post for post in person.posts)
        listed = tuple(found[person.person][: limits.per_person])
        more = max(total(person.counts) - len(listed), 0)
        sections.append(PersonSection(f"p{number}", person, posts, listed, more))
    return tuple(sections)


def _learn(titles: dict[str, Text], each: Accountable) -> None:
    titles.setdefault(each.post, each.post_title)


def _raised(header: Header, items: Iterable[Item], words: Words) -> tuple[Raised, ...]:
    known = {item.finding.id: item for item in items} if header.escalations else {}
    titles = {duty.duty: words.text(duty.title) or duty.duty for duty in header.duties}
    raised = []
    for each in header.escalations:
        linked = tuple(known[finding] for finding in each.findings if finding in known)
        duties = tuple(titles.get(duty, duty) for duty in each.duties)
        raised.append(Raised(each, duties, linked, len(each.findings) - len(linked)))
    return tuple(raised)
