"""What happens to an obligation besides evidence: waivers, `unless`, `review`."""

from __future__ import annotations

from reference.conditions import all_of, holds
from reference.evidence import Desk
from reference.sources import World
from reference.words import coincide, many, order, reader, span_of, within


def waived_by(world: World, obligation: dict) -> str | None:
    """What waives an obligation: nothing (None), `part_period`, `waiver` or `released`."""
    if obligation["part_waived"]:
        return "part_period"
    if is_waived(obligation, world.waivers):
        return "waiver"
    return "released" if obligation["released_by"] else None


def is_waived(obligation: dict, waivers: list[dict]) -> bool:
    return any(
        waiver["duty"] == obligation["duty"]
        and waiver["bearer"] == obligation["bearer"]["id"]
        and not obligation["bearer"]["vacant"]
        and waiver.get("target") in (None, obligation["target"])
        and obligation["due_day"] is not None
        and within(obligation["due_day"], span_of(waiver))
        for waiver in waivers
    )


def released_by(world: World, obligation: dict) -> str | None:
    """The first event that releases from an obligation while it is open (`unless`)."""
    desk = Desk(world, obligation)
    found = [
        event
        for spec in many(obligation["spec"].get("unless") or [])
        for event in desk.candidates(spec)
        if all_of([desk.fits(event, spec), holds(spec.get("must"), reader(event))]) is True
        and desk.while_open(event)
    ]
    return min(found, key=order)["id"] if found else None


def review_of(world: World, obligation: dict) -> str:
    """What a person decided: `none` needed, `awaiting`, `accepted` or `refused`."""
    spec = (obligation["spec"].get("review") or {}).get("decision")
    if spec is None:
        return "none"
    desk = Desk(world, obligation)
    found = [
        event
        for event in desk.candidates(spec)
        if desk.fits(event, spec) is True
        and event["values"]["at"]["last"] >= obligation["opens"]
        and not desk.is_past(event)
    ]
    if not found:
        return "awaiting"
    last = max(found, key=order)["values"]["at"]
    deciding = [event for event in found if coincide(event["values"]["at"], last)]
    accepted = all(holds(spec.get("must"), reader(event)) is True for event in deciding)
    return "accepted" if accepted else "refused"
