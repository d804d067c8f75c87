"""When a duty arises: the kinds of occasion, each a mapping with one key.

`evaluation/occasions/` has one file per kind, picked by the model's type. A new kind is a model
here, a file there and conformance cases.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from policyeval.language.periods import PeriodText, Window
from policyeval.language.sources import DateOf, Happening, SourceSpec
from policyeval.language.validation import Model, nearest, refuse
from policyeval.language.words import DURATION_SCHEMA, DurationText, OrText, is_duration


class Per(Model):
    """One obligation per calendar period."""

    per: PeriodText


class InEach(Model):
    """One obligation per window of each year."""

    in_each: Annotated[tuple[Window, ...], Field(min_length=1)]


class After(Model):
    """One obligation per trigger, due `within` after it."""

    after: SourceSpec


class Before(Model):
    """One obligation per trigger, due `within` before it."""

    before: SourceSpec


class ForEach(Model):
    """One obligation per event, which is judged by itself."""

    for_each: Happening


def _starting(value: Any) -> str:
    if isinstance(value, str):
        return "word"
    found = value if isinstance(value, dict) else type(value).model_fields
    return "date_of" if "date_of" in found else "event"


StartingSpec = Annotated[
    Annotated[Literal["in_force"], Tag("word")]
    | Annotated[DateOf, Tag("date_of")]
    | Annotated[Happening, Tag("event")],
    Discriminator(_starting),
]


class IfNear(Model):
    """`{due: 3 months}`: from the due day, if the evidence comes so near it, or late."""

    due: DurationText
    late: Literal["due", "evidence"] = "due"


def _kind_of_next(value: Any) -> str:
    return "near" if isinstance(value, (dict, IfNear)) else "word"


def _next_from(value: Any) -> Any:
    if is_duration(value):
        raise refuse(f"say what that is counted back from: `{{due: {value}}}`")
    return value


NextFrom = Annotated[
    Annotated[Literal["evidence", "due"], Tag("word")] | Annotated[IfNear, Tag("near")],
    Discriminator(_kind_of_next),
    BeforeValidator(_next_from),
]
"""What the next clock is counted from."""


class Chain(Model):
    """How a chain of evidence starts, and what its next clock is counted from."""

    starting: StartingSpec = "in_force"
    next_from: NextFrom = "evidence"


class SinceLast(Model):
    """One obligation per piece of evidence: the next is due `within` of the last."""

    since_last: Chain


class Sliding(Model):
    """How long a window lasts, and with which periods it may begin; None: on any day."""

    of: DurationText
    starting: PeriodText | None = None

    @model_validator(mode="after")
    def _in_days(self) -> Sliding:
        if self.of.unit not in {"days", "months"} or self.of.number == 0:
            raise refuse("a sliding window lasts days, weeks, months or years")
        return self


def _sliding(value: Any) -> Any:
    return value if isinstance(value, (dict, Sliding)) else {"of": value}


class InAny(Model):
    """A window that slides."""

    in_any: Annotated[Sliding, BeforeValidator(_sliding), OrText(DURATION_SCHEMA)]


class Throughout(Model):
    """One obligation per period in which a state must hold."""

    throughout: PeriodText


_KINDS = (
    "per",
    "in_each",
    "after",
    "before",
    "for_each",
    "since_last",
    "in_any",
    "throughout",
)


def _kind(value: Any) -> str | None:
    if isinstance(value, dict):
        return next((kind for kind in _KINDS if kind in value), None)
    return next(iter(type(value).model_fields), None)


def _one_kind(value: Any) -> Any:
    if isinstance(value, Model):
        return value
    if not isinstance(value, dict):
        raise refuse("expected a mapping such as `{per: year}`")
    found = [kind for kind in _KINDS if kind in value]
    if len(found) != 1:
        word = next(iter(value), "")
        hint = f"; found {' and '.join(found)}" if found else nearest(str(word), _KINDS)
        raise refuse(f"`when` takes exactly one kind of occasion{hint}")
    return value


When = Annotated[
    Annotated[Per, Tag("per")]
    | Annotated[InEach, Tag("in_each")]
    | Annotated[After, Tag("after")]
    | Annotated[Before, Tag("before")]
    | Annotated[ForEach, Tag("for_each")]
    | Annotated[SinceLast, Tag("since_last")]
    | Annotated[InAny, Tag("in_any")]
    | Annotated[Throughout, Tag("throughout")],
    Discriminator(_kind),
    BeforeValidator(_one_kind),
]
"""An occasion."""
