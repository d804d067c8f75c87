"""Outcomes of evaluations made by hand, to write reports from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from typing import Any

from policyeval.findings.explain import explained
from policyeval.findings.models import (
    Accountable,
    Bearer,
    Counts,
    DefectiveEvidence,
    DutySummary,
    Evidence,
    Finding,
    Header,
    InputFile,
    Part,
    Period,
    PersonSummary,
    RejectedRow,
    Text,
    UnitSummary,
    Verdict,
)

CHINA = timezone(timedelta(hours=8))
YEAR = Period(label="2025", first=date(2025, 1, 1), last=date(2025, 12, 31))
YEAR_END = datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=CHINA)


def both(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


UNITS = {
    "party-group": both("局党组", "Party group"),
    "office": both("局办公室", "Bureau office"),
    "transport-section": both("运输管理股", "Transport section"),
    "highway-station": both("公路管理站", "Highway station"),
    "ferry-centre": both("水运事业发展中心", "Waterway development centre"),
}
PEOPLE = {
    "zhang": ("张建国", "secretary"),
    "li": ("李明", "deputy"),
    "wang": ("王芳", "member"),
}
POSTS = {
    "secretary": (both("党组书记", "Secretary"), both("第一责任人", "first responsible")),
    "deputy": (both("分管领导", "Deputy in charge"), both("直接责任人", "directly responsible")),
    "member": (both("党组成员", "Group member"), both("领导责任", "leadership")),
}
DUTIES = {
    "half-year-report": (both("半年专题汇报", "Half-year report"), "二(四)", "major"),
    "topical-study": (both("专题研究", "Topical study"), "二(二)", "major"),
    "in-responsibility-systems": (
        both("纳入两项责任制", "In both responsibility systems"),
        "二(一)",
        "minor",
    ),
    "subordinate-supervision": (
        both("对所属单位督查", "Supervision of subordinate units"),
        "二(三)",
        "minor",
    ),
    "public-concern-answered": (
        both("公众关切回应", "Public concern answered"),
        "三(三)",
        "major",
    ),
    "account-staffed": (both("官方账号配备人员", "Account staffed"), "三(四)", "minor"),
}


def answers(post: str = "secretary", **changes: Any) -> Accountable:
    title, responsibility = POSTS.get(post, (both(post, post), None))
    person = next((p for p, (_, held) in PEOPLE.items() if held == post), None)
    values: dict[str, Any] = {
        "post": post,
        "post_title": title,
        "responsibility": "first" if responsibility else None,
        "responsibility_title": responsibility,
        "person": person,
        "name": PEOPLE[person][0] if person else None,
        "vacant": person is None,
    }
    return Accountable(**(values | changes))


def part(name: str = "", **changes: Any) -> Part:
    values: dict[str, Any] = {
        "name": name,
        "measure": "count",
        "at_least": 1,
        "at_most": None,
        "counted": 0,
        "late": 0,
        "defective": 0,
        "satisfied": False,
    }
    return Part(**(values | changes))


def event(name: str, day: date, status: str = "counted", **changes: Any) -> Evidence:
    at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=CHINA)
    return Evidence(**({"event": name, "at": at, "status": status} | changes))


def defect(name: str, day: date, *failed: str, **changes: Any) -> DefectiveEvidence:
    at = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    return DefectiveEvidence(**({"event": name, "at": at, "failed": failed} | changes))


def finding(
    number: int,
    verdict: str,
    duty: str = "half-year-report",
    unit: str = "party-group",
    **more: Any,
) -> Finding:
    """A finding with its reason worked out from the rest, unless it is given."""
    title, clause, severity = DUTIES.get(duty, (both(duty, duty), "一", "minor"))
    values: dict[str, Any] = {
        "id": f"{number:016x}",
        "policy": "bureau-responsibility-plan",
        "version": "2025.1",
        "duty": duty,
        "title": title,
        "clause": clause,
        "severity": severity,
        "bearer": Bearer(kind="unit", id=unit, title=UNITS.get(unit, both(unit, unit)), unit=unit),
        "target": None,
        "period": YEAR,
        "trigger": None,
        "opens": datetime(2025, 1, 1, tzinfo=CHINA),
        "due": YEAR_END,
        "closes": YEAR_END,
        "verdict": Verdict(verdict),
        "rule": f"{verdict}-rule",
        "required": 1,
        "counted": 0,
        "late": 0,
        "defective": 0,
        "parts": (part(),),
        "evidence": (),
        "evidence_not_listed": 0,
        "defective_evidence": (),
        "unreadable_rows": 0,
        "remedy": None,
        "accountable": (answers("secretary"), answers("deputy")),
        "assumed": (),
        "waiver": None,
        "reason": {},
    }
    made = Finding(**(values | more))
    return made if "reason" in more else explained(made)


@dataclass(frozen=True)
class World:
    """An outcome; the summaries are worked out from the findings, in a fixed order."""

    every: Sequence[Finding]
    rows: Sequence[RejectedRow] = ()
    titles: dict[str, Text] = field(default_factory=lambda: dict(UNITS))
    changes: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def header(self) -> Header:
        duties = dict.fromkeys(f.duty for f in self.every)
        units = dict.fromkeys(f.bearer.unit for f in self.every if f.bearer.unit)
        values: dict[str, Any] = {
            "policy": "bureau-responsibility-plan",
            "version": "2025.1",
            "title": both("责任制实施方案", "Responsibility plan"),
            "source": {"document": "交发〔2025〕1号", "issued_by": "县交通运输局党组"},
            "timezone": "Asia/Shanghai",
            "as_of": date(2025, 12, 31),
            "since": None,
            "known_by": None,
            "events": 1_234,
            "events_after_as_of": 0,
            "rejected": len(self.rows),
            "counts": counts(self.every),
            "files": (InputFile(file="events.csv", rows=1_236, rejected=len(self.rows)),),
            "notices": (),
            "duties": tuple(self._duty(duty) for duty in duties),
            "units": tuple(self._unit(unit) for unit in units),
            "people": tuple(self._people()),
            "escalations": (),
            "not_evaluated": (),
            "assumptions": (),
        }
        return Header(**(values | self.changes))

    def findings(self, *, worst_first: bool = False, limit: int | None = None) -> Iterator[Finding]:
        rank = list(Verdict).index
        every = sorted(self.every, key=lambda f: rank(f.verdict)) if worst_first else self.every
        yield from every[:limit]

    def rejected_rows(self, *, limit: int | None = None) -> Iterator[RejectedRow]:
        yield from self.rows[:limit]

    def cells(self, units: Sequence[str]) -> Iterator[tuple[str, str, Counts]]:
        held: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        for each in self.every:
            held[each.bearer.unit, each.duty].append(each)
        wanted = set(units)
        for (unit, duty), found in held.items():
            if unit in wanted:
                yield unit, duty, counts(found)

    def but(self, **changes: Any) -> World:
        """The same with other values in the header."""
        return replace(self, changes=self.changes | changes)

    @cached_property
    def _of_duty(self) -> dict[str, list[Finding]]:
        return grouped((f.duty, f) for f in self.every)

    @cached_property
    def _of_unit(self) -> dict[str, list[Finding]]:
        return grouped((f.bearer.unit, f) for f in self.every)

    def _duty(self, duty: str) -> DutySummary:
        of = self._of_duty[duty]
        first = of[0]
        return DutySummary(
            duty=duty,
            title=first.title,
            clause=first.clause,
            severity=first.severity,
            counts=counts(of),
        )

    def _unit(self, unit: str) -> UnitSummary:
        of = self._of_unit[unit]
        title = self.titles.get(unit, both(unit, unit))
        return UnitSummary(unit=unit, title=title, kind="section", counts=counts(of))

    def _people(self) -> Iterator[PersonSummary]:
        held: dict[str, list[Finding]] = defaultdict(list)
        names: dict[str, str] = {}
        posts: dict[str, set[str]] = defaultdict(set)
        for each in self.every:
            for one in {a.person: a for a in each.accountable if a.person}.values():
                held[one.person].append(each)
                names[one.person] = one.name or one.person
                posts[one.person].add(one.post)
        for person, found in held.items():
            yield PersonSummary(
                person=person,
                name=names[person],
                posts=tuple(sorted(posts[person])),
                counts=counts(found),
            )


def grouped(pairs: Iterable[tuple[str, Finding]]) -> dict[str, list[Finding]]:
    held: dict[str, list[Finding]] = defaultdict(list)
    for key, each in pairs:
        held[key].append(each)
    return held


def counts(findings: Iterable[Finding]) -> Counts:
    held: dict[str, int] = defaultdict(int)
    for each in findings:
        held[each.verdict.value] += 1
    return Counts(**held)


def large(units: int, each: int = 1, duties: int = 6, evidence: int = 50) -> World:
    """Many units with `each` findings of every duty, every one with much evidence."""
    day = date(2025, 3, 1)
    listed = tuple(event(f"EV-{n:06}", day + timedelta(days=n)) for n in range(evidence))
    flawed = tuple(
        defect(f"EV-{n:06}", day, "form = written", "cc has bureau-office") for n in range(evidence)
    )
    every = [
        finding(
            (number * duties + duty) * each + again,
            "unmet" if (number + duty) % 3 else "met",
            f"duty-{duty}",
            f"unit-{number:05}",
            evidence=listed,
            evidence_not_listed=950,
            defective_evidence=flawed,
            defective=evidence,
            parts=(part(at_least=60, counted=50, defective=evidence),),
            reason=both("缺十次。", "Ten short."),
        )
        for number in range(units)
        for duty in range(duties)
        for again in range(each)
    ]
    return World(every)
