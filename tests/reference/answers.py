"""Who answers for a finding, and escalations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from reference.organisation import Organisation
from reference.periods import plan_year
from reference.words import many, value_of

if TYPE_CHECKING:
    from reference.sources import World


def accountable(policy: dict, obligation: dict, people: Organisation, as_of: date) -> list[dict]:
    """Who answers: `{post, person}`, the person None where the post is vacant."""
    bearer = obligation["bearer"]
    entries = obligation["spec"].get("accountable")
    if entries is None:
        entries = [bearer["post"]] if bearer["kind"] == "post" else []
    day = obligation["due_day"] or as_of
    if obligation["verdict"] == "pending":
        day = min(day, as_of)
    answers: list[dict] = []
    for entry in entries:
        post = entry if isinstance(entry, str) else entry["post"]
        if isinstance(entry, dict) and entry.get("named_in"):
            named = many(value_of(obligation["trigger"], entry["named_in"]))
            holders = [h["person"] for h in people.holders_on(post, day) if h["person"] in named]
        elif post == bearer["post"] and not bearer["vacant"]:
            holders = [bearer["id"]]
        else:
            holders = people.answering(post, bearer["unit"], day)
        while post is not None:
            answers += [{"post": post, "person": person} for person in holders or [None]]
            if holders:
                break
            post = policy["posts"][post].get("above")
            holders = people.answering(post, bearer["unit"], day) if post else []
    return [a for n, a in enumerate(answers) if a not in answers[:n]]


def taken(world: World, spec: dict, findings: list[dict]) -> dict[tuple, list[dict]]:
    """(kind, unit or person, plan year) -> the findings that an escalation takes."""
    found: dict[tuple, list[dict]] = {}
    for finding in findings:
        severity = finding["spec"].get("severity", "minor")
        if finding["verdict"] != "unmet" or severity != spec["when"]["severity"]:
            continue
        if not finding["spec"].get("reported", True):
            continue
        if finding["due_day"] is None:
            continue
        year = plan_year(world.clock, finding["due_day"])
        if "unit" in spec["of"] and finding["bearer"]["kind"] == "unit":
            found.setdefault(("unit", finding["bearer"]["id"], year), []).append(finding)
        if "person" in spec["of"]:
            people = {a["person"] for a in finding["accountable"] if a["person"] is not None}
            for person in sorted(people):
                found.setdefault(("person", person, year), []).append(finding)
    return found


def escalations(world: World, told: list[dict], since: date | None) -> list[dict]:
    """The facts that are put before somebody, by unit or person and plan year.

    Of those that were raised before `since`, the ones that the report's own findings (`told`)
    would raise by themselves.
    """
    every = [finding for duty in world.policy["duties"] for finding in world.judged(duty)]
    raised = []
    for name, spec in (world.policy.get("escalations") or {}).items():
        all_of_them, theirs = taken(world, spec, every), taken(world, spec, told)
        for kind, subject, year in all_of_them | theirs:
            its = all_of_them.get((kind, subject, year), [])
            ours = theirs.get((kind, subject, year), [])
            day = raised_on(world, spec, its)
            in_time = day is not None and (since is None or day >= since)
            if not in_time and raised_on(world, spec, ours) is None:
                continue
            post = spec["addressed_to"]["post"]
            own_case = spec["addressed_to"].get("own_case")
            holders = [holder["person"] for holder in world.people.holders_on(post, world.as_of)]
            own = kind == "person" and subject in holders and own_case is not None
            raised.append(
                {
                    "escalation": name,
                    "kind": kind,
                    "id": subject,
                    "year": year,
                    "addressed": "own_case" if own else "post",
                    "duties": sorted({finding["duty"] for finding in its + ours}),
                }
            )
    return raised


def raised_for_units(world: World, name: str) -> list[dict]:
    """`{escalation, id, year, day}`: when an escalation is raised for which unit, as a source.

    Duties that hang upon the escalation themselves do not raise it here.
    """
    spec = world.policy["escalations"][name]
    free = [d for d in world.policy["duties"] if not hangs_upon(world.policy, d, name)]
    findings = [finding for duty in free for finding in world.judged(duty)]
    found = []
    for (kind, subject, year), its in taken(world, spec, findings).items():
        if kind != "unit":
            continue
        day = raised_on(world, spec, its)
        if day is not None:
            found.append({"escalation": name, "id": subject, "year": year, "day": day})
    return found


def raised_on(world: World, spec: dict, findings: list[dict]) -> date | None:
    """The day on which so many different duties had been unmet."""
    days: dict[str, date] = {}
    for finding in findings:
        day = world.clock.day_of(finding["closes"])
        days[finding["duty"]] = min(day, days.get(finding["duty"], day))
    number = spec["when"]["unmet"]["at_least"]
    return sorted(days.values())[number - 1] if len(days) >= number else None


def hangs_upon(policy: dict, duty: str, escalation: str) -> bool:
    """Whether a duty has an escalation among its sources, or among those of what it hangs upon."""
    seen: list[str] = []
    look_at = [duty]
    while look_at:
        name = look_at.pop()
        if name in seen:
            continue
        seen.append(name)
        raised = mentioned(policy["duties"][name], "escalation")
        if escalation in raised:
            return True
        look_at += mentioned(policy["duties"][name], "duty")
        for other in raised:
            look_at += counted_by(policy, other)
    return False


def counted_by(policy: dict, escalation: str) -> list[str]:
    """The duties that have, in some version, the severity of an escalation."""
    severity = policy["escalations"][escalation]["when"]["severity"]
    return [
        name
        for name, spec in policy["duties"].items()
        if spec.get("reported", True)
        and any(
            each.get("severity", spec.get("severity", "minor")) == severity
            for each in [spec, *(spec.get("versions") or [])]
        )
    ]


def mentioned(value: Any, word: str) -> set[str]:
    """Every text that stands under a key, however deep."""
    if isinstance(value, list):
        return set().union(*[mentioned(each, word) for each in value])
    if not isinstance(value, dict):
        return set()
    found = set().union(*[mentioned(each, word) for each in value.values()])
    return found | ({value[word]} if isinstance(value.get(word), str) else set())
