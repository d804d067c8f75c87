"""Sources that happen without an event: days of the calendar, terms, silence, escalations."""

from __future__ import annotations

from datetime import date

from reference.answers import raised_for_units
from reference.clock import as_date, clamped
from reference.periods import periods
from reference.sources import World, dated
from reference.words import EVER, NEVER, intersection, many, span_of, value_of, within


def triggers(world: World, duty: dict, source: dict, in_force: tuple) -> list[dict]:
    """Everything that a source triggers by the as-of day."""
    if "event" in source or "duty" in source:
        found = [dated(world, event, source) for event in world.happenings(source)]
        found = [event for event in found if event is not None]
    elif "escalation" in source:
        found = [
            world.day_event(f"{each['escalation']} {each['year']} {each['id']}", each["day"], unit)
            for each in raised_for_units(world, source["escalation"])
            if (unit := bearing_unit(world, duty, each["id"]))
        ]
    elif "silence" in source:
        found = [
            event
            for unit in bearing_units(world, duty)
            for event in silences(world, unit, source, in_force)
        ]
    elif "date_of" in source or "anniversary_of" in source:
        found = [
            event
            for unit in bearing_units(world, duty)
            for event in dates(world, duty, unit, source, in_force)
        ]
    elif "term" in source.values():
        found = terms(world, duty, source)
    else:
        found = calendar_days(world, duty, source, in_force)
    until = known_until(world, duty)
    return [event for event in found if event["values"]["at"]["day"] <= until]


def known_until(world: World, duty: dict) -> date:
    """Days of the calendar are known beforehand, for what is due before them."""
    source = duty["when"].get("before")
    if source is not None and "on" in source:
        return NEVER
    if source is None or {"event", "duty", "escalation", "silence"} & set(source):
        return world.as_of
    return world.ahead


def unit_bearer(unit: str) -> dict:
    return {"kind": "unit", "id": unit, "post": None, "unit": unit, "vacant": False}


def post_bearer(person: str, post: str, unit: str) -> dict:
    return {"kind": "post", "id": person, "post": post, "unit": unit, "vacant": False}


def bearing_units(world: World, duty: dict) -> list[dict]:
    return world.people.of_kind(duty["bearer"]["unit"])


def bearing_unit(world: World, duty: dict, unit: str) -> dict | None:
    """The unit as a bearer, if it is of the kind."""
    known = [each["id"] for each in bearing_units(world, duty)]
    return unit_bearer(unit) if unit in known else None


def calendar_days(world: World, duty: dict, source: dict, in_force: tuple) -> list[dict]:
    """The first or last day of each period: for each unit, or once for all of a post."""
    (which, word), *_ = source.items()
    last = min(in_force[1], known_until(world, duty))
    found = []
    for period in periods(world.clock, word, in_force[0], last) if in_force[0] <= last else []:
        day = period["first"] if which == "start_of" else period["last"]
        name = f"{which.split('_')[0]} of {period['label']}"
        if "unit" in duty["bearer"]:
            found += [
                world.day_event(name, day, unit_bearer(unit["id"]))
                for unit in bearing_units(world, duty)
                if within(day, span_of(unit))
            ]
        else:
            found.append(world.day_event(name, day))
    return found


def terms(world: World, duty: dict, source: dict) -> list[dict]:
    """The first or last days of the bearers that the organisation file gives."""
    (which, _), *_ = source.items()
    found = []

    def happens(bearer: dict, span: tuple[date, date]) -> None:
        day = span[0] if which == "start_of" else span[1]
        if day not in (EVER, NEVER):
            name = f"{which.split('_')[0]} of term {day}"
            found.append({**world.day_event(name, day, bearer), "term": True})

    if "unit" in duty["bearer"]:
        for unit in bearing_units(world, duty):
            happens(unit_bearer(unit["id"]), span_of(unit))
        return found
    for post in many(duty["bearer"]["post"]):
        for holder in world.people.holders_ever(post):
            for span in world.people.terms(holder):
                happens(post_bearer(holder["person"], post, holder["unit"]), span)
    return found


def dates(world: World, duty: dict, unit: dict, source: dict, in_force: tuple) -> list[dict]:
    """The day that an attribute gives, or its anniversaries, as long as the unit exists."""
    (which, attribute), *_ = source.items()
    value = world.people.attributes(unit["id"]).get(attribute)
    if value is None:
        return []
    day = as_date(value)
    if which == "date_of":
        days, name = [day], attribute
    else:
        years = range(day.year + 1, min(in_force[1], known_until(world, duty)).year + 1)
        days = [clamped(year, day.month, day.day) for year in years]
        name = f"anniversary of {attribute}"
    return [
        world.day_event(f"{name} {each}", each, unit_bearer(unit["id"]))
        for each in days
        if within(each, span_of(unit))
    ]


def silences(world: World, unit: dict, source: dict, in_force: tuple) -> list[dict]:
    """The n-th days after an event that names a unit, or after its first day in force.

    Events from before that first day are not looked at.
    """
    span = intersection(span_of(unit), in_force)
    if span is None:
        return []
    events = [
        event
        for event in world.happenings(source["of"])
        if value_of(event, "unit") == unit["id"] and event["values"]["at"]["day"] >= span[0]
    ]
    heard = {span[0]: str(span[0])} | {e["values"]["at"]["day"]: e["id"] for e in events}
    found = []
    for day, name in heard.items():
        until = world.clock.shifted(day, source["silence"])
        if not any(day < other <= until for other in heard) and within(until, span):
            bearer = unit_bearer(unit["id"])
            found.append(world.day_event(f"silence since {name}", until, bearer))
    return found
