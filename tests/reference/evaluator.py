"""The reference evaluator: docs/language.md read aloud, with loops over lists and dicts.

It is slow and obvious on purpose, and shares no code with the package. `evaluate` takes what the
YAML files say, as plain mappings, and gives plain findings.
"""

from __future__ import annotations

from datetime import date

from reference.answers import accountable, escalations
from reference.clock import Clock
from reference.decisions import released_by, review_of, waived_by
from reference.double_use import once_each
from reference.measures import gather, measure
from reference.occasions import obligations
from reference.organisation import Organisation
from reference.reading import read_events
from reference.sources import World
from reference.standing_in import stand_in
from reference.verdicts import judge


def evaluate(
    policy: dict,
    organisation: dict,
    waivers: list[dict] | None,
    events: list[dict],
    as_of: date,
    since: date | None = None,
    known_by: date | None = None,
) -> dict:
    """Judge every obligation.

    Returns:
        `{findings, rejected, escalations}`, all of them lists of plain dicts.
    """
    clock = Clock(policy)
    standing, rejected = read_events(policy, organisation, events, clock, known_by)
    world = World(
        policy=policy,
        people=Organisation(organisation),
        clock=clock,
        waivers=waivers or [],
        log=[event for event in standing if event["values"]["at"]["day"] <= as_of],
        unreadable=[row for row in rejected if row["might_count"]],
        as_of=as_of,
        judge=judged,
    )
    findings = [
        finding
        for duty, spec in policy["duties"].items()
        for finding in told(world, duty, since)
        if spec.get("reported", True)
    ]
    return {
        "findings": [plain(finding, clock) for finding in findings],
        "rejected": [{"id": row["id"], "row": row["row"]} for row in rejected],
        "escalations": escalations(world, findings, since),
    }


def told(world: World, duty: str, since: date | None) -> list[dict]:
    """The findings of a duty that did not close before a day; of `in_any` looked at from it on."""
    sliding = since is not None and "in_any" in world.policy["duties"][duty]["when"]
    found = judged(world, duty, since) if sliding else world.judged(duty)
    return [finding for finding in found if not closed_before(world.clock, finding, since)]


def closed_before(clock: Clock, finding: dict, since: date | None) -> bool:
    closes = finding["closes"]
    return since is not None and closes is not None and clock.day_of(closes) < since


def judged(world: World, duty: str, since: date | None = None) -> list[dict]:
    """The obligations of a duty, with their verdicts."""
    found = obligations(world, duty, since)
    for obligation in found:
        obligation["released_by"] = released_by(world, obligation)
        obligation["waived"] = waived_by(world, obligation)
        obligation["review"] = review_of(world, obligation)
        closes = obligation["closes"]
        obligation["closed"] = closes is not None and closes <= world.end
        if obligation["occasion"] != "in_any":
            gather(world, obligation)
    if found and found[0]["occasion"] not in ("in_any", "since_last"):
        stand_in(world, found)
        if world.policy["duties"][duty].get("double_use") == "forbidden":
            once_each(world, found)
    for obligation in found:
        if obligation["occasion"] != "in_any":
            measure(world, obligation)
        judge(world, obligation)
        obligation["accountable"] = accountable(world.policy, obligation, world.people, world.as_of)
    return found


def plain(finding: dict, clock: Clock) -> dict:
    """A finding as the tests compare it."""
    bearer = finding["bearer"]
    return {
        "duty": finding["duty"],
        "bearer": bearer["id"],
        "bearer_post": bearer["post"],
        "bearer_unit": bearer["unit"],
        "vacant": bearer["vacant"],
        "target": finding["target"],
        "period": finding["period"]["label"] if finding["period"] else None,
        "trigger": finding["trigger"]["id"] if finding["trigger"] else None,
        "opens": clock.local(finding["opens"]),
        "due": clock.local(finding["due"]),
        "closes": clock.local(finding["closes"]),
        "verdict": finding["verdict"],
        "required": finding["required"],
        "counted": finding["counted"],
        "late": finding["late"],
        "defective": finding["defective"],
        "evidence": finding["evidence"],
        "defective_evidence": finding["defective_evidence"],
        "accountable": finding["accountable"],
        "released_by": finding["released_by"],
        "parts": {
            part["name"]: {key: part[key] for key in ("counted", "late", "defective")}
            for part in finding["parts"]
        },
    }
