"""Few words and few days, so that things collide; strategies for days, spans and the like.

Events at the very moment at which something is due, handovers on due days, clocks that go forward.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/New_York"]
TYPES = ["report", "issue", "answer", "start", "stop"]
KINDS = ["board", "station"]
POSTS = ["head", "chief", "member"]
UNITS = ["b1", "s1", "s2", "s3"]
PEOPLE = ["p1", "p2", "p3"]
WORDS = ["x", "y"]
CALENDAR = "bank-days"
ESCALATION = "review"
HOT_DAYS = [
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2025, 2, 28),
    date(2025, 3, 1),
    date(2025, 3, 30),  # clocks go forward in Berlin
    date(2025, 3, 31),
    date(2025, 6, 15),
    date(2025, 6, 30),
    date(2025, 7, 1),
    date(2025, 10, 26),  # and back
    date(2025, 12, 31),
    date(2026, 1, 1),
]
FIELDS: dict[str, Any] = {
    "ref": "text",
    "form": {"one_of": ["written", "oral"]},
    "n": "number",
    "m": "number",
    "ok": "boolean",
    "held": "date",
    "sent": "date",
    "tags": {"list_of": ["a", "b", "c"]},
    "copies": "list",
    "by": "text",
    "about": "text",
}
ATTRIBUTES = {"size": "number", "big": "boolean", "region": "text", "since": "date"}


def rarely(strategy: st.SearchStrategy, times: int = 4) -> st.SearchStrategy:
    """None, and once in a while something."""
    return st.integers(0, times - 1).flatmap(lambda n: strategy if n == 0 else st.none())


def without_nones(mapping: dict) -> dict:
    return {key: value for key, value in mapping.items() if value is not None}


def one_or_more(pool: list[str], most: int = 2) -> st.SearchStrategy:
    """A word, or a list of them."""
    word = st.sampled_from(pool)
    return st.one_of(word, st.lists(word, min_size=1, max_size=most, unique=True))


def one_or_two(strategy: st.SearchStrategy) -> st.SearchStrategy:
    """A mapping, or a list of one or two."""
    return st.one_of(strategy, strategy, st.lists(strategy, min_size=1, max_size=2))


days = st.builds(
    lambda hot, delta: hot + timedelta(days=delta),
    st.sampled_from(HOT_DAYS),
    st.sampled_from([0, 0, 0, 1, -1, 2, 3, 7, 14, -15]),
)
hot_days = st.sampled_from(HOT_DAYS)
change_days = st.sampled_from([date(2025, 3, 1), date(2025, 6, 30), date(2025, 7, 1)])


@st.composite
def spans(draw: st.DrawFn, chance: int = 3) -> dict:
    """`{from, until}`, often without one of them."""
    first = draw(rarely(days, chance))
    last = draw(rarely(days, chance))
    if first and last and last < first:
        first, last = last, first
    return without_nones({"from": first, "until": last})
