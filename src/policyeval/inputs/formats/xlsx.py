"""XLSX: one sheet, its first row that is not empty names the columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from policyeval.errors import InvalidInputError, Problem
from policyeval.inputs.formats.cells import (
    Opening,
    OwnNumber,
    RawFile,
    Row,
    checked_headers,
    from_python,
    is_blank,
)
from policyeval.language.validation import nearest


def open_xlsx(path: Path, opening: Opening) -> RawFile:
    """Open a sheet. A date cell is a whole day unless it has a time.

    Raises:
        InvalidInputError: it is no workbook, or has no such sheet or no header.
    """
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError):
        raise _invalid(path, "is no Excel workbook (.xlsx); save it again as one") from None
    try:
        names, wanted = book.sheetnames, opening.profile.sheet
        if wanted is not None and wanted not in names:
            raise _invalid(path, f"has no sheet `{wanted}`{nearest(wanted, names)}")
        rows = book[wanted or names[0]].iter_rows(values_only=True)
        headers = _header(path, rows)
        return from_python(path, headers, _rows(rows, len(headers)), opening)
    finally:
        book.close()


def _header(path: Path, rows: Iterator[Sequence[Any]]) -> list[str]:
    for number, row in enumerate(rows, 1):
        cells = [_text(cell) or "" for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            return checked_headers(path, number, cells)
    raise _invalid(path, "the sheet is empty; its first row names the columns")


def _rows(rows: Iterator[Sequence[Any]], width: int) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        cells = [_text(cell) for cell in row]
        if not is_blank(cells):
            yield number, None if is_blank(cells[width:]) else "row_shape", cells[:width]


def _text(cell: Any) -> str | None:
    """A cell as the text that a reader of dates, numbers and words knows."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return OwnNumber(int(cell))
    return OwnNumber(cell) if isinstance(cell, (int, float)) else str(cell)


def _invalid(path: Path, message: str) -> InvalidInputError:
    return InvalidInputError([Problem(str(path), 0, 0, message)])
