"""What the HTML report shows, arranged: its template has nothing to work out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from policyeval.findings.models import Counts, Finding, Header
from policyeval.reports.data import ReportData
from policyeval.reports.html_map import bar, maps
from policyeval.reports.html_parts import (
    Item,
    Limits,
    Page,
    PersonSection,
    Raised,
    UnitSection,
)
from policyeval.reports.words import Words, total

LINKABLE = re.compile(r"[A-Za-z0-9._-]{1,80}")
"""Ids that can stand in a link as they are."""
LEAST_EVIDENCE = 2
"""Rows of evidence of a kind that every finding lists, however many findings there are."""


def page(data: ReportData, words: Words, limits: Limits, full_lists: tuple[str, ...]) -> Page:
    """Arrange an outcome for the HTML report.

    Args:
        data: the outcome; of its findings at most `limits.findings` are held, the worst first.
        words: the report's language.
        limits: how much of each list is shown.
        full_lists: files beside the report that hold every finding.
    """
    header = data.header
    findings = list(data.findings(worst_first=True, limit=limits.findings))
    unit_keys = _unit_keys(header, findings)
    person_keys = _person_keys(header, findings, limits)
    items = tuple(_items(header, findings, unit_keys, person_keys, limits))
    every = total(header.counts)
    titles = {post: words.text(title) or post for post, title in header.posts.items()}
    sections = _sections(header, items, unit_keys, words)
    people = _people(header, items, person_keys, titles, limits)
    shown_units = header.units[: limits.units]
    rejected = tuple(islice(data.rejected_rows(limit=limits.rejected + 1), limits.rejected + 1))
    return Page(
        header=header,
        total=every,
        shown=len(items),
        left_out=max(every - len(items), 0),
        full_list=words.files(full_lists),
        bar=bar(header.counts),
        numbered=tuple(enumerate(header.duties, 1)),
        maps=maps(data, shown_units, unit_keys, words),
        units_left=len(header.units) - len(shown_units),
        sections=sections,
        people=people,
        people_left=len(header.people) - len(people),
        person_anchors={each.summary.person: each.anchor for each in people},
        post_titles=titles,
        raised=_raised(header, items, words, limits),
        raised_left=max(len(header.escalations) - limits.escalations, 0),
        rejected=rejected[: limits.rejected],
        rejected_more=len(rejected) > limits.rejected,
        files=header.files[: limits.files],
        files_left=max(len(header.files) - limits.files, 0),
        unit_options=_options((s.anchor, s.title, s.unit) for s in sections),
        person_options=_options(_named(header, findings, person_keys)),
        duty_options=tuple(
            (f"d{n}", f"{n}. {words.text(d.title) or d.duty}")
            for n, d in enumerate(header.duties, 1)
        ),
    )


def _people_of(finding: Finding) -> list[str]:
    """The people who answer for a finding, each once."""
    return list(dict.fromkeys(a.person for a in finding.accountable if a.person))


def _keys(letter: str, names: Iterable[str]) -> dict[str, str]:
    """A short key for each name, in order: data never becomes an id in the page."""
    return {name: f"{letter}{n}" for n, name in enumerate(dict.fromkeys(names), 1)}


def _unit_keys(header: Header, findings: Sequence[Finding]) -> dict[str, str]:
    """Keys of the units with a finding in the page, in the header's order."""
    held = dict.fromkeys(finding.bearer.unit for finding in findings)
    return _keys("u", [*(u.unit for u in header.units if u.unit in held), *held])


def _person_keys(header: Header, findings: Sequence[Finding], limits: Limits) -> dict[str, str]:
    """Keys of the people with a section, then of the others who answer for a finding."""
    answering = (person for finding in findings for person in _people_of(finding))
    return _keys("p", [*(p.person for p in header.people[: limits.people]), *answering])


def _items(
    header: Header,
    findings: Sequence[Finding],
    units: Mapping[str, str],
    people: Mapping[str, str],
    limits: Limits,
) -> Iterator[Item]:
    duties = {duty.duty: f"d{n}" for n, duty in enumerate(header.duties, 1)}
    most = max(LEAST_EVIDENCE, limits.evidence // max(len(findings), 1))
    used: set[str] = set()
    for number, finding in enumerate(findings, 1):
        # A link to a finding should lead to the same one in the next report, so it is by its id.
        stable = LINKABLE.fullmatch(finding.id) and finding.id not in used
        used.add(finding.id)
        evidence = finding.evidence[:most]
        defective = finding.defective_evidence[:most]
        flawed = sum(part.defective for part in finding.parts)
        yield Item(
            anchor=f"f-{finding.id}" if stable else f"n-{number}",
            finding=finding,
            unit=units[finding.bearer.unit],
            duty=duties.get(finding.duty, ""),
            people=" ".join(people[person] for person in _people_of(finding)),
            evidence=evidence,
            evidence_more=finding.evidence_not_listed + len(finding.evidence) - len(evidence),
            defective=defective,
            defective_more=max(flawed, len(finding.defective_evidence)) - len(defective),
        )


def _sections(
    header: Header, items: Iterable[Item], keys: Mapping[str, str], words: Words
) -> tuple[UnitSection, ...]:
    """One section per unit with a finding in the page."""
    held: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        held[item.finding.bearer.unit].append(item)
    known = {unit.unit: unit for unit in header.units}
    sections = []
    for unit, anchor in keys.items():
        summary, found = known.get(unit), tuple(held[unit])
        # A vacant post may belong to no unit; its findings still have a place.
        title = (words.text(summary.title) if summary else "") or unit or words("no_unit")
        counts = summary.counts if summary else Counts()
        more = max(total(counts) - len(found), 0)
        sections.append(UnitSection(anchor, unit, title, counts, found, more))
    return tuple(sections)


def _people(
    header: Header,
    items: Iterable[Item],
    keys: Mapping[str, str],
    titles: Mapping[str, str],
    limits: Limits,
) -> tuple[PersonSection, ...]:
    held: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        for person in _people_of(item.finding):
            held[person].append(item)
    sections = []
    for each in header.people[: limits.people]:
        posts = tuple(titles.get(post, post) for post in each.posts)
        listed = tuple(held[each.person][: limits.per_person])
        more = max(total(each.counts) - len(listed), 0)
        sections.append(PersonSection(keys[each.person], each, posts, listed, more))
    return tuple(sections)


def _raised(
    header: Header, items: Iterable[Item], words: Words, limits: Limits
) -> tuple[Raised, ...]:
    known = {item.finding.id: item for item in items} if header.escalations else {}
    titles = {duty.duty: words.text(duty.title) or duty.duty for duty in header.duties}
    raised = []
    for each in header.escalations[: limits.escalations]:
        linked = tuple(known[f] for f in each.findings if f in known)[: limits.per_escalation]
        duties = tuple(titles.get(duty, duty) for duty in each.duties)
        raised.append(Raised(each, duties, linked, len(each.findings) - len(linked)))
    return tuple(raised)


def _named(
    header: Header, findings: Iterable[Finding], keys: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """(key, name, person) of everyone who answers for a finding in the page."""
    names = {a.person: a.name for f in findings for a in f.accountable if a.person}
    names |= {p.person: p.name for p in header.people if p.person in names}
    yield from ((keys[person], name or person, person) for person, name in names.items())


def _options(entries: Iterable[tuple[str, str, str]]) -> tuple[tuple[str, str], ...]:
    """(key, label) sorted by label, to be found by eye; of equal labels the ids are added."""
    every = list(entries)
    often = Counter(label for _, label, _ in every)
    labelled = [
        (key, f"{label} ({name})" if often[label] > 1 else label) for key, label, name in every
    ]
    return tuple(sorted(labelled, key=lambda option: (option[1], option[0])))
