"""From rows of the findings table to `Finding`s."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from policyeval.evaluation.run import Run
from policyeval.findings.explain import explained
from policyeval.findings.models import (
    Accountable,
    Bearer,
    DefectiveEvidence,
    Evidence,
    Finding,
    Part,
    Period,
    Target,
    Text,
    Trigger,
    Verdict,
    Waiver,
)


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
        """(duty, part) -> title; nothing for a duty without parts."""
        return {
            (name, part.name): text(part.title, part.name) if part.name else {}
            for name, duty in self.run.policy.duties.items()
            for part in duty.parts
        }

    def finding(self, row: Mapping[str, Any]) -> Finding:
        """A finding from a row of `findings.tables.detailed_table`."""
        policy = self.run.policy
        duty = policy.duties[row["duty"]]
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
            target=self._target(row["target"]),
            period=_period(row),
            trigger=self._trigger(row),
            opens=self._at(row["opens"]),
            due=self._at(row["due"]),
            closes=self._at(row["closes"]),
            verdict=Verdict(row["verdict"]),
            rule=row["rule"],
            required=row["required"],
            counted=row["counted"],
            late=row["late"],
            defective=row["defective"],
            parts=tuple(
                Part(**part, title=self.part_titles[row["duty"], part["name"]])
                for part in row["parts"]
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
            reason={},
        )
        return explained(finding)

    def _at(self, instant: datetime) -> datetime:
        return self.run.clock.local(instant)

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

    def _target(self, target: str | None) -> Target | None:
        if target is None:
            return None
        return Target(id=target, title=self.unit_titles[target])

    def _trigger(self, row: Mapping[str, Any]) -> Trigger | None:
        if row["trigger"] is None:
            return None
        return Trigger(event=row["trigger"], at=self._at(row["trigger_at"]))

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


def _period(row: Mapping[str, Any]) -> Period | None:
    if row["period"] is None:
        return None
    return Period(label=row["period"], first=row["first_day"], last=row["last_day"])
