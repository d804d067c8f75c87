"""How people get the findings: files for machines, spreadsheets and browsers, and the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from policyeval.reports.csv import write_csv
from policyeval.reports.data import ReportData
from policyeval.reports.duckdb import write_duckdb
from policyeval.reports.html import write_html
from policyeval.reports.json import write_json
from policyeval.reports.parquet import write_evidence, write_parquet

__all__ = ["FORMATS", "Job", "ReportData", "Writer", "write_reports"]

FULL_LISTS = {
    "json": "report.json",
    "csv": "findings.csv",
    "parquet": "findings.parquet",
    "duckdb": "findings.duckdb",
}
"""Formats that hold every finding, and in which file."""


@dataclass(frozen=True)
class Job:
    """What a writer is to write.

    Args:
        data: the outcome of an evaluation.
        out: the folder to write into.
        lang: `zh` or `en`, for formats that people read.
        full_lists: file names in `out` that hold every finding, for formats that leave some out.
    """

    data: ReportData
    out: Path
    lang: str
    full_lists: tuple[str, ...]


Writer = Callable[[Job], list[Path]]
"""Writes one format and returns the paths written."""

FORMATS: dict[str, Writer] = {
    "json": lambda job: write_json(job.data, job.out),
    "csv": lambda job: write_csv(job.data, job.out, job.lang),
    "html": lambda job: write_html(job.data, job.out, job.lang, full_lists=job.full_lists),
    "parquet": lambda job: write_parquet(job.data, job.out),
    "evidence-parquet": lambda job: write_evidence(job.data, job.out),
    "duckdb": lambda job: write_duckdb(job.data, job.out),
}
"""Writers by the name of their format."""


def write_reports(
    data: ReportData, out: Path, formats: Sequence[str], lang: str = "zh"
) -> list[Path]:
    """Write reports into a folder, each file whole or not at all.

    Args:
        data: the outcome of an evaluation.
        out: the folder; it is made if it is missing.
        formats: names in `FORMATS`; each is written once, in this order.
        lang: `zh` or `en`.

    Returns:
        The paths written, in order.

    Raises:
        OutputError: a file could not be written.
        ValueError: an unknown format or language.
    """
    wanted = tuple(dict.fromkeys(formats))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        raise ValueError(
            f"there is no report format `{unknown[0]}`; choose from {', '.join(FORMATS)}"
        )
    lists = tuple(file for name, file in FULL_LISTS.items() if name in wanted)
    job = Job(data=data, out=out, lang=lang, full_lists=lists)
    return [path for name in wanted for path in FORMATS[name](job)]
