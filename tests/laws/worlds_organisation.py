"""Strategies for organisations and waivers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from worlds_words import PEOPLE, POSTS, UNITS, WORDS, days, rarely, spans, without_nones

attributes = st.fixed_dictionaries(
    {},
    optional={
        "size": st.sampled_from([0, 1, 2, 3, 1.5, -1]),
        "big": st.booleans(),
        "region": st.sampled_from(["north", "south"]),
        "since": st.sampled_from([date(2020, 2, 29), date(2024, 6, 30), date(2025, 1, 15)]),
    },
)


@st.composite
def organisations(draw: st.DrawFn) -> dict:
    units = []
    for name in UNITS:
        unit: dict[str, Any] = {"id": name, "kind": kind_of(name)}
        if name != "b1":
            parent = draw(st.sampled_from(["b1", "b1", None] if name != "s3" else ["s1", "b1"]))
            unit.update({"parent": parent} if parent else {})
        unit.update(draw(spans(8)))
        drawn = draw(attributes)
        unit.update({"attributes": drawn} if drawn else {})
        units.append(unit)
    appointments = []
    for _ in range(draw(st.sampled_from([0, 2, 4, 5, 6, 7]))):
        oversees = draw(st.lists(st.sampled_from(UNITS), max_size=2, unique=True))
        appointment = {
            "person": draw(st.sampled_from(PEOPLE)),
            "post": draw(st.sampled_from(POSTS)),
            "unit": draw(st.sampled_from(UNITS)),
            **draw(spans(4)),
            "oversees": oversees or None,
        }
        appointments.append(without_nones(appointment))
    return {
        "organisation": "world",
        "units": units,
        "people": [{"id": person, "name": person} for person in PEOPLE],
        "appointments": appointments,
    }


@st.composite
def waiver_lists(draw: st.DrawFn, policy: dict) -> list[dict]:
    found = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 2]))):
        first = draw(days)
        duty = draw(st.sampled_from(sorted(policy["duties"])))
        waiver = {
            "duty": duty,
            "bearer": draw(st.sampled_from(of_kind(policy["duties"][duty]["bearer"]))),
            "target": draw(targets_of(policy["duties"][duty])),
            "from": first,
            "until": first + timedelta(days=draw(st.sampled_from([0, 1, 30, 200]))),
            "reason": "reason",
            "approved_by": "committee",
        }
        found.append(without_nones(waiver))
    return found


def targets_of(duty: dict) -> st.SearchStrategy:
    of_each = duty.get("of_each")
    if of_each is None:
        return st.none()
    words = WORDS if "value_of" in of_each else of_each.get("value") or of_kind(of_each)
    return rarely(st.sampled_from(words), 4)


def of_kind(named: dict) -> list[str]:
    """The people, or the units of the kind, that a duty may name."""
    if "post" in named:
        return PEOPLE
    kinds = named["unit"] if isinstance(named["unit"], list) else [named["unit"]]
    return [unit for unit in UNITS if kind_of(unit) in kinds or "overseen" in kinds]


def kind_of(unit: str) -> str:
    return "board" if unit == "b1" else "station"
