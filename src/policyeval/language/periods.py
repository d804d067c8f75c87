"""Periods of the calendar and windows of the year, as an officer writes them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from policyeval.language.validation import Model, nearest, refuse

PeriodWord = Literal["year", "half_year", "quarter", "month", "week", "day"]
PERIOD_WORDS = ("year", "half_year", "quarter", "month", "week", "day")
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


def _start_of_year(value: str) -> str:
    if value == "02-29":
        raise refuse("most years have no 29 February; let the year start on 02-28 or 03-01")
    return value


StartOfYear = Annotated[MonthDay, AfterValidator(_start_of_year)]
"""The first day of a year."""


_DIVISORS = (1, 2, 3, 4, 6, 12)


class Months(Model):
    """`{months: 4}`: a period of so many months, counted from the start of the year."""

    months: Literal[1, 2, 3, 4, 6, 12]


Period = PeriodWord | Months


def _period(value: Any, words: tuple[str, ...] = PERIOD_WORDS) -> Any:
    if isinstance(value, str) and value not in words:
        raise refuse(f"`{value}` is no period{nearest(value, words)}")
    if isinstance(value, dict) and value not in [{"months": n} for n in _DIVISORS]:
        raise refuse("expected a period such as `year` or `{months: 4}`; so many must divide 12")
    return value


def _period_or_term(value: Any) -> Any:
    return _period(value, (*PERIOD_WORDS, "term"))


PeriodText = Annotated[Period, BeforeValidator(_period)]
"""A period as it is written."""

PeriodOrTerm = Annotated[Period | Literal["term"], BeforeValidator(_period_or_term)]
"""A period, or the bearer's term."""


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
