"""Strategies for event exports: rows, some of them bad, doubled, corrected or withdrawn."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from worlds_words import PEOPLE, TYPES, UNITS, days, hot_days, rarely, without_nones

HOURS = ["00:00:00", "09:00:00", "09:00:01", "11:00:00", "16:00:00", "23:59:59"]
FORMS = ["{}", "{}", "{}", "{}T{}", "{} {}", "{}T{}Z", "{}T{}+08:00"]
spread = st.integers(0, 400).map(lambda n: date(2025, 1, 1) + timedelta(days=n))


@st.composite
def moments(draw: st.DrawFn) -> str:
    """A day, or a moment at one of few hours."""
    day = draw(st.one_of(days, days, spread))
    return draw(st.sampled_from(FORMS)).format(day, draw(st.sampled_from(HOURS)))


@st.composite
def rows(draw: st.DrawFn) -> dict:
    numbers = st.sampled_from([1, 0, 1.5, 2, 3, -1, None])
    mostly = {
        "ref": st.sampled_from(["x", "x", "x", "y", "", "yy"]),
        "form": st.sampled_from(["written", "written", "oral", None]),
        "n": numbers,
        "ok": st.sampled_from([True, True, False, None]),
    }
    fields = {
        "m": numbers,
        "held": st.one_of(hot_days.map(str), moments()),
        "sent": hot_days.map(str),
        "tags": st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True),
        "copies": st.lists(st.sampled_from(["a", "b", "x", "s1", "p1", "p2", "b1"]), max_size=3),
        "by": st.sampled_from([*UNITS[:2], *PEOPLE[:2], "nobody"]),
        "about": st.sampled_from(["e1", "e2", "e3", "x", "s1", "b1"]),
        "recorded_at": moments(),
    }
    row = draw(st.fixed_dictionaries(mostly, optional=fields))
    row["type"] = draw(st.sampled_from(TYPES))
    row["at"] = draw(moments())
    row["unit"] = draw(st.sampled_from([*UNITS, *UNITS, "s1", "b1", None]))
    row["person"] = draw(st.sampled_from([*PEOPLE, *PEOPLE, "p1", None]))
    row["target"] = draw(st.sampled_from([*UNITS, "s1", None]))
    return without_nones(row)


BAD = {
    "at": ["2025-02-30", "soon", ""],
    "unit": ["nowhere"],
    "person": ["somebody"],
    "target": ["nowhere"],
    "type": ["mystery", None],
    "form": ["sung"],
    "n": ["many"],
    "held": ["never"],
    "tags": [["a", "z"]],
    "id": [None],
    "recorded_at": ["someday"],
}


@st.composite
def logs(draw: st.DrawFn, most: int = 30, spoil: bool = True) -> list[dict]:
    """Rows of an export."""
    log = []
    fewest = draw(st.sampled_from([most // 2, most * 2 // 3, most // 2, 0]))
    drawn = draw(st.lists(rows(), min_size=fewest, max_size=most))
    for number, each in enumerate(drawn, start=1):
        row = {"id": f"e{number}", **each}
        log.append(row)
        fate = draw(st.integers(0, 24)) if spoil else 24
        if fate == 0:
            column = draw(st.sampled_from(sorted(BAD)))
            row[column] = draw(st.sampled_from(BAD[column]))
        elif fate == 1:
            log.append(dict(row))
        elif fate == 2:
            log.append({**row, "ref": "z"})
        elif fate == 3:
            row["replaces"] = f"e{draw(st.integers(1, 8))}"
        elif fate == 4:
            withdrawal = {"id": f"w{number}", "withdraws": f"e{draw(st.integers(1, 8))}"}
            log.append({**withdrawal, "recorded_at": draw(rarely(moments(), 2))})
    return [without_nones(row) for row in log]
