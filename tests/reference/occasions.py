"""The section "When": the obligations that a duty gives rise to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from reference import sequences, sliding
from reference.calendar_sources import triggers
from reference.clock import LAST_INSTANT, ONE_DAY, Clock
from reference.clocks import (
    Start,
    counted_as,
    due_moment,
    not_before,
    reached,
    trigger_unit,
    with_grace,
)
from reference.periods import periods, windows
from reference.sources import World
from reference.targets import first_day_of, standing_bearers, triggered_bearers
from reference.versions import spec_on, stretches
from reference.words import NEVER, days_of, intersection, span_of, value_of, within, within_any

TRIGGERED = ("after", "before", "for_each")
LATE_COUNTS = ("after", "before", "in_each", "since_last")


def obligations(world: World, name: str, since: date | None) -> list[dict]:
    """Every obligation of a duty that exists by the as-of day; of `in_any` from `since` on."""
    duty = world.policy["duties"][name]
    in_force = intersection(span_of(world.policy["in_force"]), span_of(duty.get("in_force") or {}))
    if in_force is None:
        return []
    (occasion, _), *_ = duty["when"].items()
    if occasion == "since_last":
        found = sequences.since_last(world, duty, in_force)
    elif occasion == "in_any":
        spec = spec_on(world.policy, duty, in_force[0])
        found = sliding.in_any(world, name, spec, in_force, since)
    else:
        versions = stretches(world.policy, duty)
        if occasion in TRIGGERED:
            found = triggered_by(world, occasion, versions, in_force)
        else:
            found = periodic(world, occasion, versions, in_force)
    for obligation in found:
        obligation["duty"], obligation["occasion"] = name, occasion
    found = [o for o in found if applies(world, o)]
    if occasion in ("after", "before"):
        until_again(occasion, found)
    return found


def applies(world: World, obligation: dict) -> bool:
    unit = obligation["bearer"]["unit"]
    return world.people.has_attributes(unit, obligation["spec"].get("applies_when"))


def late_until(world: World, spec: dict, occasion: str, closes: datetime | None) -> Any:
    """How long late evidence counts: None (it does not), or the last instant at which it does."""
    rule = spec.get("late", "counts" if occasion in LATE_COUNTS else "does_not_count")
    if occasion in ("for_each", "in_any") or rule == "does_not_count" or closes is None:
        return None
    if isinstance(rule, dict) and "within" in rule:
        how = counted_as(spec.get("within"))
        return world.clock.due(world.clock.moment(closes), rule["within"], **how)
    return LAST_INSTANT


# Periods and windows


def periodic(world: World, occasion: str, versions: list[tuple], in_force: tuple) -> list[dict]:
    """The obligations of a duty's periods, each by the version that decides it."""
    calendar = calendar_of(world, occasion, versions, in_force)
    found = []
    for _, _, spec in versions:
        theirs = [period for period in calendar if period["spec"] is spec]
        for bearer, target, spans in standing_bearers(world, spec):
            inside = [span for each in spans if (span := intersection(each, in_force))]
            for period in theirs:
                found += owed_in(world, spec, occasion, period, bearer, target, inside)
    return found


def calendar_of(world: World, occasion: str, versions: list[tuple], in_force: tuple) -> list[dict]:
    """A duty's periods or windows that begin by the as-of day, whichever version decides them.

    Each with that version (`spec`) and the last day for late evidence (`late_until`).
    """
    last = min(world.as_of, in_force[1])
    found = []
    for *version, spec in versions:
        decides = "last" if spec.get("straddles") == "end" else "first"
        for period in periods_in(world.clock, occasion, spec["when"][occasion], in_force[0], last):
            if within(period[decides], tuple(version)):
                found.append({**period, "spec": spec})
    for period in found:
        period["late_until"] = late_day(occasion, period, found)
    return found


def periods_in(clock: Clock, occasion: str, spec: Any, first: date, last: date) -> list[dict]:
    if first > last:
        return []
    return (
        windows(spec, first, last) if occasion == "in_each" else periods(clock, spec, first, last)
    )


def late_day(occasion: str, period: dict, calendar: list[dict]) -> date:
    """The day before the next window opens, or the last day of the next period."""
    if occasion == "in_each":
        begins = [other["first"] for other in calendar if other["first"] > period["first"]]
        return min(begins) - ONE_DAY if begins else NEVER
    after = [other for other in calendar if other["first"] > period["last"]]
    return min((each["first"], each["last"]) for each in after)[1] if after else NEVER


def owed_in(
    world: World,
    spec: dict,
    occasion: str,
    period: dict,
    bearer: dict,
    target: tuple,
    spans: list[tuple],
) -> list[dict]:
    """The obligation of a bearer in a period: none, or one."""
    clock = world.clock
    days = days_of(period["first"], period["last"])
    inside = [day for day in days if within_any(day, spans)]
    if not inside:
        return []
    partly = len(inside) < len(days)
    rule = spec.get("part_period") or ("full" if period["last"] in inside else "waived")
    due = clock.end_of(period["last"])
    closes = with_grace(world, due, spec)
    late = late_until(world, spec, occasion, closes)
    if late is not None and (late == LAST_INSTANT or occasion == "in_each"):
        late = min(late, clock.end_of(period["late_until"]))
    start = Start(None, clock.whole_day(period["first"]), bearer["unit"])
    return [
        {
            "spec": spec,
            "bearer": bearer,
            "target": target[0],
            "target_kind": target[1],
            "period": period,
            "trigger": None,
            "opens": clock.start_of(inside[0]),
            "due": due,
            "due_day": period["last"],
            "closes": closes,
            "evidence_from": not_before(world, spec, start, due),
            "part_waived": partly and rule == "waived",
            "share": (len(inside), len(days)) if partly and rule == "scaled" else (1, 1),
            "days_inside": inside,
            "spans": spans,
            "late_until": late,
            "successors": False,
        }
    ]


# Triggers


def triggered_by(world: World, occasion: str, versions: list[tuple], in_force: tuple) -> list[dict]:
    """The obligations of a duty's triggers, each by the version of its day."""
    found = []
    for *version, spec in versions:
        for trigger in triggers(world, spec, spec["when"][occasion], in_force):
            if within(trigger["values"]["at"]["day"], tuple(version)):
                found += triggered(world, spec, occasion, trigger, in_force)
    return found


def until_again(occasion: str, found: list[dict]) -> None:
    """Late evidence without a key counts until the bearer's, or the post's, next trigger."""
    for mine in found:
        if mine["closes"] is None or not ends_again(mine["spec"]):
            continue
        after = max(mine["closes"], mine["trigger"]["values"]["at"]["first"])
        begins = [
            begin_of(occasion, other)
            for other in found
            if whose(other) == whose(mine) and other["trigger"]["values"]["at"]["first"] > after
        ]
        if begins:
            mine["late_until"] = min([mine["late_until"], *begins])


def ends_again(spec: dict) -> bool:
    rule = spec.get("late", "counts")
    counts = rule == "counts" or (isinstance(rule, dict) and "within" not in rule)
    parts = [spec, *(spec.get("all_of") or spec.get("any_of") or {}).values()]
    return counts and not any("matching" in (part.get("evidence") or {}) for part in parts)


def begin_of(occasion: str, other: dict) -> datetime:
    """Its trigger's last moment; of what looks back, the one before its evidence counts."""
    if occasion == "before" and "not_before" in other["spec"]:
        return max(other["opens"], other["evidence_from"]) - timedelta(microseconds=1)
    return other["trigger"]["values"]["at"]["last"]


def whose(obligation: dict) -> tuple:
    bearer = obligation["bearer"]
    unit = trigger_unit(obligation["trigger"], None) if bearer["vacant"] else bearer["unit"]
    who = None if obligation["successors"] else bearer["id"]
    return who, bearer["post"], unit, obligation["target"]


def early(world: World, spec: dict, at: dict) -> datetime:
    """From when evidence of what follows a trigger counts: from the trigger, or so long before."""
    if "early" not in spec:
        return at["first"]
    return reached(world.clock, at, spec["early"], -1, spec)


def triggered(
    world: World, spec: dict, occasion: str, trigger: dict, in_force: tuple
) -> list[dict]:
    """The obligations that one trigger opens."""
    clock = world.clock
    at = trigger["values"]["at"]
    within_spec = "0 hours" if occasion == "for_each" else spec.get("within", "0 hours")
    sign = -1 if occasion == "before" else 1
    start = Start(trigger, at, trigger_unit(trigger, None), value_of(trigger, "target"), sign)
    due = due_moment(world, within_spec, start)
    due_day = None if due is None else clock.day_of(due)
    announced = "on" in spec["when"][occasion] and at["day"] <= world.ahead
    if at["first"] > world.end and (due is None or due > world.end) and not announced:
        return []
    if not within(at["day"], in_force) or (due_day and not within(due_day, in_force)):
        return []
    found = []
    for bearer, targets in triggered_bearers(world, spec, trigger, due_day):
        for target in targets:
            starts = [clock.start_of(in_force[0])]
            if occasion != "before":
                starts.append(early(world, spec, at))
            if bearer["kind"] == "unit":
                starts.append(clock.start_of(span_of(world.people.units[bearer["id"]])[0]))
            day = at["day"] if "term" in trigger else due_day or world.as_of
            starts.append(clock.start_of(first_day_of(world, target, bearer, spec, day)))
            closes = None if due is None else with_grace(world, due, spec)
            found.append(
                {
                    "spec": spec,
                    "bearer": bearer,
                    "target": target[0],
                    "target_kind": target[1],
                    "period": None,
                    "trigger": trigger,
                    "opens": max(starts),
                    "due": due,
                    "due_day": due_day,
                    "closes": closes,
                    "evidence_from": not_before(world, spec, start, due),
                    "part_waived": False,
                    "share": (1, 1),
                    "spans": None,
                    "late_until": late_until(world, spec, occasion, closes),
                    "successors": bearer["kind"] == "post"
                    and "term" not in trigger
                    and "named_in" not in spec["bearer"],
                }
            )
    return found
