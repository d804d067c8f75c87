"""A duty: who must show what, how often or by when, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    ConfigDict,
    Field,
    StrictBool,
    model_validator,
)

from policyeval.language.clocks import Clock, ClockSpec
from policyeval.language.conditions import Conditions
from policyeval.language.duty_answers import (
    AnswersText,
    Bearer,
    Cure,
    Late,
    NotBefore,
    PartSpec,
    PartView,
    Review,
)
from policyeval.language.evidence import ANYONE, Evidence, Releases
from policyeval.language.occasions import (
    After,
    Before,
    ForEach,
    InAny,
    InEach,
    Per,
    SinceLast,
    Throughout,
    When,
)
from policyeval.language.requires import DaysHeld, Requires
from policyeval.language.sources import EndOf, Happening, Source, StartOf
from policyeval.language.targets import OfEach
from policyeval.language.validation import Model, refuse
from policyeval.language.words import (
    Duration,
    DurationText,
    Span,
    Title,
)

FROZEN = (
    "clause",
    "bearer",
    "of_each",
    "while",
    "in_force",
    "all_of",
    "any_of",
    "reported",
    "straddles",
)
"""Keys that are the same in every version of a duty."""

RELEASE = "unless"
DECISION = "review"
"""Names of the parts that release from an obligation, and that decide on it."""


class Duty(Model):
    """What the plan says, as five answers: who, when, what, how much, who answers."""

    title: Title | None = None
    clause: str
    rationale: Title | None = None
    bearer: Bearer
    of_each: OfEach | None = None
    applies_when: Conditions | None = None
    when: When
    during: DaysHeld | None = Field(default=None, alias="while")
    within: ClockSpec | None = None
    not_before: NotBefore | None = None
    early: DurationText | None = None
    grace: DurationText | None = None
    unless: Releases = ()
    evidence: Evidence | None = None
    double_use: Literal["allowed", "forbidden"] = "allowed"
    review: Review | None = None
    requires: Requires = Requires()
    all_of: Annotated[dict[str, PartSpec], Field(min_length=1)] | None = None
    any_of: Annotated[dict[str, PartSpec], Field(min_length=1)] | None = None
    part_period: Literal["full", "scaled", "waived"] | None = None
    late: Late | None = None
    accountable: tuple[AnswersText, ...] | None = None
    severity: Literal["minor", "major"] = "minor"
    reported: StrictBool = True
    in_force: Span | None = None
    straddles: Literal["start", "end"] = "start"
    assumed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Duty:
        for problem in _problems(self):
            raise refuse(problem)
        return self

    @property
    def parts(self) -> tuple[PartView, ...]:
        """Its parts in the order written."""
        group = self.all_of or self.any_of
        if group is None:
            return (PartView("", None, (), self._evidence, self.requires),)
        key = "all_of" if self.all_of else "any_of"
        return tuple(
            PartView(name, spec.title, (key, name), self._of_itself(spec.evidence), spec.requires)
            for name, spec in group.items()
        )

    @property
    def _evidence(self) -> Evidence | None:
        return self._of_itself(self.evidence or (Evidence() if self.for_each else None))

    def _of_itself(self, evidence: Evidence | None) -> Evidence | None:
        """Of `for_each`, the event itself is the evidence."""
        event = self.for_each
        if event is None or evidence is None:
            return evidence
        itself = {"matching": {"id": "id"}, "who": ANYONE}
        return evidence.model_copy(update=event.named_by | itself)

    @property
    def for_each(self) -> Happening | None:
        """The events that are judged each by itself, if that is the occasion."""
        return self.when.for_each if isinstance(self.when, ForEach) else None

    @property
    def trigger(self) -> Source | None:
        """What opens its obligations, for a triggered duty."""
        if isinstance(self.when, After):
            return self.when.after
        return self.when.before if isinstance(self.when, Before) else self.for_each

    @property
    def comes_and_goes(self) -> bool:
        """Whether bearer and target may be there several times, for another reason than a post."""
        roster = self.of_each is not None and self.of_each.post is not None
        return self.trigger is None and (roster or self.during is not None)

    @property
    def of_term(self) -> bool:
        """Whether the bearer's own term is the trigger: it is borne by whose term it is."""
        trigger = self.trigger
        if isinstance(trigger, StartOf):
            return trigger.start_of == "term"
        return isinstance(trigger, EndOf) and trigger.end_of == "term"

    @property
    def personal(self) -> bool:
        """Whether it is the person's own, not that of whoever holds the post."""
        return self.of_term or self.bearer.named_in is not None

    @property
    def backwards(self) -> bool:
        """Whether it is due before its trigger."""
        return isinstance(self.when, Before)

    @property
    def clock(self) -> Clock:
        """By when; without `within`, at the trigger itself."""
        return self.within or Clock(of=Duration(number=0, unit="hours"))

    @property
    def late_rule(self) -> Literal["counts", "does_not_count"] | Cure:
        """What becomes of late evidence."""
        if self.late is not None:
            return self.late
        if isinstance(self.when, (ForEach, InAny)):
            return "does_not_count"
        recurring = self.trigger is None and not isinstance(self.when, SinceLast)
        windows = "in_each" in type(self.when).model_fields
        return "does_not_count" if recurring and not windows else "counts"

    @property
    def late_until_again(self) -> bool:
        """Whether late evidence ends with the next trigger: nothing ties it to its own."""
        rule = self.late_rule
        counts = rule == "counts" or (isinstance(rule, Cure) and rule.within is None)
        shown = [part.evidence for part in self.parts if part.evidence is not None]
        return self.trigger is not None and counts and not any(each.matching for each in shown)


def _keys_given(schema: dict[str, Any]) -> None:
    """A version is written as the keys that it replaces."""
    schema["required"] = ["from"]
    schema["properties"] = {
        name: each for name, each in schema["properties"].items() if name not in FROZEN
    }


class Version(Duty):
    """A duty from a day on: the keys that are given replace the duty's."""

    model_config = ConfigDict(json_schema_extra=_keys_given)

    first: date = Field(alias="from")


class DutySpec(Duty):
    """A duty as it is written: with its versions."""

    versions: tuple[Version, ...] = ()


def _problems(duty: Duty) -> Iterator[str]:
    """What does not go together."""
    if duty.all_of is not None and duty.any_of is not None:
        yield "choose `all_of` or `any_of`"
    several = duty.all_of or duty.any_of
    if several and (duty.evidence or "requires" in duty.model_fields_set):
        yield "with `all_of` or `any_of`, evidence and requires stand in each part"
    for part in duty.parts:
        yield from _part_problems(duty, part)
    yield from _when_problems(duty)
    if duty.of_each is not None and duty.of_each.value_of and duty.during is None:
        yield "`value_of` needs `while`: from when and until when is each of them there?"
    yield from _sequence_problems(duty)
    if duty.double_use == "forbidden" and any(
        part.requires.measure != "count" or part.requires.has_upper for part in duty.parts
    ):
        yield "`double_use: forbidden` is for numbers of events that must be reached"


def _part_problems(duty: Duty, part: PartView) -> Iterator[str]:
    held = part.requires.days_held is not None
    if part.evidence is None and not held:
        yield "`evidence` is missing: what shows that it was done?"
    given = part.evidence.model_fields_set if part.evidence is not None else set()
    if "itself" in given and not isinstance(duty.when, (After, Before)):
        yield "`itself` goes with `after` and `before`: there an event opens the obligation"
    if part.evidence is not None and held:
        yield "`days_held` names its own events; leave `evidence` out"
    if part.evidence is not None and not part.evidence.named:
        yield "`evidence` names no source; add `event`"
    if held and duty.trigger is not None:
        yield "`days_held` needs a period: `when: {throughout: year}`"
    if held and isinstance(duty.when, (SinceLast, InAny)):
        yield "`days_held` needs a period: `when: {throughout: year}`"
    if not held and isinstance(duty.when, Throughout):
        yield "`throughout` needs `requires: {days_held: …}`; to count, use `per`"


def _when_problems(duty: Duty) -> Iterator[str]:
    clocked = isinstance(duty.when, (After, Before, SinceLast))
    of_period = isinstance(duty.when, (Per, InEach, Throughout))
    if "straddles" in duty.model_fields_set and not of_period:
        yield "`straddles` goes with `per`, `in_each` and `throughout`: only a period has two ends"
    if isinstance(duty.when, After) and duty.within is None:
        yield "`when: {after: …}` needs `within`: by when is it due?"
    if isinstance(duty.when, SinceLast) and duty.within is None:
        yield "`when: {since_last: …}` needs `within`: how long after the last?"
    if not clocked and duty.within is not None:
        yield "`within` goes with `after`, `before` and `since_last`"
    if duty.early is not None and not isinstance(duty.when, After):
        yield "`early` goes with `after`: what was done so long before the trigger counts, too"
    if duty.early is not None and duty.not_before is not None:
        yield "choose `early` or `not_before`"
    if not clocked and duty.not_before is not None:
        yield "`not_before` goes with `after`, `before` and `since_last`"
    if isinstance(duty.when, Before) and any(leg.bent for leg in duty.clock.legs):
        yield "`restarts`, `pauses` and `extended` do not go with `before`: it counts backwards"
    if duty.for_each is not None:
        own = duty.evidence
        if own is not None and own.model_fields_set - {"must"}:
            yield "with `for_each` the event itself is the evidence: only `must` can stand there"


def _one_event(requires: Requires) -> bool:
    """Whether one event is all that is asked for."""
    given = requires.model_fields_set - {"at_least"}
    return not given and requires.bounds == (1, None)


def _sequence_problems(duty: Duty) -> Iterator[str]:
    if duty.double_use == "forbidden" and isinstance(duty.when, (SinceLast, InAny)):
        yield "`double_use: forbidden` does not go with `since_last` and `in_any`"
    several = len(duty.parts) != 1 or bool(duty.parts[0].name)
    if isinstance(duty.when, SinceLast) and (several or not _one_event(duty.requires)):
        yield "`since_last` takes `requires: {at_least: 1}`, without parts"
    if isinstance(duty.when, InAny):
        if any(part.evidence and part.evidence.stands_in for part in duty.parts):
            yield "`stands_in` has no next time in `in_any`; name the events in `evidence`"
        if several:
            yield "`in_any` takes no parts"
        fixed = duty.requires.bounds != (None, None) and duty.requires.share_of is None
        if duty.requires.measure not in {"count", "sum", "distinct", "average"} or not fixed:
            yield "`in_any` takes count, `sum`, `distinct` or `average` and a number as threshold"
