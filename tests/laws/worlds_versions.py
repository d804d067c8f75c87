"""Strategies for versions of duties and for parameters in the place of values."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from worlds_clocks import clocks, durations, next_from
from worlds_conditions import on_units
from worlds_measures import fixed, lower
from worlds_occasions import PERIODS, TRIGGERED, windows
from worlds_sources import DAY, Earlier, triggers_of
from worlds_words import TYPES, change_days, rarely, without_nones


@st.composite
def versions(draw: st.DrawFn, earlier: Earlier, duty: dict, occasion: str) -> dict:
    """`versions` and `straddles`, or a parameter in the place of a value; mostly nothing."""
    if draw(st.integers(0, 3)) > 0:
        return {}
    if draw(st.booleans()):
        return draw(parameters(duty, occasion))
    theirs = triggers_of(duty, earlier) if occasion in TRIGGERED else set()
    level = theirs.pop() if len(theirs) == 1 else DAY
    changes: dict[str, st.SearchStrategy] = {
        "severity": st.sampled_from(["minor", "major"]),
        "grace": durations,
        "applies_when": on_units,
        "accountable": st.sampled_from([["head"], [], ["member"]]),
    }
    if occasion in ("after", "before") and "within" in duty:
        plain = st.sampled_from(["5 days", "1 month", "24 hours"])
        changes["within"] = st.one_of(plain, clocks(earlier, level, occasion == "after"))
    if occasion == "since_last":
        changes["within"] = st.sampled_from(["15 days", "1 month", "20 working days"])
        changes["when"] = next_from.map(lambda each: counted_next(duty, each))
    if occasion in ("per", "in_each", "after", "before") and "evidence" in duty:
        changes["requires"] = lower if "double_use" in duty else fixed
    if occasion in ("per", "throughout"):
        changes["when"] = st.sampled_from(PERIODS).map(lambda period: {occasion: period})
    if occasion == "in_each":
        changes["when"] = windows.map(lambda each: {"in_each": each})
    if occasion in ("per", "in_each", "throughout"):
        changes["part_period"] = st.sampled_from(["full", "scaled", "waived"])
    if "evidence" in duty and occasion != "for_each" and "of_each" not in duty:
        changes["evidence"] = st.sampled_from(TYPES).map(lambda name: {"event": name})
        if isinstance(duty.get("late"), dict) or "requires" in duty or "within" in duty:
            del changes["evidence"]
    names = st.lists(st.sampled_from(sorted(changes)), min_size=1, max_size=2, unique=True)
    firsts = sorted(draw(st.lists(change_days, min_size=1, max_size=2, unique=True)))
    found = [
        {"from": first, **{name: draw(changes[name]) for name in draw(names)}} for first in firsts
    ]
    ends = st.just("end") if occasion in ("per", "in_each", "throughout") else st.none()
    return without_nones({"versions": found, "straddles": draw(rarely(ends, 2))})


def counted_next(duty: dict, rule: Any) -> dict:
    """The `when` of a chain, with another `next_from`."""
    return {"since_last": without_nones({**duty["when"]["since_last"], "next_from": rule})}


@st.composite
def parameters(draw: st.DrawFn, duty: dict, occasion: str) -> dict:
    """A parameter of the policy in the place of a value."""
    places: list[dict] = [{"grace": {"parameter": "term"}}]
    if occasion == "since_last" or (occasion in ("after", "before") and "within" in duty):
        places += [{"within": {"parameter": "term"}}, {"within": {"of": {"parameter": "term"}}}]
    if occasion == "since_last":
        places.append({"when": counted_next(duty, {"due": {"parameter": "term"}})})
    if "evidence" in duty and occasion in ("per", "in_each", "after", "before"):
        places.append({"requires": {"at_least": {"parameter": "number"}}})
    return draw(st.sampled_from(places))
