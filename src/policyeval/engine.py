"""The data engine: how it is opened, and the few functions that Ibis does not name, by its names.

Another engine needs these, and nothing else, said in its words.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from policyeval.tables import WIDE

BLANKS = " \t\r\n\f\v\u00a0\u3000\ufeff"
"""What is taken off both ends of a text."""


def connect(options: Mapping[str, Any]) -> BaseBackend:
    """An engine in memory that keeps time in UTC.

    Args:
        options: its settings (`threads`, `memory_limit`, `temp_directory`).
    """
    engine = ibis.duckdb.connect(**options)
    engine.raw_sql("SET TimeZone = 'UTC'")
    engine.raw_sql("SET enable_progress_bar = false")
    engine.raw_sql(_DIVIDED)
    return engine


_DIVIDED = """
CREATE OR REPLACE TEMP MACRO whole_division(over, parts) AS CAST(
    (over::HUGEINT // parts::HUGEINT)
    - CASE WHEN over::HUGEINT % parts::HUGEINT < 0 THEN 1 ELSE 0 END
AS DECIMAL(38, 0))
"""
"""Ibis divides by floating point, and decimals are divided so whatever one asks for."""


@ibis.udf.scalar.builtin(name="whole_division", signature=((WIDE, WIDE), WIDE))
def _whole_division(over, parts):  # type: ignore[no-untyped-def]
    """See `_DIVIDED`."""


def divided(over: ir.Value, parts: ir.Value) -> ir.DecimalValue:
    """How often the parts (above 0) go into a whole number, exactly, rounded down."""
    return _whole_division(over.cast(WIDE), parts.cast(WIDE))


@ibis.udf.scalar.builtin(name="regexp_full_match")  # type: ignore[untyped-decorator]
def _regexp_full_match(text: str, pattern: str) -> bool:  # type: ignore[empty-body]
    """RE2: linear in the length of the text."""


def full_match(text: ir.StringValue, pattern: str) -> ir.BooleanValue:
    """Whether the whole text matches a regular expression (RE2 syntax, linear time)."""
    return _regexp_full_match(text, pattern)


@ibis.udf.scalar.builtin(name="sha256")  # type: ignore[untyped-decorator]
def _sha256(text: str) -> str:  # type: ignore[empty-body]
    """Lower-case hexadecimal SHA-256 of the UTF-8 text."""


def digest(text: ir.StringValue) -> ir.StringValue:
    """The first 16 hexadecimal digits of the text's SHA-256."""
    return _sha256(text).substr(0, 16)


@ibis.udf.scalar.builtin(name="trim")  # type: ignore[untyped-decorator]
def _trim(text: str, characters: str) -> str:  # type: ignore[empty-body]
    """Takes characters off both ends."""


def tidy(text: ir.StringValue) -> ir.StringValue:
    """The text without blanks at its ends; null if nothing is left."""
    return _trim(text, BLANKS).nullif("")


@ibis.udf.scalar.builtin(name="epoch_us")  # type: ignore[untyped-decorator]
def microseconds(instant: datetime) -> int:  # type: ignore[empty-body]
    """Microseconds since 1970 of an instant with or without a time zone."""


@ibis.udf.scalar.builtin(name="make_timestamp")  # type: ignore[untyped-decorator]
def stamp(microseconds: int) -> datetime:  # type: ignore[empty-body]
    """The naive timestamp so many microseconds after 1970."""


@ibis.udf.scalar.builtin(name="make_timestamptz", signature=(("int64",), "timestamp('UTC')"))
def with_zone(microseconds):  # type: ignore[no-untyped-def]
    """The instant so many microseconds after 1970."""


@ibis.udf.scalar.builtin(
    name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp(6)")
)
def to_local(zone, instant):  # type: ignore[no-untyped-def]
    """The local time of an instant."""


@ibis.udf.scalar.builtin(
    name="timezone", signature=(("string", "timestamp(6)"), "timestamp('UTC')")
)
def to_instant(zone, local_time):  # type: ignore[no-untyped-def]
    """The instant of a local time; of two, the later."""


@ibis.udf.scalar.builtin(name="try_strptime")  # type: ignore[untyped-decorator]
def parsed(text: str, pattern: str) -> datetime:  # type: ignore[empty-body]
    """A naive timestamp, or null; for patterns without an offset."""


@ibis.udf.scalar.builtin(name="try_strptime", signature=(("string", "string"), "timestamp('UTC')"))
def parsed_with_offset(text, pattern):  # type: ignore[no-untyped-def]
    """An instant, or null; for patterns with an offset."""


@ibis.udf.scalar.builtin(name="list_position")  # type: ignore[untyped-decorator]
def position(words: list[str], word: str) -> int:  # type: ignore[empty-body]
    """The first place of a word in a list, from 1; null if it is not there."""


@ibis.udf.scalar.builtin(name="list_has_all")  # type: ignore[untyped-decorator]
def has_all(words: list[str], wanted: list[str]) -> bool:  # type: ignore[empty-body]
    """Whether every wanted word is in the list."""


@ibis.udf.scalar.builtin(name="json_type")  # type: ignore[untyped-decorator]
def json_type(text: str, path: str) -> str:  # type: ignore[empty-body]
    """`OBJECT`, `ARRAY`, `VARCHAR` …; null where the path leads to nothing."""


@ibis.udf.scalar.builtin(name="json_valid")  # type: ignore[untyped-decorator]
def json_valid(text: str) -> bool:  # type: ignore[empty-body]
    """Whether a text is JSON."""


@ibis.udf.scalar.builtin(name="json_extract_string")  # type: ignore[untyped-decorator]
def json_text(text: str, path: str) -> str:  # type: ignore[empty-body]
    """A value as text, a string without its quotes."""


@ibis.udf.scalar.builtin(name="json_extract_string")  # type: ignore[untyped-decorator]
def json_texts(text: str, path: str) -> list[str]:  # type: ignore[empty-body]
    """The values of an array as texts; for a path that ends in `[*]`."""


@ibis.udf.scalar.builtin(name="json_keys")  # type: ignore[untyped-decorator]
def json_keys(text: str) -> list[str]:  # type: ignore[empty-body]
    """The keys of an object."""
