"""A file of events as a table of cells, and how such a table is opened and stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.backends import BaseBackend

from policyeval.engine import BLANKS
from policyeval.errors import InvalidInputError, Problem
from policyeval.inputs.profile import Profile

BATCH = 20_000
"""Rows that are held in Python at a time, in formats that Python has to read."""


@dataclass(frozen=True)
class Opening:
    """What a file is opened with.

    Args:
        engine: the data engine.
        profile: how the export is written.
        scratch: a folder for files that live as long as the evaluation.
        number: the file's number, for names in `scratch`.
    """

    engine: BaseBackend
    profile: Profile
    scratch: Path
    number: int

    def at(self, name: str) -> Path:
        """A path of this file's own in `scratch`."""
        return self.scratch / f"{self.number}-{name}"

    def plain(self, path: Path) -> str:
        """A path that the data engine does not take for a pattern of several files."""
        if not set("*?[]{}") & set(str(path)):
            return str(path)
        link = self.at(f"link{path.suffix.lower()}")
        link.symlink_to(path.resolve())
        return str(link)


@dataclass(frozen=True)
class RawFile:
    """A file as cells, not yet read as values.

    Args:
        name: the path as the user gave it.
        table: its rows; where a row as a whole is wrong, `flaw` holds the code of what is.
        cells: header -> its cell: a text, or a value of the format's own types.
        row: the number of the data row, from 1.
        untidy: whether people typed the texts, so that there may be blanks around them.
        own: header -> whether its cell, though a text here, is a number in the format itself; no
            cell of a header that is not there is one.
    """

    name: str
    table: ir.Table
    cells: Mapping[str, ir.Value]
    row: ir.IntegerValue
    untidy: bool
    own: Mapping[str, ir.BooleanValue] = field(default_factory=dict)


def checked_headers(path: Path, line: int, headers: Sequence[str]) -> list[str]:
    """Headers without blanks around them; one that is empty is named by its place.

    Raises:
        InvalidInputError: two are the same.
    """
    names = [name.strip(BLANKS) or f"(column {n})" for n, name in enumerate(headers, 1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        said = ", ".join(f"`{name}`" for name in twice)
        message = f"the header names {said} more than once; rename or remove one"
        raise InvalidInputError([Problem(str(path), line, 0, message)])
    return names


def is_blank(cells: Iterable[str | None]) -> bool:
    """Whether nothing but blanks stands in any cell."""
    return not any(cell.strip(BLANKS) for cell in cells if cell)


class OwnNumber(str):
    """The text of a cell that is a number in the format itself."""

    __slots__ = ()


Row = tuple[int, str | None, Sequence[str | None]]
"""Number, code of what is wrong with the whole row, cells."""


def from_python(
    path: Path, headers: Sequence[str], rows: Iterable[Row], opening: Opening
) -> RawFile:
    """A file that Python reads, stored as it comes.

    Args:
        path: the file, for its name.
        headers: the names of its columns.
        rows: its rows.
        opening: where to store them.
    """
    stored = opening.at("cells.parquet")
    fields = [("row", pa.int64()), ("flaw", pa.string()), ("own", pa.list_(pa.int32()))]
    fields += [(f"c{n}", pa.string()) for n in range(len(headers))]
    schema = pa.schema(fields)
    with pq.ParquetWriter(stored, schema) as writer:
        for batch in _batched(rows):
            writer.write_batch(_batch(batch, schema))
    table = opening.engine.read_parquet(str(stored))
    cells = {name: table[f"c{n}"] for n, name in enumerate(headers)}
    own = {name: table.own.contains(n) for n, name in enumerate(headers)}
    return RawFile(str(path), table, cells, table.row, untidy=True, own=own)


def _batched(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    rows = iter(rows)
    while batch := tuple(islice(rows, BATCH)):
        yield batch


def _batch(rows: Sequence[Row], schema: pa.Schema) -> pa.RecordBatch:
    width = len(schema) - 3
    columns: list[list[Any]] = [[row[0] for row in rows], [row[1] for row in rows]]
    columns.append([[n for n, c in enumerate(row[2]) if isinstance(c, OwnNumber)] for row in rows])
    columns += [[row[2][n] if n < len(row[2]) else None for row in rows] for n in range(width)]
    arrays = [
        pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def text_columns(headers: Sequence[str]) -> dict[str, str]:
    """Names of our own for the columns of a file of texts: nothing of the data becomes a name."""
    return {f"c{n}": "VARCHAR" for n in range(len(headers))}
