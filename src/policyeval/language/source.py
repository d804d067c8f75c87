"""Reads YAML safely and remembers where everything stood.

Safe scalars only (text, whole and decimal numbers, true/false, null, dates), with limits on size,
depth and aliases: a policy file is data from outside. `yes`, `no`, `on`, `off` and `12:30` stay
text, as in YAML 1.2, so `country: NO` is Norway.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from policyeval.errors import InvalidInputError, Problem

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 40
MAX_ALIASES = 100
MAX_NUMBER = 10**15
"""Up to here numbers are reckoned with, in events as in files: floating point has 15 digits."""

Key = str | int
Path_ = tuple[Key, ...]
Mark = tuple[str, int, int]
"""File, line, column."""

_BASE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]
    """PyYAML's safe loader with the implicit types of YAML 1.2's core schema, and dates."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|false|False)$", "tTfF"),
    ("null", r"^(?:~|null|Null|)$", ["~", "n", "N", ""]),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?$", "-+0123456789"),
    ("timestamp", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))

_WORDS = ("str", "bool", "null", "int", "float", "timestamp", "map", "seq")
_PLAIN = {f"tag:yaml.org,2002:{word}" for word in _WORDS}


@dataclass
class Source:
    """Parsed YAML: its plain data, and the place of every key and value in it.

    Args:
        file: the path as the user gave it.
        data: dicts, lists and scalars.
        values: path of keys and indices -> (file, line, column) of the value, 1-based.
        keys: the same for the key of a mapping's entry.
    """

    file: str
    data: Any = None
    values: dict[Path_, Mark] = field(default_factory=dict)
    keys: dict[Path_, Mark] = field(default_factory=dict)

    def problem(self, path: Path_, message: str, *, at_key: bool = False) -> Problem:
        """A problem at `path`, or at the nearest place above it that exists."""
        marks = self.keys if at_key else self.values
        path = self.place(path, at_key=at_key)
        mark = marks.get(path) or self.values.get(path, (self.file, 1, 1))
        return Problem(*mark, message)

    def place(self, path: Path_, *, at_key: bool = False) -> Path_:
        """The path, or the nearest above it that stands in the file."""
        marks = self.keys if at_key else self.values
        while path and path not in marks:
            path = path[:-1]
        return path


@contextmanager
def _no_collector() -> Iterator[None]:
    """Parsing makes only objects that stay; the cycle collector would walk them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_source(path: Path) -> Source:
    """Parse one YAML file.

    Raises:
        InvalidInputError: the file can't be read, is no YAML, is too large, too deep, has too many
            aliases, a duplicate key or a value that is not plain data.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _invalid(path, f"larger than {MAX_BYTES >> 20} MiB; split it")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _invalid(path, f"can't be read: {error.strerror}; check the path") from None
    except UnicodeDecodeError as error:
        raise _invalid(path, f"is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    with _no_collector():
        return parse_source(text, str(path))


def parse_source(text: str, file: str) -> Source:
    """Parse YAML text; see `read_source`."""
    source = Source(file)
    try:
        if _may_be_too_much(text):
            _check_events(text, file)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = (error.problem or "not readable").strip()
        advice = "check indentation, quotes and colons here"
        if re.match(r" *\t", text.split("\n")[place[0] - 1]):
            advice = "the line is indented by a tab; use spaces"
        message = f"this is not valid YAML: {what}; {advice}"
        raise InvalidInputError([Problem(file, *place, message)]) from None
    except yaml.YAMLError as error:
        raise InvalidInputError([Problem(file, 1, 1, f"not valid YAML: {error}")]) from None
    problems: list[Problem] = []
    if node is None:
        raise InvalidInputError([Problem(file, 1, 1, "the file is empty")])
    source.data = _Builder(source, problems).build(node, ())
    if problems:
        raise InvalidInputError(problems)
    return source


def _may_be_too_much(text: str) -> bool:
    """Whether a text may be nested too deeply or have too many aliases, by a quick upper bound.

    Each level needs a bracket or, but for a list in a mapping, a column of indentation. So a large
    file that is plain is parsed once.
    """
    if re.search(r"[\"'#].*[\[\]{}]", text):  # Brackets that may be none: count them properly.
        return True
    deepest = flow = 0
    for bracket in re.finditer(r"[\[\]{}]", text):
        flow += 1 if bracket[0] in "[{" else -1
        deepest = max(deepest, flow)
        if flow < 0:
            return True
    indent = max((len(found) for found in re.findall(r"^[ ?-]+", text, re.MULTILINE)), default=0)
    return text.count("*") > MAX_ALIASES or deepest + 2 * indent + 2 > MAX_DEPTH


def _check_events(text: str, file: str) -> None:
    depth = aliases = 0
    for event in yaml.parse(text, Loader=_Loader):
        mark = event.start_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
        if depth > MAX_DEPTH:
            raise InvalidInputError([Problem(file, line, column, "nested too deeply; flatten it")])
        if aliases > MAX_ALIASES:
            message = f"more than {MAX_ALIASES} aliases (*name); write the values out"
            raise InvalidInputError([Problem(file, line, column, message)])


@dataclass
class _Builder:
    """Turns nodes into plain data; an alias is built anew at each place that names it."""

    source: Source
    problems: list[Problem]
    budget: int = 5_000_000
    scalars: Any = field(default_factory=yaml.constructor.SafeConstructor)

    def build(self, node: yaml.Node, path: Path_) -> Any:
        mark = (self.source.file, node.start_mark.line + 1, node.start_mark.column + 1)
        self.source.values[path] = mark
        self.budget -= 1
        if self.budget < 0 or len(path) > MAX_DEPTH:
            message = "aliases make this file too large; write the values out"
            raise InvalidInputError([Problem(*mark, message)])
        if node.tag not in _PLAIN:
            self._refuse(mark, f"the tag {node.tag} is not allowed; write plain values")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, n)) for n, child in enumerate(node.value)]
        return self._scalar(node, mark)

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[Hashable, Any]:
        data: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            start = key_node.start_mark
            place = (self.source.file, start.line + 1, start.column + 1)
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(place, "a key must be a word")
                continue
            key = key_node.value
            if key in data:
                self._refuse(place, f"the key `{key}` stands here twice; keep one")
                continue
            self.source.keys[(*path, key)] = place
            data[key] = self.build(value_node, (*path, key))
        return data

    def _scalar(self, node: yaml.Node, mark: Mark) -> Any:
        if node.tag.endswith("timestamp"):
            try:
                value = date.fromisoformat(node.value)
            except ValueError:
                self._refuse(mark, f"{node.value} is no day of the calendar")
                return None
            return value
        if node.tag.endswith(("int", "float")) and abs(float(node.value)) > MAX_NUMBER:
            message = f"{show(node.value)} is too large; numbers go up to {MAX_NUMBER:,}"
            self._refuse(mark, message)
            return None
        return self.scalars.construct_object(node)

    def _refuse(self, mark: Mark, message: str) -> None:
        self.problems.append(Problem(*mark, message))


def _invalid(path: Path, message: str) -> InvalidInputError:
    return InvalidInputError([Problem(str(path), 0, 0, message)])


def show(value: Any) -> str:
    """A value as a person would write it in YAML, shortened."""
    if isinstance(value, (date, datetime)):
        text = value.isoformat()
    elif isinstance(value, (dict, list, tuple)):
        text = yaml.safe_dump(_plain(value), default_flow_style=True, allow_unicode=True, width=200)
        text = text.strip()
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = str(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(child) for key, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(child) for child in value]
    return value
