"""One bearer's chain of `since_last`, link by link. Plain Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from policyeval.evaluation.clocks import days_as_in, graced, run_out
from policyeval.evaluation.concerning import Happened, concerning
from policyeval.evaluation.deadline import Attributes, Trigger, run_for
from policyeval.evaluation.occasions.spells import Spell
from policyeval.evaluation.run import Run
from policyeval.evaluation.running import Kept, Moment, Reached, begins, instant, reached_as
from policyeval.evaluation.times import NO_MOMENT
from policyeval.language.duty import Duty
from policyeval.language.duty_answers import BeforeDue, Cure
from policyeval.language.occasions import Chain, IfNear, SinceLast
from policyeval.language.policy import Variant
from policyeval.language.words import Duration


@dataclass(frozen=True)
class Link:
    """Where an interval begins.

    Args:
        at: its moment.
        done: when that is over; what comes next comes after it.
        event: the evidence that it is, if it is one; of a start that was moved on, that it was.
        values: of that evidence.
        kept: what the next clock is counted from.
    """

    at: Moment
    done: datetime
    event: str | None
    values: Mapping[str, Any]
    kept: Kept

    def moved_on(self, at: Moment, kept: Kept | None = None) -> Link:
        """The same start, some whole clocks later."""
        return replace(self, at=at, done=at.last, kept=kept or Kept(at))


def chain_of(duty: Duty) -> Chain:
    """What a duty says of its chains."""
    assert isinstance(duty.when, SinceLast)  # noqa: S101 - only such duties come here
    return duty.when.since_last


def as_moment(event: Mapping[str, Any]) -> Moment:
    """When a piece of evidence happened."""
    return Moment(event["first"], event["last"], event["day"])


def _coincide(one: Moment, other: Moment) -> bool:
    """Whether they are the same, or on the same day where either has only a date."""
    return one.first == other.first if one.timed and other.timed else one.day == other.day


@dataclass
class BearerChain:
    """One bearer's chain."""

    run: Run
    versions: list[Variant]
    spell: Spell
    attributes: Attributes
    good: list[dict[str, Any]]
    bending: Mapping[int, Happened]

    def version(self, day: date) -> Variant:
        """The version in force on a day."""
        for each in self.versions:
            if (each.first or day) <= day <= (each.last or day):
                return each
        return self.versions[0]

    def reached(self, link: Link) -> Reached | None:
        """When the next piece of evidence is due; None while that is not known."""
        duty = self.version(link.at.day).duty
        keys = self._keys(duty, link)
        bending = concerning(self.bending, keys, self.spell.unit)
        trigger = Trigger(link.kept, keys, self.attributes, bending, self.run.ahead)
        return run_for(duty.clock, self.run.clock, trigger, backwards=False)

    def hours_on(self, at: Moment) -> Moment:
        """A start, so many whole clocks of hours on: years of minutes are not walked one by one."""
        calendar, length = self.run.clock, self.versions[0].duty.clock.plain
        if len(self.versions) > 1 or length is None or not length.of_time or not length.number:
            return at
        clock = timedelta(**{length.unit: length.number})
        whole = -((at.last - calendar.starts(self.spell.first)) // clock) - 1
        return reached_as(calendar, at.last + whole * clock) if whole > 0 else at

    def starting(self, start: Moment) -> Link:
        """A start; it is the first piece of evidence that is one with it, whenever that is."""
        label = self.version(start.day).label
        for event in self.good:
            if event["variant"] == label and _coincide(start, as_moment(event)):
                at = start if start.timed else as_moment(event)
                return Link(at, at.last, event["id"], event, Kept(at))
        return Link(start, start.last, None, {}, Kept(start))

    @cached_property
    def _events(self) -> list[dict[str, Any]]:
        """The good evidence from the bearer's time."""
        first, last = self.spell.first, self.spell.last
        return [event for event in self.good if first <= event["day"] <= last]

    def _keys(self, duty: Duty, link: Link) -> Mapping[str, str | None]:
        """The fields of the last evidence; before there is one, what its obligation would name."""
        if link.event is not None:
            keys: Mapping[str, str | None] = link.values["keys"]
            return keys
        named = {"unit": self.spell.unit, "person": self.spell.person}
        evidence = duty.parts[0].evidence
        if duty.of_each is not None and evidence is not None:
            column = evidence.target or duty.of_each.column
            named[column] = named.get(column) or self.spell.target
        return named

    def obligations(self, link: Link | None) -> Iterator[dict[str, Any]]:
        """Link by link, up to the still open end."""
        while link is not None and (link.event or link.at.day <= self.run.as_of):
            variant = self.version(link.at.day)
            reached = self.reached(link)
            due = None if reached is None else reached.due
            opens = max(link.at.first, self.run.clock.starts(self.spell.first))
            since = max(opens, self._not_before(variant.duty, link, due))
            following = self._next(variant, link, since)
            row = self._row(variant, link, (opens, since), due, following)
            if row is not None:
                yield row
            link = self._link(variant.duty, reached, following)

    def _not_before(self, duty: Duty, link: Link, due: datetime | None) -> datetime:
        limit = duty.not_before
        if limit is None:
            return link.at.first
        if isinstance(limit, BeforeDue):
            return NO_MOMENT if due is None else self._before(duty, due, limit.due)
        return begins(self.run.clock, link.at, limit, clock=days_as_in(duty))

    def _before(self, duty: Duty, due: datetime, length: Duration) -> datetime:
        """So long before a due moment; in days, the beginning of the day so reached."""
        at = instant(self.run.clock, due)
        return begins(self.run.clock, at, length, back=True, clock=days_as_in(duty))

    def _next(self, variant: Variant, link: Link, opens: datetime) -> dict[str, Any] | None:
        for event in self._events:
            later = event["first"] > link.done
            if event["variant"] == variant.label and later and event["last"] >= opens:
                return event
        return None

    def _link(
        self, duty: Duty, reached: Reached | None, event: dict[str, Any] | None
    ) -> Link | None:
        if event is None:
            return None
        at = as_moment(event)
        kept = Kept(at)
        if reached is not None and self._keeps(duty, reached.due, at):
            kept = reached.kept
        return Link(at, event["last"], event["id"], event, kept)

    def _keeps(self, duty: Duty, due: datetime, at: Moment) -> bool:
        """Whether evidence at a moment leaves the due day what the next clock is counted from."""
        rule = chain_of(duty).next_from
        if not isinstance(rule, IfNear):
            return rule == "due"
        if at.first > graced(duty, self.run.clock, due):
            return rule.late == "due"
        return at.last >= self._before(duty, due, rule.due)

    def _row(
        self,
        variant: Variant,
        link: Link,
        times: tuple[datetime, datetime],
        due: datetime | None,
        following: dict[str, Any] | None,
    ) -> dict[str, Any] | None:
        calendar, duty = self.run.clock, variant.duty
        due_day = self.run.as_of if due is None else calendar.day_of(due)
        if due is not None and not self.spell.first <= due_day <= self.spell.last:
            return None
        closes = NO_MOMENT if due is None else graced(duty, calendar, due)
        opens, since = times
        last = following["last"] if following else self.run.end
        if self.spell.last < self.run.as_of:
            last = min(last, calendar.ends(self.spell.last))
        rule = None if due is None else duty.late_rule
        if isinstance(rule, Cure):
            if rule.within is not None:
                last = min(last, run_out(calendar, closes, rule.within, days_as_in(duty)))
        elif rule == "does_not_count":
            last = min(last, closes)
        event = link.event is not None
        return {
            "spell": self.spell.number,
            "variant": variant.label,
            "period": None if event else link.at.day.isoformat(),
            "first_day": None if event else link.at.day,
            "last_day": None if event else due_day,
            "trigger": link.event,
            "trigger_at": link.values.get("first"),
            "opens": opens,
            "due": due or NO_MOMENT,
            "due_day": due_day,
            "closes": closes,
            "from_at": since,
            "until_at": last,
            "past": link.done,
        }
