"""How much evidence there is for an obligation, part by part."""

from __future__ import annotations

from typing import Any

from reference import held
from reference.clock import Clock, read_duration
from reference.evidence import Desk
from reference.numbers import measure_of, measured
from reference.quantities import Bounds, bounds_of
from reference.sources import World
from reference.words import order


def turns(requires: dict) -> bool:
    """Whether later evidence may turn the measure either way."""
    if {"average", "smallest"} & set(requires):
        return True
    return bool({"at_most", "exactly", "less_than"} & set(requires.get("buckets") or {}))


def measure_parts(world: World, obligation: dict) -> None:
    """Gather and measure the evidence of one obligation."""
    gather(world, obligation)
    measure(world, obligation)


def gather(world: World, obligation: dict) -> None:
    """Add `parts` to an obligation, with the evidence that each of them may count."""
    spec = obligation["spec"]
    named = spec.get("all_of") or spec.get("any_of") or {"": spec}
    desk = Desk(world, obligation)
    obligation["parts"] = []
    for name, each in named.items():
        part: dict[str, Any] = {"name": name, "requires": each.get("requires") or {}}
        part["evidence_spec"] = each.get("evidence") or {}
        if "given" in obligation:
            part.update(obligation["given"])
        elif "days_held" not in part["requires"]:
            late = not {"average", "smallest"} & set(part["requires"])
            part.update(desk.found(part["evidence_spec"], late))
        obligation["parts"].append(part)


def measure(world: World, obligation: dict) -> None:
    """Measure the parts of an obligation, and show the evidence of all of them."""
    evidence, defective = set(), {}
    for part in obligation["parts"]:
        bounds = bounds_of(world, obligation, part["requires"])
        part["low"], part["high"] = bounds.low, bounds.high
        if "days_held" in part["requires"]:
            part.update(held.held(world, obligation, part["requires"], bounds))
        else:
            count(world.clock, part, bounds)
        part["required"] = bounds.low
        part["late_added"] = part["with_late"] - part["value"]
        part["broken"] = bounds.broken(part["value"])
        part["enough"] = bounds.reached(part["value"]) and not part["broken"]
        part["enough_late"] = (
            not part["enough"] and not part["broken"] and bounds.reached(part["with_late"])
        )
        part["might_be_enough"] = might_be_enough(part)
        part["might_break"] = might_break(part)
        evidence |= part["shown_ids"]
        for event, failed in part["defects"].items():
            defective.setdefault(event, []).extend(failed)
    obligation["evidence"] = sorted(evidence)
    obligation["defective_evidence"] = defective
    obligation["completed"], obligation["completed_late"] = completion(obligation)


def count(clock: Clock, part: dict, bounds: Bounds) -> None:
    """Measure the events of a part, in time and with what came late."""
    requires = part["requires"]
    word = measure_of(requires)
    keep_apart(clock, part)
    in_time, late = sorted(part["in time"], key=order), sorted(part["late"], key=order)
    part["measure"] = word
    part["value"] = measured(requires, in_time, clock)
    part["may_mend"] = 0
    if turns(requires):
        part["may_reach"] = part["may_mend"] = part["may_break"]
    part["with_late"] = measured(requires, in_time + late, clock)
    part["shown_ids"] = {e["id"] for e in in_time + late} | part.get("shown", set())
    part["defective"] = len(part["defects"])
    part["reached"] = reached(requires, in_time, late, bounds, clock)


def keep_apart(clock: Clock, part: dict) -> None:
    """Set aside what comes too soon after the last event that counted (`apart`)."""
    duration = part["requires"].get("apart")
    if duration is None:
        return
    last = None
    placed = [(e, "in time") for e in part["in time"]] + [(e, "late") for e in part["late"]]
    part["in time"], part["late"], part["defects"] = [], [], dict(part["defects"])
    for event, place in sorted(placed, key=lambda each: order(each[0])):
        if last is not None and too_soon(clock, last["values"]["at"], event, duration):
            part["defects"].setdefault(event["id"], []).append("apart")
        else:
            part[place].append(event)
            last = event


def too_soon(clock: Clock, last: dict, event: dict, duration: str) -> bool:
    at = event["values"]["at"]
    if read_duration(duration)[1] in ("hour", "minute"):
        soonest = clock.due({**last, "last": last["first"]}, duration)
        return at["last"] < soonest
    return at["day"] < clock.shifted(last["day"], duration)


def reached(
    requires: dict, in_time: list[dict], late: list[dict], bounds: Bounds, clock: Clock
) -> tuple[dict, bool] | None:
    """The event at which the lower bound was first reached, and whether it came late.

    Of other measures than counts and sums it is the last one that counts.
    """
    if bounds.low is None or bounds.reached(measured(requires, [], clock)):
        return None
    events = in_time + late
    if measure_of(requires) not in ("count", "sum"):
        if in_time and bounds.reached(measured(requires, in_time, clock)):
            return in_time[-1], False
        enough = bool(events) and bounds.reached(measured(requires, events, clock))
        return (max(events, key=order), bool(late)) if enough else None
    for n, event in enumerate(events, start=1):
        if bounds.reached(measured(requires, events[:n], clock)):
            return event, n > len(in_time)
    return None


def completion(obligation: dict) -> tuple[dict | None, bool]:
    """The event that completed an obligation (of all parts the last, of any the first).

    A part that asks for nothing has been reached from the start.
    """
    done = [part["reached"] for part in obligation["parts"] if (part["low"] or 0) > 0]
    known = [each for each in done if each is not None]
    if not known or ("any_of" not in obligation["spec"] and len(known) < len(done)):
        return None, False
    chosen = min if "any_of" in obligation["spec"] else max
    return chosen(known, key=lambda each: (each[1], order(each[0])))


def might_be_enough(part: dict) -> bool:
    """Whether the rows that could not be read might make a part enough."""
    if part["broken"]:
        return part["may_mend"] > 0
    if part["measure"] != "count":
        return part["may_reach"] > 0
    return part["with_late"] + part["may_reach"] >= (part["low"] or 0)


def might_break(part: dict) -> bool:
    if turns(part["requires"]):
        return part["may_break"] > 0
    if part["high"] is None:
        return False
    if part["measure"] != "count":
        return part["may_break"] > 0
    return part["value"] + part["may_break"] > part["high"]
