"""The tables for spreadsheets: nothing in them is ever calculated."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from reports_bureau import bureau
from reports_hostile import TEXTS, hostile
from reports_world import World

from policyeval.reports.csv import safe, write_csv

TABLES = ["findings.csv", "rejected.csv", "units.csv", "people.csv"]


def tables(world: World, out: Path, lang: str = "en") -> dict[str, list[list[str]]]:
    written = write_csv(world, out, lang)
    texts = {path.name: path.read_bytes().decode("utf-8-sig") for path in written}
    return {name: list(csv.reader(io.StringIO(text))) for name, text in texts.items()}


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\tx", " =1", "\x00=1"),
        *("＝1+1", "＋1", "－1", "＠x", "\u3000=1", "\u200b=1", "\ufeff=1", "\u202e=1", "−1"),
    ],
)
def test_a_text_that_a_spreadsheet_would_calculate_is_marked_as_text(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("value", ["a=1", "二(四)", "2025-01-01", "", " x", "'x", 5, -5, None])
def test_other_values_stay_as_they_are(value: str | int | None) -> None:
    assert safe(value) == value


@pytest.mark.parametrize("harm", TEXTS.values(), ids=TEXTS)
def test_whatever_the_data_holds_rows_keep_their_columns(harm: str, tmp_path: Path) -> None:
    plain, found = tables(bureau(), tmp_path / "a"), tables(hostile(harm), tmp_path / "b")
    for name in TABLES:
        assert [len(row) for row in found[name]] == [len(row) for row in plain[name]]
        assert [c for row in found[name] for c in row if c.startswith(("=", "+", "@"))] == []


def test_a_spreadsheet_knows_the_encoding(tmp_path: Path) -> None:
    for path in write_csv(bureau(), tmp_path, "zh"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(("lang", "heading"), [("en", "id"), ("zh", "编号")])
def test_every_finding_is_a_row_with_a_heading(tmp_path: Path, lang: str, heading: str) -> None:
    found = tables(bureau(), tmp_path, lang)["findings.csv"]
    assert found[0][0] == heading
    assert [row[0] for row in found[1:]] == [f.id for f in bureau().every]
    assert {len(row) for row in found} == {len(found[0])}


def test_units_and_people_have_their_counts(tmp_path: Path) -> None:
    found = tables(bureau(), tmp_path)
    assert found["units.csv"][1] == ["party-group", "Party group", "section", "6", *"3001011"]
    assert found["people.csv"][0][:4] == ["person", "name", "posts", "total"]
    assert found["rejected.csv"][1] == ["events.csv", "17", "date", "2025-13-01", "no date"]
