"""An import profile: how a foreign export's columns and values read in the policy's vocabulary."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from policyeval.errors import InvalidInputError
from policyeval.inputs.columns import Column, columns
from policyeval.inputs.numbers import PLAIN, Numbers
from policyeval.language.policy import Policy
from policyeval.language.source import Path_, read_source, show
from policyeval.language.validation import Model, checked, nearest, refuse

ISO = "iso"
EXCEL = "excel"
DATES = (ISO, "%Y年%m月%d日", "%Y/%m/%d")
SEPARATORS = ("、", "；", ";", ",")

_DIRECTIVES = frozenset("YymdHMSfzbBpIj%")
_DAY = {"year": ("Y", "y"), "month": ("m", "b", "B"), "day": ("d",)}


def _pattern(value: Any) -> Any:
    if isinstance(value, str) and value not in {ISO, EXCEL}:
        used = set(re.findall(r"%(.?)", value))
        if not used or used - _DIRECTIVES:
            raise refuse(
                f'`{value}` is no date pattern; use "iso", "excel" or one such as "%d.%m.%Y" or '
                '"%Y年%m月%d日 %H:%M"'
            )
        of_year = ("year",) if "j" in used else tuple(_DAY)
        missing = [part for part in of_year if not used.intersection(_DAY[part])]
        if missing:
            raise refuse(
                f"`{value}` says no {' and no '.join(missing)}; a date pattern has all of "
                'year, month and day, as in "%d.%m.%Y"'
            )
    return value


def _encoding(value: Any) -> Any:
    if isinstance(value, str):
        try:
            "a".encode(codecs.lookup(value).name)
        except (LookupError, UnicodeError):
            raise refuse(
                f"`{value}` is no text encoding; use one such as utf-8, gb18030, utf-16 or cp1252"
            ) from None
    return value


def _delimiter(value: Any) -> Any:
    if isinstance(value, str) and (len(value) != 1 or value in '"\r\n'):
        raise refuse('`delimiter` is one character such as "," or ";" (a tab: "\\t")')
    return value


def _word(value: Any) -> Any:
    """A value that an officer wrote without quotes (`true`, `3`, a date) is the text as written."""
    return value if value is None or isinstance(value, str) else show(value)


Text = Annotated[
    str,
    BeforeValidator(_word),
    Field(min_length=1),
    WithJsonSchema({"type": ["string", "number", "boolean"], "minLength": 1}),
]


class Profile(Model):
    """An import profile."""

    profile: str
    encoding: Annotated[str, BeforeValidator(_encoding)] = "utf-8"
    delimiter: Annotated[str, BeforeValidator(_delimiter)] = ","
    sheet: str | None = None
    columns: dict[str, Text] = {}
    values: dict[str, dict[str, Text]] = {}
    unlisted_types: Literal["reject", "ignore"] = "reject"
    dates: Annotated[tuple[Annotated[str, BeforeValidator(_pattern)], ...], Field(min_length=1)] = (
        DATES
    )
    numbers: Numbers = PLAIN
    list_separators: Annotated[tuple[Text, ...], Field(min_length=1)] = SEPARATORS
    constants: dict[str, Text] = {}


NO_PROFILE = Profile(profile="none")
"""An export in the policy's own vocabulary."""


def load_profile(path: Path, policy: Policy) -> Profile:
    """Load an import profile and hold it against the policy's vocabulary.

    Raises:
        InvalidInputError: with every problem, each at its line and column.
    """
    source = read_source(path)
    profile, problems = checked(Profile, source)
    if profile is not None:
        problems = [
            source.problem(at, text, at_key=at_key)
            for at, text, at_key in _problems(profile, policy)
        ]
    if problems or profile is None:
        raise InvalidInputError(problems)
    return profile


def _problems(profile: Profile, policy: Policy) -> Iterator[tuple[Path_, str, bool]]:
    known = columns(policy)
    for key, named in (
        ("columns", profile.columns),
        ("values", profile.values),
        ("constants", profile.constants),
    ):
        for name in named:
            if name not in known:
                yield (key, name), f"unknown column `{name}`{nearest(name, known)}", True
    for name in profile.columns.keys() & profile.constants.keys():
        message = f"`{name}` is also under `columns`; a constant is for a column that isn't there"
        yield ("constants", name), message, True
    seen: dict[str, str] = {}
    for name, theirs in profile.columns.items():
        if theirs in seen:
            message = f"the column `{theirs}` is already read as `{seen[theirs]}`; map it once"
            yield ("columns", name), message, False
        seen.setdefault(theirs, name)
    for name, words in profile.values.items():
        if name in known:
            for theirs, ours in words.items():
                yield from _word_problem(("values", name, theirs), ours, known[name], policy)
    for name, constant in profile.constants.items():
        if name in known:
            yield from _word_problem(("constants", name), constant, known[name], policy)


def _word_problem(
    path: Path_, word: str, column: Column, policy: Policy
) -> Iterator[tuple[Path_, str, bool]]:
    """A word that the policy does not have: every row with it would be rejected."""
    words = {each for some in column.words.values() for each in some}
    if column.kind == "type":
        words = set(policy.event_types)
    closed = column.kind == "type" or len(column.words) == len(column.types or ()) > 0
    if closed and word not in words:
        yield path, f"`{word}` is no word of `{column.name}`{nearest(word, words)}", False
