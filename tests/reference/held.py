"""Days on which a state held (`days_held`)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from reference.clock import is_duration
from reference.conditions import UNREADABLE, Answer, all_of
from reference.evidence import Desk
from reference.quantities import WORDS, Bounds
from reference.sources import World
from reference.words import days_of, is_meant, value_of


def held(world: World, obligation: dict, requires: dict, bounds: Bounds) -> dict:
    """The measure of a part that asks for days: how many held, or the longest gap."""
    state = State(world, obligation, requires["days_held"])
    days = [day for day in obligation["days_inside"] if day <= world.as_of]
    there = state.days()
    gaps = "gaps" in requires or not set(WORDS) & set(requires)
    value = longest_gap(days, there) if gaps else sum(day in there for day in days)
    may_start, may_end = state.may_turn("from"), state.may_turn("until")
    return {
        "measure": "longest_gap" if gaps else "days_held",
        "value": Fraction(value),
        "with_late": Fraction(value),
        "shown_ids": state.shown(),
        "defects": {},
        "defective": 0,
        "reached": None,
        "may_reach": 0 if gaps else may_start,
        "may_break": may_end if gaps else may_start,
        "may_mend": may_start if gaps else may_end,
    }


def longest_gap(days: list[date], there: set[date]) -> int:
    """The longest run of days, one after the other, without the state."""
    run = longest = 0
    previous = None
    for day in days:
        follows = previous is not None and (day - previous).days == 1
        run = 0 if day in there else (run + 1 if follows else 1)
        longest = max(longest, run)
        previous = day
    return longest


class State:
    """The state of a bearer (and target): when it begins and ends, value by value."""

    def __init__(
        self, world: World, obligation: dict, spec: dict, last: date | None = None
    ) -> None:
        self.world = world
        self.obligation = obligation
        self.spec = spec
        self.last = last or world.as_of  # the last day looked at
        self.desk = Desk(world, obligation)

    def key(self, event: dict) -> Any:
        """The value that has this state; None for none."""
        return value_of(event, self.spec["matching"]) if "matching" in self.spec else ""

    def turns(self, which: str) -> list[dict]:
        """The events that begin or end it."""
        if which not in self.spec:
            return []
        return [
            event
            for event in self.world.happenings(self.spec[which])
            if self.concerns(event) is True and self.key(event) is not None
        ]

    def concerns(self, event: dict) -> Answer:
        return all_of(
            [
                self.desk.names_bearer(event, self.spec.get("who")),
                self.desk.names_target(event, self.spec.get("target")),
            ]
        )

    def days(self) -> set[date]:
        """The days on which it holds for one value, or for so many at once."""
        starts, ends = self.turns("from"), self.turns("until")
        times: dict[date, int] = {}
        for key in {self.key(event) for event in starts}:
            for day in self.days_of_value(
                [event for event in starts if self.key(event) == key],
                [event for event in ends if self.key(event) == key],
            ):
                times[day] = times.get(day, 0) + 1
        needed = self.spec.get("at_once", 1)
        return {day for day, number in times.items() if number >= needed}

    def days_of_value(self, starts: list[dict], ends: list[dict]) -> set[date]:
        if "for" in self.spec:
            return {
                day
                for event in starts
                if (last := self.last_day(event)) is not None
                for day in days_of(event["values"]["at"]["day"], min(last, self.last))
            }
        return held_days(
            {event["values"]["at"]["day"] for event in starts},
            {event["values"]["at"]["day"] for event in ends},
            self.last,
        )

    def last_day(self, event: dict) -> date | None:
        """The last day of what an event begins, with `for`."""
        rule = self.spec["for"]
        if is_duration(rule):
            return self.world.clock.day_of(self.world.clock.due(event["values"]["at"], rule))
        return value_of(event, rule)

    def shown(self) -> set[str]:
        """The events of the state in the obligation's time, and the one that began it before."""
        found: set[str] = set()
        turning = {e["id"]: e for e in self.turns("from") + self.turns("until")}
        begins = {event["id"] for event in self.turns("from")}
        for first_day, last_day in self.obligation["spans"]:
            first = max(first_day, self.obligation["period"]["first"])
            if first > min(last_day, self.world.as_of):
                continue
            opens = self.world.clock.start_of(first)
            before: dict[Any, list[dict]] = {}
            for event in turning.values():
                at = event["values"]["at"]
                if at["first"] > self.obligation["closes"]:
                    continue
                if at["last"] >= opens:
                    found.add(event["id"])
                else:
                    before.setdefault(self.key(event), []).append(event)
            for events in before.values():
                found |= self.still_holding(events, begins, first)
        return found

    def still_holding(self, events: list[dict], begins: set[str], first: date) -> set[str]:
        """Of earlier events of one value those by which the state still holds."""
        if "for" in self.spec:
            lasts = [(self.last_day(event), event["id"]) for event in events]
            return {name for last, name in lasts if last is not None and last >= first}
        latest = max(events, key=latest_first)
        return {latest["id"]} & begins

    def may_turn(self, which: str) -> int:
        """How many rows that could not be read might begin or end it."""
        source = self.spec.get(which) or {}
        if "event" not in source or "reached" in source:
            return 0
        found = 0
        last = min(self.world.as_of, max(self.obligation["days_inside"]))
        for row in self.world.unreadable:
            meant = is_meant(row, self.spec[which])
            if meant is False or self.concerns(row) is False or self.key(row) is None:
                continue
            at = row["values"]["at"]
            found += at is UNREADABLE or at["day"] <= last
        return found


def latest_first(event: dict) -> tuple:
    """Of several at one moment the one with the first id is the latest."""
    return (event["values"]["at"]["first"], [-ord(letter) for letter in str(event["id"])])


def held_days(starts: set[date], ends: set[date], last: date) -> set[date]:
    """The days to `last` on which a state holds that starts and ends on such days."""
    found: set[date] = set()
    if not starts:
        return found
    holds_now = False
    for day in days_of(min(starts), last):
        if holds_now:
            found.add(day)
            if day in ends:
                holds_now = day in starts
        elif day in starts:
            found.add(day)
            holds_now = day not in ends
    return found
