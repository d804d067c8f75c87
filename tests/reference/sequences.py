"""`since_last`: evidence divides a bearer's time, and each next piece is due within a clock."""

from __future__ import annotations

from datetime import date
from typing import Any

from reference import occasions
from reference.clock import as_date
from reference.clocks import Start, clock_end, not_before, reached, with_grace
from reference.evidence import Desk, failures
from reference.sources import World
from reference.targets import standing_bearers
from reference.versions import spec_on
from reference.words import coincide, intersection, is_timed, joined, order, within, within_any


def since_last(world: World, duty: dict, in_force: tuple) -> list[dict]:
    """The obligations of every bearer and target, in order of time."""
    found = []
    for bearer, target, spans in standing_bearers(world, duty):
        inside = joined([span for each in spans if (span := intersection(each, in_force))])
        if not inside:
            continue
        events = starting_events(world, duty, bearer, target, inside[0][0])
        begin = starting_moment(world, duty, bearer, target, inside[0][0], events)
        for number, stretch in enumerate(inside):
            start = begin
            if start is not None and number > 0 and start["day"] < stretch[0]:
                # Back again: a new start.
                today = [at for at in events if at["day"] == stretch[0]]
                start = today[-1] if today else world.clock.whole_day(stretch[0])
            begun = stretch[0] <= world.as_of
            if start is not None and begun and start["day"] <= min(stretch[1], world.as_of):
                found += Chain(world, duty, bearer, target, stretch).links(start)
    return found


def starting_moment(
    world: World, duty: dict, bearer: dict, target: tuple, first: date, events: list[dict]
) -> dict | None:
    """The moment from which the first interval runs; None if it never does."""
    spec = spec_on(world.policy, duty, first)
    starting = (spec["when"]["since_last"] or {}).get("starting", "in_force")
    if starting == "in_force":
        return world.clock.whole_day(first)
    if "date_of" in starting:
        whose = target[0] if starting.get("of") == "target" else bearer["unit"]
        value = world.people.attributes(whose).get(starting["date_of"])
        return None if value is None else world.clock.whole_day(as_date(value))
    before = [at for at in events if at["day"] <= first]
    if before:
        return before[-1]
    return events[0] if events else None


def starting_events(
    world: World, duty: dict, bearer: dict, target: tuple, first: date
) -> list[dict]:
    """The moments of the events that may start it, in order of time."""
    spec = spec_on(world.policy, duty, first)
    starting = (spec["when"]["since_last"] or {}).get("starting", "in_force")
    if starting == "in_force" or "date_of" in starting:
        return []
    evidence = spec.get("evidence") or {}
    desk = Desk(world, bare(spec, bearer, target))
    named = {key: evidence[key] for key in ("who", "target") if key in evidence}
    found = [
        event
        for event in world.happenings(starting)
        if desk.fits(event, {**starting, **named}) is True
    ]
    return [event["values"]["at"] for event in sorted(found, key=order)]


def bare(spec: dict, bearer: dict, target: tuple) -> dict:
    """As much of an obligation as it takes to see whom evidence names."""
    return {
        "spec": spec,
        "bearer": bearer,
        "target": target[0],
        "target_kind": target[1],
        "trigger": None,
        "successors": False,
    }


class Chain:
    """The obligations of one bearer and target in one stretch of its time."""

    def __init__(
        self, world: World, duty: dict, bearer: dict, target: tuple, stretch: tuple
    ) -> None:
        self.world = world
        self.duty = duty
        self.bearer = bearer
        self.target = target
        self.stretch = stretch

    def links(self, start: dict) -> list[dict]:
        """The obligations from a start on."""
        last = self.first_of_the_start(start)
        if last is not None and not is_timed(start):
            start = last["values"]["at"]
        since, kept = self.moved_on(start, last)
        start_day = since["day"]
        found = []
        while True:
            spec = spec_on(self.world.policy, self.duty, since["day"])
            link = self.link(spec, start_day, last, since, kept)
            piece = self.next_piece(link)
            link["given"] = self.given(link, piece)
            if link["due_day"] is None or within(link["due_day"], self.stretch):
                found.append(link)
            if piece is None:
                return found
            if self.keeps_due_day(link, piece[0]["values"]["at"]):
                kept = link["kept"]
            else:
                kept = (piece[0]["values"]["at"], 0)
            last = piece[0]
            since = last["values"]["at"]

    def first_of_the_start(self, since: dict) -> dict | None:
        """The first good evidence that is one with the start, whenever that is."""
        spec = spec_on(self.world.policy, self.duty, since["day"])
        for event, failed in self.candidates(bare(spec, self.bearer, self.target)):
            if not failed and coincide(event["values"]["at"], since):
                return event
        return None

    def moved_on(self, start: dict, last: dict | None) -> tuple[dict, tuple[dict, int]]:
        """A start before the stretch, moved on by whole clocks until the due day lies in it."""
        clock = self.world.clock
        kept = (start, 0)
        while start["day"] < self.stretch[0]:
            spec = spec_on(self.world.policy, self.duty, start["day"])
            end = self.end(spec, last, kept)
            if end is None or end["due"] <= start["last"]:
                break
            if clock.day_of(end["due"]) >= self.stretch[0]:
                break
            kept, start = end["kept"], clock.reached(end["due"])
        return start, kept

    def keeps_due_day(self, link: dict, at: dict) -> bool:
        """Whether the clock after evidence at a moment is counted from the day it was due on."""
        spec, due = link["spec"], link["due"]
        rule = (spec["when"]["since_last"] or {}).get("next_from", "evidence")
        if due is None or rule == "evidence":
            return False
        if rule == "due":
            return True
        if at["first"] > link["closes"]:
            return rule.get("late", "due") == "due"
        clock = self.world.clock
        return at["last"] >= reached(clock, clock.moment(due), rule["due"], -1, spec)

    def start_of_clock(self, spec: dict, last: dict | None, kept: tuple[dict, int]) -> Start:
        """The last evidence; at the start, something that names the bearer and the target."""
        named = {"unit": self.bearer["unit"]}
        if self.bearer["kind"] == "post":
            named["person"] = self.bearer["id"]
        if self.target[0] is not None:
            desk = Desk(self.world, bare(spec, self.bearer, self.target))
            named.setdefault(spec["evidence"].get("target") or desk.target_column(), self.target[0])
        at, months = kept
        trigger = last or {"id": None, "values": named}
        return Start(trigger, at, self.bearer["unit"], self.target[0], months=months)

    def end(self, spec: dict, last: dict | None, kept: tuple[dict, int]) -> dict | None:
        """`{due, kept}` of the next clock."""
        return clock_end(self.world, spec["within"], self.start_of_clock(spec, last, kept))

    def link(
        self, spec: dict, start: date, last: dict | None, since: dict, kept: tuple[dict, int]
    ) -> dict:
        """One obligation: from the start or the last evidence to the due moment."""
        clock = self.world.clock
        end = self.end(spec, last, kept)
        due = end and end["due"]
        since_then = self.start_of_clock(spec, last, (since, 0))
        closes = None if due is None else with_grace(self.world, due, spec)
        first = clock.start_of(self.stretch[0])
        day = None if last else {"first": start, "last": start, "label": str(start)}
        return {
            **bare(spec, self.bearer, self.target),
            "trigger": last,
            "since": since,
            "period": day,
            "opens": max(first, since["first"]),
            "due": due,
            "kept": end and end["kept"],
            "due_day": None if due is None else clock.day_of(due),
            "closes": closes,
            "evidence_from": not_before(self.world, spec, since_then, due),
            "part_waived": False,
            "share": (1, 1),
            "spans": [self.stretch],
            "late_until": occasions.late_until(self.world, spec, "since_last", closes),
        }

    def meant(self, link: dict) -> list[tuple]:
        """The events after the last evidence that are meant, good or not, in order of time."""
        return [each for each in self.candidates(link) if self.comes(link, each[0])]

    def candidates(self, link: dict) -> list[tuple]:
        """The events that are meant, whenever, each with what it fails, in order of time."""
        spec = link["spec"]["evidence"]
        desk = Desk(self.world, link)
        instead = spec.get("stands_in")
        events = []
        for event in desk.candidates(spec):
            if desk.fits(event, spec) is True:
                events.append((event, failures(event, spec.get("must"))))
        if instead:
            itself = [event["id"] for event in desk.candidates(spec)]
            keys = {key: spec[key] for key in ("who", "target", "matching") if key in spec}
            for event in self.world.happenings(instead):
                other = event["id"] not in itself
                if other and desk.fits(event, {**instead, **keys}) is True:
                    events.append((event, []))
        return sorted(events, key=lambda e: order(e[0]))

    def comes(self, link: dict, event: dict) -> bool:
        """Whether an event comes after the last evidence, not too soon, in the bearer's time."""
        at, wait = event["values"]["at"], link["evidence_from"]
        if coincide(at, link["since"]) or at["first"] < link["since"]["first"]:
            return False
        if wait is not None and at["last"] < wait:
            return False
        return within_any(at["day"], link["spans"])

    def next_piece(self, link: dict) -> list[dict] | None:
        """The next good evidence, with everything that happens at its very moment."""
        good = [event for event, failed in self.meant(link) if not failed]
        if not good:
            return None
        first = good[0]["values"]["at"]
        return [event for event in good if coincide(event["values"]["at"], first)]

    def given(self, link: dict, piece: list[dict] | None) -> dict:
        """What the obligation counts: the piece that ends it, in time or late."""
        desk = Desk(self.world, link)
        found: dict[str, Any] = {"in time": [], "late": [], "defects": {}, "shown": set()}
        for event, failed in self.meant(link):
            place = None if has_ended(piece, event) else self.place(link, event)
            if place is None:
                continue
            if place == "late":
                failed.extend(failures(event, desk.cure()))
            if failed:
                found["defects"][event["id"]] = failed
            elif not found["in time"] and not found["late"]:
                found[place].append(event)
                found["shown"].add(event["id"])
        found["may_reach"], found["may_break"] = self.doubts(link, piece)
        return found

    def place(self, link: dict, event: dict) -> str | None:
        at = event["values"]["at"]
        if link["closes"] is None or at["first"] <= link["closes"]:
            return "in time"
        if link["late_until"] and at["first"] <= link["late_until"]:
            return "late"
        return None

    def doubts(self, link: dict, piece: list[dict] | None) -> tuple[int, int]:
        """Rows that could not be read and might be the next piece."""
        return SequenceDesk(self.world, link, self, piece).doubts(link["spec"]["evidence"])


def has_ended(piece: list[dict] | None, event: dict) -> bool:
    """Whether an event comes after the piece that ends an obligation."""
    last = max((each["values"]["at"]["last"] for each in piece or []), default=None)
    return last is not None and event["values"]["at"]["first"] > last


class SequenceDesk(Desk):
    """A desk on which evidence has its place after the last evidence."""

    def __init__(
        self, world: World, obligation: dict, chain: Chain, piece: list[dict] | None
    ) -> None:
        super().__init__(world, obligation)
        self.chain = chain
        self.piece = piece

    def place(self, event: dict, base: bool = False) -> str | None:
        if has_ended(self.piece, event) or not self.chain.comes(self.obligation, event):
            return None
        return self.chain.place(self.obligation, event)
