"""How much evidence there is for an obligation, part by part."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from reference.clock import Clock, day_number
from reference.conditions import UNREADABLE, Answer, all_of, entry_holds, holds
from reference.organisation import Organisation
from reference.words import days_of, is_meant, many, value_of, within


def measure_parts(
    obligation: dict,
    log: list[dict],
    unreadable: list[dict],
    people: Organisation,
    clock: Clock,
    as_of: date,
) -> None:
    """Add `parts` to an obligation, and the evidence of all of them."""
    duty = obligation["spec"]
    named = duty.get("all_of") or duty.get("any_of") or {"": duty}
    desk = Desk(obligation, log, unreadable, people, clock, as_of)
    obligation["parts"] = [
        {"name": name, **desk.measured(spec.get("evidence"), spec.get("requires") or {})}
        for name, spec in named.items()
    ]
    evidence, defective = set(), {}
    for part in obligation["parts"]:
        evidence |= part["evidence"]
        for event, failed in part["defects"].items():
            defective.setdefault(event, []).extend(failed)
    obligation["evidence"] = sorted(evidence)
    obligation["defective_evidence"] = defective


def bounds(requires: dict) -> tuple[int | None, int | None]:
    """(at least, at most), None where it is open."""
    if "gaps" in requires:
        return None, day_number(requires["gaps"]["at_most"])
    number = {key: day_number(n) for key, n in requires.items() if key != "days_held"}
    if "exactly" in number:
        return number["exactly"], number["exactly"]
    if "more_than" in number:
        return number["more_than"] + 1, None
    if "less_than" in number:
        return None, number["less_than"] - 1
    if number:
        return number.get("at_least"), number.get("at_most")
    return (None, 0) if "days_held" in requires else (1, None)


class Desk:
    """One obligation on the desk, with everything that may belong to it."""

    def __init__(
        self,
        obligation: dict,
        log: list[dict],
        unreadable: list[dict],
        people: Organisation,
        clock: Clock,
        as_of: date,
    ) -> None:
        self.obligation = obligation
        self.log = log
        self.unreadable = unreadable
        self.people = people
        self.clock = clock
        self.as_of = as_of

    def measured(self, evidence: dict | None, requires: dict) -> dict:
        low, high = bounds(requires)
        inside, whole = self.obligation["share"]
        if low is not None:
            low = math.ceil(low * inside / whole)
        if "days_held" in requires:
            return {"low": low, "high": high, **self.days(requires)}
        return {"low": low, "high": high, **self.count(evidence)}

    # Counting events

    def count(self, spec: dict) -> dict:
        counted, late, defects = set(), set(), {}
        for event in self.log:
            place = self.place(event)
            if place is None or self.fits(event, spec) is not True:
                continue
            failed = [
                key
                for key, entry in (spec.get("must") or {}).items()
                if not entry_holds(key, entry, lambda field, e=event: value_of(e, field))
            ]
            if failed:
                defects[event["id"]] = failed
            elif place == "in time":
                counted.add(event["id"])
            else:
                late.add(event["id"])
        in_time, at_all = 0, 0
        for row in self.unreadable:
            must = holds(spec.get("must"), lambda field, r=row: value_of(r, field))
            if must is False or self.fits(row, spec) is False:
                continue
            places = self.places(row)
            in_time += "in time" in places
            at_all += bool(places)
        return {
            "measure": "count",
            "counted": len(counted),
            "late": len(late),
            "defective": len(defects),
            "evidence": counted | late,
            "defects": defects,
            "may_reach": at_all,
            "may_break": in_time,
            "may_mend": 0,
        }

    def places(self, row: dict) -> set[str]:
        """Where an unreadable row may lie."""
        at = row["values"].get("at")
        if at is UNREADABLE:
            late = {"late"} if self.obligation["late_until"] else set()
            return {"in time"} | late
        if at["day"] > self.as_of:
            return set()
        return {self.place(row)} - {None}

    def place(self, event: dict) -> str | None:
        """`in time`, `late`, or None: outside what the obligation looks at."""
        obligation, at = self.obligation, event["values"]["at"]
        if obligation["spans"] is None:
            if at["last"] < obligation["opens"]:
                return None
        elif at["day"] < obligation["period"]["first"] or not any(
            within(at["day"], span) for span in obligation["spans"]
        ):
            return None
        if at["first"] <= obligation["closes"]:
            return "in time"
        if obligation["late_until"] and at["day"] <= obligation["late_until"]:
            return "late"
        return None

    def fits(self, event: dict, spec: dict) -> Answer:
        """Type, `where`, bearer, target and key; None if what can be read leaves it open."""
        return all_of(
            [
                is_meant(event, spec),
                self.names_bearer(event, spec.get("who")),
                self.names_target(event, spec.get("target")),
                self.shares_key(event, spec.get("matching")),
            ]
        )

    def names_bearer(self, event: dict, who: str | None) -> Answer:
        bearer = self.obligation["bearer"]
        who = who or ("unit" if bearer["kind"] == "unit" else "person")
        if who == "anyone":
            return True
        named = event["values"].get(who)
        if named is UNREADABLE:
            return None
        if bearer["kind"] == "post" and self.obligation["trigger"]:
            return self.held_the_post(named, event["values"]["at"])
        return named is not None and named == bearer["id"]

    def held_the_post(self, person: str | None, at: Any) -> Answer:
        if at is not UNREADABLE:
            return self.held_on(person, at["day"])
        first = self.clock.day_of(self.obligation["opens"])
        possible = any(self.held_on(person, day) for day in days_of(first, self.as_of))
        return None if possible else False

    def held_on(self, person: str | None, day: date) -> bool:
        bearer = self.obligation["bearer"]
        for holder in self.people.holders_on(bearer["post"], day):
            if bearer["vacant"]:
                there = self.people.concerns(holder, bearer["unit"])
            else:
                there = holder["unit"] == bearer["unit"]
            if there and holder["person"] == person:
                return True
        return False

    def names_target(self, event: dict, column: str | None) -> Answer:
        if self.obligation["target"] is None:
            return True
        named = event["values"].get(column or "target")
        return None if named is UNREADABLE else named == self.obligation["target"]

    def shares_key(self, event: dict, matching: Any) -> Answer:
        if matching is None:
            return True
        if not isinstance(matching, dict):
            matching = {name: name for name in many(matching)}
        answers: list[Answer] = []
        for ours, theirs in matching.items():
            key = event["id"] if ours == "id" else value_of(event, ours)
            wanted = self.obligation["trigger"]
            wanted = wanted["id"] if theirs == "id" else value_of(wanted, theirs)
            if wanted is None or key is None:
                answers.append(False)
            else:
                answers.append(None if key is UNREADABLE else key == wanted)
        return all_of(answers)

    # Days on which a state held

    def days(self, requires: dict) -> dict:
        spec = requires["days_held"]
        days = [day for day in self.obligation["days_inside"] if day <= self.as_of]
        starts = self.turns(self.log, spec, "from")
        ends = self.turns(self.log, spec, "until")
        held: set[date] = set()
        keys = {key for _, key in starts}
        for key in keys:
            held |= held_days(
                {day for day, k in starts if k == key},
                {day for day, k in ends if k == key},
                self.as_of,
            )
        run = longest = 0
        previous = None
        for day in days:
            follows = previous is not None and (day - previous).days == 1
            run = 0 if day in held else (run + 1 if follows else 1)
            longest = max(longest, run)
            previous = day
        gaps = bounds(requires)[0] is None and not {"at_most", "less_than"} & set(requires)
        may_start = self.may_turn(spec, "from")
        may_end = self.may_turn(spec, "until")
        return {
            "measure": "longest_gap" if gaps else "days_held",
            "counted": longest if gaps else sum(day in held for day in days),
            "late": 0,
            "defective": 0,
            "evidence": self.shown(spec),
            "defects": {},
            "may_reach": 0 if gaps else may_start,
            "may_break": may_end if gaps else may_start,
            "may_mend": may_start if gaps else 0,
        }

    def shown(self, spec: dict) -> set[str]:
        """The events of the state in the obligation's time, and the one that began it before."""
        found: set[str] = set()
        for first_day, _ in self.obligation["spans"]:
            opens = self.clock.start_of(max(first_day, self.obligation["period"]["first"]))
            latest: dict[Any, tuple] = {}
            for event in self.log:
                begins, ends = (
                    side in spec and self.turn(event, spec, side) is True
                    for side in ("from", "until")
                )
                key = value_of(event, spec["matching"]) if "matching" in spec else ""
                at = event["values"]["at"]
                if not (begins or ends) or key is None or at["first"] > self.obligation["closes"]:
                    continue
                if at["last"] >= opens:
                    found.add(event["id"])
                    continue
                before = latest.get(key)
                if before is None or (at["first"], before[1]) > (before[0], event["id"]):
                    latest[key] = (at["first"], event["id"], begins)
            found |= {event for _, event, begins in latest.values() if begins}
        return found

    def turns(self, log: list[dict], spec: dict, which: str) -> list[tuple]:
        """(day, key) of the events that start or end the state of this bearer and target."""
        found = []
        for event in log:
            if which in spec and self.turn(event, spec, which) is True:
                key = value_of(event, spec["matching"]) if "matching" in spec else ""
                if key is not None:
                    found.append((event["values"]["at"]["day"], key))
        return found

    def turn(self, event: dict, spec: dict, which: str) -> Answer:
        return all_of(
            [
                is_meant(event, spec[which]),
                self.names_bearer(event, spec.get("who")),
                self.names_target(event, spec.get("target")),
            ]
        )

    def may_turn(self, spec: dict, which: str) -> int:
        found = 0
        for row in self.unreadable:
            if which not in spec or self.turn(row, spec, which) is False:
                continue
            if "matching" in spec and value_of(row, spec["matching"]) is None:
                continue
            at = row["values"]["at"]
            last = min(self.as_of, self.obligation["period"]["last"])
            found += at is UNREADABLE or at["day"] <= last
        return found


def held_days(starts: set[date], ends: set[date], last: date) -> set[date]:
    """The days to `last` on which a state holds that starts and ends on such days."""
    held: set[date] = set()
    if not starts:
        return held
    holds_now = False
    for day in days_of(min(starts), last):
        if holds_now:
            held.add(day)
            if day in ends:
                holds_now = day in starts
        elif day in starts:
            held.add(day)
            holds_now = day not in ends
    return held
