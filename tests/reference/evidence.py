"""The section "Evidence": what counts for an obligation, and when."""

from __future__ import annotations

from datetime import date
from typing import Any

from reference.conditions import UNREADABLE, Answer, all_of, any_of, entry_holds, holds
from reference.sources import World
from reference.words import (
    days_of,
    is_meant,
    many,
    reader,
    shares_key,
    span_of,
    within_any,
)


class Desk:
    """One obligation on the desk, with everything that may belong to it."""

    def __init__(self, world: World, obligation: dict) -> None:
        self.world = world
        self.obligation = obligation
        self.people = world.people

    # Which events

    def candidates(self, spec: dict) -> list[dict]:
        """The events that an evidence's source gives; with `for_each`, the trigger itself."""
        if "event" in spec or "duty" in spec:
            return self.world.happenings(spec)
        return [self.obligation["trigger"]]

    def found(self, spec: dict, late: bool = True) -> dict:
        """`{in_time, late, defects, may_reach, may_break}` of one part's evidence.

        `late` says whether late evidence is looked at.
        """
        found: dict[str, Any] = {"in time": [], "late": [], "defects": {}}
        for event in self.candidates(spec):
            place = self.place(event)
            if place is None or self.fits(event, spec) is not True or self.opens(event, spec):
                continue
            if place == "late" and not late:
                continue
            failed = failures(event, spec.get("must"))
            if place == "late":
                failed += failures(event, self.cure())
            if failed:
                found["defects"][event["id"]] = failed
            else:
                found[place].append(event)
        found["may_reach"], found["may_break"] = self.doubts(spec)
        return found

    def opens(self, event: dict, spec: dict) -> bool:
        """Whether it is the very event that opens the obligation: that is no evidence of it."""
        when, matching = self.obligation["spec"]["when"], spec.get("matching")
        if not {"after", "before"} & set(when) or spec.get("itself") == "counts":
            return False
        if matching == "id" or (isinstance(matching, list) and "id" in matching):
            return False
        if isinstance(matching, dict) and matching.get("id") == "id":
            return False
        return event["id"] == self.obligation["trigger"]["id"]

    def cure(self) -> dict | None:
        """What late evidence must satisfy besides."""
        late = self.obligation["spec"].get("late")
        return late.get("must") if isinstance(late, dict) else None

    def doubts(self, spec: dict) -> tuple[int, int]:
        """How many rows that could not be read might count at all, and how many in time."""
        in_time = at_all = 0
        for row in self.world.doubtful(spec):
            must = holds(spec.get("must"), reader(row))
            if must is False or self.fits(row, spec) is False:
                continue
            places = self.places(row)
            if "in time" not in places and holds(self.cure(), reader(row)) is False:
                continue
            in_time += "in time" in places
            at_all += bool(places)
        return at_all, in_time

    # When

    def places(self, row: dict) -> set[str]:
        """Where an unreadable row may lie."""
        at = row["values"].get("at")
        if at is UNREADABLE:
            late = {"late"} if self.obligation["late_until"] else set()
            return {"in time"} | late
        if at["day"] > self.world.as_of:
            return set()
        return {self.place(row)} - {None}

    def place(self, event: dict, base: bool = False) -> str | None:
        """`in time`, `late`, or None: outside what the obligation looks at.

        What a base counts (`base`) needs not wait for `not_before`.
        """
        obligation, at = self.obligation, event["values"]["at"]
        if obligation["spans"] is None:
            if at["last"] < obligation["opens"]:
                return None
        elif at["day"] < obligation["period"]["first"] or not within_any(
            at["day"], obligation["spans"]
        ):
            return None
        wait = obligation["evidence_from"]
        if wait is not None and at["last"] < wait and not base:
            return None
        if obligation["closes"] is None or at["first"] <= obligation["closes"]:
            return "in time"
        if obligation["late_until"] and at["first"] <= obligation["late_until"]:
            return "late"
        return None

    def while_open(self, event: dict) -> bool:
        """Whether an event happens from when the obligation opens until it closes."""
        at, closes = event["values"]["at"], self.obligation["closes"]
        if at["last"] < self.obligation["opens"] or self.is_past(event):
            return False
        return closes is None or at["first"] <= closes

    def is_past(self, event: dict) -> bool:
        """Of `since_last`: whether it happened before the last evidence was over."""
        since = self.obligation.get("since")
        return since is not None and event["values"]["at"]["first"] <= since["last"]

    # Whose

    def fits(self, event: dict, spec: dict) -> Answer:
        """Type, `where`, bearer, target and key; None if what can be read leaves it open."""
        who = spec.get("who")
        if "event" not in spec and "duty" not in spec:
            who = who or "anyone"
        return all_of(
            [
                is_meant(event, spec) if "event" in spec else True,
                self.names_bearer(event, who),
                self.names_target(event, spec.get("target")),
                shares_key(event, self.obligation["trigger"], spec.get("matching")),
            ]
        )

    def names_bearer(self, event: dict, who: str | None) -> Answer:
        bearer = self.obligation["bearer"]
        who = who or ("unit" if bearer["kind"] == "unit" else "person")
        if who == "anyone":
            return True
        if who == "unit" and bearer["unit"] is None:
            return False
        named = event["values"].get(who)
        at = event["values"]["at"]
        if named is UNREADABLE:
            somebody = not self.obligation["successors"] or who == "unit" or self.shown_by(at)
            return None if somebody else False
        if who == "unit":
            return bearer["unit"] in many(named)
        if self.obligation["successors"]:
            return any_of([self.held_the_post(each, at) for each in many(named)])
        return bearer["id"] in many(named)

    def held_the_post(self, person: str | None, at: Any) -> Answer:
        if at is not UNREADABLE:
            return self.held_on(person, at["day"])
        first = self.world.clock.day_of(self.obligation["opens"])
        possible = any(self.held_on(person, day) for day in days_of(first, self.world.as_of))
        return None if possible else False

    def shown_by(self, at: Any) -> list[str]:
        """Who could show it on a day: of a post that was vacant on that day perhaps nobody."""
        holders = {holder["person"] for holder in self.people.appointments}
        return [person for person in holders if self.held_the_post(person, at) is not False]

    def held_on(self, person: str | None, day: date) -> bool:
        bearer = self.obligation["bearer"]
        if not bearer["vacant"] and self.was_there(day):
            return person == bearer["id"]
        for holder in self.people.holders_on(bearer["post"], day):
            if bearer["vacant"]:
                there = self.people.concerns(holder, bearer["unit"])
            else:
                there = holder["unit"] == bearer["unit"]
            if there and holder["person"] == person:
                return True
        return False

    def names_target(self, event: dict, column: str | None) -> Answer:
        if self.obligation["target_kind"] is None:
            return True
        named = event["values"].get(column or self.target_column())
        return None if named is UNREADABLE else self.obligation["target"] in many(named)

    def target_column(self) -> str:
        """The column that names the target where nothing else is said."""
        if self.obligation["target_kind"] == "value":
            return self.obligation["spec"]["of_each"].get("value_of", "target")
        return "person" if self.obligation["target_kind"] == "person" else "target"

    def was_there(self, day: date) -> bool:
        """Whether the bearer was there on a day (a vacant post always is)."""
        bearer = self.obligation["bearer"]
        if bearer["kind"] == "unit":
            return within_any(day, [span_of(self.people.units[bearer["id"]])])
        if bearer["vacant"]:
            return True
        return any(
            holder["person"] == bearer["id"] and holder["unit"] == bearer["unit"]
            for holder in self.people.holders_on(bearer["post"], day)
        )


def failures(event: dict, must: dict | None) -> list[str]:
    """The conditions that an event fails."""
    return [
        key for key, entry in (must or {}).items() if not entry_holds(key, entry, reader(event))
    ]
