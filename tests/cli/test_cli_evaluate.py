"""What `policyeval evaluate` prints and writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from cli_world import ROOT, World, make_world, run, run_process
from rich.cells import cell_len

from policyeval.reports.tabular import FINDING_COLUMNS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEAR = ROOT / "fixtures" / "bureau-2025"
BUREAU = [
    *("evaluate", str(ROOT / "policy" / "bureau-responsibility-plan")),
    *("--organisation", str(YEAR / "organisation.yaml"), "--events", str(YEAR / "events.csv")),
    *("--waivers", str(YEAR / "waivers.yaml"), "--profile", str(YEAR / "profile.yaml")),
    *("--as-of", "2025-12-31"),
]
EVERY = [
    word
    for name in ("json", "csv", "parquet", "evidence-parquet", "duckdb")
    for word in ("--format", name)
]


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of reports of the bureau's year, and what the terminal showed at 80 columns."""
    out = tmp_path_factory.mktemp("bureau") / "out"
    done = run_process([*BUREAU, "--out", str(out), *EVERY, "--lang", "zh"], COLUMNS="80")
    assert (done.returncode, done.stderr) == (0, "")
    return out, done.stdout


@pytest.fixture(scope="module")
def report(bureau: tuple[Path, str]) -> dict:
    return json.loads((bureau[0] / "report.json").read_text(encoding="utf-8"))


def rows(query: str) -> list[tuple]:
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


def test_the_summary_keeps_to_80_columns(bureau: tuple[Path, str]) -> None:
    lines = [line for line in bureau[1].splitlines() if str(bureau[0]) not in line]
    assert len(lines) > 40
    assert max(map(cell_len, lines)) <= 80


def test_the_summary_is_in_chinese(bureau: tuple[Path, str]) -> None:
    assert "交通运输局责任制实施方案" in bureau[1]
    assert "未读取" in bureau[1]


def test_the_files_written_are_named(bureau: tuple[Path, str]) -> None:
    written = {path.name for path in bureau[0].iterdir()}
    assert written == {
        *("report.json", "findings.csv", "rejected.csv", "units.csv", "people.csv"),
        *("findings.parquet", "rejected.parquet", "evidence.parquet", "findings.duckdb"),
    }
    assert all(f"{bureau[0] / name}\n" in bureau[1] for name in written)


def test_parquet_holds_the_findings_of_the_report(bureau: tuple[Path, str], report: dict) -> None:
    file = bureau[0] / "findings.parquet"
    found = rows(
        f"SELECT id, verdict, rule, duty, clause, severity, bearer, unit, epoch_us(due), required, "
        f"counted, late, defective, unreadable_rows, len(parts), coalesce(len(accountable), 0), "
        f"waiver IS NOT NULL, period, first_day::VARCHAR FROM '{file}'"
    )
    assert found == [_plain(each) for each in report["findings"]]


def _plain(finding: dict) -> tuple:
    due = (datetime.fromisoformat(finding["due"]) - EPOCH) // timedelta(microseconds=1)
    period = finding["period"] or {}
    counts = ("required", "counted", "late", "defective", "unreadable_rows")
    return (
        *(finding[name] for name in ("id", "verdict", "rule", "duty", "clause", "severity")),
        *(finding["bearer"]["id"], finding["bearer"]["unit"], due),
        *(finding[name] for name in counts),
        *(len(finding["parts"]), len(finding["accountable"]), finding["waiver"] is not None),
        *(period.get("label"), period.get("first")),
    )


def test_parquet_holds_the_evidence_of_the_report(bureau: tuple[Path, str], report: dict) -> None:
    found = rows(f"SELECT finding, event, status FROM '{bureau[0] / 'evidence.parquet'}'")
    listed = [
        (finding["id"], each["event"], each.get("status", "defective"))
        for finding in report["findings"]
        for each in (*finding["evidence"], *finding["defective_evidence"])
    ]
    assert sorted(found) == sorted(listed)


def test_parquet_holds_the_rejected_rows_of_the_report(
    bureau: tuple[Path, str], report: dict
) -> None:
    found = rows(
        f'SELECT file, row, "column", value, reason_zh, reason_en '
        f"FROM '{bureau[0] / 'rejected.parquet'}'"
    )
    names = ("file", "row", "column", "value")
    assert found == [
        (*(each[name] for name in names), each["reason"]["zh"], each["reason"]["en"])
        for each in report["rejected_rows"]
    ]


def test_the_database_holds_the_same_tables(bureau: tuple[Path, str]) -> None:
    with duckdb.connect(str(bureau[0] / "findings.duckdb"), read_only=True) as connection:
        for name in ("findings", "evidence", "rejected"):
            other = f"'{bureau[0] / name}.parquet'"
            assert connection.execute(f"FROM {name}").fetchall() == rows(f"FROM {other}")
        types = dict(
            connection.execute("SELECT column_name, data_type FROM duckdb_columns()").fetchall()
        )
        assert types["due"] == "TIMESTAMP WITH TIME ZONE"
        found = connection.execute("SELECT * FROM findings LIMIT 0").description
        assert tuple(column[0] for column in found) == FINDING_COLUMNS


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("evaluate"))


def test_since_leaves_out_what_closed_before(world: World) -> None:
    more = ("--since", "2025-12-01", "--format", "json", "--lang", "en")
    result = run(world.args("late", *more))
    assert result.exit_code == 0
    report = json.loads((world.out / "report.json").read_text(encoding="utf-8"))
    assert [each["duty"] for each in report["findings"]] == ["yearly-report"]
    assert "closed before 2025-12-01 are left out" in " ".join(result.stdout.split())


def test_an_evaluation_without_findings_or_rows_writes_every_format(world: World) -> None:
    events = world.put("none.csv", "id,type,at,unit,form,case_no\n")
    every = [*EVERY, "--format", "html"]
    result = run(world.args(events, *every, "--since", "2027-01-01"))
    assert (result.exit_code, result.stderr) == (0, "")
    assert rows(f"SELECT count(*) FROM '{world.out / 'findings.parquet'}'") == [(0,)]
