"""A duty: who must show what, how often or by when, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from policyeval.language.conditions import Conditions
from policyeval.language.occasions import After, Before, Throughout, TriggerEvents, When
from policyeval.language.validation import Model, refuse
from policyeval.language.words import (
    WORD,
    WORD_OF_EACH,
    WORDS,
    DayCount,
    DurationText,
    OneOrMany,
    Span,
    Title,
)

ANYONE = "anyone"
OVERSEEN = "overseen"


class Bearer(Model):
    """Who owes it: each unit of a kind, or each holder of a post."""

    unit: OneOrMany | None = None
    post: OneOrMany | None = None

    @model_validator(mode="after")
    def _one(self) -> Bearer:
        if (self.unit is None) == (self.post is None):
            raise refuse("a bearer is either `{unit: kind}` or `{post: id}`")
        return self


class OfEach(Model):
    """The targets: each unit of a kind, or `overseen`."""

    unit: OneOrMany


def _matching(value: Any) -> Any:
    if isinstance(value, str):
        return {value: value}
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: name for name in value}
    return value


Matching = Annotated[
    dict[str, str],
    BeforeValidator(_matching),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [WORD, WORDS, WORD_OF_EACH]}),
]
"""Evidence field -> trigger field."""


class Evidence(Model):
    """What shows that it was done."""

    event: OneOrMany
    where: Conditions | None = None
    must: Conditions | None = None
    matching: Matching | None = None
    who: str | None = None
    target: str | None = None


class DaysHeld(Model):
    """A state that holds from one event to another."""

    first: TriggerEvents = Field(alias="from")
    last: TriggerEvents | None = Field(default=None, alias="until")
    matching: str | None = None
    who: str | None = None
    target: str | None = None


class Gaps(Model):
    """The longest run of days without the state that is allowed."""

    at_most: DayCount


class Requires(Model):
    """How much: a measure and its threshold."""

    at_least: DayCount | None = None
    at_most: DayCount | None = None
    exactly: DayCount | None = None
    more_than: DayCount | None = None
    less_than: DayCount | None = None
    days_held: DaysHeld | None = None
    gaps: Gaps | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Requires:
        thresholds = {"at_least", "at_most", "exactly", "more_than", "less_than"}
        given = thresholds & self.model_fields_set
        if len(given) > 1 and given != {"at_least", "at_most"}:
            raise refuse(f"choose one threshold, found {' and '.join(sorted(given))}")
        if self.gaps is not None and self.days_held is None:
            raise refuse("`gaps` goes with `days_held`")
        if self.gaps is not None and given:
            raise refuse("a part takes `gaps` or a number of days; use `all_of` for both")
        if self.less_than == 0:
            raise refuse("`less_than: 0` can't be met")
        low, high = self.bounds
        if low is not None and high is not None and high < low:
            raise refuse(f"at most {high} can't be at least {low}")
        return self

    @property
    def measure(self) -> Literal["count", "days_held", "longest_gap"]:
        """What is measured."""
        if self.days_held is None:
            return "count"
        return "days_held" if self.model_fields_set - {"days_held", "gaps"} else "longest_gap"

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """(lower, upper) bound of the measure, both included; None is open."""
        if self.measure == "longest_gap":
            return None, self.gaps.at_most if self.gaps else 0
        if self.exactly is not None:
            return self.exactly, self.exactly
        if self.more_than is not None:
            return self.more_than + 1, None
        if self.less_than is not None:
            return None, self.less_than - 1
        if self.at_least is None and self.at_most is None:
            return 1, None
        return self.at_least, self.at_most


class PartSpec(Model):
    """A named part of `all_of` or `any_of`."""

    title: Title | None = None
    evidence: Evidence | None = None
    requires: Requires = Requires()

    @model_validator(mode="after")
    def _evidence(self) -> PartSpec:
        _check_evidence(self.evidence, self.requires)
        return self


class NamedHolder(Model):
    """The holder of a post whom the trigger's field names."""

    post: str
    named_in: str


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
    within: DurationText | None = None
    evidence: Evidence | None = None
    requires: Requires = Requires()
    all_of: Annotated[dict[str, PartSpec], Field(min_length=1)] | None = None
    any_of: Annotated[dict[str, PartSpec], Field(min_length=1)] | None = None
    accountable: tuple[AnswersText, ...] | None = None
    severity: Literal["minor", "major"] = "minor"
    in_force: Span | None = None
    grace: DurationText | None = None
    part_period: Literal["full", "scaled", "waived"] | None = None
    late: Literal["counts", "does_not_count"] | None = None
    assumed: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Duty:
        if self.all_of is not None and self.any_of is not None:
            raise refuse("choose `all_of` or `any_of`")
        if (self.all_of or self.any_of) and (self.evidence or "requires" in self.model_fields_set):
            raise refuse("with `all_of` or `any_of`, evidence and requires stand in each part")
        if not (self.all_of or self.any_of):
            _check_evidence(self.evidence, self.requires)
        triggered = isinstance(self.when, (After, Before))
        if isinstance(self.when, After) and self.within is None:
            raise refuse("`when: {after: …}` needs `within`: by when is it due?")
        if not triggered and self.within is not None:
            raise refuse("`within` goes with `when: {after: …}` or `{before: …}`")
        for part in self.parts:
            held = part.requires.days_held is not None
            if held and triggered:
                raise refuse("`days_held` needs a period: `when: {throughout: year}`")
            if not held and isinstance(self.when, Throughout):
                raise refuse("`throughout` needs `requires: {days_held: …}`; to count, use `per`")
        return self

    @property
    def parts(self) -> tuple[PartView, ...]:
        """Its parts in the order written."""
        group = self.all_of or self.any_of
        if group is None:
            return (PartView("", None, (), self.evidence, self.requires),)
        key = "all_of" if self.all_of else "any_of"
        return tuple(
            PartView(name, spec.title, (key, name), spec.evidence, spec.requires)
            for name, spec in group.items()
        )

    @property
    def trigger(self) -> TriggerEvents | None:
        """The events that open its obligations, for a triggered duty."""
        if isinstance(self.when, After):
            return self.when.after
        return self.when.before if isinstance(self.when, Before) else None


def _check_evidence(evidence: Evidence | None, requires: Requires) -> None:
    if evidence is None and requires.days_held is None:
        raise refuse("`evidence` is missing: what shows that it was done?")
    if evidence is not None and requires.days_held is not None:
        raise refuse("`days_held` names its own events; leave `evidence` out")
