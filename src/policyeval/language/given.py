"""Durations and days that a field of an event gives."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from policyeval.language.validation import Model
from policyeval.language.words import Duration, DurationText, DurationUnit

_UNITS: dict[str, tuple[int, DurationUnit, int]] = {
    "minutes": (1, "minutes", 36_500 * 24 * 60),
    "hours": (1, "hours", 36_500 * 24),
    "days": (1, "days", 36_500),
    "working days": (1, "working_days", 36_500),
    "weeks": (7, "days", 5_200),
    "months": (1, "months", 1_200),
    "years": (12, "months", 100),
}
"""Word -> so many of which unit, and the greatest number: a hundred years."""


class GivenDuration(Model):
    """`{field: granted, in: days}`: as long as a number field says.

    Args:
        field: a number field of the event that the place asks.
        word: what it counts.
        otherwise: how long it is where the field holds no number that can be counted.
    """

    field: str
    word: Literal["minutes", "hours", "days", "working days", "weeks", "months", "years"] = Field(
        alias="in"
    )
    otherwise: DurationText | None = None

    @property
    def unit(self) -> DurationUnit:
        """The unit of the duration that it gives."""
        return _UNITS[self.word][1]

    def of(self, value: float | None) -> Duration | None:
        """The duration that a value gives; None if there is none."""
        factor, unit, most = _UNITS[self.word]
        if value is None or not value.is_integer() or not 0 <= value <= most:
            return self.otherwise
        return Duration(number=int(value) * factor, unit=unit)


class GivenDay(Model):
    """`{field: new_day}`: the day that a date field says of the event that the place asks."""

    field: str


AnyDuration = Duration | GivenDuration


def is_given(value: Any) -> bool:
    """Whether what is written is a duration that a field gives."""
    keys = set(value) if isinstance(value, dict) else set()
    return isinstance(value, GivenDuration) or bool({"field", "in"} & keys)


def _kind(value: Any) -> str:
    return "given" if is_given(value) else "text"


DurationOrGiven = Annotated[
    Annotated[DurationText, Tag("text")] | Annotated[GivenDuration, Tag("given")],
    Discriminator(_kind),
]
"""A duration, written as text or given by a field."""
