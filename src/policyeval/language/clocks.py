"""By when: a duration, or a clock that events bend.

A clock starts (at the trigger, or `from` another source), runs `of` a duration or `until` a source
happens, is bent by `restarts`, `pauses` and `extended`, and is moved `to` another day or hour.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    StrictBool,
    Tag,
    WithJsonSchema,
    model_validator,
)

from policyeval.language.sources import Matched
from policyeval.language.tables import DurationTable
from policyeval.language.validation import Model, refuse
from policyeval.language.words import DURATION_SCHEMA, Duration, DurationText, OrText

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENDS = ("week", "month", "quarter", "half_year", "year")
_MOVE = re.compile(
    r"(?:next|previous) working day"
    rf"|end of (?:{'|'.join(_ENDS)})"
    r"|day (?:[1-9]|[12][0-9]|3[01])"
    rf"|{'|'.join(WEEKDAYS)}"
    r"|(?:[01][0-9]|2[0-3]):[0-5][0-9]"
)


def _moves(value: Any) -> Any:
    moves = [value] if isinstance(value, str) else value
    if not isinstance(moves, (list, tuple)) or not moves:
        raise refuse("`to` takes a move such as `next working day`, or a list of them")
    for move in moves:
        if not isinstance(move, str) or not _MOVE.fullmatch(move):
            raise refuse(
                f"`{move}` is no move: write `next working day`, `previous working day`, "
                f'`end of month`, `day 15`, `friday` or a time such as "12:00" (in quotes)'
            )
    return tuple(moves)


_MOVE_SCHEMA = {"type": "string", "pattern": f"^({_MOVE.pattern})$"}
Moves = Annotated[
    tuple[str, ...],
    BeforeValidator(_moves),
    WithJsonSchema({"anyOf": [_MOVE_SCHEMA, {"type": "array", "items": _MOVE_SCHEMA}]}),
]
"""Moves of a due moment, made in order."""


class Pause(Model):
    """The clock stands still from one happening to another."""

    first: Matched = Field(alias="from")
    last: Matched = Field(alias="until")


class Extension(Model):
    """What makes the clock run longer, and by how much."""

    on: Matched
    by: DurationText
    in_time: StrictBool = True


def _kind_of_length(value: Any) -> str:
    return "table" if isinstance(value, (dict, DurationTable)) else "text"


Length = Annotated[
    Annotated[DurationText, Tag("text")] | Annotated[DurationTable, Tag("table")],
    Discriminator(_kind_of_length),
]
"""How long: a duration, or a table of them."""


class Clock(Model):
    """A clock: how long from when, what bends it, and where it is moved to."""

    of: Length | None = None
    until: Matched | None = None
    earlier_of: Annotated[tuple[ClockSpec, ...], Field(min_length=2)] | None = None
    later_of: Annotated[tuple[ClockSpec, ...], Field(min_length=2)] | None = None
    start: Matched | None = Field(default=None, alias="from")
    first_day: Literal["excluded", "included"] = "excluded"
    month_end: Literal["last_day", "next_day", "kept"] = "last_day"
    calendar: str | None = None
    to: Moves = ()
    restarts: tuple[Matched, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extended: tuple[Extension, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Clock:
        ways = {"of", "until", "earlier_of", "later_of"}
        given = {name for name in ways if getattr(self, name) is not None}
        if len(given) != 1:
            raise refuse(
                "a clock has one of `of` (how long), `until` (a source), `earlier_of`, `later_of`"
            )
        if given != {"of"} and self.model_fields_set - {*given, "to"}:
            raise refuse(f"with `{given.pop()}` only `to` can stand; give the rest to its clocks")
        return self

    @property
    def legs(self) -> tuple[Clock, ...]:
        """This clock and all within it."""
        inner = (*(self.earlier_of or ()), *(self.later_of or ()))
        return (self, *(leg for each in inner for leg in each.legs))

    @property
    def sources(self) -> tuple[tuple[str, Matched], ...]:
        """The sources that this clock itself names, each with the key that names it."""
        found = [("from", self.start), ("until", self.until)]
        found += [("restarts", each) for each in self.restarts]
        found += [("pauses", edge) for each in self.pauses for edge in (each.first, each.last)]
        found += [("extended", each.on) for each in self.extended]
        return tuple((key, each) for key, each in found if each is not None)

    @property
    def plain(self) -> Duration | None:
        """The duration, if that is all there is to the clock."""
        alone = self.model_fields_set <= {"of"} and isinstance(self.of, Duration)
        return self.of if alone and isinstance(self.of, Duration) else None


def _clock(value: Any) -> Any:
    return value if isinstance(value, (dict, Clock)) else {"of": value}


ClockSpec = Annotated[Clock, BeforeValidator(_clock), OrText(DURATION_SCHEMA)]
"""A clock as it is written: a duration as text, or a mapping."""

Clock.model_rebuild()
