"""When a duty arises: the kinds of occasion, each a mapping with one key.

`evaluation/occasions/` has one file per kind, picked by the model's type. A new kind is a model
here, a file there and conformance cases.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from policyeval.language.conditions import Conditions
from policyeval.language.validation import Model, nearest, refuse
from policyeval.language.words import OneOrMany

PeriodWord = Literal["year", "half_year", "quarter", "month", "week", "day"]
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _month_day(value: Any) -> Any:
    match = _MONTH_DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match[2]) > _LENGTHS[int(match[1]) - 1]:
        raise refuse(f'expected a day of the year such as "06-30", found `{value}`')
    return value


MonthDay = Annotated[
    str,
    BeforeValidator(_month_day),
    WithJsonSchema({"type": "string", "pattern": f"^{_MONTH_DAY.pattern}$"}),
]
"""`"06-30"`."""


class Months(Model):
    """`{months: 4}`: a period of so many months, counted from the start of the year."""

    months: Literal[1, 2, 3, 4, 6, 12]


Period = PeriodWord | Months


def _period(value: Any) -> Any:
    words = ["year", "half_year", "quarter", "month", "week", "day"]
    if isinstance(value, str) and value not in words:
        raise refuse(f"`{value}` is no period{nearest(value, words)}")
    if isinstance(value, dict):
        return Months.model_validate(value)
    return value


PeriodText = Annotated[Period, BeforeValidator(_period)]


class Window(Model):
    """A window of each year: `{month: 6}` or `{from: "12-01", to: "12-31"}`."""

    month: Annotated[int, Field(ge=1, le=12, strict=True)] | None = None
    first: MonthDay | None = Field(default=None, alias="from")
    last: MonthDay | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _one_way(self) -> Window:
        if (self.month is None) == (self.first is None) or (self.first is None) != (
            self.last is None
        ):
            raise refuse('a window is either `{month: 6}` or `{from: "12-01", to: "12-31"}`')
        return self


class TriggerEvents(Model):
    """The events that open an obligation each."""

    event: OneOrMany
    where: Conditions | None = None


class Per(Model):
    """One obligation per calendar period."""

    per: PeriodText


class InEach(Model):
    """One obligation per window of each year."""

    in_each: Annotated[tuple[Window, ...], Field(min_length=1)]


class After(Model):
    """One obligation per trigger, due `within` after it."""

    after: TriggerEvents


class Before(Model):
    """One obligation per trigger, due `within` before it."""

    before: TriggerEvents


class Throughout(Model):
    """One obligation per period in which a state must hold."""

    throughout: PeriodText


_KINDS = ("per", "in_each", "after", "before", "throughout")


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
    | Annotated[Throughout, Tag("throughout")],
    Discriminator(_kind),
    BeforeValidator(_one_kind),
]
"""An occasion."""
