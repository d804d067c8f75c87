"""Validates parsed YAML against a Pydantic model and says what is wrong in an officer's words."""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from typing_extensions import TypeAliasType

from policyeval.errors import InvalidInputError, Problem
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
    try:
        return model.model_validate(source.data), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, [_problem(model, source, detail) for detail in details]


def nearest(word: str, words: Iterable[str]) -> str:
    """`; did you mean …?`, or the words to choose from where none is near."""
    known = sorted(set(words))
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"; did you mean `{near[0]}`?"
    if not known:
        return "; none is declared"
    return f"; known: {', '.join(known[:12])}{' …' if len(known) > 12 else ''}"


def _problem(model: type[BaseModel], source: Source, detail: ErrorDetails) -> Problem:
    path = _data_path(source.data, detail["loc"])
    kind, found = detail["type"], detail["input"]
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "missing":
        return source.problem(path, f"`{last}` is missing; add it")
    if kind == "extra_forbidden":
        words = _allowed(model, detail["loc"][:-1])
        return source.problem(path, f"unknown key `{last}`{nearest(last, words)}", at_key=True)
    return source.problem(path, _message(kind, found, detail))


def _message(kind: str, found: Any, detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    if kind == "language":
        return str(context["message"])
    if kind == "string_type":
        if isinstance(found, (int, float)):
            return f"expected text, found {show(found)}; put it in quotes"
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
    if kind.startswith("date"):
        return f"expected a date such as 2025-06-30, found {show(found)}"
    return f"{detail['msg']}, found {show(found)}"


def _kind(found: Any) -> str:
    if found is None:
        return "nothing"
    if isinstance(found, dict):
        return "a mapping"
    return "a list" if isinstance(found, (list, tuple)) else f"`{show(found)}`"


def _data_path(data: Any, loc: Sequence[int | str]) -> Path_:
    """The part of Pydantic's location that exists in the data (it also names union members)."""
    path: list[str | int] = []
    for step in loc:
        entries: Any = data if isinstance(data, dict) else ()
        if isinstance(data, list) and isinstance(step, int):
            entries = range(len(data))
        if step in entries:
            data = data[step]
            path.append(step)
    return tuple(path)


def _allowed(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """The keys that the model at `loc` knows."""
    here: list[Any] = [model]
    for step in loc:
        inside = [inner for kind in here for inner in _inside(kind, step)]
        named = [kind for kind in here if getattr(kind, "__name__", "") == step]
        here = inside or named or here
    return [
        info.alias or name
        for kind in here
        if isinstance(kind, type) and issubclass(kind, BaseModel)
        for name, info in kind.model_fields.items()
    ]


def _inside(kind: Any, step: int | str) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, info in kind.model_fields.items():
            if step in {name, info.alias}:
                return _members(info.annotation)
        return []
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is dict and isinstance(step, str):
        return _members(arguments[1])
    if origin in {list, tuple} and isinstance(step, int):
        return _members(arguments[0])
    return []


def _members(kind: Any) -> list[Any]:
    if isinstance(kind, TypeAliasType):
        return _members(kind.__value__)
    origin = get_origin(kind)
    if origin is Annotated:
        return _members(get_args(kind)[0])
    if origin in {Union, types.UnionType}:
        return [member for argument in get_args(kind) for member in _members(argument)]
    return [kind]
