"""The section "Within": when something falls due."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from reference import bends
from reference.clock import ONE_DAY, WEEKDAYS, Clock, clamped, is_duration
from reference.exact import exact, is_number
from reference.periods import period_of
from reference.sources import World, dated
from reference.tables import is_table, looked_up
from reference.words import many, order, shares_key, value_of


@dataclass(frozen=True)
class Start:
    """What a clock starts with: its trigger, the moment, and the units that tables ask about."""

    trigger: dict | None
    at: dict
    unit: str | None
    target: str | None = None
    sign: int = 1
    months: int = 0
    """Months that have gone since `at`, where an anniversary is kept."""

    def moment(self, clock: Clock, month_end: str = "last_day") -> dict:
        """When it starts: `at`, or so many months on."""
        if not self.months:
            return self.at
        return clock.whole_day(
            clock.shifted(self.at["day"], f"{self.months} months", month_end=month_end)
        )


def due_moment(world: World, within: Any, start: Start) -> datetime | None:
    """The due moment, None as long as there is none."""
    end = clock_end(world, within, start)
    return None if end is None else end["due"]


def clock_end(world: World, spec: Any, start: Start) -> dict | None:
    """`{due, kept}` of one clock: its due moment, and what the next one is counted from.

    `kept` is a moment and months that come on top: what `next_from: due` counts from.
    """
    if not isinstance(spec, dict):
        spec = {"of": spec}
    if "earlier_of" in spec or "later_of" in spec:
        end = joint_end(world, spec, start)
    elif is_table(spec):
        end = clock_end(world, table_entry(world, spec, start), start)
    elif "until" in spec:
        due = next_happening(world, spec["until"], start)
        end = due and {"due": due, "kept": (world.clock.reached(due), 0)}
    else:
        if "from" in spec:
            at = counted_from(world, spec["from"], start)
            if at is None:
                return None
            start = replace(start, at=at, months=0)
        return bends.bent_end(world, spec, start)
    return None if end is None else {**end, "due": moved(world.clock, spec, end["due"])}


def table_entry(world: World, table: dict, start: Start) -> Any:
    """What a table has for what a clock starts with."""
    return looked_up(table, start.trigger, start.unit, start.target, world.people)


def counted_from(world: World, spec: Any, start: Start) -> dict | None:
    """The moment of a source's first happening, of a field's day, or of another clock's end."""
    if isinstance(spec, dict) and ("event" in spec or "duty" in spec):
        first = concerning(world, spec, start)[:1]
        return first[0]["values"]["at"] if first else None
    if isinstance(spec, dict) and "field" in spec:
        day = value_of(start.trigger, spec["field"])
        return None if day is None or day > world.ahead else world.clock.whole_day(day)
    due = due_moment(world, spec, start)
    return None if due is None else world.clock.reached(due)


def joint_end(world: World, spec: dict, start: Start) -> dict | None:
    """The earlier of the clocks that are known, or the later if all are; of equals the first."""
    ends = [clock_end(world, each, start) for each in spec.get("earlier_of") or spec["later_of"]]
    known = [end for end in ends if end is not None]
    awaited = "later_of" in spec and spec.get("unknown") != "ignored"
    if not known or (awaited and len(known) < len(ends)):
        return None
    dues = [end["due"] for end in known]
    return known[dues.index(min(dues) if "earlier_of" in spec else max(dues))]


def next_happening(world: World, source: dict, start: Start) -> datetime | None:
    """The moment at which a source next happens after the trigger."""
    since = start.moment(world.clock)
    for event in concerning(world, source, start):
        at = event["values"]["at"]
        if at["last"] > since["last"]:
            return at["last"]
    return None


def concerning(world: World, source: dict, start: Start) -> list[dict]:
    """Where a source happens with the trigger's key; without a key, in the same unit."""
    found = world.happenings(source)
    if "matching" in source:
        own = [e for e in found if shares_key(e, start.trigger, source["matching"]) is True]
    else:
        own = [e for e in found if start.unit is not None and value_of(e, "unit") == start.unit]
    if "on" not in source:
        return own
    moved_there = [dated(world, event, source) for event in own]
    return sorted([e for e in moved_there if e is not None and day_of(e) <= world.ahead], key=order)


def day_of(event: dict) -> date:
    return event["values"]["at"]["day"]


def duration_of(world: World, spec: dict, start: Start) -> str | None:
    """The duration of a clock, looked up if it is a table's; None if a field gives none."""
    value = spec["of"]
    if is_table(value):
        value = table_entry(world, value, start)
    return told(value, start.trigger)


LARGEST = {
    "years": 100,
    "months": 1200,
    "weeks": 5200,
    "days": 36500,
    "working days": 36500,
    "hours": 24 * 36500,
    "minutes": 60 * 24 * 36500,
}
"""A hundred years: a larger number gives no duration."""


def told(duration: Any, event: dict | None) -> str | None:
    """A duration as text, also where a field of an event gives it; None if none does."""
    if not is_by_field(duration):
        return duration
    number, unit = value_of(event, duration["field"]), duration["in"]
    if is_number(number) and exact(number).denominator == 1 and 0 <= number <= LARGEST[unit]:
        return f"{int(number)} {unit}"
    return duration.get("otherwise")


def is_by_field(duration: Any) -> bool:
    return isinstance(duration, dict) and "field" in duration


def asks_fields(spec: dict) -> bool:
    """Whether a clock takes one of its durations from a field."""
    of = spec["of"]
    durations = [of]
    if is_table(of):
        durations = [*(of.get("table") or {}).values(), of.get("otherwise")]
        durations += [band["is"] for band in of.get("bands") or []]
    durations += [pause.get("at_most") for pause in many(spec.get("pauses") or [])]
    durations += [extension.get("by") for extension in many(spec.get("extended") or [])]
    return any(is_by_field(each) for each in durations)


def moved(clock: Clock, spec: dict, due: datetime) -> datetime:
    """A due moment after its moves (`to`)."""
    name = spec.get("calendar")
    for move in many(spec.get("to") or []):
        if not isinstance(move, dict):
            due = one_move(clock, move, due, name)
        elif is_so(clock, move, due, name):
            for each in many(move["to"]):
                due = one_move(clock, each, due, name)
    return due


def is_so(clock: Clock, move: dict, due: datetime, name: str | None) -> bool:
    """Whether the condition of a move holds."""
    day = clock.day_of(due)
    works = clock.is_working_day(day, name)
    kinds = [WEEKDAYS[day.weekday()], "working day" if works else "day off"]
    if "on" in move and not any(kind in many(move["on"]) for kind in kinds):
        return False
    if "after" in move:
        shown = clock.local(due)
        limit = time.fromisoformat(move["after"].zfill(5))
        return due != clock.end_of(day) and shown is not None and shown.time() > limit
    return True


def one_move(clock: Clock, move: str, due: datetime, name: str | None) -> datetime:
    day = clock.day_of(due)
    match = re.fullmatch(r"(\d\d?):(\d\d)", move)
    if match:
        return clock.at_time(day, int(match[1]), int(match[2]))
    if move.startswith("end of "):
        return clock.end_of(period_of(clock, move.removeprefix("end of "), day)["last"])
    there = day + ONE_DAY if move.startswith("following") else day
    while not is_there(clock, move, there, name):
        there += -ONE_DAY if move == "previous working day" else ONE_DAY
    return due if there == day else clock.end_of(there)


def is_there(clock: Clock, move: str, day: date, name: str | None) -> bool:
    """Whether a day is one to which a move goes."""
    if move == "following day":
        return True
    if move in WEEKDAYS:
        return day.weekday() == WEEKDAYS.index(move)
    if move.startswith("day "):
        return day == clamped(day.year, day.month, int(move.removeprefix("day ")))
    return clock.is_working_day(day, name)


def with_grace(world: World, due: datetime, spec: dict) -> datetime:
    """The closing moment: the same clock, started at the due day (hours: at the due moment)."""
    grace = spec.get("grace")
    if grace is None:
        return due
    duration = grace["of"] if isinstance(grace, dict) else grace
    return world.clock.due(world.clock.moment(due), duration, **counted_as(spec.get("within")))


def counted_as(clock: Any) -> dict:
    """How a clock counts working days and short months; of several, as these do, if all alike."""
    ways = ways_of(clock)
    return ways[0] if ways and all(way == ways[0] for way in ways) else {}


def ways_of(clock: Any) -> list[dict]:
    """How those clocks count of which one ends it; what waits for something does not count."""
    clock = clock if isinstance(clock, dict) else {"of": clock}
    several = [*(clock.get("earlier_of") or []), *(clock.get("later_of") or [])]
    if is_table(clock):
        several = [*(clock.get("table") or {}).values(), clock.get("otherwise")]
        several = [band["is"] for band in clock.get("bands") or []] or several
    if several:
        return [way for each in several for way in ways_of(each)]
    if "until" in clock:
        return []
    return [{"name": clock.get("calendar"), "month_end": clock.get("month_end", "last_day")}]


def not_before(world: World, spec: dict, start: Start, due: datetime | None) -> datetime | None:
    """The moment from which evidence counts; None if the duty does not say."""
    rule = spec.get("not_before")
    if rule is None:
        return None
    clock = world.clock
    if isinstance(rule, dict) and "due" in rule:
        if due is None:
            return clock.end_of(date(9000, 1, 1))
        return reached(clock, clock.moment(due), rule["due"], -1, spec)
    return reached(clock, start.at, rule, start.sign, spec)


def reached(clock: Clock, at: dict, duration: str, sign: int, spec: dict) -> datetime:
    """So long after (before) a moment; with days, the beginning of the day so reached."""
    if not is_duration(duration) or re.search("hour|minute", duration):
        return clock.due(at, duration, sign)
    how = counted_as(spec.get("within"))
    return clock.start_of(clock.shifted(at["day"], duration, sign, **how))


def trigger_unit(trigger: dict | None, bearer_unit: str | None) -> str | None:
    return value_of(trigger, "unit") or bearer_unit
