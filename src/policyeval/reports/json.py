"""`report.json`: the whole report, one finding a line.

The bytes depend on the findings alone: keys are sorted, nothing is dated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import BaseModel

from policyeval.reports.data import ReportData
from policyeval.reports.writing import text_file

NAME = "report.json"


def write_json(data: ReportData, out: Path) -> list[Path]:
    """Write `report.json` into the folder `out`.

    Args:
        data: what to write; findings are streamed in the order of the policy.
        out: the folder.

    Returns:
        The path written.

    Raises:
        OutputError: it could not be written.
    """
    path = out / NAME
    with text_file(path) as stream:
        stream.writelines(lines(data))
    return [path]


def lines(data: ReportData) -> Iterator[str]:
    """The text of the report, piece by piece: a JSON object valid against `Report`'s schema."""
    header = data.header.model_dump(mode="json")
    yield "{\n"
    for key in sorted(header):
        yield f"{_text(key)}: {_text(header[key])},\n"
    yield '"findings": ['
    yield from _array(data.findings())
    yield '],\n"rejected_rows": ['
    yield from _array(data.rejected_rows())
    yield "]\n}\n"


def _array(models: Iterable[BaseModel]) -> Iterator[str]:
    """The members of an array, each on a line of its own."""
    separator = "\n"
    for model in models:
        yield separator + _text(model.model_dump(mode="json"))
        separator = ",\n"
    if separator != "\n":
        yield "\n"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
