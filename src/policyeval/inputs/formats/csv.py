"""CSV, in any encoding: read by the data engine, or row by row where it is not well formed."""

from __future__ import annotations

import codecs
import csv
import re
import shutil
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import duckdb

from policyeval.errors import InvalidInputError, Problem
from policyeval.inputs.formats.cells import (
    Opening,
    RawFile,
    Row,
    checked_headers,
    from_python,
    is_blank,
    text_columns,
)

csv.field_size_limit(2**31 - 1)

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",  # It begins as that of UTF-16 does.
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_UNDECODABLE = re.compile("[\udc80-\udcff]")
MOST_UNDECODABLE = 0.5
"""Where more of the rows can't be decoded, it is the encoding that is wrong, and not the rows."""


def open_csv(path: Path, opening: Opening) -> RawFile:
    """Open a CSV file.

    Rows that have more or fewer values than the header, a quote that is not closed, or bytes that
    can't be decoded, are flawed.

    Raises:
        InvalidInputError: it has no header, or is in another encoding.
    """
    marked = _marked(path)
    if marked is not None and not _codec(opening).startswith(marked):
        raise _wrong_encoding(path, opening, marked)
    headers = _headers(path, opening)
    try:
        return _by_engine(path, headers, opening)
    except (duckdb.Error, UnicodeError):
        return from_python(path, headers, _rows(path, len(headers), opening), opening)


def _marked(path: Path) -> str | None:
    """The encoding that the file's first bytes tell, if they are a byte-order mark."""
    with path.open("rb") as file:
        first = file.read(4)
    return next((name for mark, name in _MARKS.items() if first.startswith(mark)), None)


def _headers(path: Path, opening: Opening) -> list[str]:
    try:
        with _opened(path, opening, "surrogateescape") as lines:
            header = next(csv.reader(lines, delimiter=opening.profile.delimiter, strict=True), None)
    except UnicodeError:  # Of an encoding that has no way around bytes that it does not know.
        raise _wrong_encoding(path, opening) from None
    except csv.Error as error:
        message = f"the header can't be read ({error}); is a quote in it not closed?"
        raise InvalidInputError([Problem(str(path), 1, 0, message)]) from None
    if header and _is_undecodable(header):
        raise _wrong_encoding(path, opening)
    if not header:
        message = "the file is empty; the first line names the columns"
        raise InvalidInputError([Problem(str(path), 1, 0, message)])
    return checked_headers(path, 1, header)


def _opened(path: Path, opening: Opening, errors: str) -> TextIO:
    return path.open(encoding=_codec(opening), errors=errors, newline="")


def _codec(opening: Opening) -> str:
    """The profile's encoding; UTF-8 with or without a byte-order mark."""
    name = codecs.lookup(opening.profile.encoding).name
    return "utf-8-sig" if name in {"utf-8", "ascii"} else name


def _by_engine(path: Path, headers: list[str], opening: Opening) -> RawFile:
    """The file as the data engine reads it; all of it is looked at, so that a flaw shows here.

    Raises:
        duckdb.Error: a row is not well formed.
        UnicodeError: it can't be decoded.
    """
    source = opening.plain(path)
    if _codec(opening) != "utf-8-sig":
        source = str(opening.at("utf8.csv"))
        with (
            _opened(path, opening, "strict") as old,
            Path(source).open("w", encoding="utf-8") as new,
        ):
            shutil.copyfileobj(old, new, 1 << 20)
    table = opening.engine.read_csv(
        source,
        header=True,
        auto_detect=False,
        delim=opening.profile.delimiter,
        quote='"',
        escape='"',
        columns=text_columns(headers),
        strict_mode=True,
    )
    stored = opening.at("cells.parquet")
    opening.engine.to_parquet(table, stored)
    table = opening.engine.read_parquet(str(stored), file_row_number=True)
    cells = {name: table[f"c{n}"] for n, name in enumerate(headers)}
    return RawFile(str(path), table, cells, table.file_row_number + 1, untidy=True)


class _Lines:
    """The lines of a file, of which those after the first of a row can be had once more."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._taken.append(self._again.popleft() if self._again else next(self._lines))
        return self._taken[-1]

    def begin(self) -> None:
        """A row begins with the next line."""
        self._taken.clear()

    def back(self) -> None:
        """Go back to the second line of the row."""
        self._again.extendleft(reversed(self._taken[1:]))


def _records(file: TextIO, delimiter: str) -> Iterator[list[str] | None]:
    """Every record; None for a line whose quotes can't be made out.

    What such a quote would swallow, up to the end of the file, is read as the rows that it is.
    """
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        try:
            yield next(reader)
        except csv.Error:
            lines.back()
            yield None
        except StopIteration:
            return


def _rows(path: Path, width: int, opening: Opening) -> Iterator[Row]:
    """Every row, the careful way."""
    undecodable = number = 0
    with _opened(path, opening, "surrogateescape") as file:
        records = _records(file, opening.profile.delimiter)
        next(records)
        for cells in records:
            if cells == []:  # The data engine does not count an empty line either.
                continue
            number += 1
            if cells and is_blank(cells):
                continue
            flaw = _flaw(cells, width)
            undecodable += flaw == "encoding"
            yield number, flaw, [] if flaw or not cells else cells
    if undecodable > MOST_UNDECODABLE * number:
        raise _wrong_encoding(path, opening)


def _flaw(cells: list[str] | None, width: int) -> str | None:
    if cells is None:
        return "open_quote"
    if _is_undecodable(cells):
        return "encoding"
    return None if len(cells) == width else "row_shape"


def _is_undecodable(cells: list[str]) -> bool:
    return _UNDECODABLE.search("".join(cells)) is not None


def _wrong_encoding(path: Path, opening: Opening, marked: str | None = None) -> InvalidInputError:
    fitting = "such as `encoding: gb18030` (what Excel writes in Chinese) or `encoding: cp1252`"
    if marked is not None:
        fitting = f"`encoding: {marked}`"
    encoding = opening.profile.encoding
    message = f"is not {encoding}; name its encoding in an import profile: {fitting}"
    return InvalidInputError([Problem(str(path), 1, 0, message)])
