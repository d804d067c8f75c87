"""Parquet: its own types are kept, and it is read where it lies."""

from __future__ import annotations

from pathlib import Path

import duckdb

from policyeval.errors import InvalidInputError, Problem
from policyeval.inputs.formats.cells import Opening, RawFile

_ROW = "file_row_number"


def open_parquet(path: Path, opening: Opening) -> RawFile:
    """Open a Parquet file.

    Raises:
        InvalidInputError: it is none, or has a column that holds no single value or list.
    """
    try:
        table = opening.engine.read_parquet(opening.plain(path), file_row_number=True)
    except duckdb.Error as error:
        message = f"can't be read as Parquet: {str(error).splitlines()[0]}"
        raise InvalidInputError([Problem(str(path), 0, 0, message)]) from None
    # Under names of our own, so that none of the file's stands in for one that has a meaning here.
    headers = [name for name in table.columns if name != _ROW]
    table = table.select(_ROW, **{f"c{n}": table[name] for n, name in enumerate(headers)})
    cells = {name: table[f"c{n}"] for n, name in enumerate(headers)}
    return RawFile(str(path), table, cells, table[_ROW] + 1, untidy=False)
