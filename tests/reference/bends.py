"""Clocks that bend: restarts, pauses, extensions."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from reference import clocks
from reference.clock import ONE_DAY, read_duration
from reference.words import days_of, is_timed, many, order, value_of

if TYPE_CHECKING:
    from reference.clocks import Start
    from reference.sources import World

RANK = {"restart": 0, "pause": 1, "resume": 2, "extension": 3}
AT_ONCE, AFTER_AN_END, LAST = range(3)


def bent_end(world: World, spec: dict, start: Start) -> dict | None:
    """`{due, kept}` of a clock, after everything that bends it."""
    duration = clocks.duration_of(world, spec, start)
    if duration is None:
        return None
    bent = Bent(world, spec, start, duration)
    waiting = happenings_of(world, spec, start)
    while waiting:
        happening = waiting.pop(0)
        later = None if "put off" in happening else bent.later(happening, waiting)
        if later is None:
            bent.take(happening)
        else:
            put_off = {**happening, "put off": True, "order": (*later, *happening["order"][2:])}
            waiting = sorted([*waiting, put_off], key=lambda each: each["order"])
    due = bent.due()
    if due is None:
        return None
    if clocks.asks_fields(spec) and world.clock.day_of(due) > world.ahead:
        return None
    return {"due": due, "kept": bent.kept()}


def happenings_of(world: World, spec: dict, start: Start) -> list[dict]:
    """`{kind, number, event, order}` of everything that may bend a clock, in order of time.

    The end of a pause that has only a date comes at the end of its day.
    """
    found = []

    def add(kind: str, number: int, source: dict) -> None:
        for event in clocks.concerning(world, source, start):
            at = event["values"]["at"]
            when = at["last"] if kind == "resume" else at["first"]
            key = (when, AT_ONCE, order(event)[1], RANK[kind], number, str(event["id"]))
            found.append({"kind": kind, "number": number, "event": event, "order": key})

    for source in many(spec.get("restarts") or []):
        add("restart", 0, source)
    for number, pause in enumerate(many(spec.get("pauses") or [])):
        add("pause", number, pause["from"])
        if "until" in pause:
            add("resume", number, pause["until"])
    for number, extension in enumerate(many(spec.get("extended") or [])):
        add("extension", number, extension["on"])
    return sorted(found, key=lambda each: each["order"])


def in_months(duration: str) -> int | None:
    """A duration in months, if it is one of months or years."""
    number, unit = read_duration(duration)
    return {"month": number, "year": 12 * number}.get(unit)


class Bent:
    """A clock that happenings restart, stop and extend, one after the other."""

    def __init__(self, world: World, spec: dict, start: Start, duration: str) -> None:
        self.world = world
        self.clock = world.clock
        self.spec = spec
        self.start = start
        self.duration = duration
        self.endless: dict | None = None
        self.running: dict[int, dict] = {}
        self.at_most: dict[int, str | None] = {}
        self.restart(start.moment(self.clock, spec.get("month_end", "last_day")))
        if start.months and in_months(duration) is not None:
            self.base, self.before = start.at, start.months

    def restart(self, at: dict) -> None:
        """From here, and nothing has bent it but the pauses that last."""
        self.at = self.base = at
        self.before = 0
        self.running = {n: begin for n, begin in self.running.items() if self.lasts(n, at["last"])}
        self.pauses: list[tuple[int, dict, dict]] = []
        self.extensions: list[tuple[int, str | date]] = []

    def later(self, happening: dict, waiting: list[dict]) -> tuple[datetime, int] | None:
        """After what else of its moment (or day) it has its turn; None if it has it at once.

        One end of the pause that has lasted, then what begins, then the other ends.
        """
        kind, number = happening["kind"], happening["number"]
        at = happening["event"]["values"]["at"]
        if kind == "resume":
            return None if self.lasts(number, at["last"]) else (at["last"], LAST)
        if kind != "pause" or not self.lasts(number, at["first"]):
            return None
        begun, limit = self.running[number], self.limit(number)
        ends = [
            each["event"]["values"]["at"]
            for each in waiting
            if each["kind"] == "resume" and each["number"] == number
        ]
        if is_timed(at) and at in ends and begun["first"] < at["first"]:
            return at["last"], AFTER_AN_END
        evening = self.clock.end_of(at["day"])
        day_ends = [end["last"] for end in ends if not is_timed(end)]
        some_time = not is_timed(at) or evening in [*day_ends, limit and limit["last"]]
        if some_time and begun["day"] < at["day"]:
            return evening, AFTER_AN_END
        return None

    def lasts(self, number: int, when: datetime) -> bool:
        """Whether a pause lasts at a moment: it has begun, and neither ended nor run out."""
        if number not in self.running:
            return False
        limit = self.limit(number)
        return limit is None or when < limit["last"]

    def limit(self, number: int) -> dict | None:
        """When a pause that lasts would end at the latest."""
        at, at_most = self.running[number], self.at_most[number]
        if at_most is None:
            return None
        first_day = many(self.spec["pauses"])[number].get("first_day", "excluded")
        how = {**clocks.counted_as(self.spec), "first_day": first_day}
        return self.clock.reached(self.clock.due(at, at_most, **how))

    def take(self, happening: dict) -> None:
        kind, number = happening["kind"], happening["number"]
        at = happening["event"]["values"]["at"]
        if kind == "resume":
            self.resume(number, at)
            return
        if kind == "extension":
            extension = many(self.spec["extended"])[number]
            whenever = extension.get("in_time", True) is False
            if "until" in extension:
                more = value_of(happening["event"], extension["until"]["field"])
                applies = more is not None and more <= self.world.ahead
            else:
                more = clocks.told(extension["by"], happening["event"])
                applies = more is not None and number not in [n for n, _ in self.extensions]
            if applies and self.in_time(at, whenever):
                self.extensions.append((number, more))
            return
        if not self.in_time(at, whenever=False):
            return
        if kind == "restart":
            self.restart(at)
            return
        when = happening["order"][0]
        if number in self.running and not self.lasts(number, when):
            limit = self.limit(number)
            self.pauses.append((number, self.running.pop(number), limit))
        if number not in self.running:
            self.running[number] = at
            at_most = many(self.spec["pauses"])[number].get("at_most")
            self.at_most[number] = clocks.told(at_most, happening["event"])

    def resume(self, number: int, at: dict) -> None:
        """The end of a pause; one that began before a restart and ends with it is taken back."""
        if number not in self.running or at["last"] < self.running[number]["first"]:
            return
        limit = self.limit(number)
        if limit is None or at["last"] <= limit["last"]:
            begun = self.running.pop(number)
            if begun["first"] >= self.at["first"] or at["last"] > self.at["last"]:
                self.pauses.append((number, begun, at))

    def in_time(self, at: dict, whenever: bool) -> bool:
        """Whether a happening lies between the clock's start and the due moment as it stands."""
        if at["last"] < self.at["first"]:
            return False
        due = self.due()
        return whenever or due is None or at["first"] <= due

    def due(self) -> datetime | None:
        """The due moment as it stands; while a pause stops the clock there is none."""
        if self.stopped():
            return None
        return clocks.moved(self.clock, self.spec, self.unmoved()[0])

    def stopped(self) -> bool:
        """Whether a pause that has not ended would move the due moment, however long it lasts."""
        due, _ = self.unmoved()
        self.endless = self.clock.whole_day(self.clock.day_of(due) + 1000 * ONE_DAY)
        moved, _ = self.unmoved()
        self.endless = None
        return moved != due

    def unmoved(self) -> tuple[datetime, int | None]:
        """The due moment before its moves; and how many months have been added up, of months."""
        first_day = self.spec.get("first_day", "excluded")
        months = in_months(self.duration)
        if months is None:
            due = self.after(self.at, self.duration, first_day)
        else:
            months += self.before
            due = self.after(self.base, f"{months} months", first_day)
        only_months = months is not None
        for _, by in self.extensions:
            if isinstance(by, date):
                if self.clock.end_of(by) > due:
                    only_months, due = False, self.clock.end_of(by)
            elif only_months and in_months(by) is not None:
                months += in_months(by)
                due = self.after(self.base, f"{months} months", first_day)
            else:
                only_months = False
                due = self.after(self.clock.moment(due), by, "excluded")
        return due, months

    def kept(self) -> tuple[dict, int]:
        """What the next clock is counted from: where this one ends, moves left out.

        Months are only added to those before, so that a short month does not shift the day; where
        the first day is one of those that count, the next first day follows the last of these.
        """
        due, months = self.unmoved()
        how = {**clocks.counted_as(self.spec), "first_day": self.spec.get("first_day", "excluded")}
        if months is not None and due == self.clock.due(self.base, f"{months} months", **how):
            return self.base, months
        number, unit = read_duration(self.duration)
        if how["first_day"] == "included" and number > 0 and unit not in ("hour", "minute"):
            return self.clock.whole_day(self.clock.day_of(due) + ONE_DAY), 0
        return self.clock.reached(due), 0

    def after(self, at: dict, duration: str, first_day: str) -> datetime:
        """So long after (before) a moment, without the time in which the clock stood still."""
        due = self.clock.due(
            at,
            duration,
            self.start.sign,
            first_day=first_day,
            month_end=self.spec.get("month_end", "last_day"),
            name=self.spec.get("calendar"),
            stopped=self.stopped_days(),
        )
        if read_duration(duration)[1] in ("hour", "minute"):
            return self.pushed(at, due)
        return due

    def all_pauses(self) -> list[tuple[int, dict, dict]]:
        """Those that have ended, and those that will have when they have run out."""
        running = [(n, begin, self.limit(n) or self.endless) for n, begin in self.running.items()]
        return [*self.pauses, *(each for each in running if each[2] is not None)]

    def stopped_days(self) -> frozenset[date]:
        """The days after each pause's first day (or from it on), up to and including its last."""
        found: set[date] = set()
        for number, begin, end in self.all_pauses():
            included = many(self.spec["pauses"])[number].get("first_day") == "included"
            at_most = self.at_most[number] or "1 day"
            included = included and read_duration(at_most)[0] > 0
            days = days_of(begin["day"], end["day"])
            found.update(days if included else days[1:])
        return frozenset(found)

    def pushed(self, at: dict, due: datetime) -> datetime:
        """A due moment of hours, later by the time for which the clock stood still before it."""
        spans = sorted((begin["last"], end["last"]) for _, begin, end in self.all_pauses())
        counted_to = at["last"]
        for begin, end in spans:
            begins = max(begin, counted_to)
            if begins < due and end > begins:
                due += end - begins
                counted_to = end
        return due
