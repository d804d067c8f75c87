"""Strategies for clocks: durations, tables, and what bends them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from worlds_sources import FULL, Earlier, level_of, matched
from worlds_words import CALENDAR, rarely, without_nones

DURATIONS = [
    "0 hours",
    "30 minutes",
    "2 hours",
    "24 hours",
    "72 hours",
    "0 days",
    "1 day",
    "15 days",
    "2 weeks",
    "1 month",
    "3 months",
    "1 year",
    "0 working days",
    "1 working day",
    "5 working days",
]
durations = st.sampled_from([*DURATIONS, {"of": "2 working days"}])
MOVES: list[Any] = [
    "next working day",
    ["next working day", "12:00"],
    "previous working day",
    "end of week",
    "end of month",
    "end of quarter",
    "end of half_year",
    "end of year",
    "day 15",
    "day 31",
    "friday",
    ["monday", "09:00"],
    ["following working day", "09:00"],
    "following day",
    {"on": "day off", "to": ["next working day", "12:00"]},
    [{"on": ["saturday", "sunday"], "to": "previous working day"}, "12:00"],
    {"after": "16:00", "to": "following day"},
    [{"on": "working day", "after": "09:00", "to": ["following working day", "09:00"]}],
]
moves = st.sampled_from(MOVES)


given_durations = st.builds(
    lambda field, unit, otherwise: without_nones(
        {"field": field, "in": unit, "otherwise": otherwise}
    ),
    st.sampled_from(["n", "n", "m"]),
    st.sampled_from(
        ["minutes", "hours", "days", "days", "working days", "weeks", "months", "years"]
    ),
    rarely(st.sampled_from(["15 days", "1 month", "2 hours", "1000 days"]), 3),
)
"""Durations that a field gives."""


def sometimes_given(plain: st.SearchStrategy, level: str | None) -> st.SearchStrategy:
    """Durations, now and then one that a field gives where every event has it."""
    if level != FULL:
        return plain
    return st.integers(0, 7).flatmap(lambda n: given_durations if n == 0 else plain)


@st.composite
def tables(draw: st.DrawFn, theirs: str | None, duration: st.SearchStrategy) -> dict:
    """A table of durations or clocks, by a field of the trigger or by an attribute."""
    attribute = theirs != FULL or draw(st.booleans())
    if draw(st.booleans()):
        by: Any = {"attribute": "size"} if attribute else draw(st.sampled_from(["n", "hour"]))
        bands = [{"up_to": 1, "is": draw(duration)}, {"is": draw(duration)}]
        if by == "hour":
            bands[0]["up_to"] = draw(st.sampled_from([9, 11.5, 16]))
        if by != "hour" and draw(st.booleans()):
            bands.insert(1, {"up_to": 1.5, "is": draw(duration)})
        return {"by": by, "bands": bands}
    by, words = draw(st.sampled_from(OF_UNIT if attribute else OF_TRIGGER))
    return {
        "by": by,
        "table": {word: draw(duration) for word in words},
        "otherwise": draw(duration),
    }


OF_UNIT: list[Any] = [
    ({"attribute": "region"}, ["north", "x"]),
    ({"attribute": "big"}, [True, False]),
    # Whatever happens has these.
    ("weekday", ["monday", "sunday"]),
    ("working_day", [True]),
]
OF_TRIGGER: list[Any] = [
    ("ref", ["north", "x"]),
    ("ok", [True, False]),
    ("weekday", ["monday", "tuesday"]),
    ("working_day", [True, False]),
]
"""What a table of words may be looked up by, and words of it."""


def without_hours(value: Any) -> Any:
    """The same, by a number where it is by the hour: what is moved to a day has none."""
    if isinstance(value, list):
        return [without_hours(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: "n" if key == "by" and each == "hour" else without_hours(each)
        for key, each in value.items()
    }


longest = st.sampled_from(["15 days", "48 hours", "1 month", "5 working days"])


@st.composite
def pauses(draw: st.DrawFn, earlier: Earlier, theirs: str) -> dict:
    """From one happening until another, or for so long at most."""
    source = matched(earlier, theirs)
    begin = draw(source)
    most = sometimes_given(longest, level_of(begin, earlier))
    kind = draw(st.sampled_from(["until", "both", "at_most"]))
    spec = {
        "from": begin,
        "until": None if kind == "at_most" else draw(source),
        "at_most": None if kind == "until" else draw(most),
        "first_day": draw(st.sampled_from([None, None, "excluded", "included"])),
    }
    return without_nones(spec)


@st.composite
def extensions(draw: st.DrawFn, earlier: Earlier, theirs: str) -> dict:
    on = draw(matched(earlier, theirs))
    by = sometimes_given(st.sampled_from(DURATIONS), level_of(on, earlier))
    in_time = draw(st.sampled_from([None, None, False, True]))
    if level_of(on, earlier) == FULL and draw(st.integers(0, 3)) == 0:
        until = {"field": draw(st.sampled_from(["held", "sent"]))}
        return without_nones({"on": on, "until": until, "in_time": in_time})
    return without_nones({"on": on, "by": draw(by), "in_time": in_time})


@st.composite
def bends(draw: st.DrawFn, earlier: Earlier, theirs: str) -> dict:
    """`restarts`, `pauses` and `extended`."""
    source = matched(earlier, theirs)
    pause, extension = pauses(earlier, theirs), extensions(earlier, theirs)
    return without_nones(
        {
            "restarts": draw(rarely(st.lists(source, min_size=1, max_size=2), 3)),
            "pauses": draw(rarely(st.lists(pause, min_size=1, max_size=2), 2)),
            "extended": draw(rarely(st.lists(extension, min_size=1, max_size=2), 2)),
        }
    )


@st.composite
def how_counted(draw: st.DrawFn) -> dict:
    return without_nones(
        {
            "first_day": draw(rarely(st.sampled_from(["included", "excluded"]), 3)),
            "month_end": draw(rarely(st.sampled_from(["next_day", "kept", "last_day"]), 3)),
            "calendar": draw(rarely(st.just(CALENDAR), 4)),
            "to": draw(rarely(moves, 3)),
        }
    )


@st.composite
def clocks(
    draw: st.DrawFn, earlier: Earlier, theirs: str, forwards: bool, nested: bool = False
) -> Any:
    """`within` of a triggered duty."""
    kinds = ["plain", "plain", "counted", "counted", "until", "several", "looked_up"]
    kind = draw(st.sampled_from(kinds))
    if kind == "plain":
        return draw(durations)
    if kind == "looked_up" and not nested:
        return draw(tables(theirs, clocks(earlier, theirs, forwards, True)))
    if kind == "until":
        until = draw(matched(earlier, theirs))
        return without_nones({"until": until, "to": draw(rarely(moves, 3))})
    if kind == "several" and not nested:
        word = draw(st.sampled_from(["earlier_of", "later_of"]))
        legs = st.lists(clocks(earlier, theirs, forwards, True), min_size=2, max_size=2)
        unknown = st.sampled_from([None, "ignored"]) if word == "later_of" else st.none()
        joint = {word: draw(legs), "to": draw(rarely(moves, 3)), "unknown": draw(unknown)}
        return without_nones(joint)
    length = sometimes_given(st.sampled_from(DURATIONS), theirs)
    of = st.one_of(length, tables(theirs, length))
    start = draw(rarely(matched(earlier, theirs), 5))
    if not nested and draw(st.integers(0, 4)) == 0:
        start = draw(clocks(earlier, theirs, forwards, True))
    if theirs == FULL and draw(st.integers(0, 7)) == 0:
        start = {"field": draw(st.sampled_from(["held", "sent"]))}
    bent = draw(bends(earlier, theirs)) if forwards and draw(st.booleans()) else {}
    return without_nones({"of": draw(of), "from": start, **draw(how_counted()), **bent})


CHAINED = ["15 days", "20 days", "1 month", "10 working days", "3 months", "72 hours", "1 year"]


@st.composite
def chained_clocks(draw: st.DrawFn, earlier: Earlier, level: str, nested: bool = False) -> Any:
    """`within` of `since_last`; `level` is what the evidence has."""
    chained = st.sampled_from(CHAINED)
    kind = draw(st.sampled_from(["plain", "plain", "counted", "counted", "several", "looked_up"]))
    if kind == "plain" or (nested and kind != "counted"):
        return draw(chained)
    inner = chained_clocks(earlier, level, True)
    if kind == "several":
        word = draw(st.sampled_from(["earlier_of", "later_of"]))
        return {word: draw(st.lists(inner, min_size=2, max_size=2))}
    if kind == "looked_up":
        return draw(tables(level, inner))
    start = draw(rarely(inner, 5)) if not nested else None
    bent = draw(bends(earlier, level)) if draw(st.integers(0, 2)) == 0 else {}
    length = sometimes_given(chained, level)
    of = draw(st.one_of(length, tables(level, length)))
    return without_nones({"of": of, "from": start, **draw(how_counted()), **bent})


next_from = st.sampled_from(
    [
        None,
        "due",
        "evidence",
        {"due": "1 month"},
        {"due": "5 days", "late": "due"},
        {"due": "0 days"},
        {"due": "0 days", "late": "evidence"},
        {"due": "48 hours", "late": "evidence"},
        {"due": "3 working days", "late": "evidence"},
        {"due": "2 weeks"},
    ]
)
not_before = st.sampled_from(
    ["2 days", "24 hours", "1 month", "1 working day", {"due": "1 month"}, {"due": "5 days"}]
)
