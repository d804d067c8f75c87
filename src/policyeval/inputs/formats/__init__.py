"""Files of events, opened as tables of cells: CSV, JSONL, Parquet and XLSX by their ending."""

from __future__ import annotations

from pathlib import Path

from policyeval.errors import InvalidInputError, Problem
from policyeval.inputs.formats.cells import Opening, RawFile
from policyeval.inputs.formats.csv import open_csv
from policyeval.inputs.formats.jsonl import open_jsonl
from policyeval.inputs.formats.parquet import open_parquet
from policyeval.inputs.formats.xlsx import open_xlsx
from policyeval.language.validation import nearest

READERS = {
    ".csv": open_csv,
    ".jsonl": open_jsonl,
    ".ndjson": open_jsonl,
    ".parquet": open_parquet,
    ".xlsx": open_xlsx,
}
"""Ending -> what opens such a file."""


def open_file(path: Path, opening: Opening) -> RawFile:
    """Open a file of events.

    Raises:
        InvalidInputError: it isn't there, can't be read, or is no file of its kind.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        hint = nearest(path.suffix, READERS)
        raise _invalid(path, f"can't be read by its ending `{path.suffix}`{hint}")
    if not path.exists():
        raise _invalid(path, "is not there; check the path")
    if not path.is_file():
        raise _invalid(path, "is no file; name each file of events by itself")
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise _invalid(path, f"can't be read: {error.strerror}; check its permissions") from None
    return reader(path, opening)


def _invalid(path: Path, message: str) -> InvalidInputError:
    return InvalidInputError([Problem(str(path), 0, 0, message)])
