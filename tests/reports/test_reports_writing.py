"""A report is written whole or not at all, and what stood there before stays till then."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from reports_bureau import bureau
from reports_world import World

from policyeval.errors import OutputError
from policyeval.findings.models import Finding
from policyeval.reports import write_reports
from policyeval.reports.writing import text_file

NAMES = ["report.json", "findings.csv", "rejected.csv", "units.csv", "people.csv", "report.html"]
FOR_PEOPLE = ["json", "csv", "html"]  # the others copy tables of the data engine: see tests/cli


class Broken(World):
    """An outcome that breaks off in the middle of its findings."""

    def findings(self, *, worst_first: bool = False, limit: int | None = None) -> Iterator[Finding]:
        yield from self.every[:2]
        raise RuntimeError("the data engine went away")


def test_all_formats_are_written_in_the_order_asked(tmp_path: Path) -> None:
    written = write_reports(bureau(), tmp_path / "new" / "folder", list(FOR_PEOPLE), "zh")
    assert [path.name for path in written] == NAMES
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == set(NAMES)


def test_a_format_asked_for_twice_is_written_once(tmp_path: Path) -> None:
    assert len(write_reports(bureau(), tmp_path, ["json", "json"], "en")) == 1


@pytest.mark.parametrize("name", ["json", "csv", "html"])
def test_a_report_that_breaks_off_leaves_what_was_there(tmp_path: Path, name: str) -> None:
    for file in NAMES:
        (tmp_path / file).write_text("before", encoding="utf-8")
    with pytest.raises(RuntimeError):
        write_reports(Broken(bureau().every), tmp_path, [name], "en")
    assert {p.name: p.read_text(encoding="utf-8") for p in tmp_path.iterdir()} == dict.fromkeys(
        NAMES, "before"
    )


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    def fill() -> None:
        with text_file(tmp_path / "report.txt") as stream:
            stream.write("half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="could not be written"):
        write_reports(bureau(), tmp_path / "out", ["json"], "en")


def test_a_report_that_is_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(OutputError, match="could not be written"):
        write_reports(bureau(), tmp_path, ["json"], "en")
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_an_unknown_format_or_language_is_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    with pytest.raises(ValueError, match="no report format `pdf`; choose from"):
        write_reports(bureau(), tmp_path, ["json", "pdf"], "en")
    with pytest.raises(ValueError, match="not `fr`"):
        write_reports(bureau(), tmp_path, ["html"], "fr")
    assert list(tmp_path.iterdir()) == []


def test_the_bytes_depend_on_the_outcome_alone(tmp_path: Path) -> None:
    """Neither on the order of a hash table nor on the process."""
    code = (
        "import sys; from pathlib import Path; from reports_bureau import bureau; "
        "from policyeval.reports import write_reports; "
        "write_reports(bureau(), Path(sys.argv[1]), ['json', 'csv', 'html'], 'zh')"
    )
    for seed in ("1", "2"):
        env = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)}
        subprocess.run([sys.executable, "-c", code, tmp_path / seed], check=True, env=env)
    for name in NAMES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
