"""Moves of a due moment: to another day, to a time of day, always or where a condition holds."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from policyeval.language.validation import Model, refuse
from policyeval.language.words import OrOne
from policyeval.language.working_days import WEEKDAYS

KINDS_OF_DAY = (*WEEKDAYS, "working day", "day off")
_ENDS = ("week", "month", "quarter", "half_year", "year")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_MOVE = re.compile(
    r"(?:next|previous|following) working day|following day"
    rf"|end of (?:{'|'.join(_ENDS)})"
    r"|day (?:[1-9]|[12][0-9]|3[01])"
    rf"|{'|'.join(WEEKDAYS)}"
    rf"|{_TIME.pattern}"
)


def _plain(value: Any) -> Any:
    if not isinstance(value, str) or not _MOVE.fullmatch(value):
        raise refuse(
            f"`{value}` is no move: write `next working day`, `previous working day`, "
            f'`following day`, `end of month`, `day 15`, `friday` or a time such as "12:00" '
            f"(in quotes)"
        )
    return value


def _several(value: Any) -> Any:
    moves = value if isinstance(value, (list, tuple)) else [value]
    if not moves:
        raise refuse("`to` takes a move such as `next working day`, or a list of them")
    return tuple(moves)


def _kind_of_day(value: Any) -> Any:
    if value not in KINDS_OF_DAY:
        raise refuse(f"`{value}` is no kind of day: write `day off`, `working day` or `sunday`")
    return value


def _time(value: Any) -> Any:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise refuse(f'`{value}` is no time of day: write it as "17:00" (in quotes)')
    return value


PlainMove = Annotated[
    str,
    BeforeValidator(_plain),
    WithJsonSchema({"type": "string", "pattern": f"^({_MOVE.pattern})$"}),
]
"""A move that is always made."""

_DayText = Annotated[
    str, BeforeValidator(_kind_of_day), WithJsonSchema({"enum": list(KINDS_OF_DAY)})
]
_TimeText = Annotated[
    str,
    BeforeValidator(_time),
    WithJsonSchema({"type": "string", "pattern": f"^{_TIME.pattern}$"}),
]


class MoveIf(Model):
    """Moves that are made on some kinds of day only, or after a time of day.

    `{on: day off, to: [next working day, "12:00"]}`, `{after: "17:00", to: following day}`.
    """

    on: (
        Annotated[tuple[_DayText, ...], BeforeValidator(_several), Field(min_length=1), OrOne()]
        | None
    ) = None
    after: _TimeText | None = None
    to: Annotated[tuple[PlainMove, ...], BeforeValidator(_several), OrOne()]

    @model_validator(mode="after")
    def _conditional(self) -> MoveIf:
        if self.on is None and self.after is None:
            raise refuse("a move that is always made is written without a mapping")
        return self


def _kind(value: Any) -> str:
    return "if" if isinstance(value, (dict, MoveIf)) else "plain"


Move = Annotated[
    Annotated[PlainMove, Tag("plain")] | Annotated[MoveIf, Tag("if")], Discriminator(_kind)
]
Moves = Annotated[tuple[Move, ...], BeforeValidator(_several), OrOne()]
"""Moves of a due moment, made in order; one may stand without a list."""


def words_of(moves: tuple[Move, ...]) -> tuple[str, ...]:
    """Every plain move, those behind a condition among them."""
    return tuple(
        word for move in moves for word in (move.to if isinstance(move, MoveIf) else (move,))
    )
