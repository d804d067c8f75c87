"""Several organisations beside one another, under one policy.

The pipeline's time goes into a policy's queries, whether one organisation lives under it or four,
so that the nightly run looks at four. They share days and words, but no ids.
"""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st
from worlds_logs import logs
from worlds_organisation import organisations, waiver_lists
from worlds_words import PEOPLE, UNITS

OF_ONE = {*UNITS, *PEOPLE}
EVENT = re.compile(r"[ew]\d+")


@st.composite
def beside(
    draw: st.DrawFn, policy: dict, number: int, most_rows: int, spoil: bool
) -> tuple[dict, list[dict], list[dict]]:
    """Organisation, waivers and log of so many organisations, as of one."""
    organisation: dict[str, Any] = {"organisation": "world"}
    waivers: list[dict] = []
    events: list[dict] = []
    for each in range(number):
        for name, values in draw(organisations()).items():
            if name != "organisation":
                organisation.setdefault(name, []).extend(of_its_own(values, each))
        waivers += of_its_own(draw(waiver_lists(policy)), each)
        events += of_its_own(draw(logs(most_rows, spoil)), each)
    return organisation, waivers, events


def of_its_own(value: Any, number: int) -> Any:
    """What was drawn, with the ids of the organisation of this number; the first keeps them."""
    if number == 0:
        return value
    if isinstance(value, list):
        return [of_its_own(each, number) for each in value]
    if isinstance(value, dict):
        return {name: of_its_own(each, number) for name, each in value.items()}
    is_id = isinstance(value, str) and (value in OF_ONE or EVENT.fullmatch(value))
    return f"{value}-{number}" if is_id else value
