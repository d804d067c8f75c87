"""Strategies for occasions and targets, and for attributes of targets."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from worlds_clocks import next_from
from worlds_conditions import on_units
from worlds_sources import Earlier, happenings, triggers
from worlds_whiles import VALUE_OF
from worlds_words import KINDS, POSTS, one_or_more, rarely, without_nones

OCCASIONS = ["per", "in_each", "after", "after", "before", "for_each", "since_last", "in_any"]
TRIGGERED = ("after", "before", "for_each")
PERIODS = ["year", "half_year", "quarter", "month", {"months": 4}, {"months": 6}]
windows = st.lists(
    st.sampled_from(
        [
            {"month": 6},
            {"month": 12},
            {"from": "06-15", "to": "06-30"},
            {"from": "12-15", "to": "01-15"},
            {"from": "03-01", "to": "03-31"},
        ]
    ),
    min_size=1,
    max_size=3,
    unique_by=str,
)


@st.composite
def targets(draw: st.DrawFn, bearer: str, occasion: str) -> tuple[str | None, dict | None]:
    """(kind of target, `of_each`)."""
    kind = draw(st.sampled_from([None, None, None, None, "unit", "post", "value", "value_of"]))
    if kind == "value" and occasion != "for_each":
        return "value", {"value": draw(st.sampled_from([["x", "y"], ["x"]]))}
    if kind == "value_of" and occasion != "for_each":
        return "value", dict(VALUE_OF)
    if kind == "post":
        return "post", {"post": draw(one_or_more(POSTS))}
    if kind != "unit":
        return None, None
    if bearer == "post" and draw(st.booleans()):
        return "unit", {"unit": "overseen"}
    which = {"unit": draw(one_or_more(KINDS)), "where": draw(rarely(on_units, 3))}
    inside = draw(st.sampled_from([None, "bearer"]))
    return "unit", without_nones({**which, "in": inside})


@st.composite
def occasions(draw: st.DrawFn, kind: str, earlier: Earlier, unit: bool) -> dict:
    """`when`."""
    if kind in ("per", "throughout"):
        return {kind: draw(st.sampled_from(PERIODS))}
    if kind == "in_each":
        return {kind: draw(windows)}
    if kind == "for_each":
        return {kind: draw(happenings(earlier))}
    if kind in TRIGGERED:
        return {kind: draw(triggers(earlier, unit))}
    if kind == "in_any":
        lengths: list[Any] = ["30 days", "2 weeks", "2 months", "7 days", "1 year"]
        lengths += [{"of": "2 weeks", "starting": "week"}, {"of": "2 months", "starting": "month"}]
        lengths.append({"of": "14 days", "starting": {"months": 4}})
        return {kind: draw(st.sampled_from(lengths))}
    event = st.sampled_from([{"event": "issue"}, {"event": "report", "where": {"form": "oral"}}])
    starting = st.one_of(st.just("in_force"), event)
    if unit:
        starting = st.one_of(starting, st.just({"date_of": "since"}))
    chain = {"starting": draw(st.one_of(st.none(), starting))}
    chain["next_from"] = draw(next_from)
    return {kind: without_nones(chain)}


def asking_the_target(duty: dict, occasion: str, targeted: str | None) -> dict:
    """Clocks, thresholds and starts with attributes of the target, where there may be one."""
    happens = occasion in TRIGGERED and not {"event", "duty"}.isdisjoint(duty["when"][occasion])
    places = []
    if happens if occasion in TRIGGERED else targeted == "unit":
        places += ["within", "when"]
    if targeted == "unit" or (happens and targeted is None):
        places += ["requires", "all_of", "any_of"]
    versions = [
        {key: of_target(value) if key in places else value for key, value in version.items()}
        for version in duty.get("versions") or []
    ]
    changed = {key: of_target(duty[key]) for key in places if key in duty}
    return {**changed, **({"versions": versions} if versions else {})}


def of_target(value: Any) -> Any:
    """The same with attributes of the target."""
    if isinstance(value, list):
        return [of_target(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: of_target(each) for key, each in value.items()}
    return {**found, "of": "target"} if {"attribute", "date_of"} & set(value) else found
