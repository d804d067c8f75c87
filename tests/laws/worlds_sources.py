"""Strategies for sources: what happens, and the keys by which it is told whose it is."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from worlds_conditions import conditions, conditions_on_all
from worlds_words import ESCALATION, KINDS, TYPES, one_or_more, rarely, without_nones

Earlier = dict[str, dict]
"""The duties that a duty may refer to."""

FULL, BASE, DAY = "full", "base", "day"
"""What a source has: every field, those that everything has, or those of a day of the calendar."""

WINDOWS = ["30 days", "2 weeks", "1 month", "3 months", "1 year", "1 day"]
PERIODS = ["month", "quarter", "half_year", "year", "week", {"months": 4}]


def parts_of(duty: dict) -> list[dict]:
    """The parts of a duty in every version of it."""
    versions = [duty, *({**duty, **each} for each in duty.get("versions") or [])]
    return [
        part
        for each in versions
        for part in (each.get("all_of") or each.get("any_of") or {"": each}).values()
    ]


def has_lower(requires: dict) -> bool:
    words = {"at_least", "at_most", "exactly", "more_than", "less_than", "days_held"}
    return bool({"at_least", "exactly", "more_than"} & set(requires)) or not words & set(requires)


def is_ever_done(duty: dict) -> bool:
    """Whether a duty has a moment at which it is done."""
    unmeasured = {"distinct", "average", "largest", "smallest", "buckets", "days_held"}
    requirements = [part.get("requires") or {} for part in parts_of(duty)]
    return all(has_lower(r) and not unmeasured & set(r) for r in requirements)


def level_of(source: dict, earlier: Earlier) -> str:
    """Which fields a source has."""
    if "event" in source:
        return FULL
    if "duty" not in source:
        return DAY
    duty = earlier[source["duty"]]
    if source.get("is", "done") != "done":
        return FULL if triggers_of(duty, earlier) == {FULL} else BASE
    levels = {level_of(each, earlier) for each in evidence_of(duty)}
    return FULL if levels == {FULL} else BASE


def evidence_of(duty: dict) -> list[dict]:
    """What the evidence of a duty can be."""
    found = []
    for part in parts_of(duty):
        evidence = part.get("evidence") or {}
        if {"event", "duty"} & set(evidence):
            found.append(evidence)
        if "for_each" in duty["when"]:
            found.append(duty["when"]["for_each"])
        found += [evidence["stands_in"]] if "stands_in" in evidence else []
    return found


def triggers_of(duty: dict, earlier: Earlier) -> set[str]:
    """The fields that the triggers of a duty have, over its versions."""
    (occasion, spec), *_ = duty["when"].items()
    if occasion in ("after", "before", "for_each"):
        return {level_of(spec, earlier)}
    if occasion == "since_last":
        return {level_of(each, earlier) for each in evidence_of(duty)}
    return {BASE}


@st.composite
def happenings(draw: st.DrawFn, earlier: Earlier, chance: int = 6) -> dict:
    """Events, or what came of another duty."""
    if earlier and draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from(sorted(earlier)))
        outcomes: list[Any] = ["unmet", ["met", "late"], ["unmet", "late"], "met"]
        if is_ever_done(earlier[name]):
            outcomes += [None, None, "done"]
        source = without_nones({"duty": name, "is": draw(st.sampled_from(outcomes))})
    else:
        source = {"event": draw(one_or_more(TYPES))}
    level = level_of(source, earlier)
    on = conditions if level == FULL else conditions_on_all
    counted = draw(rarely(reached(earlier, level), 12))
    return without_nones({**source, "where": draw(rarely(on, chance)), "reached": counted})


@st.composite
def reached(draw: st.DrawFn, earlier: Earlier, level: str) -> Any:
    """At how many of them a source happens."""
    number = draw(st.sampled_from([2, 2, 3, 1]))
    if draw(st.integers(0, 3)) == 0:
        return number
    full = level == FULL
    apart = ["unit", "person", "target", ["unit", "person"]]
    apart += ["ref", ["ref", "unit"], "form"] if full else []
    spec: dict[str, Any] = {
        "at": number,
        "by": draw(rarely(st.sampled_from(apart), 1 + draw(st.integers(0, 1)))),
        "in": draw(rarely(st.sampled_from(WINDOWS), 3)),
        "per": draw(rarely(st.sampled_from(PERIODS), 4)),
    }
    if full and draw(st.integers(0, 3)) == 0:
        spec |= {"sum": "n", "at": draw(st.sampled_from([1.5, 2, 3, 4.5]))}
    if draw(st.integers(0, 2)) == 0:
        resets: list[dict] = [{"event": name} for name in TYPES]
        named = set(spec["by"] if isinstance(spec["by"], list) else [spec["by"]])
        if named <= {None, "unit", "person", "target"}:
            resets += [{"duty": name, "is": ["met", "unmet"]} for name in earlier]
        on = st.sampled_from([{"person": {"present": True}}, {"working_day": True}])
        where = draw(rarely(on, 3))
        spec["reset"] = without_nones({**draw(st.sampled_from(resets)), "where": where})
    return without_nones(spec)


@st.composite
def triggers(draw: st.DrawFn, earlier: Earlier, unit: bool) -> dict:
    """Whatever may stand in `after` and `before`."""
    kind = draw(st.sampled_from(["happening", "happening", "happening", "calendar", "other"]))
    if kind == "happening":
        source = draw(happenings(earlier))
        on = st.sampled_from(["held", "sent"])
        return without_nones({**source, "on": draw(rarely(on, 5)) if "event" in source else None})
    word = draw(st.sampled_from(["start_of", "end_of"]))
    if kind == "calendar" or not unit:
        return {word: draw(st.sampled_from(["term", "term", *PERIODS]))}
    return draw(
        st.one_of(
            st.just({"date_of": "since"}),
            st.just({"anniversary_of": "since"}),
            st.builds(
                lambda silence, of: {"silence": silence, "of": of},
                st.sampled_from(["15 days", "30 days", "1 month", "10 working days", "2 weeks"]),
                happenings(earlier, 3),
            ),
            st.just({"escalation": ESCALATION}),
        )
    )


def matchings(ours: str, theirs: str) -> st.SearchStrategy:
    """The key that something shares with the trigger."""
    found: list[Any] = ["unit", {"target": "unit"}, "person"]
    if ours == FULL:
        found += [{"by": "person"}, {"about": "unit"}]
    if theirs != DAY:
        found += [{"about": "id"}] if ours == FULL else ["target"]
    if ours == theirs == FULL:
        found = ["ref", "ref", ["ref", "form"], {"about": "id"}, {"about": "ref"}, "id", "unit"]
        found += ["n", "held", "ok", {"held": "sent"}]
    # Days match days: the trigger's, or another that one of them names.
    found += ["at", {"held": "at"}] if ours == FULL else ["at"]
    found += [{"at": "held"}] if theirs == FULL else []
    found += [{"held": "recorded_at"}] if ours == theirs == FULL else []
    found += ["weekday", "working_day"]
    return st.sampled_from(found)


@st.composite
def matched(draw: st.DrawFn, earlier: Earlier, theirs: str) -> dict:
    """A source in a clock."""
    source = draw(happenings(earlier, 5))
    key = rarely(matchings(level_of(source, earlier), theirs), 2)
    on = rarely(st.sampled_from(["held", "sent"]), 5) if "event" in source else st.none()
    return without_nones({**source, "matching": draw(key), "on": draw(on)})


def columns(level: str) -> list[str]:
    """The columns that may name a bearer or a target."""
    more = ["by", "copies", "about"] if level == FULL else ["person"]
    return ["unit", "target", *more]


@st.composite
def meant(draw: st.DrawFn, earlier: Earlier, theirs: str | None, targets: str | None) -> dict:
    """The keys of evidence; `theirs` are the fields of the trigger, if there is one."""
    source = draw(happenings(earlier, 5))
    ours = level_of(source, earlier)
    on = conditions if ours == FULL else conditions_on_all
    column = st.sampled_from(["ref", "copies"] if ours == FULL else ["target", "person"])
    if targets != "value":
        column = rarely(st.sampled_from(columns(ours)), 3)
    return without_nones(
        {
            **source,
            "must": draw(rarely(on, 4)),
            "matching": draw(rarely(matchings(ours, theirs), 3)) if theirs else None,
            "who": draw(rarely(st.sampled_from([*columns(ours), "anyone", "anyone"]), 4)),
            "target": draw(column) if targets else None,
        }
    )


@st.composite
def evidences(draw: st.DrawFn, earlier: Earlier, theirs: str | None, targets: str | None) -> dict:
    """Evidence: what is meant, and what stands in for it."""
    evidence = draw(meant(earlier, theirs, targets))
    plain = "duty" not in evidence
    stands_in = st.one_of(
        st.sampled_from(TYPES).map(lambda name: {"event": name}),
        conditions.map(lambda where: {"event": "issue", "where": where}),
        st.sampled_from(TYPES).map(lambda name: {"event": name, "reached": 2}),
    )
    more = {"stands_in": draw(rarely(stands_in, 6)) if plain else None}
    if theirs is not None:
        more["itself"] = draw(st.sampled_from([None, "counts", "does_not_count"]))
    return without_nones({**evidence, **more})


@st.composite
def bases(draw: st.DrawFn, earlier: Earlier) -> dict:
    """What a share is taken of."""
    kind = draw(st.sampled_from(["happening", "happening", "unit", "post", "attribute"]))
    if kind == "unit":
        return {"unit": draw(one_or_more(KINDS))}
    if kind == "post":
        return {"post": draw(st.sampled_from(["member", "chief", ["member", "head"]]))}
    if kind == "attribute":
        return {"attribute": "size"}
    source = draw(happenings(earlier, 3))
    who = st.sampled_from(["anyone", *columns(level_of(source, earlier))])
    return without_nones({**source, "who": draw(rarely(who, 3))})
