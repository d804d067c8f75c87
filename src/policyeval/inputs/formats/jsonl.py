"""JSONL: an object a line."""

from __future__ import annotations

from pathlib import Path

import duckdb
import ibis
import ibis.expr.types as ir

from policyeval.engine import json_keys, json_text, json_type, json_valid, tidy
from policyeval.errors import InvalidInputError, Problem
from policyeval.inputs.formats.cells import Opening, RawFile

LONGEST_LINE = 64 << 20
_NO_SUCH_CHARACTER = "\x01"
_NUMBERS = ("BIGINT", "UBIGINT", "HUGEINT", "DOUBLE")


def open_jsonl(path: Path, opening: Opening) -> RawFile:
    """Open a file of JSON lines. A line that is no object is flawed.

    Raises:
        InvalidInputError: it is not UTF-8, or a line is too long.
    """
    lines = opening.engine.read_csv(
        opening.plain(path),
        header=False,
        auto_detect=False,
        delim=_NO_SUCH_CHARACTER,
        quote="",
        escape="",
        columns={"line": "VARCHAR"},
        max_line_size=LONGEST_LINE,
    )
    stored = opening.at("cells.parquet")
    try:
        opening.engine.to_parquet(lines, stored)
    except duckdb.Error as error:
        what = str(error).splitlines()[0]
        message = f"can't be read as UTF-8 lines of JSON: {what}"
        raise InvalidInputError([Problem(str(path), 0, 0, message)]) from None
    table = opening.engine.read_parquet(str(stored), file_row_number=True)
    text = tidy(table.line)
    valid = json_valid(text) & (
        json_type(ibis.ifelse(json_valid(text), text, "0"), "$") == "OBJECT"
    )
    table = table.mutate(
        json=ibis.ifelse(valid, text, ibis.literal(None, type="string")),
        flaw=ibis.ifelse(
            text.isnull() | valid.fill_null(False),
            ibis.literal(None, type="string"),
            ibis.literal("no_object"),
        ),
    )
    keys = _keys(table, opening)
    cells = {key: json_text(table.json, _path(key)) for key in keys}
    own = {key: json_type(table.json, _path(key)).isin(_NUMBERS) for key in keys}
    return RawFile(str(path), table, cells, table.file_row_number + 1, untidy=True, own=own)


def _keys(table: ir.Table, opening: Opening) -> list[str]:
    each = table.select(key=json_keys(table.json).unnest()).distinct()
    found: list[str] = opening.engine.to_pyarrow(each)["key"].to_pylist()
    return sorted(found)


def _path(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{escaped}"'
