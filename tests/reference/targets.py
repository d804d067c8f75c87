"""Who bears a duty, and for which targets: the sections "Targets" and "Who bears"."""

from __future__ import annotations

from datetime import date

from reference.calendar_sources import post_bearer, unit_bearer
from reference.sources import World
from reference.whiles import having_state, spans_of_state, values_told
from reference.words import EVER, intersection, joined, many, span_of, value_of, within

Target = tuple[str | None, str | None]
"""(id, kind): kind is unit, person, value, or None without a target."""

NO_TARGET: Target = (None, None)


def standing_bearers(world: World, duty: dict) -> list[tuple]:
    """(bearer, target, spans): everyone who bears an untriggered duty, and when."""
    found = []
    for bearer, appointments in all_bearers(world, duty):
        spans = [span_of(each) for each in appointments]
        for target, theirs in standing_targets(world, duty, bearer, appointments):
            if theirs is None:
                both = spans
            elif isinstance(theirs, dict):
                both = overseen_spans(theirs, appointments)
            else:
                both = common(spans, theirs)
            if "while" in duty:
                both = common(both, spans_of_state(world, duty, bearer, target))
            found.append((bearer, target, both))
    return found


def all_bearers(world: World, duty: dict) -> list[tuple[dict, list[dict]]]:
    """Each bearer there ever is, with what says when: its unit, or its appointments."""
    people = world.people
    if "unit" in duty["bearer"]:
        return [
            (unit_bearer(unit["id"]), [unit]) for unit in people.of_kind(duty["bearer"]["unit"])
        ]
    return [
        (post_bearer(holder["person"], post, holder["unit"]), holder["appointments"])
        for post in many(duty["bearer"]["post"])
        for holder in people.holders_ever(post)
    ]


def common(some: list[tuple], others: list[tuple]) -> list[tuple]:
    return [both for one in some for other in others if (both := intersection(one, other))]


def overseen_spans(unit: dict, appointments: list[dict]) -> list[tuple]:
    """When a unit exists and is overseen by who holds these appointments."""
    theirs = [span_of(a) for a in appointments if unit["id"] in (a.get("oversees") or [])]
    return common(theirs, [span_of(unit)])


def standing_targets(
    world: World, duty: dict, bearer: dict, appointments: list[dict]
) -> list[tuple]:
    """(target, spans): None for spans that add nothing; of what is overseen, the unit itself."""
    of_each = duty.get("of_each")
    if of_each is None:
        return [(NO_TARGET, None)]
    if "value" in of_each or "value_of" in of_each:
        return [(target, None) for target in value_targets(world, duty)]
    if "post" in of_each:
        return [
            ((holder["person"], "person"), [span_of(each) for each in holder["appointments"]])
            for holder in world.people.holders_ever(of_each["post"])
            if holder["unit"] == bearer["unit"]
        ]
    units = target_units(world, of_each, bearer["unit"])
    if "overseen" in many(of_each["unit"]):
        return [((unit["id"], "unit"), unit) for unit in units]
    return [((unit["id"], "unit"), [span_of(unit)]) for unit in units]


def value_targets(world: World, duty: dict) -> list[Target]:
    """The words of a list, or the values that events tell of."""
    of_each = duty["of_each"]
    words = of_each["value"] if "value" in of_each else values_told(world, duty)
    return [(word, "value") for word in words]


def target_units(world: World, of_each: dict, bearer_unit: str | None) -> list[dict]:
    """The units that can be targets: of the kind, below the bearer's, with such attributes."""
    people = world.people
    if "overseen" in many(of_each["unit"]):
        units = list(people.units.values())
    else:
        units = people.of_kind(of_each["unit"])
    if of_each.get("in") == "bearer":
        below = [unit["id"] for unit in people.below(bearer_unit)]
        units = [unit for unit in units if unit["id"] in below]
    return [unit for unit in units if people.has_attributes(unit["id"], of_each.get("where"))]


def triggered_bearers(
    world: World, duty: dict, trigger: dict, due_day: date | None
) -> list[tuple[dict, list[Target]]]:
    """(bearer, targets) of a trigger; without a due day yet, those of the as-of day."""
    day = due_day or world.as_of
    begins = trigger["values"]["at"]["day"]
    bearers = (
        triggered_units(world, duty, trigger, day)
        if "unit" in duty["bearer"]
        else triggered_posts(world, duty, trigger, day)
    )
    found = []
    for bearer, holder in bearers:
        there = begins if "term" in trigger else day
        targets = triggered_targets(world, duty, bearer, holder, there)
        found.append((bearer, having_state(world, duty, bearer, targets, begins)))
    return found


def triggered_units(
    world: World, duty: dict, trigger: dict, due_day: date
) -> list[tuple[dict, dict | None]]:
    """The unit that a trigger names, if it is of the kind and exists when it matters."""
    for unit in world.people.of_kind(duty["bearer"]["unit"]):
        span = span_of(unit)
        days = [trigger["values"]["at"]["day"]]
        if "term" not in trigger:
            days.append(due_day)
        if unit["id"] == value_of(trigger, "unit") and all(within(day, span) for day in days):
            return [(unit_bearer(unit["id"]), None)]
    return []


def triggered_posts(
    world: World, duty: dict, trigger: dict, day: date
) -> list[tuple[dict, dict | None]]:
    """The holders of a post on the due day, or the vacant post; of a term, whose term it is."""
    people = world.people
    if "term" in trigger:
        bearer = trigger["bearer"]
        on = people.holders_on(bearer["post"], trigger["values"]["at"]["day"])
        same = [h for h in on if (h["person"], h["unit"]) == (bearer["id"], bearer["unit"])]
        return [(bearer, same[0])]
    concerned = value_of(trigger, "unit")
    found: list[tuple[dict, dict | None]] = []
    for post in many(duty["bearer"]["post"]):
        holders = [h for h in people.holders_on(post, day) if people.concerns(h, concerned)]
        if "named_in" in duty["bearer"]:
            named = value_of(trigger, duty["bearer"]["named_in"])
            own = [h for h in holders if h["person"] == named]
            found += [(post_bearer(named, post, h["unit"]), h) for h in own]
            continue
        found += [(post_bearer(h["person"], post, h["unit"]), h) for h in holders]
        if not holders:
            vacant = {"kind": "post", "id": post, "post": post, "unit": concerned, "vacant": True}
            found.append((vacant, None))
    return found


def triggered_targets(
    world: World, duty: dict, bearer: dict, holder: dict | None, day: date
) -> list[Target]:
    """The targets that there are on a day: the due day, or a term's."""
    people, of_each = world.people, duty.get("of_each")
    if of_each is None:
        return [NO_TARGET]
    if "value" in of_each or "value_of" in of_each:
        return value_targets(world, duty)
    if "post" in of_each:
        return [
            (each["person"], "person")
            for each in people.holders_on(of_each["post"], day)
            if each["unit"] == bearer["unit"]
        ]
    units = [
        unit for unit in target_units(world, of_each, bearer["unit"]) if within(day, span_of(unit))
    ]
    if "overseen" in many(of_each["unit"]):
        units = [unit for unit in units if holder and people.oversees(holder, unit["id"])]
    return [(unit["id"], "unit") for unit in units]


def first_day_of(world: World, target: Target, bearer: dict, duty: dict, due: date) -> date:
    """The first day of a target: of the unit, or of the time in the post at the due day."""
    name, kind = target
    if kind == "unit":
        return span_of(world.people.units[name])[0]
    if kind == "person":
        times = joined(
            [
                span_of(appointment)
                for holder in world.people.holders_ever(duty["of_each"]["post"])
                if holder["person"] == name and holder["unit"] == bearer["unit"]
                for appointment in holder["appointments"]
            ]
        )
        return next(first for first, last in times if first <= due <= last)
    return EVER
