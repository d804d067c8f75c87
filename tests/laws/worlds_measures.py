"""Strategies for requirements: measures, quantities, states."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from worlds_conditions import conditions
from worlds_sources import FULL, Earlier, bases, columns, happenings, level_of
from worlds_words import rarely, without_nones

THRESHOLDS = ["at_least", "at_least", "at_least", "at_most", "exactly", "more_than", "less_than"]
fixed = st.one_of(
    st.integers(0, 3).map(lambda n: {"at_least": n}),
    st.integers(1, 2).map(lambda n: {"at_least": n}),
    st.integers(0, 2).map(lambda n: {"at_most": n}),
    st.integers(0, 2).map(lambda n: {"exactly": n}),
    st.integers(0, 2).map(lambda n: {"more_than": n}),
    st.integers(1, 2).map(lambda n: {"less_than": n}),
    st.just({"at_least": 1, "at_most": 2}),
)
lower = st.one_of(st.integers(0, 3).map(lambda n: {"at_least": n}), st.just({"more_than": 1}))
shares = st.sampled_from(["2/3", "1/2", 0.5, "40%", "100%"])


@st.composite
def quantities(draw: st.DrawFn, earlier: Earlier, decimal: bool, nested: bool = False) -> Any:
    """A number, or what hangs on something."""
    kinds = ["number", "number", "attribute", "table", "share", "share"]
    kind = draw(st.sampled_from(kinds if nested else [*kinds, "several"]))
    number = st.sampled_from([1, 2, 1.5, 3, -1] if decimal else [1, 2, 3])
    if kind == "number":
        return draw(number)
    if kind == "attribute":
        return {"attribute": "size"}
    if kind == "table":
        cell = number if nested else st.one_of(number, quantities(earlier, decimal, nested=True))
        return draw(number_tables(earlier, cell))
    if kind == "share":
        how = draw(rarely(st.sampled_from(["up", "down", "half_up"]), 3))
        return without_nones({"share": draw(shares), "of": draw(bases(earlier)), "rounded": how})
    inner = st.lists(quantities(earlier, decimal, nested=True), min_size=2, max_size=2)
    return {draw(st.sampled_from(["greater_of", "lesser_of", "sum_of", "sum_of"])): draw(inner)}


@st.composite
def number_tables(draw: st.DrawFn, earlier: Earlier, number: st.SearchStrategy) -> dict:
    """A table of numbers, by an attribute or by what is counted."""
    kind = draw(st.sampled_from(["bands", "counted", "counted", "words", "booleans"]))
    if kind in ("bands", "counted"):
        by = {"attribute": "size"} if kind == "bands" else draw(bases(earlier))
        return {"by": by, "bands": [{"up_to": 1, "is": draw(number)}, {"is": draw(number)}]}
    if kind == "words":
        table: dict = {"north": draw(number)}
        return {"by": {"attribute": "region"}, "table": table, "otherwise": draw(number)}
    table = {True: draw(number), False: draw(number)}
    return {"by": {"attribute": "big"}, "table": table, "otherwise": draw(number)}


@st.composite
def thresholds(draw: st.DrawFn, earlier: Earlier, decimal: bool = False) -> dict:
    kind = draw(st.sampled_from(["fixed", "fixed", "hanging", "share_of"]))
    if kind == "fixed":
        return draw(fixed)
    word = draw(st.sampled_from(THRESHOLDS))
    if kind == "share_of":
        return {word: draw(shares), "share_of": draw(bases(earlier))}
    return {word: draw(quantities(earlier, decimal))}


BUCKETS = ["day", "week", "month", "quarter", "year"]
passes = st.sampled_from([{"at_least": 2}, {"at_most": 1}, {"at_least": 1, "at_most": 2}, {}])


@st.composite
def measures(draw: st.DrawFn, level: str) -> dict:
    """A measure of good events."""
    by = st.sampled_from([*BUCKETS, "ref"] if level == FULL else BUCKETS)
    named = ["at", "unit", "person", "target"]
    if level == FULL:
        named += ["ref", "form", "tags", "copies", "held"]
    kinds = ["count", "count", "distinct", "buckets"]
    if level == FULL:
        kinds += ["sum", "capped", "average", "largest", "smallest"]
    kind = draw(st.sampled_from(kinds))
    if kind == "count":
        return {}
    if kind == "distinct":
        return {"distinct": draw(st.sampled_from(named))}
    if kind == "capped":
        return {"sum": "n", "capped": {"by": draw(by), "at": draw(st.sampled_from([1, 2, 1.5]))}}
    if kind != "buckets":
        return {kind: "n"}
    inner: dict = {}
    if level == FULL:
        inner = draw(st.sampled_from([{}, {"sum": "n"}, {"distinct": "ref"}]))
    return {"buckets": {"by": draw(by), **inner, **draw(passes)}}


apart = st.sampled_from(["3 days", "1 month", "24 hours", "2 working days"])


@st.composite
def requirements(draw: st.DrawFn, earlier: Earlier, level: str) -> dict:
    """`requires` of evidence."""
    measure = draw(measures(level))
    decimal = bool({"sum", "average", "largest", "smallest"} & set(measure))
    threshold = draw(thresholds(earlier, decimal))
    return without_nones({**measure, **threshold, "apart": draw(rarely(apart, 5))})


@st.composite
def lower_apart(draw: st.DrawFn) -> dict:
    """`requires` of evidence that counts once."""
    return without_nones({**draw(lower), "apart": draw(rarely(apart, 2))})


sliding = st.one_of(
    fixed,
    st.builds(
        lambda measure, threshold: {**measure, **threshold},
        st.sampled_from(
            [
                {"sum": "n"},
                {"average": "n"},
                {"distinct": "ref"},
                {"distinct": "tags"},
                {"distinct": "at"},
            ]
        ),
        fixed,
    ),
)
"""What `in_any` can ask."""


@st.composite
def states(draw: st.DrawFn, earlier: Earlier, targets: str | None) -> dict:
    """`requires` of a state."""
    first = without_nones({"event": "start", "where": draw(rarely(conditions, 5))})
    if draw(st.integers(0, 4)) == 0:
        first = draw(happenings(earlier))
    level = level_of(first, earlier)
    last: dict | None = draw(
        st.sampled_from(
            [{"event": "stop"}, {"event": "stop"}, {"event": ["stop", "report"]}, None, None]
        )
    )
    lasting: list[Any] = ["15 days", "1 month", "2 weeks", "1 year"]
    lasting += ["held", "held"] if level == FULL else []
    matching = draw(rarely(st.sampled_from(["ref", "person"]), 2)) if level == FULL else None
    column = st.sampled_from(["ref", "copies"] if level == FULL else ["target", "person"])
    if targets != "value":
        column = rarely(st.sampled_from(columns(level)), 3)
    held = without_nones(
        {
            "from": first,
            "until": last,
            "for": draw(rarely(st.sampled_from(lasting), 2)) if last is None else None,
            "matching": matching,
            "at_once": draw(rarely(st.sampled_from([1, 2]), 2)) if matching else None,
            "who": draw(rarely(st.sampled_from([*columns(level), "anyone"]), 4)),
            "target": draw(column) if targets else None,
        }
    )
    threshold = st.sampled_from(
        [
            {},
            {"gaps": {"at_most": "30 days"}},
            {"gaps": {"at_most": 1}},
            {"at_least": 10},
            {"at_least": "15 days"},
            {"at_most": 5},
            {"exactly": 16},
            {"more_than": {"attribute": "size"}},
            {"at_least": {"share": "1/2", "of": {"attribute": "size"}}},
        ]
    )
    return {"days_held": held, **draw(threshold)}
