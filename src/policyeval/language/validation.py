"""Validates parsed YAML against a Pydantic model and says what is wrong in an officer's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import reduce
from operator import getitem
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from policyeval.errors import InvalidInputError, Problem
from policyeval.language.locating import located
from policyeval.language.source import Path_, Source, show

M = TypeVar("M", bound=BaseModel)


class Model(BaseModel):
    """The base of everything that an officer writes: no unknown keys, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def refuse(message: str) -> PydanticCustomError:
    """An error of the language; `message` says what to do."""
    return PydanticCustomError("language", "{message}", {"message": message})


def validated(model: type[M], source: Source) -> M:
    """Validate a source's data.

    Raises:
        InvalidInputError: with every problem, each at its line and column.
    """
    result, problems = checked(model, source)
    if problems or result is None:
        raise InvalidInputError(problems)
    return result


def checked(model: type[M], source: Source) -> tuple[M | None, list[Problem]]:
    """As `validated`, but the problems are returned."""
    result, flaws = examined(model, source.data)
    return result, [flaw.at(source) for flaw in flaws]


@dataclass(frozen=True)
class Flaw:
    """What is wrong with the data at a path; `at_key`: with the key itself."""

    path: Path_
    message: str
    at_key: bool = False

    def at(self, source: Source) -> Problem:
        """The problem, with its place in the source."""
        return source.problem(self.path, self.message, at_key=self.at_key)


def examined(model: type[M], data: Any) -> tuple[M | None, list[Flaw]]:
    """As `checked`, for data by itself."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [_flaw(model, data, each) for each in details if not _echo(each)]


def _echo(detail: ErrorDetails) -> bool:
    """Whether a list is said to be too short only because what is in it is wrong."""
    least = detail.get("ctx", {}).get("min_length", 0)
    return detail["type"] == "too_short" and len(detail["input"]) >= least


def nearest(word: str, words: Iterable[str]) -> str:
    """`; did you mean …?`, or the words to choose from where none is near."""
    known = sorted(set(words))
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean `{near[0]}`?"
    if not known:
        return "; none is declared"
    return f"; known: {', '.join(known[:12])}{' …' if len(known) > 12 else ''}"


def _flaw(model: type[BaseModel], data: Any, detail: ErrorDetails) -> Flaw:
    kind, found = detail["type"], detail["input"]
    loc = detail["loc"]
    last = str(loc[-1]) if loc else ""
    if kind == "missing":
        return Flaw(located(model, data, loc).path, f"`{last}` is missing; add it")
    if kind == "extra_forbidden":
        holder = located(model, data, loc[:-1])
        hint = _elsewhere(model, data, loc[:-1], last) or nearest(last, holder.keys)
        message = f"unknown key `{last}`{hint}"
        return Flaw((*holder.path, last), message, at_key=True)
    return Flaw(located(model, data, loc).path, _message(kind, found, detail))


def _elsewhere(model: type[BaseModel], data: Any, loc: Sequence[int | str], key: str) -> str | None:
    """Where a key belongs that stands a level or two too high, or too low."""
    here = located(model, data, loc).path
    for below in _below(reduce(getitem, here, data)):
        if key in located(model, data, (*loc, *below)).keys:
            return f"; it belongs in `{'` in `'.join(reversed(below))}`"
    for length in range(len(loc) - 1, -1, -1):
        above = located(model, data, loc[:length])
        if key in above.keys and above.path != here:
            return f"; it belongs beside `{here[len(above.path)]}`"
    return None


def _below(data: Any) -> Iterator[tuple[str, ...]]:
    """The paths of one key, then those of two."""
    if isinstance(data, dict):
        yield from ((name,) for name in data)
        yield from (
            (name, inner) for name, each in data.items() if isinstance(each, dict) for inner in each
        )


def _message(kind: str, found: Any, detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if kind == "language":
        return str(context["message"])
    if kind == "string_type":
        if isinstance(found, (int, float, date)):
            # 1.10 is read as 1.1, so it is not shown.
            shown = "a number" if isinstance(found, float) else show(found)
            return f"expected text, found {shown}; put it in quotes"
        if found is None:
            return "expected text, found nothing; text with a comma or a colon stands in quotes"
        return f"expected text, found {_kind(found)}"
    if kind in {"literal_error", "enum"}:
        words = [
            word.strip("' ") for word in str(context["expected"]).replace(" or ", ",").split(",")
        ]
        return f"`{show(found)}` is not a word that fits here{nearest(str(found), words)}"
    if kind in {"model_type", "dict_type", "model_attributes_type"}:
        return f"expected a mapping (key: value), found {_kind(found)}"
    if kind in {"list_type", "tuple_type"}:
        return f"expected a list, found {_kind(found)}"
    if kind == "too_short":
        return f"expected at least {context['min_length']}, found {len(found)}"
    if kind in {"int_type", "float_type"} and isinstance(found, str):
        return f"expected a number, found the text `{show(found)}`{_as_number(found)}"
    if kind.startswith("date"):
        return f"expected a date such as 2025-06-30, found {show(found)}"
    return f"{detail['msg']}, found {show(found)}"


def _as_number(text: str) -> str:
    """How to write a text that was meant as a number."""
    if time := re.fullmatch(r"(\d{1,2}):([0-5]\d)", text):
        hours = int(time[1]) + int(time[2]) / 60
        return f"; write hours as a number: {hours:.4g}"
    if zeros := re.fullmatch(r"0+(\d+)", text):
        return f"; write {zeros[1]}"
    return "; write it without quotes" if re.fullmatch(r"-?\d+(\.\d+)?", text) else ""


def _kind(found: Any) -> str:
    if found is None:
        return "nothing"
    if isinstance(found, dict):
        return "a mapping"
    return "a list" if isinstance(found, (list, tuple)) else f"`{show(found)}`"
