"""The reference evaluator: docs/language.md read aloud, with loops over lists and dicts.

It is slow and obvious on purpose, and shares no code with the package. `evaluate` takes what the
YAML files say, as plain mappings, and gives plain findings.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from reference.clock import ONE_DAY, Clock, periods, plan_year, windows
from reference.conditions import holds
from reference.measures import measure_parts
from reference.organisation import Organisation
from reference.reading import read_events
from reference.verdicts import judge
from reference.words import days_of, intersection, is_meant, many, span_of, value_of, within

TRIGGERED = ("after", "before")


def evaluate(
    policy: dict,
    organisation: dict,
    waivers: list[dict] | None,
    events: list[dict],
    as_of: date,
    since: date | None = None,
) -> dict:
    """Judge every obligation.

    Returns:
        `{findings, rejected, escalations}`, all of them lists of plain dicts.
    """
    clock = Clock(policy)
    people = Organisation(organisation)
    standing, rejected = read_events(policy, organisation, events, clock)
    log = [event for event in standing if event["values"]["at"]["day"] <= as_of]
    unreadable = [row for row in rejected if row["might_count"]]

    findings = []
    for name, duty in policy["duties"].items():
        for obligation in obligations(policy, name, duty, people, log, clock, as_of):
            if since is not None and clock.day_of(obligation["closes"]) < since:
                continue
            measure_parts(obligation, log, unreadable, people, clock, as_of)
            obligation["waived"] = obligation["part_waived"] or is_waived(obligation, waivers or [])
            obligation["closed"] = obligation["closes"] <= clock.end_of(as_of)
            judge(obligation)
            obligation["accountable"] = accountable(policy, obligation, people, as_of)
            findings.append(obligation)
    return {
        "findings": [plain(obligation, clock) for obligation in findings],
        "rejected": [{"id": row["id"], "row": row["row"]} for row in rejected],
        "escalations": escalations(policy, findings, people, clock, as_of),
    }


# Obligations


def obligations(
    policy: dict,
    name: str,
    duty: dict,
    people: Organisation,
    log: list[dict],
    clock: Clock,
    as_of: date,
) -> list[dict]:
    """Every obligation of a duty that exists by `as_of`."""
    in_force = intersection(span_of(policy["in_force"]), span_of(duty.get("in_force") or {}))
    if in_force is None:
        return []
    (occasion, spec), *_ = duty["when"].items()
    found = []
    if occasion in TRIGGERED:
        for trigger in log:
            if is_meant(trigger, spec) is True:
                found += triggered(duty, occasion, trigger, in_force, people, clock)
    else:
        last = min(as_of, in_force[1])
        calendar = calendar_of(clock, occasion, spec, in_force[0], last)
        for bearer, target, spans in standing_bearers(duty, people):
            inside = [span for s in spans if (span := intersection(s, in_force))]
            for period in calendar:
                found += owed_in(duty, occasion, period, bearer, target, inside, clock)
    for obligation in found:
        obligation["duty"], obligation["spec"] = name, duty
    return [o for o in found if applies(duty, o["bearer"], people)]


def applies(duty: dict, bearer: dict, people: Organisation) -> bool:
    unit = people.units.get(bearer["unit"]) or {}
    attributes = unit.get("attributes") or {}
    return holds(duty.get("applies_when"), attributes.get) is True


def calendar_of(clock: Clock, occasion: str, spec: Any, first: date, last: date) -> list[dict]:
    """The periods or windows between two days, each with the first day of what follows it."""
    if first > last:
        return []
    if occasion == "in_each":
        found = windows(spec, first, last)
        later = windows(spec, first, date(last.year + 2, 12, 31))
        for window in found:
            starts = [w["first"] for w in later if w["first"] > window["first"]]
            window["late_until"] = min(starts) - ONE_DAY
    else:
        found = periods(clock, spec, first, last)
        for period in found:
            following = periods(clock, spec, period["last"] + ONE_DAY, period["last"] + ONE_DAY)
            period["late_until"] = following[0]["last"]
    return found


def standing_bearers(duty: dict, people: Organisation) -> list[tuple]:
    """(bearer, target, spans): everyone who bears an untriggered duty, and when."""
    found = []
    if "unit" in duty["bearer"]:
        for unit in people.of_kind(duty["bearer"]["unit"]):
            bearer = unit_bearer(unit["id"])
            if "of_each" not in duty:
                found.append((bearer, None, [span_of(unit)]))
            else:
                for target in people.of_kind(duty["of_each"]["unit"]):
                    both = intersection(span_of(unit), span_of(target))
                    found.append((bearer, target["id"], [both] if both else []))
        return found
    for post in many(duty["bearer"]["post"]):
        for holder in people.holders_ever(post):
            bearer = post_bearer(holder["person"], post, holder["unit"])
            if "of_each" not in duty:
                spans = [span_of(appointment) for appointment in holder["appointments"]]
                found.append((bearer, None, spans))
            elif "overseen" in many(duty["of_each"]["unit"]):
                for unit in people.units.values():
                    spans = [
                        both
                        for appointment in holder["appointments"]
                        if unit["id"] in (appointment.get("oversees") or [])
                        and (both := intersection(span_of(appointment), span_of(unit)))
                    ]
                    found.append((bearer, unit["id"], spans))
            else:
                for target in people.of_kind(duty["of_each"]["unit"]):
                    spans = [
                        both
                        for appointment in holder["appointments"]
                        if (both := intersection(span_of(appointment), span_of(target)))
                    ]
                    found.append((bearer, target["id"], spans))
    return found


def owed_in(
    duty: dict,
    occasion: str,
    period: dict,
    bearer: dict,
    target: str | None,
    spans: list[tuple],
    clock: Clock,
) -> list[dict]:
    """The obligation of a bearer in a period: none, or one."""
    days = days_of(period["first"], period["last"])
    inside = [day for day in days if any(first <= day <= last for first, last in spans)]
    if not inside:
        return []
    partly = len(inside) < len(days)
    rule = duty.get("part_period") or ("full" if period["last"] in inside else "waived")
    due = clock.end_of(period["last"])
    closes = clock.with_grace(due, duty.get("grace"))
    late_counts = duty.get("late", "counts" if occasion == "in_each" else "does_not_count")
    return [
        {
            "bearer": bearer,
            "target": target,
            "period": period,
            "trigger": None,
            "opens": clock.start_of(inside[0]),
            "due": due,
            "due_day": period["last"],
            "closes": closes,
            "part_waived": partly and rule == "waived",
            "share": (len(inside), len(days)) if partly and rule == "scaled" else (1, 1),
            "days_inside": inside,
            "spans": spans,
            "late_until": period["late_until"] if late_counts == "counts" else None,
        }
    ]


def triggered(
    duty: dict, occasion: str, trigger: dict, in_force: tuple, people: Organisation, clock: Clock
) -> list[dict]:
    """The obligations that one trigger opens."""
    at = trigger["values"]["at"]
    if occasion == "after":
        due = clock.due_after(at["first"], at["last"], duty["within"])
    else:
        due = clock.due_before(at["first"], duty.get("within", "0 hours"))
    due_day = clock.day_of(due)
    if not within(due_day, in_force) or not within(at["day"], in_force):
        return []
    found = []
    for bearer, targets in triggered_bearers(duty, trigger, due_day, people):
        for target in targets:
            starts = [clock.start_of(in_force[0])]
            if occasion == "after":
                starts.append(at["first"])
            if bearer["kind"] == "unit":
                starts.append(clock.start_of(span_of(people.units[bearer["id"]])[0]))
            if target is not None:
                starts.append(clock.start_of(span_of(people.units[target])[0]))
            late_counts = duty.get("late", "counts") == "counts"
            found.append(
                {
                    "bearer": bearer,
                    "target": target,
                    "period": None,
                    "trigger": trigger,
                    "opens": max(starts),
                    "due": due,
                    "due_day": due_day,
                    "closes": clock.with_grace(due, duty.get("grace")),
                    "part_waived": False,
                    "share": (1, 1),
                    "spans": None,
                    "late_until": date.max if late_counts else None,
                }
            )
    return found


def triggered_bearers(
    duty: dict, trigger: dict, due_day: date, people: Organisation
) -> list[tuple]:
    """(bearer, targets) of a trigger whose obligation falls due on `due_day`."""
    concerned = trigger["values"].get("unit")
    of_each = duty.get("of_each")
    if of_each is None:
        targets = [None]
    else:
        kinds = [kind for kind in many(of_each["unit"]) if kind != "overseen"]
        targets = [u["id"] for u in people.of_kind(kinds) if within(due_day, span_of(u))]

    if "unit" in duty["bearer"]:
        for unit in people.of_kind(duty["bearer"]["unit"]):
            span = span_of(unit)
            existed = within(trigger["values"]["at"]["day"], span) and within(due_day, span)
            if unit["id"] == concerned and existed:
                return [(unit_bearer(unit["id"]), targets)]
        return []

    found = []
    for post in many(duty["bearer"]["post"]):
        holders = [
            holder
            for holder in people.holders_on(post, due_day)
            if people.concerns(holder, concerned)
        ]
        for holder in holders:
            theirs = targets
            if of_each is not None and "overseen" in many(of_each["unit"]):
                theirs = [
                    unit["id"]
                    for unit in people.units.values()
                    if within(due_day, span_of(unit)) and people.oversees(holder, unit["id"])
                ]
            found.append((post_bearer(holder["person"], post, holder["unit"]), theirs))
        if not holders:
            vacant = {"kind": "post", "id": post, "post": post, "unit": concerned, "vacant": True}
            found.append((vacant, targets))
    return found


def unit_bearer(unit: str) -> dict:
    return {"kind": "unit", "id": unit, "post": None, "unit": unit, "vacant": False}


def post_bearer(person: str, post: str, unit: str) -> dict:
    return {"kind": "post", "id": person, "post": post, "unit": unit, "vacant": False}


# Waivers, who answers, escalations


def is_waived(obligation: dict, waivers: list[dict]) -> bool:
    return any(
        waiver["duty"] == obligation["duty"]
        and waiver["bearer"] == obligation["bearer"]["id"]
        and not obligation["bearer"]["vacant"]
        and waiver.get("target") in (None, obligation["target"])
        and within(obligation["due_day"], span_of(waiver))
        for waiver in waivers
    )


def accountable(policy: dict, obligation: dict, people: Organisation, as_of: date) -> list[dict]:
    """Who answers: `{post, person}`, the person None where the post is vacant."""
    bearer = obligation["bearer"]
    entries = obligation["spec"].get("accountable")
    if entries is None:
        entries = [bearer["post"]] if bearer["kind"] == "post" else []
    day = obligation["due_day"]
    if obligation["verdict"] == "pending":
        day = min(day, as_of)
    answers: list[dict] = []
    for entry in entries:
        post = entry if isinstance(entry, str) else entry["post"]
        if isinstance(entry, dict) and entry.get("named_in"):
            named = value_of(obligation["trigger"], entry["named_in"])
            holders = [h["person"] for h in people.holders_on(post, day) if h["person"] == named]
        elif post == bearer["post"]:
            holders = [] if bearer["vacant"] else [bearer["id"]]
        else:
            holders = people.answering(post, bearer["unit"], day)
        while post is not None:
            answers += [{"post": post, "person": person} for person in holders or [None]]
            if holders:
                break
            post = policy["posts"][post].get("above")
            holders = people.answering(post, bearer["unit"], day) if post else []
    return [a for n, a in enumerate(answers) if a not in answers[:n]]


def escalations(
    policy: dict, findings: list[dict], people: Organisation, clock: Clock, as_of: date
) -> list[dict]:
    """The facts that are put before somebody, by unit or person and plan year."""
    raised = []
    for name, spec in (policy.get("escalations") or {}).items():
        duties: dict[tuple, set] = {}
        for finding in findings:
            severity = finding["spec"].get("severity", "minor")
            if finding["verdict"] != "unmet" or severity != spec["when"]["severity"]:
                continue
            year = plan_year(clock, finding["due_day"])
            if "unit" in spec["of"] and finding["bearer"]["kind"] == "unit":
                key = ("unit", finding["bearer"]["id"], year)
                duties.setdefault(key, set()).add(finding["duty"])
            if "person" in spec["of"]:
                for answer in finding["accountable"]:
                    if answer["person"] is not None:
                        key = ("person", answer["person"], year)
                        duties.setdefault(key, set()).add(finding["duty"])
        for (kind, subject, year), names in duties.items():
            if len(names) < spec["when"]["unmet"]["at_least"]:
                continue
            post = spec["addressed_to"]["post"]
            own_case = spec["addressed_to"].get("own_case")
            holders = [holder["person"] for holder in people.holders_on(post, as_of)]
            own = kind == "person" and subject in holders and own_case is not None
            raised.append(
                {
                    "escalation": name,
                    "kind": kind,
                    "id": subject,
                    "year": year,
                    "addressed": "own_case" if own else "post",
                    "duties": sorted(names),
                }
            )
    return raised


# What comes out


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
        "parts": {
            part["name"]: {key: part[key] for key in ("counted", "late", "defective")}
            for part in finding["parts"]
        },
    }
