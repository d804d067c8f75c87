"""Parameters of a policy, as they are written: values with the days from which they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from policyeval.language.source import Path_
from policyeval.language.validation import nearest

PARAMETER = "parameter"


@dataclass(frozen=True)
class Use:
    """`{parameter: id}` at a path within a duty."""

    path: Path_
    parameter: str


def uses(data: Any, path: Path_ = ()) -> Iterator[Use]:
    """Every use of a parameter in raw data."""
    if _is_use(data):
        yield Use(path, data[PARAMETER])
        return
    steps: Any = ()
    if isinstance(data, dict):
        steps = data.items()
    elif isinstance(data, list):
        steps = enumerate(data)
    for step, value in steps:
        yield from uses(value, (*path, step))


def _is_use(data: Any) -> bool:
    return isinstance(data, dict) and set(data) == {PARAMETER} and isinstance(data[PARAMETER], str)


@dataclass(frozen=True)
class _Value:
    first: date
    place: Path_
    value: Any


class Parameters:
    """The parameters of a policy. A malformed one has no values; the models say what is wrong."""

    def __init__(self, raw: Any) -> None:
        written = raw if isinstance(raw, dict) else {}
        self._values = {name: _values(name, entries) for name, entries in written.items()}

    def problem(self, name: str) -> str | None:
        """What is wrong with the name."""
        if name in self._values:
            return None
        return f"unknown parameter `{name}`{nearest(name, map(str, self._values))}"

    def changes(self, name: str) -> tuple[date, ...]:
        """The days on which it gets another value."""
        return tuple(value.first for value in self._values.get(name, ())[1:])

    def place(self, name: str, day: date) -> Path_ | None:
        """Where the value of a day is written; None if there is none."""
        value = self._at(name, day)
        return None if value is None else value.place

    def value(self, name: str, day: date) -> Any:
        """The value of a day."""
        value = self._at(name, day)
        return None if value is None else value.value

    def _at(self, name: str, day: date) -> _Value | None:
        values = self._values.get(name, ())
        held = [value for value in values if value.first <= day]
        return held[-1] if held else next(iter(values), None)


def _values(name: str, entries: Any) -> tuple[_Value, ...]:
    if not isinstance(entries, list):
        return ()
    found = [
        _Value(entry["from"], ("parameters", name, n, "is"), entry["is"])
        for n, entry in enumerate(entries)
        if isinstance(entry, dict) and isinstance(entry.get("from"), date) and "is" in entry
    ]
    return tuple(sorted(found, key=lambda value: value.first)) if len(found) == len(entries) else ()


def filled(data: Any, parameters: Parameters, day: date) -> Any:
    """Raw data with the parameters' values of a day put in; it shares nothing with `data`."""
    if _is_use(data) and parameters.place(data[PARAMETER], day) is not None:
        return filled_plain(parameters.value(data[PARAMETER], day))
    if isinstance(data, dict):
        return {key: filled(value, parameters, day) for key, value in data.items()}
    if isinstance(data, list):
        return [filled(value, parameters, day) for value in data]
    return data


def filled_plain(data: Any) -> Any:
    """A copy of raw data."""
    if isinstance(data, dict):
        return {key: filled_plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [filled_plain(value) for value in data]
    return data
