"""Strategies for `while`, and for targets that only events tell of."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from worlds_sources import FULL, Earlier, columns, happenings, level_of
from worlds_words import TYPES, rarely, without_nones

VALUE_OF = {"value_of": "ref"}


@st.composite
def whiles(draw: st.DrawFn, earlier: Earlier, targeted: str | None, of_each: dict | None) -> Any:
    """`while`: always where it says which targets there are, else now and then.

    Mostly a state that is easily begun, and of whomever: else hardly anything would be owed.
    """
    if of_each != VALUE_OF and draw(rarely(st.just(True), 6)) is None:
        return None
    many = st.lists(st.sampled_from(TYPES), min_size=2, max_size=4, unique=True)
    plain = many.map(lambda types: {"event": types})
    first = draw(st.one_of(plain, plain, plain, happenings(earlier)))
    level = level_of(first, earlier)
    ends: list[Any] = [None, None, {"event": "stop"}, {"event": ["stop", "report"]}]
    last = draw(st.sampled_from(ends))
    lasting = ["1 month", "1 year", "15 days", *(["held"] if level == FULL else [])]
    matching = draw(rarely(st.sampled_from(["ref", "person"]), 4)) if level == FULL else None
    column = st.sampled_from(["ref", "ref", "copies"] if level == FULL else ["target", "person"])
    if targeted != "value":
        column = rarely(st.sampled_from(columns(level)), 3)
    who = ["anyone", "anyone", "unit", None, draw(st.sampled_from(columns(level)))]
    return without_nones(
        {
            "from": first,
            "until": last,
            "for": draw(rarely(st.sampled_from(lasting), 2)) if last is None else None,
            "matching": matching,
            "at_once": draw(rarely(st.sampled_from([1, 2]), 3)) if matching else None,
            "who": draw(st.sampled_from(who)),
            "target": draw(column) if targeted else None,
        }
    )


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
