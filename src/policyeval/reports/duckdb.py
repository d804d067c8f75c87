"""`findings.duckdb`: findings, evidence and rejected rows in one database, for questions in SQL."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex

from policyeval.reports.data import ReportData
from policyeval.reports.tabular import engine_file, evidence_table, findings_table, rejected_table

_TABLES = {
    "findings": findings_table,
    "evidence": evidence_table,
    "rejected": rejected_table,
}


def write_duckdb(data: ReportData, out: Path) -> list[Path]:
    """Write `findings.duckdb` into the folder `out`.

    It has the tables `findings`, `evidence` and `rejected`, as `tabular` describes them;
    `evidence.finding` is `findings.id`.

    Args:
        data: the outcome of an evaluation.
        out: the folder.

    Returns:
        The path written.

    Raises:
        OutputError: it could not be written.
    """
    path = out / "findings.duckdb"
    with engine_file(path) as draft:
        try:
            _fill(data, draft)
        finally:
            draft.with_name(f"{draft.name}.wal").unlink(missing_ok=True)
        with draft.open("rb+") as stream:
            os.fsync(stream.fileno())  # Else a power cut may leave an empty file in its place.
    return [path]


def _fill(data: ReportData, draft: Path) -> None:
    engine = data.findings_table().get_backend()
    name = f"report_{token_hex(4)}"
    engine.attach(draft, name)
    try:
        for table, made in _TABLES.items():
            engine.create_table(table, made(data), database=(name, "main"))
    finally:
        engine.detach(name)
