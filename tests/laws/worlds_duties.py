"""Strategies for duties: any occasion, with whatever goes with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from worlds_clocks import (
    chained_clocks,
    clocks,
    durations,
    not_before,
    without_hours,
)
from worlds_conditions import conditions, on_units
from worlds_measures import fixed, lower_apart, requirements, sliding, states
from worlds_occasions import OCCASIONS, TRIGGERED, asking_the_target, occasions, targets
from worlds_sources import (
    FULL,
    Earlier,
    evidence_of,
    evidences,
    is_ever_done,
    level_of,
    meant,
)
from worlds_versions import versions
from worlds_whiles import VALUE_OF, in_its_field, whiles
from worlds_words import (
    KINDS,
    POSTS,
    TYPES,
    days,
    one_or_more,
    one_or_two,
    rarely,
    spans,
    without_nones,
)


@st.composite
def parts(
    draw: st.DrawFn, earlier: Earlier, when: dict, once: bool, targeted: str | None
) -> dict[str, Any]:
    """`evidence` and `requires` of a part."""
    (occasion, spec), *_ = when.items()
    theirs = level_of(spec, earlier) if occasion in TRIGGERED else None
    if occasion == "throughout":
        return {"requires": draw(states(earlier, targeted))}
    if occasion in ("per", "in_each") and not once and draw(st.integers(0, 9)) == 0:
        return {"requires": draw(states(earlier, targeted))}
    if occasion == "for_each":
        on = conditions if theirs == FULL else st.just({"working_day": True})
        must = draw(rarely(on, 2))
        evidence = {"must": must} if must else None
        measured = rarely(requirements(earlier, theirs or FULL), 4)
        return without_nones({"evidence": evidence, "requires": draw(measured)})
    evidence = draw(evidences(earlier, theirs, targeted))
    if occasion == "in_any":
        evidence.pop("stands_in", None)
    if occasion == "since_last":
        return {"evidence": evidence}
    level = FULL if level_of(evidence, earlier) == FULL else "base"
    if occasion == "in_any":
        measured = sliding if level == FULL else fixed
    elif once:
        measured = rarely(lower_apart(), 2)
    else:
        measured = rarely(requirements(earlier, level), 2)
    return without_nones({"evidence": evidence, "requires": draw(measured)})


@st.composite
def duties(draw: st.DrawFn, earlier: Earlier, linked: bool = False) -> dict:
    """A duty that may refer to earlier ones; `linked`: it follows the last of them."""
    bearer = draw(st.sampled_from(["unit", "unit", "post"]))
    occasion = "after" if linked else draw(st.sampled_from([*OCCASIONS, "throughout"]))
    triggered = occasion in TRIGGERED
    duty: dict[str, Any] = {
        "clause": "1",
        "bearer": {bearer: draw(one_or_more(KINDS if bearer == "unit" else POSTS))},
    }
    targeted, of_each = draw(targets(bearer, occasion))
    duty["of_each"] = of_each
    duty["while"] = draw(whiles(earlier, targeted, of_each))
    when = draw(links(earlier) if linked else occasions(occasion, earlier, bearer == "unit"))
    duty["when"] = when
    counts = occasion in ("per", "in_each", "after", "before")
    once = counts and draw(st.integers(0, 5)) == 0
    if once:
        duty["double_use"] = "forbidden"
    several = occasion not in ("since_last", "in_any", "for_each") and draw(st.integers(0, 4)) == 0
    part = parts(earlier, when, once, targeted)
    if several:
        names = draw(st.sampled_from([["one", "two"], ["one", "two", "three"]]))
        duty[draw(st.sampled_from(["all_of", "any_of"]))] = {name: draw(part) for name in names}
    else:
        duty.update(draw(part))
    theirs = level_of(when[occasion], earlier) if triggered else None
    named = triggered and bearer == "post" and "term" not in str(when)
    if named and draw(st.integers(0, 3)) == 0:
        column = st.sampled_from(["person", "by"] if theirs == FULL else ["person"])
        duty["bearer"]["named_in"] = draw(column)
    if occasion in ("after", "before"):
        clock = clocks(earlier, theirs or FULL, occasion == "after")
        if occasion == "after" or draw(st.booleans()):
            duty["within"] = draw(clock)
    elif occasion == "since_last":
        levels = {level_of(each, earlier) for each in evidence_of(duty)}
        duty["within"] = draw(chained_clocks(earlier, FULL if levels == {FULL} else "base"))
    duty.update(draw(beside(earlier, duty, occasion, theirs, targeted)))
    if occasion in ("per", "throughout") and draw(st.integers(0, 4)) == 0:
        narrow(draw, duty, occasion)
    if occasion != "in_any":
        duty.update(draw(versions(earlier, duty, occasion)))
    if of_each == VALUE_OF and draw(st.booleans()):
        duty = in_its_field(duty)
    if triggered and "on" in when[occasion]:
        duty = without_hours(duty)
    if draw(st.booleans()):
        duty = {**duty, **asking_the_target(duty, occasion, targeted)}
    return without_nones(duty)


@st.composite
def links(draw: st.DrawFn, earlier: Earlier) -> dict:
    """What comes of the last of the duties; of the first, events."""
    if not earlier:
        return {"after": {"event": draw(one_or_more(TYPES))}}
    last = sorted(earlier)[-1]
    outcomes: list[Any] = ["unmet", "unmet", ["unmet", "late"], "met"]
    outcomes += ["done"] if is_ever_done(earlier[last]) else []
    return {"after": {"duty": last, "is": draw(st.sampled_from(outcomes))}}


@st.composite
def linked_duties(draw: st.DrawFn, earlier: Earlier) -> dict:
    """A duty that follows the one before it."""
    return draw(duties(earlier, linked=True))


def narrow(draw: st.DrawFn, duty: dict, occasion: str) -> None:
    """Short periods, for a few days."""
    duty["when"] = {occasion: draw(st.sampled_from(["week", "day"]))}
    first = draw(days)
    duty["in_force"] = {"from": first, "until": first + timedelta(days=draw(st.integers(0, 9)))}


@st.composite
def beside(
    draw: st.DrawFn,
    earlier: Earlier,
    duty: dict,
    occasion: str,
    theirs: str | None,
    targeted: str | None,
) -> dict:
    """What may stand in every duty, or in those with such an occasion."""
    found: dict[str, Any] = {
        "in_force": draw(spans(8)) or None,
        "applies_when": draw(rarely(on_units, 8)),
        "grace": draw(rarely(durations, 4)),
        "severity": draw(st.sampled_from(["minor", "major", None])),
        "unless": draw(rarely(one_or_two(meant(earlier, theirs, targeted)), 5)),
        "accountable": draw(accountable(theirs)),
    }
    if draw(st.integers(0, 5)) == 0:
        decision = draw(meant(earlier, theirs, targeted))
        if draw(st.booleans()):
            decision = {**decision, "event": "issue", "must": {"ok": True}, "who": "anyone"}
            for key in ("duty", "is", "where", "matching"):
                decision.pop(key, None)
            if targeted == "value":
                decision["target"] = "ref"
        found["review"] = {"asks": "Was it well done?", "decision": decision}
    if occasion in ("per", "in_each", "throughout"):
        rules = st.sampled_from(["full", "scaled", "waived"])
        found["part_period"] = draw(rarely(rules, 2))
    if occasion in ("after", "before", "since_last"):
        found["not_before"] = draw(rarely(not_before, 4))
    if occasion == "after" and "not_before" not in without_nones(found):
        early = st.sampled_from(["15 days", "48 hours", "1 month", "3 working days"])
        found["early"] = draw(rarely(early, 6))
    if occasion not in ("throughout", "in_any", "for_each"):
        found["late"] = draw(rarely(late_rules(duty, earlier), 2))
    return without_nones(found)


@st.composite
def late_rules(draw: st.DrawFn, duty: dict, earlier: Earlier) -> Any:
    kind = draw(st.sampled_from(["counts", "does_not_count", "cure", "cure"]))
    if kind != "cure":
        return kind
    full = all(level_of(each, earlier) == FULL for each in evidence_of(duty))
    must = st.sampled_from([{"ok": True}, {"ref": {"present": True}}] if full else [None])
    within = st.sampled_from(["15 days", "1 month", "72 hours", "5 working days"])
    rules = {"within": draw(within), "must": draw(rarely(must, 2))}
    if rules["must"] and draw(st.integers(0, 3)) == 0:
        del rules["within"]
    return without_nones(rules)


@st.composite
def accountable(draw: st.DrawFn, theirs: str | None) -> list | None:
    answers = st.sampled_from(POSTS)
    if theirs is not None:
        columns = ["by", "person"] if theirs == FULL else ["person"]
        named = st.fixed_dictionaries(
            {"post": st.sampled_from(POSTS), "named_in": st.sampled_from(columns)}
        )
        answers = st.one_of(answers, named)
    return draw(st.one_of(st.none(), st.lists(answers, max_size=2, unique_by=str)))
