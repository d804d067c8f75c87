"""Dates and times in an export: by which pattern a text says a day, a local time or an instant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from policyeval.engine import full_match, microseconds, parsed, parsed_with_offset, stamp
from policyeval.inputs.profile import EXCEL, ISO
from policyeval.tables import STAMP, null

_TIME = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?"
# "0001-01-01" is what many systems write for no date.
_DAY = r"[1-9]\d{3}-\d{2}-\d{2}"
FIRST_YEAR = 1000
"""Years before it stand for no date."""

_SHIFT = r"[+-]((0\d|1[0-3])(:?[0-5]\d)?|14(:?00)?)"
"""No place on Earth is further from UTC."""

_OFFSET = rf" ?([Zz]|{_SHIFT})"
_SERIAL = r"\d{2,7}(\.\d+)?"
_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Said:
    """What a cell says of a time; at most one of the three is not null in a row.

    One that is None is null in every row: it costs nothing.

    Args:
        day: a day.
        local: a local time.
        instant: an instant (naive UTC).
    """

    day: ir.DateValue | None = None
    local: ir.TimestampValue | None = None
    instant: ir.TimestampValue | None = None


def said(cell: ir.Value, patterns: Sequence[str]) -> Said:
    """What a cell says, by its own type or by the first pattern that fits."""
    kind = cell.type()
    if kind.is_timestamp():
        plain = stamp(microseconds(cell))
        return Said(instant=plain) if kind.timezone else Said(local=plain)
    if kind.is_date():
        return Said(day=cell)
    each = [_by_pattern(cell.cast("string"), pattern) for pattern in patterns]
    return Said(
        _first(one.day for one in each),
        _first(one.local for one in each),
        _first(one.instant for one in each),
    )


def _first(values: Iterable[ir.Value | None]) -> ir.Value | None:
    given = [value for value in values if value is not None]
    return ibis.coalesce(*given) if given else None


def _by_pattern(text: ir.StringValue, pattern: str) -> Said:
    if pattern == ISO:
        return _iso(text)
    if pattern == EXCEL:
        return _serial(text)
    if "%z" in pattern:
        text = _only(text, _with_real_offset(pattern))
        return Said(instant=stamp(microseconds(parsed_with_offset(text, pattern))))
    # "infinity" and "epoch" are dates to the engine.
    at = parsed(ibis.ifelse(full_match(text, ".*[0-9].*"), text, null("string")), pattern)
    at = ibis.ifelse(at.year() >= FIRST_YEAR, at, null(STAMP))
    if any(f"%{each}" in pattern for each in "HIMS"):
        return Said(local=at)
    return Said(day=at.date())


def _with_real_offset(pattern: str) -> str:
    """The regular expression of texts that a pattern may fit, as far as its offset is concerned."""
    parts = re.split(r"(%.|\s+)", pattern)
    others = {part: ".*" for part in parts if part.startswith("%")}
    others |= {part: r"\s*" for part in parts if part.isspace()}
    others |= {"%z": _SHIFT, "%%": "%"}
    return "".join(others.get(part, re.escape(part)) for part in parts)


def _only(text: ir.StringValue, pattern: str) -> ir.StringValue:
    return ibis.ifelse(full_match(text, pattern), text, null("string"))


def _iso(text: ir.StringValue) -> Said:
    day = _only(ibis.ifelse(text.length() == 10, text, null("string")), _DAY)
    longer = ibis.ifelse(text.length() > 10, text, null("string"))
    exact = _only(longer, f"{_DAY}[T ]{_TIME}{_OFFSET}").replace(",", ".")
    plain = _only(longer, f"{_DAY}[T ]{_TIME}").replace(",", ".")
    instant = stamp(microseconds(exact.try_cast("timestamp('UTC')")))
    return Said(day.try_cast("date"), plain.try_cast(STAMP), instant)


def _serial(text: ir.StringValue) -> Said:
    """Excel's serial day numbers; 60, a day that never was, and less are none."""
    number = _only(text, _SERIAL).try_cast("float64")
    number = ibis.ifelse((number > 60) & (number < 2_958_466), number, null("float64"))
    seconds = (number * 86_400).round().cast("int64")
    start = microseconds(ibis.literal(_EXCEL_EPOCH).cast(STAMP))
    at = stamp(start + seconds * 1_000_000)
    whole = seconds % 86_400 == 0
    return Said(
        day=ibis.ifelse(whole, at.date(), null("date")),
        local=ibis.ifelse(whole, null(STAMP), at),
    )
