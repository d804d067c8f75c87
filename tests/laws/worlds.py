"""Hypothesis strategies: small policies, organisations, waivers and logs, valid as written.

They are drawn from few ids and few days, so that things collide; see `worlds_words.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st
from worlds_beside import beside
from worlds_duties import duties
from worlds_sources import Earlier
from worlds_words import (
    ATTRIBUTES,
    CALENDAR,
    ESCALATION,
    FIELDS,
    KINDS,
    TYPES,
    ZONES,
    days,
    rarely,
    without_nones,
)

CALENDARS: list[dict | None] = [
    None,
    {"country": "CN"},
    {"country": "DE", "subdivision": "BY"},
    {"country": "EG", "extra_working_days": [date(2025, 7, 4)]},
    {"country": "CN", "extra_holidays": [date(2025, 7, 1)]},
    {"country": "CN", "weekend": ["sunday"]},
    {"weekend": ["friday"], "extra_holidays": [date(2025, 3, 3)]},
    {"all_of": [{"market": "ECB"}, {"country": "DE", "weekend": []}]},
]
PARAMETERS: dict[str, list[dict]] = {
    "term": [
        {"from": date(2024, 1, 1), "is": "15 days"},
        {"from": date(2025, 6, 30), "is": "1 month"},
    ],
    "number": [{"from": date(2025, 3, 1), "is": 1}, {"from": date(2025, 7, 1), "is": 2}],
}
_LATE = {
    "waived": "nothing",
    "broken": False,
    "closed": True,
    "review": ["none", "accepted"],
    "counted": {"less_than": {"fact": "required"}},
    "with_late": {"at_least": {"fact": "required"}},
}
FORGIVING: dict[str, Any] = {
    "instead_of": ["enough-but-late"],
    "rules": [
        {
            "rule": "one-day-late",
            "title": "Enough, at most one working day late",
            "when": {**_LATE, "working_days_late": {"at_most": 1}},
            "then": {"verdict": "met"},
        },
        {
            "rule": "more-days-late",
            "title": "Enough, more than one working day late",
            "when": {**_LATE, "working_days_late": {"more_than": 1}},
            "then": {"verdict": "late"},
        },
    ],
}
"""Rules of judgement that forgive one working day."""

late_days = st.sampled_from(
    [date(2025, 12, 31), date(2026, 3, 31), date(2025, 10, 26), date(2025, 7, 1)]
)
"""Days by which much has happened."""

DrawDuty = Callable[[Earlier], st.SearchStrategy[dict]]


@dataclass(frozen=True)
class World:
    """Everything that an evaluation takes."""

    policy: dict
    organisation: dict
    waivers: list
    events: list
    as_of: date
    since: date | None
    known_by: date | None = None

    @property
    def arguments(self) -> tuple:
        return (
            self.policy,
            self.organisation,
            self.waivers,
            self.events,
            self.as_of,
            self.since,
            self.known_by,
        )


@st.composite
def policies(draw: st.DrawFn, duty: DrawDuty = duties, most: int = 3) -> dict:
    specs: Earlier = {}
    for number in range(draw(st.integers(1, most))):
        specs[f"duty-{number}"] = draw(duty(specs))
    for name in sorted(specs):
        if f"'duty': '{name}'" in str(specs) and draw(st.integers(0, 3)) == 0:
            specs[name]["reported"] = False
    names = draw(st.permutations(sorted(specs)))
    return without_nones(
        {
            "policy": "world",
            "version": "1",
            "timezone": draw(st.sampled_from(ZONES)),
            "in_force": {
                "from": draw(st.sampled_from([date(2025, 1, 1), date(2025, 3, 1)])),
                **without_nones({"until": draw(rarely(st.just(date(2025, 12, 31)), 4))}),
            },
            "year_starts": draw(rarely(st.sampled_from(["07-01", "03-15"]), 4)),
            "working_days": draw(st.sampled_from(CALENDARS)),
            "calendars": {CALENDAR: draw(st.sampled_from(CALENDARS[1:]))},
            "unit_kinds": {kind: {"title": kind} for kind in KINDS},
            "unit_attributes": dict(ATTRIBUTES),
            "posts": {
                "head": {"title": "head"},
                "chief": {"title": "chief", "above": "head"},
                "member": {"title": "member", "above": "chief"},
            },
            "bodies": {"committee": {"title": "committee"}},
            "event_types": {name: {"fields": dict(FIELDS)} for name in TYPES},
            "parameters": parameters_of(specs),
            "judgement": draw(rarely(st.just(FORGIVING), 8)),
            "duties": {name: specs[name] for name in names},
            "escalations": {ESCALATION: draw(escalations())},
        }
    )


def parameters_of(duties: Earlier) -> dict | None:
    """The parameters that duties use; a policy has no others."""
    used = {name for name in PARAMETERS if f"{{'parameter': '{name}'}}" in str(duties)}
    return {name: PARAMETERS[name] for name in PARAMETERS if name in used} or None


@st.composite
def escalations(draw: st.DrawFn) -> dict:
    return {
        "title": "review",
        "clause": "2",
        "of": ["unit", "person"],
        "when": {
            "unmet": {"at_least": draw(st.sampled_from([1, 1, 2]))},
            "severity": draw(st.sampled_from(["major", "minor"])),
            "per": "year",
        },
        "addressed_to": {"post": "head", "own_case": "committee"},
    }


@st.composite
def worlds(
    draw: st.DrawFn,
    duty: DrawDuty = duties,
    most_duties: int = 3,
    most_rows: int = 30,
    spoil: bool = True,
    number: int = 1,
) -> World:
    """Everything at once, of one organisation or a number of them."""
    policy = draw(policies(duty, most_duties))
    organisation, waivers, events = draw(beside(policy, number, most_rows, spoil))
    return World(
        policy=policy,
        organisation=organisation,
        waivers=waivers,
        events=events,
        as_of=draw(st.one_of(days, late_days, late_days)),
        since=draw(rarely(days, 6)),
        known_by=draw(rarely(st.one_of(days, late_days), 6)),
    )
