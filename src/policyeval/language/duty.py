"""A duty: who must show what, how often or by when, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    Tag,
    WithJsonSchema,
    model_validator,
)

from policyeval.language.clocks import Clock, ClockSpec
from policyeval.language.conditions import Conditions
from policyeval.language.duty_problems import problems
from policyeval.language.evidence import ANYONE, Evidence, Meant
from policyeval.language.occasions import (
    After,
    Before,
    ForEach,
    InAny,
    SinceLast,
    When,
)
from policyeval.language.requires import Requires
from policyeval.language.sources import EndOf, Happening, Source, StartOf
from policyeval.language.targets import OfEach
from policyeval.language.validation import Model, refuse
from policyeval.language.words import (
    WORD,
    Duration,
    DurationText,
    OneOrMany,
    Span,
    Title,
)

FROZEN = ("clause", "bearer", "of_each", "in_force", "all_of", "any_of", "reported")
"""Keys that are the same in every version of a duty."""

RELEASE = "unless"
DECISION = "review"
"""Names of the parts that release from an obligation, and that decide on it."""


class Bearer(Model):
    """Who owes it: each unit of a kind, or each holder of a post.

    Of a post, with a trigger, only the holder whom a field of the trigger names (`named_in`).
    """

    unit: OneOrMany | None = None
    post: OneOrMany | None = None
    named_in: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Bearer:
        if (self.unit is None) == (self.post is None):
            raise refuse("a bearer is either `{unit: kind}` or `{post: id}`")
        if self.named_in is not None and self.post is None:
            raise refuse("`named_in` names a holder of a post; a unit is the trigger's `unit`")
        return self


class PartSpec(Model):
    """A named part of `all_of` or `any_of`."""

    title: Title | None = None
    evidence: Evidence | None = None
    requires: Requires = Requires()


def _answers(value: Any) -> Any:
    return {"post": value} if isinstance(value, str) else value


class Answers(Model):
    """An entry of `accountable`."""

    post: str
    named_in: str | None = None


_ANSWERS_SCHEMA = {
    "type": "object",
    "properties": {"post": WORD, "named_in": WORD},
    "required": ["post"],
    "additionalProperties": False,
}
AnswersText = Annotated[
    Answers, BeforeValidator(_answers), WithJsonSchema({"anyOf": [WORD, _ANSWERS_SCHEMA]})
]
"""An entry of `accountable`; a post by itself is its id."""


class BeforeDue(Model):
    """`{due: 3 months}`: only so long before the due moment."""

    due: DurationText


def _kind_of_limit(value: Any) -> str:
    return "due" if isinstance(value, (dict, BeforeDue)) else "text"


NotBefore = Annotated[
    Annotated[DurationText, Tag("text")] | Annotated[BeforeDue, Tag("due")],
    Discriminator(_kind_of_limit),
]


class Cure(Model):
    """Late evidence counts only for so long, or only if it satisfies more."""

    within: DurationText | None = None
    must: Conditions | None = None

    @model_validator(mode="after")
    def _something(self) -> Cure:
        if self.within is None and self.must is None:
            raise refuse("say `within` (how long), `must` (what more), or both")
        return self


def _kind_of_late(value: Any) -> str:
    return "cure" if isinstance(value, (dict, Cure)) else "word"


Late = Annotated[
    Annotated[Literal["counts", "does_not_count"], Tag("word")] | Annotated[Cure, Tag("cure")],
    Discriminator(_kind_of_late),
]


class Review(Model):
    """What a person must decide, and the events that record the decision."""

    asks: Title
    decision: Meant


@dataclass(frozen=True)
class PartView:
    """One part of a duty: its name (`""` for the only one) and where it stands in the duty."""

    name: str
    title: dict[str, str] | None
    path: tuple[str, ...]
    evidence: Evidence | None
    requires: Requires


class Duty(Model):
    """What the plan says, as five answers: who, when, what, how much, who answers."""

    title: Title | None = None
    clause: str
    rationale: Title | None = None
    bearer: Bearer
    of_each: OfEach | None = None
    applies_when: Conditions | None = None
    when: When
    within: ClockSpec | None = None
    not_before: NotBefore | None = None
    early: DurationText | None = None
    grace: DurationText | None = None
    unless: Meant | None = None
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
        for problem in problems(self):
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
        own: dict[str, Any] = {"event": event.event, "duty": event.duty, "outcome": event.outcome}
        own |= {"where": event.where, "reached": event.reached}
        own |= {"matching": {"id": "id"}, "who": ANYONE}
        return evidence.model_copy(update=own)

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
    def of_term(self) -> bool:
        """Whether the bearer's own term is the trigger: it is borne by whose term it is."""
        trigger = self.trigger
        if isinstance(trigger, StartOf):
            return trigger.start_of == "term"
        return isinstance(trigger, EndOf) and trigger.end_of == "term"

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
