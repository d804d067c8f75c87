"""When a row was recorded, and what a run sees that knows only what was recorded by a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from inputs_world import Read, csv_file, read

COLUMNS = ("id", "type", "at", "unit", "pages", "replaces", "withdraws", "recorded_at")
DAY = date(2025, 6, 30)


def row(**values: str) -> str:
    base = {"id": "r1", "type": "report", "at": "2025-06-01", "unit": "s2"}
    return ",".join((base | values).get(name, "") for name in COLUMNS)


def withdrawal(**values: str) -> str:
    return row(**{"id": "w1", "type": "", "at": "", "unit": "", "withdraws": "r1"} | values)


def export(folder: Path, *rows: str, columns: tuple[str, ...] = COLUMNS) -> Path:
    return csv_file(folder, "".join(line + "\n" for line in (",".join(columns), *rows)))


def known(folder: Path, *rows: str, by: date | None = DAY, profile: str | None = None) -> Read:
    return read(folder, export(folder, *rows), known_by=by, profile=profile)


def left_out(found: Read) -> int:
    return found.notices["known-by"].count


@pytest.mark.parametrize(
    ("written", "first", "last", "day"),
    [
        ("2025-06-30", "2025-06-29T16:00:00", "2025-06-30T15:59:59.999999", "2025-06-30"),
        ("2025年6月30日", "2025-06-29T16:00:00", "2025-06-30T15:59:59.999999", "2025-06-30"),
        ("2025-06-30 09:00", "2025-06-30T01:00:00", "2025-06-30T01:00:00", "2025-06-30"),
        ("2025-06-30T20:00:00Z", "2025-06-30T20:00:00", "2025-06-30T20:00:00", "2025-07-01"),
    ],
)
def test_recorded_at_is_read_like_at(
    tmp_path: Path, written: str, first: str, last: str, day: str
) -> None:
    event = known(tmp_path, row(recorded_at=written), by=None).events["r1"]
    assert event["recorded_first"] == datetime.fromisoformat(first)
    assert event["recorded_last"] == datetime.fromisoformat(last)
    assert event["recorded_day"] == date.fromisoformat(day)
    assert event["day"] == date(2025, 6, 1)


@pytest.mark.parametrize("columns", [COLUMNS, COLUMNS[:-1]])
def test_it_may_be_left_out(tmp_path: Path, columns: tuple[str, ...]) -> None:
    line = row() if columns == COLUMNS else row().removesuffix(",")
    event = read(tmp_path, export(tmp_path, line, columns=columns)).events["r1"]
    names = ("recorded_first", "recorded_last", "recorded_day")
    assert [event[name] for name in names] == [None, None, None]


def test_a_row_whose_recorded_at_is_no_date_is_set_aside_with_what_can_be_read(
    tmp_path: Path,
) -> None:
    found = known(tmp_path, row(recorded_at="soon"), row(id="r2"), by=None)
    assert set(found.events) == {"r2"}
    assert found.rejected == [(1, [("recorded_at", "soon", "no_date")])]


def test_a_timestamp_of_parquet_is_converted(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    late = pa.array([datetime(2025, 6, 30, 16, tzinfo=UTC), None], pa.timestamp("us", tz="UTC"))
    columns = {"id": ["r1", "r2"], "type": ["report"] * 2, "unit": ["s2"] * 2}
    table = pa.table(columns | {"at": [date(2025, 6, 1)] * 2, "recorded_at": late})
    pq.write_table(table, path)
    found = read(tmp_path, path)
    assert found.events["r1"]["recorded_day"] == date(2025, 7, 1)
    assert found.events["r2"]["recorded_day"] is None
    assert set(read(tmp_path, path, known_by=DAY).events) == {"r2"}


def test_a_profile_maps_the_column_and_its_dates(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "id,type,at,unit,登记\nr1,report,2025-06-01,s2,30.06.2025\n")
    profile = 'columns: {recorded_at: 登记}\ndates: [iso, "%d.%m.%Y"]'
    assert read(tmp_path, path, profile=profile).events["r1"]["recorded_day"] == DAY


def test_a_constant_says_when_the_whole_export_was_recorded(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "id,type,at,unit\nr1,report,2025-06-01,s2\n")
    profile = "constants: {recorded_at: 2025-07-01}"
    assert read(tmp_path, path, profile=profile, known_by=DAY).events == {}
    assert set(read(tmp_path, path, profile=profile, known_by=date(2025, 7, 1)).events) == {"r1"}


def test_what_was_entered_later_is_left_out_and_counted(tmp_path: Path) -> None:
    rows = (row(recorded_at="2025-07-01"), row(id="r2", recorded_at="2025-06-30"))
    found = known(tmp_path, *rows)
    assert set(found.events) == {"r2"}
    assert found.rejected == []
    assert left_out(found) == 1
    assert found.rows == 2
    assert all("2025-06-30" in text for text in found.notices["known-by"].text.values())


def test_without_a_day_everything_is_known_and_no_notice_is_given(tmp_path: Path) -> None:
    found = known(tmp_path, row(recorded_at="2099-01-01"), by=None)
    assert set(found.events) == {"r1"}
    assert found.notices == {}


def test_a_notice_says_too_that_nothing_was_left_out(tmp_path: Path) -> None:
    assert left_out(known(tmp_path, row())) == 0


@pytest.mark.parametrize(
    ("written", "is_known"),
    [
        ("2025-06-30T23:59:59.999999", True),
        ("2025-07-01T00:00:00", False),
        ("2025-06-30T15:59:59Z", True),
        ("2025-06-30T16:00:00Z", False),
        ("2025-06-30", True),
    ],
)
def test_the_day_ends_in_the_zone_of_the_policy(
    tmp_path: Path, written: str, is_known: bool
) -> None:
    assert ("r1" in known(tmp_path, row(recorded_at=written)).events) is is_known


@pytest.mark.parametrize(
    ("values", "is_known"),
    [
        ({"at": "2025-06-30"}, True),
        ({"at": "2025-06-30T16:00:00Z"}, False),
        ({"at": "2025-07-01"}, False),
        ({"at": "2025-07-01", "recorded_at": "2025-06-30"}, True),
    ],
)
def test_a_row_that_does_not_say_was_known_when_it_happened(
    tmp_path: Path, values: dict[str, str], is_known: bool
) -> None:
    found = known(tmp_path, row(**values))
    assert ("r1" in found.events) is is_known
    assert left_out(found) == (not is_known)


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"at": "?"}, [("at", "?", "no_date")]),
        ({"at": ""}, [("at", None, "missing")]),
        ({"recorded_at": "?"}, [("recorded_at", "?", "no_date")]),
        ({"recorded_at": "?", "at": "2025-07-01"}, [("recorded_at", "?", "no_date")]),
    ],
)
def test_a_row_of_which_it_can_not_be_said_stays_and_is_set_aside(
    tmp_path: Path, values: dict[str, str], problems: list[tuple[str, str | None, str]]
) -> None:
    found = known(tmp_path, row(**values))
    assert (found.rejected, left_out(found)) == ([(1, problems)], 0)


def test_so_does_one_of_which_nothing_can_be_read(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "id,type,unit\nr1,report,s2,x\n")
    found = read(tmp_path, path, profile="constants: {at: 2025-07-01}", known_by=DAY)
    assert [number for number, _ in found.rejected] == [1]


def test_a_bad_row_that_was_recorded_later_is_no_longer_seen(tmp_path: Path) -> None:
    found = known(tmp_path, row(at="?", recorded_at="2025-07-01"))
    assert (found.rejected, left_out(found)) == ([], 1)


def test_a_correction_that_was_recorded_later_leaves_the_event_as_it_was(tmp_path: Path) -> None:
    correction = row(id="r2", replaces="r1", recorded_at="2025-07-01")
    found = known(tmp_path, row(), correction)
    assert {name: event["superseded"] for name, event in found.events.items()} == {"r1": None}
    later = known(tmp_path, row(), correction, by=date(2025, 7, 1))
    assert later.events["r1"]["superseded"] == "replaced"


def test_a_correction_of_what_was_recorded_later_stands_and_is_named(tmp_path: Path) -> None:
    rows = (row(recorded_at="2025-07-01"), row(id="r2", replaces="r1", recorded_at="2025-06-02"))
    found = known(tmp_path, *rows)
    assert set(found.events) == {"r2"}
    assert "r1" in found.notices["dangling-corrections"].text["en"]


@pytest.mark.parametrize(
    ("values", "superseded"),
    [
        ({"recorded_at": "2025-06-30"}, "withdrawn"),
        ({"recorded_at": "2025-07-01"}, None),
        ({"at": "2025-07-01"}, None),
        ({}, "withdrawn"),
        ({"recorded_at": "?"}, "withdrawn"),  # It needs only its id: nothing else is looked at.
    ],
)
def test_a_withdrawal_that_was_recorded_later_takes_nothing_back(
    tmp_path: Path, values: dict[str, str], superseded: str | None
) -> None:
    found = known(tmp_path, row(), withdrawal(**values))
    assert found.events["r1"]["superseded"] == superseded
    assert found.rejected == []


def test_a_row_with_the_same_id_that_was_recorded_later_sets_nothing_aside(tmp_path: Path) -> None:
    rows = (row(recorded_at="2025-06-02"), row(pages="2", recorded_at="2025-07-01"))
    found = known(tmp_path, *rows)
    assert set(found.events) == {"r1"}
    assert found.rejected == []
    later = known(tmp_path, *rows, by=date(2025, 7, 1))
    assert later.events == {}
    assert [number for number, _ in later.rejected] == [1, 2]


def test_a_duplicate_that_was_left_out_is_none(tmp_path: Path) -> None:
    again = row(recorded_at="2025-07-01")
    found = known(tmp_path, again, again)
    assert set(found.notices) == {"known-by"}
    assert left_out(found) == 2


def test_rows_of_other_types_are_counted_among_what_was_known(tmp_path: Path) -> None:
    rows = (row(type="tea"), row(id="r2", type="tea", recorded_at="2025-07-01"))
    found = known(tmp_path, *rows, profile="unlisted_types: ignore")
    assert found.notices["unlisted-types"].count == 1
    assert left_out(found) == 1


HISTORY = (
    ("2025-06-01", row(id="r1", recorded_at="2025-06-01")),
    ("2025-06-03", row(id="r2", recorded_at="2025-06-03T10:00:00+08:00", pages="?")),
    ("2025-06-04", row(id="r3", recorded_at="2025-06-04", replaces="r1")),
    ("2025-06-05", withdrawal(id="w1", withdraws="r2", recorded_at="2025-06-05")),
    ("2025-06-06", row(id="r4", at="2025-06-06")),
    ("2025-06-07", row(id="r3", recorded_at="2025-06-07", pages="4")),
    ("2025-06-08", withdrawal(id="w2", withdraws="r4", at="2025-06-08")),
    ("2025-06-09", row(id="r5", at="2025-06-20", recorded_at="2025-06-09")),
)
"""The day by whose end each row was known, and the row."""


@pytest.mark.parametrize("number", range(1, 11))
def test_a_run_that_knows_less_sees_the_export_as_it_was(tmp_path: Path, number: int) -> None:
    by = date(2025, 6, number)
    found = known(tmp_path, *(line for _, line in HISTORY), by=by)
    cut = known(tmp_path, *(line for day, line in HISTORY if day <= by.isoformat()), by=None)
    assert found.events == cut.events
    assert found.rejected == cut.rejected
    others = {code: notice for code, notice in found.notices.items() if code != "known-by"}
    assert others == cut.notices
