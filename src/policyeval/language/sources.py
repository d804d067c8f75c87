"""Sources: what happens. Wherever a duty speaks of something that happens, it names one."""

from __future__ import annotations

import json
from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from policyeval.language.conditions import Conditions
from policyeval.language.periods import PeriodOrTerm, PeriodText
from policyeval.language.tables import Number, Whose
from policyeval.language.validation import Model, nearest, refuse
from policyeval.language.words import WORD, WORD_OF_EACH, WORDS, DurationText, OneOrMany, OrText

Outcome = Literal["done", "met", "late", "unmet"]


def _outcomes(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Outcomes = Annotated[
    tuple[Outcome, ...],
    BeforeValidator(_outcomes),
    Field(min_length=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": ["done", "met", "late", "unmet"]},
                {"type": "array", "items": {"enum": ["met", "late", "unmet"]}, "minItems": 1},
            ]
        }
    ),
]


class Reached(Model):
    """At how many of them, or at what sum, a source happens; counting then starts anew.

    Args:
        at: the number, or the sum, that must be reached.
        sum: the number field that is added up; None counts.
        by: the columns whose values are counted apart; None is the unit.
        window: only what lies in one such window counts together.
        per: counting starts anew with each such period.
        reset: counting starts anew with each of these.
    """

    at: Number
    sum: str | None = None
    by: OneOrMany | None = None
    window: DurationText | None = Field(default=None, alias="in")
    per: PeriodText | None = None
    reset: Happening | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Reached:
        if self.at <= 0:
            raise refuse(f"`reached` needs a number above 0, found `{self.at}`")
        if self.sum is None and not isinstance(self.at, int):
            raise refuse(f"events are counted in whole numbers, found `{self.at}`; name a `sum`")
        if self.scaled.denominator != 1:
            raise refuse(f"a sum is reached at up to six decimal places, found `{self.at}`")
        window = self.window
        if window is not None and (window.unit not in {"days", "months"} or window.number == 0):
            raise refuse("`in` lasts days, weeks, months or years")
        if self.reset is not None and self.reset.reached is not None:
            raise refuse("what resets is a plain source, without `reached`")
        return self

    @property
    def scaled(self) -> Fraction:
        """`at` in whole numbers: events, or millionths of a sum."""
        return Fraction(str(self.at)) * (10**6 if self.sum else 1)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose values are counted apart."""
        return self.by or ("unit",)


def _reached(value: Any) -> Any:
    if isinstance(value, (dict, Reached)):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refuse("expected a number such as `reached: 3`, or `reached: {at: 3, by: person}`")
    return {"at": value}


ReachedSpec = Annotated[
    Reached, BeforeValidator(_reached), OrText({"type": "integer", "exclusiveMinimum": 0})
]
"""`3`, or a mapping."""


class Happening(Model):
    """Events of some types, or what came of another duty."""

    event: OneOrMany | None = None
    duty: str | None = None
    outcome: Outcomes | None = Field(default=None, alias="is")
    where: Conditions | None = None
    reached: ReachedSpec | None = None

    @model_validator(mode="after")
    def _one(self) -> Happening:
        self.check()
        return self

    def check(self) -> None:
        """Raise what is wrong with how the source is named."""
        if (self.event is None) == (self.duty is None):
            raise refuse("a source is either `{event: type}` or `{duty: id}`")
        if self.outcome is not None and self.duty is None:
            raise refuse("`is` goes with `duty`")
        if self.outcome and len(self.outcome) > 1 and "done" in self.outcome:
            raise refuse("`done` stands alone; `met`, `late` and `unmet` can stand together")

    @property
    def of_events(self) -> bool:
        """Whether it happens with an event of the export: one that is named, or that completed."""
        return self.duty is None or self.outcome in {None, ("done",)}

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The event types of which a row that could not be read might be such an event."""
        return () if self.reached is not None else self.event or ()

    @property
    def types(self) -> tuple[str, ...]:
        """The types by which the table of events has it; a source with `reached` has its own."""
        return self.counted_types if self.reached is None else (self._reached_type,)

    @property
    def named_by(self) -> dict[str, Any]:
        """What says what happens, without whom it concerns: for a copy of another source."""
        return {name: getattr(self, name) for name in Happening.model_fields}

    @property
    def _reached_type(self) -> str:
        """The same for sources that count the same."""
        said = self.model_dump(mode="json", include=set(Happening.model_fields))
        text = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return f"~reached:{sha256(text.encode()).hexdigest()[:16]}"

    @property
    def counted_types(self) -> tuple[str, ...]:
        """The types of what is counted: event types, or `~duty:outcome` for a duty."""
        if self.duty is None:
            return self.event or ()
        return tuple(derived_type(self.duty, outcome) for outcome in self.outcome or ("done",))


Reached.model_rebuild()


def derived_type(duty: str, outcome: str) -> str:
    """The type of what comes of a duty; no declared type is called so."""
    return f"~{duty}:{outcome}"


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


class Matched(Happening):
    """A source that concerns the trigger with which it shares a key."""

    matching: Matching | None = None


class Dated(Happening):
    """A source that may happen on the day that a date field of its events gives."""

    on: str | None = None


class Bending(Matched, Dated):
    """A source in a clock; it, too, may happen on the day that a field gives."""


class StartOf(Model):
    """The first day of each period, or of the bearer's term."""

    start_of: PeriodOrTerm


class EndOf(Model):
    """The last day of each period, or of the bearer's term."""

    end_of: PeriodOrTerm


class DateOf(Model):
    """The day that an attribute of the unit gives; as a chain's start, also of the target."""

    date_of: str
    whose: Whose = Field(default="bearer", alias="of")


class AnniversaryOf(Model):
    """That day of each later year."""

    anniversary_of: str


class Silence(Model):
    """Nothing of a kind happened for so long."""

    silence: DurationText
    of: Happening

    @model_validator(mode="after")
    def _in_days(self) -> Silence:
        if self.silence.of_time or self.silence.number == 0:
            raise refuse("silence lasts days, working days, weeks, months or years")
        return self


class OfEscalation(Model):
    """An escalation is raised."""

    escalation: str


Calendar = StartOf | EndOf | DateOf | AnniversaryOf
Source = Happening | StartOf | EndOf | DateOf | AnniversaryOf | Silence | OfEscalation

_KINDS = {
    "event": "event",
    "duty": "event",
    "start_of": "start_of",
    "end_of": "end_of",
    "date_of": "date_of",
    "anniversary_of": "anniversary_of",
    "silence": "silence",
    "escalation": "escalation",
}


def _kind(value: Any) -> str | None:
    if isinstance(value, dict):
        return next((kind for key, kind in _KINDS.items() if key in value), None)
    return _KINDS.get(next(iter(type(value).model_fields), ""))


def _one_kind(value: Any) -> Any:
    if isinstance(value, Model):
        return value
    if not isinstance(value, dict):
        raise refuse("expected a source such as `{event: type}`")
    if not set(_KINDS) & set(value):
        word = next(iter(value), "")
        raise refuse(f"`{word}` names no source{nearest(str(word), _KINDS)}")
    return value


SourceSpec = Annotated[
    Annotated[Dated, Tag("event")]
    | Annotated[StartOf, Tag("start_of")]
    | Annotated[EndOf, Tag("end_of")]
    | Annotated[DateOf, Tag("date_of")]
    | Annotated[AnniversaryOf, Tag("anniversary_of")]
    | Annotated[Silence, Tag("silence")]
    | Annotated[OfEscalation, Tag("escalation")],
    Discriminator(_kind),
    BeforeValidator(_one_kind),
]
"""A source as it is written."""
