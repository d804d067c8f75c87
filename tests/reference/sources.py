"""The section "Sources": everything that happens, as events.

An event is `{id, values}`. Those that start an obligation may also say who bears it (`bearer`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from reference.clock import Clock
from reference.conditions import holds
from reference.organisation import Organisation
from reference.reaching import reaching
from reference.reading import facts_of_time
from reference.words import is_meant, many, order, reader, value_of


class World:
    """Everything that an evaluation looks at."""

    def __init__(
        self,
        policy: dict,
        people: Organisation,
        clock: Clock,
        waivers: list[dict],
        log: list[dict],
        unreadable: list[dict],
        as_of: date,
        judge: Callable[[World, str], list[dict]],
    ) -> None:
        self.policy = policy
        self.people = people
        self.clock = clock
        self.waivers = waivers
        self.log = sorted(log, key=order)
        self.unreadable = unreadable
        self.as_of = as_of
        self.end = clock.end_of(as_of)
        self.ahead = as_of + timedelta(days=800)
        self._judge = judge
        self._judged: dict[str, list[dict]] = {}

    def judged(self, duty: str) -> list[dict]:
        """The findings of a duty."""
        if duty not in self._judged:
            self._judged[duty] = self._judge(self, duty)
        return self._judged[duty]

    def happenings(self, source: dict) -> list[dict]:
        """Each time that an event or a duty happens, in order of time."""
        if "reached" in source:
            return reaching(self, source)
        if "event" in source:
            return [event for event in self.log if is_meant(event, source) is True]
        found = self.done(source) if is_done(source) else self.closed_with(source)
        return sorted(
            [event for event in found if holds(source.get("where"), reader(event)) is True],
            key=order,
        )

    def doubtful(self, source: dict) -> list[dict]:
        """Rows that could not be read and might be such an event."""
        if "event" not in source or "reached" in source:
            return []
        return [row for row in self.unreadable if is_meant(row, source) is not False]

    def done(self, source: dict) -> list[dict]:
        """The events that completed another duty's obligations, each once."""
        events = {}
        for finding in self.judged(source["duty"]):
            if finding["completed"] is not None:
                events[finding["completed"]["id"]] = finding["completed"]
        return list(events.values())

    def closed_with(self, source: dict) -> list[dict]:
        """Another duty's obligations that closed with such a verdict, as events."""
        return [
            self.as_event(finding)
            for finding in self.judged(source["duty"])
            if finding["closed"] and finding["verdict"] in many(source["is"])
        ]

    def as_event(self, finding: dict) -> dict:
        """An obligation that has closed: it happens at its last instant."""
        bearer = finding["bearer"]
        trigger = finding["trigger"]
        label = trigger["id"] if trigger else finding["period"]["label"]
        seat = [bearer["post"], bearer["unit"]] if bearer["kind"] == "post" else []
        named = [finding["duty"], bearer["id"], *seat, finding["target"], label]
        person = bearer["id"] if bearer["kind"] == "post" and not bearer["vacant"] else None
        if person is None and finding["target_kind"] == "person":
            person = finding["target"]
        values = {
            **(trigger["values"] if trigger else {}),
            "type": None,
            "at": self.clock.moment(finding["closes"]),
            "unit": bearer["unit"],
            "person": person,
            "target": finding["target"],
            "recorded_at": None,
        }
        values = {**values, **facts_of_time(self.clock, values["at"])}
        return {"id": " ".join(str(word) for word in named if word), "values": values}

    def day_event(self, name: str, day: date, bearer: dict | None = None) -> dict:
        """Something that happens on a day, without a time."""
        at = self.clock.whole_day(day)
        values = {"at": at, **facts_of_time(self.clock, at)}
        event = {"id": name, "values": values}
        if bearer is not None:
            values["unit"] = bearer["unit"]
            values["person"] = bearer["id"] if bearer["kind"] == "post" else None
            event["bearer"] = bearer
        return event


def is_done(source: dict) -> bool:
    return source.get("is", "done") == "done"


def dated(world: World, event: dict, source: dict) -> dict | None:
    """An event on the day that one of its fields gives; without `on`, as it is."""
    if "on" not in source:
        return event
    day = value_of(event, source["on"])
    if day is None:
        return None
    at = world.clock.whole_day(day)
    told = {"hour": None, **facts_of_time(world.clock, at)}
    return {**event, "values": {**event["values"], "at": at, **told}}
