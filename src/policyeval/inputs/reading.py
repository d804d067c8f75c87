"""From cells to values: each column of an export read as what the policy says it holds.

What can't be read becomes null, and a *flaw* beside it says which column, what stood there and why.
Reading goes in steps, each a projection over the one before, so that no expression stands twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from policyeval.engine import full_match, json_texts, json_valid, position, tidy
from policyeval.inputs import zone
from policyeval.inputs.columns import ALWAYS, MOMENTS, Column
from policyeval.inputs.moments import said
from policyeval.inputs.numbers import PLAIN, Numbers
from policyeval.inputs.profile import Profile
from policyeval.language.source import MAX_NUMBER
from policyeval.tables import STAMP, null

FLAW = "struct<column: string, value: string, reason: string>"
FLAWS = f"array<{FLAW}>"

_TRUE = ("true", "yes", "是", "1")
_FALSE = ("false", "no", "否", "0")
_REASONS = {
    "moment": "no_date",
    "date": "no_date",
    "number": "no_number",
    "boolean": "no_boolean",
}
"""Kinds whose cells may be unreadable by themselves."""

_TYPES = {
    "number": "float64",
    "boolean": "boolean",
    "date": "date",
    "moment": STAMP,
    "list": "array<string>",
}
TRUE, FALSE = ibis.literal(True), ibis.literal(False)
Conversion = Callable[[ir.Value, str], ir.Value]
_KEPT = ("file", "row", "flaw")


@dataclass(frozen=True)
class Reader:
    """Reads cells by a profile.

    Args:
        profile: how the export writes values.
        zone: the policy's time zone.
        known: the policy's columns.
        types: its event types.
        untidy: whether texts may have blanks around them (in files that people write).
    """

    profile: Profile
    zone: str
    known: Mapping[str, Column]
    types: tuple[str, ...]
    untidy: bool

    def typed(
        self,
        table: ir.Table,
        cells: Mapping[str, ir.Value],
        ours: Mapping[str, ir.BooleanValue],
    ) -> ir.Table:
        """All columns of a table of cells.

        Args:
            table: what the cells belong to; its columns `file`, `row` and `flaw` (the code of what
                is wrong with a whole row, or null), if there, stay.
            cells: column name -> its cell; one that is not there is null in every row.
            ours: column name -> whether a number in its cell is written in the plain way, whatever
                the profile says.

        Returns:
            `file` string, `row` int64; the columns' keys (a moment as in `columns.MOMENTS`: two
            timestamps and a date); `flaws` `FLAWS`, null if there is none; `flawed` boolean: there
            is one, or a cell is empty that no event can lack.
        """
        kept = [name for name in _KEPT if name in table.columns]
        plain = table.select(
            *kept,
            **{f"c_{name}": self._plain(name, cell) for name, cell in cells.items()},
            **{
                f"p_{name}": self._in_plain_words(name, cell, ours.get(name, FALSE))
                for name, cell in cells.items()
                if self._is_as_written(name, cell)
            },
        )
        dated = self._instants(self._said(plain))
        values: dict[str, ir.Value] = {}
        for name, column in self.known.items():
            values |= self._values(dated, name, column)
        plainly = [name for name in dated.columns if name.startswith("p_")]
        read = dated.select(*kept, *(f"c_{name}" for name in cells), *plainly, **values)
        flaws = self._flaws(read)
        empty = [read[f"c_{name}"].isnull() if name in cells else TRUE for name in ALWAYS]
        some = reduce(or_, [*empty, *(bad for bad, _ in flaws)])
        return read.select("file", "row", *values, flaws=_collected(flaws), flawed=some)

    def _plain(self, name: str, cell: ir.Value) -> ir.Value:
        """A cell without blanks and in the policy's words; null if nothing stands there."""
        kind = self.known[name].kind
        if is_native(kind, cell.type()):
            if cell.type().is_floating():
                return ibis.ifelse(cell.isnan(), null("float64"), cell.cast("float64"))
            return self._list(name, cell) if kind == "list" else cell
        text = cell.cast("string")
        text = tidy(text) if self.untidy else text.nullif("")
        return self._list(name, self._split(text)) if kind == "list" else self._mapped(name, text)

    def _is_as_written(self, name: str, cell: ir.Value) -> bool:
        """Whether the profile says how the numbers of a cell are written."""
        is_text = self.known[name].kind == "number" and not is_native("number", cell.type())
        return is_text and self.profile.numbers != PLAIN

    def _in_plain_words(self, name: str, cell: ir.Value, ours: ir.BooleanValue) -> ir.BooleanValue:
        """Whether a number is written in the plain way: by the format, or by the profile."""
        words = self.profile.values.get(name)
        if not words:
            return ours.fill_null(False)
        text = cell.cast("string")
        text = tidy(text) if self.untidy else text
        return (ours | text.isin(list(words))).fill_null(False)

    def _mapped(self, name: str, text: ir.StringValue) -> ir.StringValue:
        words = self.profile.values.get(name)
        if not words:
            return text
        ours, theirs = ibis.array(list(words.values())), ibis.array(list(words))
        return ibis.coalesce(ours[position(theirs, text) - 1], text)

    def _split(self, text: ir.StringValue) -> ir.ArrayValue:
        """A text as words: a JSON array, or words between separators."""
        either = "|".join(re.escape(each) for each in self.profile.list_separators)
        is_array = ibis.ifelse(text.startswith("["), json_valid(text), False)
        array = ibis.ifelse(is_array, text, null("string"))
        return ibis.coalesce(json_texts(array, "$[*]"), text.re_split(either))

    def _list(self, name: str, words: ir.ArrayValue) -> ir.ArrayValue:
        words = words.cast("array<string>")
        if self.untidy:
            words = words.map(tidy).filter(lambda word: word.notnull())
        if self.profile.values.get(name):
            words = words.map(lambda word: self._mapped(name, word))
        return ibis.ifelse(words.length() > 0, words, null("array<string>"))

    def _said(self, plain: ir.Table) -> ir.Table:
        """Days (`d_`), local times (`l_`) and instants (`i_`), as far as the cells say them."""
        found: dict[str, ir.Value | None] = {}
        for name in self._dated(plain):
            one = said(plain[f"c_{name}"], self.profile.dates)
            found |= {f"d_{name}": one.day, f"l_{name}": one.local, f"i_{name}": one.instant}
        return plain.mutate(**{name: value for name, value in found.items() if value is not None})

    def _instants(self, dated: ir.Table) -> ir.Table:
        """Local times as instants, too."""
        found: dict[str, ir.Value] = {}
        for name in self._dated(dated):
            if f"l_{name}" in dated.columns:
                instant = zone.utc(dated[f"l_{name}"], self.zone)
                known = [dated[f"i_{name}"]] if f"i_{name}" in dated.columns else []
                found[f"i_{name}"] = ibis.coalesce(*known, instant)
        return dated.mutate(**found)

    def _dated(self, table: ir.Table) -> list[str]:
        return [
            name
            for name, column in self.known.items()
            if column.kind in {"moment", "date"} and f"c_{name}" in table.columns
        ]

    def _values(self, table: ir.Table, name: str, column: Column) -> dict[str, ir.Value]:
        if f"c_{name}" not in table.columns:
            if column.kind == "moment":
                first, last, day = MOMENTS[name]
                return {first: null(STAMP), last: null(STAMP), day: null("date")}
            return {column.key: null(_TYPES.get(column.kind, "string"))}
        cell = table[f"c_{name}"]
        if f"p_{name}" in table.columns:
            plainly, written = _number(cell, PLAIN), _number(cell, self.profile.numbers)
            return {column.key: _sized(ibis.ifelse(table[f"p_{name}"], plainly, written))}
        if column.kind not in {"moment", "date"}:
            return {column.key: _read(column.kind, cell)}
        return self._moment(table, name, column)

    def _moment(self, table: ir.Table, name: str, column: Column) -> dict[str, ir.Value]:
        day, instant = (
            table[f"{kind}_{name}"] if f"{kind}_{name}" in table.columns else None for kind in "di"
        )

        def either(
            said: ir.Value | None, worked_out: Callable[[ir.Value, str], ir.Value]
        ) -> ir.Value:
            other = instant if said is day else day
            found = [] if said is None else [said]
            found += [] if other is None else [worked_out(other, self.zone)]
            return ibis.coalesce(*found) if len(found) > 1 else found[0]

        local_day = either(day, zone.local_day)
        if column.kind == "date":
            return {column.key: local_day}
        first, last, its_day = MOMENTS[name]
        return {
            first: either(instant, zone.starts).cast(STAMP),
            last: either(instant, zone.ends).cast(STAMP),
            its_day: local_day,
        }

    def _is_number(self, read: ir.Table, name: str) -> ir.BooleanValue:
        """Whether a cell is written as a number, be it too large for one."""
        cell = read[f"c_{name}"]
        if not cell.type().is_string():
            return TRUE
        plainly = _number(cell, PLAIN).notnull()
        if f"p_{name}" not in read.columns:
            return plainly
        written = _number(cell, self.profile.numbers).notnull()
        return ibis.ifelse(read[f"p_{name}"], plainly, written)

    def _flaws(self, read: ir.Table) -> list[tuple[ir.BooleanValue, ir.StructValue]]:
        """What may be wrong with a row's cells."""
        found: list[tuple[ir.BooleanValue, ir.StructValue]] = []
        if "flaw" in read.columns:
            found.append((read.flaw.notnull(), flaw("", null("string"), read.flaw)))
        for name, column in self.known.items():
            reason = _REASONS.get(column.kind)
            if reason is None or f"c_{name}" not in read.columns:
                continue
            cell = read[f"c_{name}"]
            if is_native(column.kind, cell.type()) and column.kind != "number":
                continue
            bad = cell.notnull() & read[column.key].isnull()
            if column.types is not None:
                unlisted = ~read.type.isin(self.types).fill_null(False)
                bad &= read.type.isin(column.types).fill_null(False) | unlisted
            said: str | ir.StringValue = reason
            if f"p_{name}" in read.columns:
                said = ibis.ifelse(read[f"p_{name}"], reason, self.profile.numbers.reason)
            if column.kind == "number":
                said = ibis.ifelse(self._is_number(read, name), "number_too_large", said)
            found.append((bad, flaw(name, cell.cast("string"), said)))
        return found


def _collected(flaws: list[tuple[ir.BooleanValue, ir.StructValue]]) -> ir.ArrayValue:
    """The flaws that a row has; the list is made only where it has one."""
    if not flaws:
        return null(FLAWS)
    some = reduce(or_, (bad for bad, _ in flaws))
    every = ibis.array([ibis.ifelse(bad, each, null(FLAW)) for bad, each in flaws])
    return ibis.ifelse(some, every.filter(lambda each: each.notnull()), null(FLAWS))


def _read(kind: str, cell: ir.Value) -> ir.Value:
    """A cell of no date as a value."""
    if kind == "number":
        is_text = cell.type().is_string()
        return _sized(_number(cell, PLAIN) if is_text else cell.cast("float64"))
    if is_native(kind, cell.type()):
        return cell.cast(_TYPES[kind])
    if kind == "boolean":
        word = cell.lower()
        return ibis.cases(
            (word.isin(_TRUE), True), (word.isin(_FALSE), False), else_=null("boolean")
        )
    return cell


def _sized(value: ir.FloatingValue) -> ir.FloatingValue:
    """A number; null if it is too large to be reckoned with."""
    return ibis.ifelse(value.abs() <= MAX_NUMBER, value, null("float64"))


def _number(cell: ir.StringValue, numbers: Numbers) -> ir.FloatingValue:
    """A text as the number that it says; null if it is not written in that way."""
    text = ibis.ifelse(full_match(cell, numbers.pattern), cell, null("string"))
    if numbers.thousands is not None:
        text = text.replace(numbers.thousands, "")
    if numbers.decimal != PLAIN.decimal:
        text = text.replace(numbers.decimal, PLAIN.decimal)
    return text.try_cast("float64")


def is_native(kind: str, cell: dt.DataType) -> bool:
    """Whether a cell's own type is what a column of a kind holds."""
    if kind == "number":
        return bool(cell.is_numeric())
    if kind == "boolean":
        return bool(cell.is_boolean())
    if kind == "list":
        return bool(cell.is_array())
    return kind in {"moment", "date"} and bool(cell.is_timestamp() or cell.is_date())


def flaw(column: str, value: ir.StringValue, reason: str | ir.StringValue) -> ir.StructValue:
    """What is wrong with a column of a row."""
    return ibis.struct({"column": column, "value": value, "reason": reason}).cast(FLAW)


def has_flaw(rows: ir.Table, *columns: str) -> ir.BooleanValue:
    """Whether a cell of one of the columns can't be read; the column "" is the whole row."""
    named = rows.flaws.filter(lambda each: each.column.isin(columns)).length() > 0
    return ibis.ifelse(rows.flaws.notnull(), named, False)


def needs_no_reading(cells: Mapping[str, ir.Value], known: Mapping[str, Column]) -> bool:
    """Whether a scan of the cells costs no more than a stored copy of the values."""
    return all(
        known[name].kind not in _REASONS or is_native(known[name].kind, cell.type())
        for name, cell in cells.items()
    )
