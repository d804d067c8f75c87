"""Evidence that stands in for the next time only (`stands_in`)."""

from __future__ import annotations

from datetime import date

from reference.evidence import Desk
from reference.sources import World
from reference.words import within_any


def stand_in(world: World, obligations: list[dict]) -> None:
    """Give each event that stands in to the obligation that is due first."""
    for number, _ in enumerate(obligations[0]["parts"] if obligations else []):
        groups: dict[tuple, list[dict]] = {}
        for obligation in obligations:
            if number < len(obligation["parts"]):
                bearer = obligation["bearer"]
                whose = (bearer["id"], bearer["post"], bearer["unit"], obligation["target"])
                groups.setdefault(whose, []).append(obligation)
        for owed in groups.values():
            stand_in_for(world, owed, number)


def stand_in_for(world: World, owed: list[dict], number: int) -> None:
    """The same, for one part of the obligations of one bearer and target."""
    sources = {}
    for obligation in owed:
        source = obligation["parts"][number]["evidence_spec"].get("stands_in")
        if source is not None:
            sources[str(source)] = source
    for source in sources.values():
        for event in only_standing_in(world, source, owed[0]["parts"][number]):
            chosen = due_first(world, owed, number, event, source)
            if chosen is not None:
                part = chosen["parts"][number]
                if event["id"] not in [each["id"] for each in part["in time"]]:
                    part["in time"].append(event)


def only_standing_in(world: World, source: dict, part: dict) -> list[dict]:
    """What is evidence by itself does not stand in."""
    itself = [event["id"] for event in world.happenings(part["evidence_spec"])]
    return [event for event in world.happenings(source) if event["id"] not in itself]


def due_first(
    world: World, owed: list[dict], number: int, event: dict, source: dict
) -> dict | None:
    """Of the obligations with its key the one that is due first, at or after an event."""
    at = event["values"]["at"]
    there = [
        obligation
        for obligation in owed
        if (obligation["closes"] is None or at["first"] <= obligation["closes"])
        and is_there(world, obligation, at["day"])
        and could_stand_in(world, obligation, number, event, source) is not False
    ]
    return min(there, key=priority, default=None)


def is_there(world: World, obligation: dict, day: date) -> bool:
    """Of a period: whether the bearer is there and the duty in force on a day."""
    spans = obligation["spans"]
    if spans is None:
        return True
    return within_any(day, spans) and Desk(world, obligation).was_there(day)


def could_stand_in(
    world: World, obligation: dict, number: int, event: dict, source: dict
) -> bool | None:
    spec = obligation["parts"][number]["evidence_spec"]
    if spec.get("stands_in") != source:
        return False
    keys = {key: spec[key] for key in ("who", "target", "matching") if key in spec}
    desk = Desk(world, obligation)
    return False if desk.opens(event, spec) else desk.fits(event, {**source, **keys})


def priority(obligation: dict) -> tuple:
    """Obligations in the order in which they are served: the one due first."""
    trigger = obligation["trigger"]
    bearer = obligation["bearer"]
    far = obligation["due"] is None
    names = (bearer["id"], bearer["post"] or "", bearer["unit"] or "", obligation["target"] or "")
    period = obligation["period"]["label"] if obligation["period"] else ""
    return (
        far,
        None if far else obligation["due"],
        obligation["opens"],
        str(trigger["id"]) if trigger else "",
        *names,
        period,
    )
