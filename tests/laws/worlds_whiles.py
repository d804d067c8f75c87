"""Strategies for `while`, and for targets that only events tell of."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from worlds_measures import states
from worlds_sources import Earlier
from worlds_words import rarely

VALUE_OF = {"value_of": "ref"}


@st.composite
def whiles(draw: st.DrawFn, earlier: Earlier, targeted: str | None, of_each: dict | None) -> Any:
    """`while`: always where it says which targets there are, else now and then."""
    if of_each != VALUE_OF and draw(rarely(st.just(True), 6)) is None:
        return None
    state = draw(states(earlier, targeted))["days_held"]
    if state["from"].get("event") == "start":
        often = draw(st.sampled_from(["start", ["start", "issue"], ["start", "issue", "answer"]]))
        state = {**state, "from": {**state["from"], "event": often}}
    return state


def in_its_field(value: Any) -> Any:
    """The same where no `target` names the field whose values the targets are."""
    if isinstance(value, list):
        return [in_its_field(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: each if key == "matching" else in_its_field(each)
        for key, each in value.items()
        if (key, each) != ("target", VALUE_OF["value_of"])
    }
