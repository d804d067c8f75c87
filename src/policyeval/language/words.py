"""The small words that many models share: ids, titles, one-or-many, durations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from policyeval.language.validation import Model, refuse

_ID = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")


def _id(value: Any) -> Any:
    if isinstance(value, str) and not _ID.fullmatch(value):
        raise refuse(
            f"`{value}` is no id: use lower-case letters (a to z) and digits, a letter first; "
            "single hyphens (in names of fields also underscores) stand between them"
        )
    return value


def _title(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) else value


def _many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Id = Annotated[str, BeforeValidator(_id)]
"""`half-year-report`: lower-case letters, digits, hyphens and underscores."""

WORD = {"type": "string"}
WORDS = {"type": "array", "items": WORD, "minItems": 1}
WORD_OF_EACH = {"type": "object", "additionalProperties": WORD, "minProperties": 1}
"""JSON Schemas of a word, a list of words and a mapping to words, as an officer may write them."""

Title = Annotated[
    dict[str, str],
    BeforeValidator(_title),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [WORD, WORD_OF_EACH]}),
]
"""A text, or texts by language code."""

OneOrMany = Annotated[
    tuple[str, ...],
    BeforeValidator(_many),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [WORD, WORDS]}),
]
"""A word or a list of words."""


class Span(Model):
    """`{from: date, until: date}`, both included; a side left out is open."""

    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.first and self.last and self.last < self.first:
            raise refuse(f"`until` ({self.last}) lies before `from` ({self.first})")
        return self


DurationUnit = Literal["minutes", "hours", "days", "working_days", "months"]

_DURATION = re.compile(r"(\d{1,5})[ \u00a0](minute|hour|day|working[ \u00a0]day|week|month|year)s?")
_UNITS: dict[str, tuple[int, DurationUnit]] = {
    "minute": (1, "minutes"),
    "hour": (1, "hours"),
    "day": (1, "days"),
    "working day": (1, "working_days"),
    "week": (7, "days"),
    "month": (1, "months"),
    "year": (12, "months"),
}


class Duration(Model):
    """`5 working days`: `number` of `unit`; weeks are days, years are months."""

    number: int
    unit: DurationUnit

    @property
    def of_time(self) -> bool:
        """Whether it counts from an instant, not from a day."""
        return self.unit in {"minutes", "hours"}

    def __str__(self) -> str:
        """As it is written in a policy."""
        word = self.unit.replace("_", " ")
        return f"{self.number} {word[:-1] if self.number == 1 else word}"


def is_duration(value: Any) -> bool:
    """Whether something is written as a duration is."""
    return isinstance(value, str) and _DURATION.fullmatch(value.strip()) is not None


def _duration(value: Any) -> Any:
    if isinstance(value, Duration):
        return value
    if isinstance(value, dict) and set(value) == {"of"}:
        value = value["of"]
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise refuse(
            f"expected a duration such as `5 working days`, `72 hours`, `15 days`, `2 weeks`, "
            f"`3 months` or `1 year`, found `{value}`"
        )
    factor, unit = _UNITS[match[2].replace("\u00a0", " ")]
    return Duration(number=int(match[1]) * factor, unit=unit)


DURATION_SCHEMA = {
    "type": "string",
    "pattern": f"^\\s*{_DURATION.pattern}\\s*$",
    "examples": ["5 working days", "72 hours", "15 days", "2 weeks", "3 months", "1 year"],
}
_OF_TEXT = {
    "type": "object",
    "properties": {"of": DURATION_SCHEMA},
    "required": ["of"],
    "additionalProperties": False,
}

DurationText = Annotated[
    Duration, BeforeValidator(_duration), WithJsonSchema({"anyOf": [DURATION_SCHEMA, _OF_TEXT]})
]
"""A duration, written as text."""


def _days(value: Any) -> Any:
    if isinstance(value, str):
        duration: Duration = _duration(value)
        if duration.unit != "days":
            raise refuse(f"expected whole days such as `30 days`, found `{value}`")
        return duration.number
    return value


_DAYS_TEXT = {
    "type": "string",
    "pattern": r"^\s*(\d{1,5})[ \u00a0](day|week)s?\s*$",
    "examples": ["30 days"],
}

DayCount = Annotated[
    int,
    BeforeValidator(_days),
    Field(ge=0, strict=True),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, _DAYS_TEXT]}),
]
"""A number, or `30 days`."""


class OrOne:
    """In the JSON Schema: a list, or one of what may stand in it."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The schema of both."""
        several = handler(core)
        return {"anyOf": [several["items"], several]}


@dataclass(frozen=True, eq=False)
class OrText:
    """In the JSON Schema: a mapping as its model says, or text as `text` says."""

    text: dict[str, Any]

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The schema of both."""
        return {"anyOf": [self.text, handler(core)]}
