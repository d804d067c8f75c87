"""Finds the place in the data that Pydantic's location of an error means.

A location also names what is not in the data: the members of unions. A member may be called as a
key is (`event`), so the location is followed through the model and the data side by side.
"""

from __future__ import annotations

import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag
from typing_extensions import TypeAliasType

from policyeval.language.source import Path_

_RECURSIVE: dict[str, TypeAliasType] = {}
"""Types that name themselves (conditions within conditions), as they are met."""


@dataclass(frozen=True)
class Located:
    """A place: its path in the data, and the kinds of value that the model allows there."""

    path: Path_
    kinds: tuple[Any, ...]

    @property
    def keys(self) -> list[str]:
        """The keys that a mapping may have there."""
        return [
            info.alias or name
            for kind in self.kinds
            if _is_model(kind)
            for name, info in kind.model_fields.items()
        ]


def located(model: type[BaseModel], data: Any, loc: Sequence[int | str]) -> Located:
    """Follow a location as far as the data goes."""
    kinds: tuple[Any, ...] = (model,)
    path: list[int | str] = []
    for step in loc:
        member = [kind for kind in kinds if step in _names(kind)]
        if member:
            kinds = tuple(each for kind in member for each in _members(_untagged(kind)))
            continue
        inside = tuple(each for kind in kinds for each in _inside(_untagged(kind), step))
        kinds = inside or kinds
        if inside and _has(data, step):
            data = data[step]
            path.append(step)
    return Located(tuple(path), tuple(_untagged(kind) for kind in kinds))


def _has(data: Any, step: int | str) -> bool:
    if isinstance(data, dict):
        return step in data
    return isinstance(data, list) and isinstance(step, int) and step < len(data)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _names(kind: Any) -> set[str]:
    """What Pydantic calls the member of a union."""
    if get_origin(kind) is Annotated:
        return {each.tag for each in kind.__metadata__ if isinstance(each, Tag)}
    return set()


def _untagged(kind: Any) -> Any:
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return kind


def _inside(kind: Any, step: int | str) -> list[Any]:
    if _is_model(kind):
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
    """The members of a union, tagged as they are; anything else is its own only member."""
    if isinstance(kind, TypeAliasType):
        _RECURSIVE[kind.__name__] = kind
        return _members(kind.__value__)
    if isinstance(kind, str) and kind in _RECURSIVE:
        return _members(_RECURSIVE[kind])
    origin = get_origin(kind)
    if origin is Annotated:
        return [kind] if _names(kind) else _members(get_args(kind)[0])
    if origin in {Union, types.UnionType}:
        return [member for argument in get_args(kind) for member in _members(argument)]
    return [kind]
