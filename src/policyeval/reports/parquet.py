"""`findings.parquet`, `rejected.parquet` and `evidence.parquet`: for large runs.

The data engine streams its tables into the files, so that memory does not grow with their number.
Evidence has a format of its own: it is as large as the events, and few need it.
"""

from __future__ import annotations

import os
from pathlib import Path

import ibis.expr.types as ir

from policyeval.reports.data import ReportData
from policyeval.reports.tabular import engine_file, evidence_table, findings_table, rejected_table


def write_parquet(data: ReportData, out: Path) -> list[Path]:
    """Write `findings.parquet` and `rejected.parquet` into the folder `out`.

    Args:
        data: the outcome of an evaluation.
        out: the folder.

    Returns:
        The paths written; their columns: `tabular.findings_table`, `tabular.rejected_table`.

    Raises:
        OutputError: one could not be written.
    """
    return [
        _write(findings_table(data), out / "findings.parquet"),
        _write(rejected_table(data), out / "rejected.parquet"),
    ]


def write_evidence(data: ReportData, out: Path) -> list[Path]:
    """Write `evidence.parquet` into the folder `out`; its columns: `tabular.evidence_table`.

    Raises:
        OutputError: it could not be written.
    """
    return [_write(evidence_table(data), out / "evidence.parquet")]


def _write(table: ir.Table, path: Path) -> Path:
    with engine_file(path) as draft:
        table.to_parquet(draft)
        with draft.open("rb+") as stream:
            os.fsync(stream.fileno())  # Else a power cut may leave an empty file in its place.
    return path
