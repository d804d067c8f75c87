"""From rows of the findings table to `Finding`s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from policyeval.evaluation.run import Run
from policyeval.evaluation.times import NO_MOMENT
from policyeval.findings.explain import explained
from policyeval.findings.models import (
    Accountable,
    Bearer,
    DefectiveEvidence,
    Evidence,
    Finding,
    Number,
    Part,
    Period,
    Review,
    Target,
    Text,
    Trigger,
    Verdict,
    Waiver,
)
from policyeval.language.duty import Duty
from policyeval.language.sources import Happening


def text(title: Mapping[str, str] | None, otherwise: str) -> Text:
    """A title, or the id where there is none."""
    return dict(title) if title else {"zh": otherwise, "en": otherwise}


@dataclass(frozen=True)
class Builder:
    """Builds findings of one run."""

    run: Run

    @cached_property
    def unit_titles(self) -> dict[str, Text]:
        """Unit -> title."""
        return {unit.id: text(unit.title, unit.id) for unit in self.run.organisation.units}

    @cached_property
    def names(self) -> dict[str, str]:
        """Person -> name."""
        return {person.id: person.name for person in self.run.organisation.people}

    @cached_property
    def part_titles(self) -> dict[tuple[str, str], Text]:
        """(version of a duty, part) -> title; nothing for a duty without parts."""
        return {
            (name, part.name): text(part.title, part.name) if part.name else {}
            for name, variant in self.run.policy.variants.items()
            for part in variant.duty.parts
        }

    def finding(self, row: Mapping[str, Any]) -> Finding:
        """A finding from a row of `findings.tables.detailed_table`."""
        policy = self.run.policy
        duty = policy.variants[row["variant"]].duty
        scale = row["scale"]
        listed = row["evidence"] or ()
        finding = Finding(
            id=row["finding"],
            policy=policy.policy,
            version=policy.version,
            duty=row["duty"],
            title=text(duty.title, row["duty"]),
            clause=duty.clause,
            severity=duty.severity,
            bearer=self._bearer(row),
            target=self._target(duty, row["target"]),
            period=_period(row),
            trigger=self._trigger(duty, row),
            opens=self._at(row["opens"]),
            due=self._known(row["due"]),
            closes=self._known(row["closes"]),
            verdict=Verdict(row["verdict"]),
            rule=row["rule"],
            required=number(row["required"], scale),
            counted=number(row["counted"], scale),
            late=number(row["late"], scale),
            defective=row["defective"],
            parts=tuple(
                _part(part, self.part_titles[row["variant"], part["name"]]) for part in row["parts"]
            ),
            evidence=tuple(self._evidence(each) for each in listed),
            evidence_not_listed=(row["evidence_count"] or 0) - len(listed),
            defective_evidence=tuple(
                self._defective(each) for each in row["defective_evidence"] or ()
            ),
            unreadable_rows=row["unreadable"],
            remedy=None,
            accountable=tuple(self._accountable(each) for each in row["accountable"] or ()),
            assumed=duty.assumed,
            waiver=self._waiver(row["waiver"]),
            review=_review(duty, row["review"]),
            reason={},
        )
        return explained(finding)

    def _at(self, instant: datetime) -> datetime:
        return self.run.clock.local(instant)

    def _known(self, instant: datetime) -> datetime | None:
        return None if instant >= NO_MOMENT else self._at(instant)

    def _bearer(self, row: Mapping[str, Any]) -> Bearer:
        unit, post, bearer = row["unit"] or "", row["post"], row["bearer"]
        if post is None:
            return Bearer(kind="unit", id=bearer, title=self.unit_titles[bearer], unit=unit)
        vacant = row["vacant"]
        name = self.post_title(post) if vacant else text(None, self.names.get(bearer, bearer))
        return Bearer(kind="post", id=bearer, title=name, unit=unit, post=post, vacant=vacant)

    def post_title(self, post: str) -> Text:
        """The title of a post."""
        return text(self.run.policy.posts[post].title, post)

    def _target(self, duty: Duty, target: str | None) -> Target | None:
        if target is None or duty.of_each is None:
            return None
        if duty.of_each.post is not None:
            name = self.names.get(target, target)
            return Target(kind="person", id=target, title=text(None, name))
        if duty.of_each.unit is not None:
            return Target(id=target, title=self.unit_titles[target])
        return Target(kind="value", id=target, title=text(None, target))

    def _trigger(self, duty: Duty, row: Mapping[str, Any]) -> Trigger | None:
        if row["trigger"] is None:
            return None
        source = duty.trigger
        named = source is not None and not (isinstance(source, Happening) and source.of_events)
        kind: Literal["event", "other"] = "other" if named else "event"
        return Trigger(kind=kind, event=row["trigger"], at=self._at(row["trigger_at"]))

    def _evidence(self, entry: Mapping[str, Any]) -> Evidence:
        return Evidence(
            event=entry["event"],
            at=self._at(entry["at"]),
            part=entry["part"] or None,
            status=entry["status"],
            by=entry["by"],
        )

    def _defective(self, entry: Mapping[str, Any]) -> DefectiveEvidence:
        return DefectiveEvidence(
            event=entry["event"],
            at=self._at(entry["at"]),
            part=entry["part"] or None,
            failed=tuple(entry["failed"]),
        )

    def _accountable(self, entry: Mapping[str, Any]) -> Accountable:
        post = self.run.policy.posts[entry["post"]]
        responsibility = self.run.policy.responsibilities.get(post.responsibility or "")
        person = entry["person"]
        return Accountable(
            post=entry["post"],
            post_title=self.post_title(entry["post"]),
            responsibility=post.responsibility,
            responsibility_title=responsibility.title if responsibility else None,
            person=person,
            name=self.names.get(person, person) if person is not None else None,
            vacant=entry["vacant"],
            instead_of=entry["instead_of"],
        )

    def _waiver(self, number: int | None) -> Waiver | None:
        if number is None:
            return None
        waiver = self.run.waivers.waivers[number]
        return Waiver(
            reason=waiver.reason,
            approved_by=waiver.approved_by,
            first=waiver.first,
            last=waiver.last,
        )


def number(value: Decimal | int | None, scale: int) -> Number:
    """A whole number of 1/scale as it is shown; in a structure it comes as a decimal."""
    value = int(value or 0)
    return value // scale if value % scale == 0 else value / scale


def _part(part: Mapping[str, Any], title: Text) -> Part:
    told = {name: value for name, value in part.items() if name != "scale"}
    for name in ("at_least", "at_most", "counted", "late"):
        told[name] = None if part[name] is None else number(part[name], part["scale"])
    return Part(**told, title=title)


def _review(duty: Duty, state: str) -> Review | None:
    if duty.review is None:
        return None
    return Review(asks=dict(duty.review.asks), state=state)  # type: ignore[arg-type]


def _period(row: Mapping[str, Any]) -> Period | None:
    if row["period"] is None:
        return None
    return Period(label=row["period"], first=row["first_day"], last=row["last_day"])
