"""Strategies for conditions on events and on units."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st
from worlds_words import UNITS, WORDS, hot_days


def text_condition(values: list[str]) -> st.SearchStrategy:
    value = st.sampled_from(values)
    simple = st.one_of(
        value,
        st.lists(value, min_size=1, max_size=2, unique=True),
        st.booleans().map(lambda present: {"present": present}),
    )
    return st.one_of(simple, value.map(lambda v: {"not": v}))


OF_FIELDS: dict[str, st.SearchStrategy] = {
    "ref": st.one_of(
        text_condition(WORDS),
        st.sampled_from(
            [
                {"matches": "x|yy"},
                {"matches": ".*"},
                {"not": {"matches": "x"}},
                {"same_as": "about"},
                {"not": {"same_as": "about"}},
            ]
        ),
    ),
    "form": text_condition(["written", "oral"]),
    "n": st.one_of(
        st.integers(0, 3),
        st.integers(0, 3).map(lambda n: {"at_least": n}),
        st.integers(0, 3).map(lambda n: {"at_most": n}),
        st.sampled_from(
            [
                {"at_least": 1, "at_most": 2},
                {"not": {"at_least": 1, "at_most": 2}},
                [0, 1.5],
                {"at_least": {"field": "m", "share": "1/2"}},
                {"at_most": {"field": "m"}},
                {"not": {"at_least": {"field": "m", "share": "2/3"}}},
                {"same_as": "m"},
            ]
        ),
    ),
    "ok": st.sampled_from([True, False, {"present": True}, {"not": True}]),
    "held": st.one_of(
        hot_days,
        hot_days.map(lambda day: {"before": day}),
        hot_days.map(lambda day: {"after": day}),
        st.sampled_from(
            [
                {"present": False},
                {"before": {"field": "sent"}},
                {"not": {"after": {"field": "at"}}},
                {"same_as": "at"},
            ]
        ),
    ),
    "tags": st.sampled_from(
        [
            "a",
            {"has": "a"},
            {"has_all": ["a", "b"]},
            {"has_any": ["a", "c"]},
            {"not": {"has": "a"}},
            {"present": False},
            {"same_as": "copies"},
        ]
    ),
    "copies": st.sampled_from(["a", {"has": "a"}, {"not": {"has_any": ["a", "b"]}}]),
    "by": st.sampled_from([{"same_as": "person"}, {"not": {"same_as": "unit"}}]),
}
OF_ALL: dict[str, st.SearchStrategy] = {
    "unit": text_condition(UNITS),
    "person": st.sampled_from([{"present": True}, {"present": False}, "p1"]),
    "target": st.sampled_from([{"present": True}, {"not": "s1"}, {"same_as": "unit"}]),
    "at": hot_days.map(lambda day: {"after": day}),
    "recorded_at": hot_days.map(lambda day: {"before": day}),
    "weekday": text_condition(["monday", "sunday", "tuesday"]),
    "working_day": st.sampled_from([True, False, {"not": True}]),
    "hour": st.sampled_from([{"at_least": 9}, {"at_most": 11.5}, {"present": False}]),
}


def leaves(of: dict[str, st.SearchStrategy]) -> st.SearchStrategy:
    return st.sampled_from(sorted(of)).flatmap(
        lambda field: of[field].map(lambda condition: {field: condition})
    )


def together(leaf: st.SearchStrategy, extra: int = 0) -> st.SearchStrategy:
    groups = st.tuples(
        st.sampled_from(["all", "any", "none"]), st.lists(leaf, min_size=1, max_size=2)
    ).map(lambda pair: {pair[0]: pair[1]})
    return st.lists(st.one_of(leaf, leaf, groups), min_size=1, max_size=1 + extra).map(
        lambda parts: {key: value for part in parts for key, value in part.items()}
    )


every = leaves({**OF_FIELDS, **OF_ALL})
conditions = st.one_of(together(every), together(every), together(every, 1))
conditions_on_all = together(leaves(OF_ALL))
"""On fields that everything has that happens."""

on_units = st.sampled_from(
    [
        {"size": {"at_least": 2}},
        {"big": True},
        {"region": {"not": "north"}},
        {"region": {"present": False}},
        {"since": {"present": True}},
        {"since": {"before": date(2025, 1, 1)}},
    ]
)
