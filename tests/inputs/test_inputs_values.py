"""What a cell may say, what is set aside, and what is put right."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from inputs_world import csv_file, read

from policyeval.errors import InvalidInputError
from policyeval.inputs.problems import REASONS

HEADER = "id,type,at,unit,person,target,replaces,withdraws,form,topics,pages,signed,sent\n"


def row(**values: str) -> str:
    """A row of a report; what is not given is empty."""
    every = {"id": "r1", "type": "report", "at": "2025-06-30", "unit": "s2"} | values
    return ",".join(every.get(name, "") for name in HEADER.strip().split(",")) + "\n"


def moment(
    tmp_path: Path, text: str, profile: str = "", zone: str = "Asia/Shanghai"
) -> dict | None:
    path = csv_file(tmp_path, HEADER + row(at=f'"{text}"'))
    return read(tmp_path, path, profile=profile, zone=zone).events.get("r1")


@pytest.mark.parametrize(
    "text",
    ["2025-06-30", "2025年6月30日", "2025年06月30日", "2025/6/30", "2025/06/30"],
)
def test_a_date_is_the_whole_local_day(tmp_path: Path, text: str) -> None:
    event = moment(tmp_path, text)
    assert event is not None
    assert event["day"] == date(2025, 6, 30)
    assert event["first"] == datetime(2025, 6, 29, 16)
    assert event["last"] == datetime(2025, 6, 30, 15, 59, 59, 999999)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-06-30T09:00:00+08:00", datetime(2025, 6, 30, 1)),
        ("2025-06-30 09:00+0800", datetime(2025, 6, 30, 1)),
        ("2025-06-30T01:00:00Z", datetime(2025, 6, 30, 1)),
        ("2025-06-30T09:00", datetime(2025, 6, 30, 1)),
        ("2025-06-30 09:00:00.25", datetime(2025, 6, 30, 1, 0, 0, 250000)),
        ("2025-06-29T20:00:00-05:00", datetime(2025, 6, 30, 1)),
    ],
)
def test_a_time_is_an_instant_and_local_without_an_offset(
    tmp_path: Path, text: str, instant: datetime
) -> None:
    event = moment(tmp_path, text)
    assert event is not None
    assert (event["first"], event["last"], event["day"]) == (instant, instant, date(2025, 6, 30))


@pytest.mark.parametrize(
    ("pattern", "text", "day"),
    [
        ("%d.%m.%Y", "30.6.2025", date(2025, 6, 30)),
        ("%d/%m/%Y", "01/02/2025", date(2025, 2, 1)),
        ("%Y%m%d", "20250630", date(2025, 6, 30)),
        ("%Y.%j", "2025.181", date(2025, 6, 30)),
        ("excel", "45838", date(2025, 6, 30)),
        ("excel", "45838.0", date(2025, 6, 30)),
        ("%Y年%m月%d日 %H:%M", "2025年6月30日 9:05", date(2025, 6, 30)),
        ("%d/%b/%Y:%H:%M:%S %z", "30/Jun/2025:23:30:00 +0000", date(2025, 7, 1)),
    ],
)
def test_a_profile_names_other_patterns(tmp_path: Path, pattern: str, text: str, day: date) -> None:
    event = moment(tmp_path, text, profile=f'dates: ["{pattern}"]')
    assert event is not None
    assert event["day"] == day


def test_the_first_pattern_that_fits_is_taken(tmp_path: Path) -> None:
    event = moment(tmp_path, "01/02/2025", profile='dates: ["%d/%m/%Y", "%m/%d/%Y"]')
    assert event is not None
    assert event["day"] == date(2025, 2, 1)


def test_a_serial_number_with_a_fraction_has_a_time(tmp_path: Path) -> None:
    event = moment(tmp_path, "45838.375", profile="dates: [excel]")
    assert event is not None
    assert event["first"] == event["last"] == datetime(2025, 6, 30, 1)


@pytest.mark.parametrize(
    "text",
    ["2025-02-29", "2025年2月30日", "2025-6-30", "June", "infinity", "epoch", "2025-06-30T24:00",
     "2025-06-30T09:60", "2025-06-30T09:00+14:30", "2025-06-30T09:00-09:60",
     "45838", "0", "2025", "30.6.2025", "0001-01-01", "0001-01-01T00:00:00Z"],
)  # fmt: skip
def test_what_is_no_date_is_set_aside(tmp_path: Path, text: str) -> None:
    path = csv_file(tmp_path, HEADER + row(at=text))
    found = read(tmp_path, path)
    assert found.events == {}
    assert found.rejected == [(1, [("at", text, "no_date")])]


@pytest.mark.parametrize("offset", ["+99", "+14:60", "-1500"])
def test_nor_is_an_offset_that_no_place_has_in_another_pattern(tmp_path: Path, offset: str) -> None:
    for shift in ("-0330", offset):
        text = f"30.6.2025 09:00 UTC {shift}"
        path = csv_file(tmp_path, HEADER + row(at=text))
        found = read(tmp_path, path, profile='dates: ["%d.%m.%Y %H:%M UTC %z"]')
        bad = [] if shift == "-0330" else [(1, [("at", text, "no_date")])]
        assert found.rejected == bad


def test_the_year_1_is_no_date_in_other_patterns_either(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADER + row(at="01.01.0001"))
    found = read(tmp_path, path, profile='dates: ["%d.%m.%Y"]')
    assert found.rejected == [(1, [("at", "01.01.0001", "no_date")])]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-10-26T02:30", datetime(2025, 10, 26, 0, 30)),  # twice: the earlier
        ("2025-10-26T01:59", datetime(2025, 10, 25, 23, 59)),
        ("2025-10-26T03:00", datetime(2025, 10, 26, 2)),
        ("2025-03-30T02:30", datetime(2025, 3, 30, 1, 30)),  # skipped: the offset from before
        ("2025-03-30T03:00", datetime(2025, 3, 30, 1)),
        ("2025-07-01T12:00", datetime(2025, 7, 1, 10)),
    ],
)
def test_local_times_at_a_change_of_clocks(tmp_path: Path, text: str, instant: datetime) -> None:
    event = moment(tmp_path, text, zone="Europe/Amsterdam")
    assert event is not None
    assert event["first"] == instant


def test_a_day_of_a_clock_change_is_23_hours_long(tmp_path: Path) -> None:
    event = moment(tmp_path, "2025-03-30", zone="Europe/Amsterdam")
    assert event is not None
    assert (event["last"] - event["first"]).total_seconds() == 23 * 3600 - 1e-6


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("pages", "12", 12.0),
        ("pages", "-3.5e2", -350.0),
        ("signed", "是", True),
        ("signed", "No", False),
        ("signed", "1", True),
        ("sent", "2025年6月1日", date(2025, 6, 1)),
        ("topics", "a、b；c;d", ["a", "b", "c", "d"]),
        ("topics", '"[""a;b"", ""c""]"', ["a;b", "c"]),
    ],
)
def test_numbers_truth_values_dates_and_lists(
    tmp_path: Path, column: str, text: str, value: object
) -> None:
    found = read(tmp_path, csv_file(tmp_path, HEADER + row(**{column: text})))
    assert found.rejected == []
    assert found.events["r1"][f"f_{column}"] == value


@pytest.mark.parametrize(
    ("numbers", "text", "value"),
    [
        ('decimal: ","', "1234,5", 1234.5),
        ('decimal: ","', "-,5e1", -5.0),
        ('decimal: ",", thousands: "."', "1.234.567,25", 1234567.25),
        ('decimal: ",", thousands: "."', "1234,5", 1234.5),
        ('decimal: ",", thousands: "."', "0,125", 0.125),
        ('decimal: ",", thousands: " "', "+1 234,5", 1234.5),
        ('decimal: ",", thousands: "\\u00a0"', "1\u00a0234,5", 1234.5),
        ('decimal: ",", thousands: "\\u202f"', "12\u202f345", 12345.0),
        ('thousands: ","', "1,234.5", 1234.5),
        ('thousands: "\'"', "1'234'567", 1234567.0),
        ('thousands: "’"', "1’234.5", 1234.5),
        ("thousands: null", "1234.5", 1234.5),
    ],
)
def test_a_profile_says_how_numbers_are_written(
    tmp_path: Path, numbers: str, text: str, value: float
) -> None:
    path = csv_file(tmp_path, HEADER + row(pages=f'"{text}"'))
    found = read(tmp_path, path, profile=f"numbers: {{{numbers}}}")
    assert found.rejected == []
    assert found.events["r1"]["f_pages"] == value


@pytest.mark.parametrize(
    ("numbers", "text", "said"),
    [
        ('decimal: ","', "1234.5", "write it as 12 or 1234,5, or correct `numbers`"),
        ('decimal: ",", thousands: "."', "1.5", "write it as 12 or 1.234,5"),
        ('decimal: ",", thousands: "."', "0.125", "write it as 12 or 1.234,5"),
        ('decimal: ",", thousands: "."', "1.23.456", "write it as 12 or 1.234,5"),
        ('decimal: ",", thousands: "."', "1.2345", "write it as 12 or 1.234,5"),
        ('decimal: ",", thousands: "."', "1234.567", "write it as 12 or 1.234,5"),
        ('decimal: ",", thousands: "."', "1.234.", "write it as 12 or 1.234,5"),
        ('decimal: ",", thousands: "."', "1,234.5", "write it as 12 or 1.234,5"),
        ('decimal: ",", thousands: "."', "1x234,5", "write it as 12 or 1.234,5"),
        ('thousands: ","', "1,,234", "write it as 12 or 1,234.5"),
        ('thousands: "\'"', "1’234", "write it as 12 or 1'234.5"),
        ('thousands: " "', "1\u00a0234", "(a space, between the groups)"),
        ('thousands: "\\u202f"', "1 234", "(a narrow no-break space, U+202F, between the groups)"),
    ],
)
def test_a_number_that_is_written_in_another_way_is_set_aside(
    tmp_path: Path, numbers: str, text: str, said: str
) -> None:
    path = csv_file(tmp_path, HEADER + row(id="r0") + row(pages=f'"{text}"'))
    found = read(tmp_path, path, profile=f"numbers: {{{numbers}}}")
    assert set(found.events) == {"r0"}
    [(_, [(column, value, reason)])] = found.rejected
    assert (column, value) == ("pages", text)
    assert said in REASONS[reason]["en"]


def test_what_the_profile_itself_writes_is_a_plain_number(tmp_path: Path) -> None:
    profile = 'numbers: {decimal: ",", thousands: "."}\n'
    path = csv_file(tmp_path, HEADER + row(pages="viele") + row(id="r2", pages='"2,5"'))
    found = read(tmp_path, path, profile=f"{profile}values: {{pages: {{viele: 1.5}}}}")
    assert {name: event["f_pages"] for name, event in found.events.items()} == {
        "r1": 1.5,
        "r2": 2.5,
    }
    path = csv_file(tmp_path, "id,type,at,unit\nr1,report,2025-06-30,s2\n")
    found = read(tmp_path, path, profile=f"{profile}constants: {{pages: 1.234}}")
    assert found.events["r1"]["f_pages"] == 1.234


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"pages": "two"}, ("pages", "two", "no_number")),
        ({"pages": "nan"}, ("pages", "nan", "no_number")),
        ({"pages": "1_000"}, ("pages", "1_000", "no_number")),
        ({"signed": "maybe"}, ("signed", "maybe", "no_boolean")),
        ({"sent": "soon"}, ("sent", "soon", "no_date")),
        ({"form": "writen"}, ("form", "writen", "unknown_word")),
        ({"unit": "s3"}, ("unit", "s3", "unknown_unit")),
        ({"target": "s3"}, ("target", "s3", "unknown_unit")),
        ({"person": "李四"}, ("person", "李四", "unknown_person")),
        ({"type": "reprot"}, ("type", "reprot", "unknown_type")),
        ({"type": ""}, ("type", None, "missing")),
        ({"at": ""}, ("at", None, "missing")),
        ({"id": ""}, ("id", None, "missing")),
    ],
)
def test_each_row_that_can_not_be_read_says_which_column_and_why(
    tmp_path: Path, values: dict[str, str], problem: tuple[str, str | None, str]
) -> None:
    path = csv_file(tmp_path, HEADER + row(id="r0") + row(**values))
    found = read(tmp_path, path)
    assert set(found.events) == {"r0"}
    assert found.rejected == [(2, [problem])]


def test_every_problem_of_a_row_is_named(tmp_path: Path) -> None:
    path = csv_file(tmp_path, HEADER + row(at="?", unit="s3", pages="x"))
    [(_, problems)] = read(tmp_path, path).rejected
    assert sorted(column for column, _, _ in problems) == ["at", "pages", "unit"]


def test_a_field_of_another_type_is_not_looked_at(tmp_path: Path) -> None:
    found = read(tmp_path, csv_file(tmp_path, HEADER + row(type="visit", form="?", signed="?")))
    assert found.rejected == []


def test_the_same_row_twice_counts_once_and_a_notice_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, csv_file(tmp_path, HEADER + row() + row() + row(id="r2")))
    assert set(found.events) == {"r1", "r2"}
    assert found.rejected == []
    assert found.notices["duplicates"].count == 1


def test_one_id_with_different_rows_sets_all_of_them_aside(tmp_path: Path) -> None:
    found = read(tmp_path, csv_file(tmp_path, HEADER + row() + row(pages="2") + row()))
    assert found.events == {}
    assert [number for number, _ in found.rejected] == [1, 2]
    assert {problem for _, [(*_, problem)] in found.rejected} == {"id_twice"}


def test_a_correction_replaces_and_a_withdrawal_takes_back(tmp_path: Path) -> None:
    text = row() + row(id="r2") + row(id="r3", replaces="r1") + ",,,,,,,r2,,,,,\n"
    text = text.replace(",,,,,,,r2", "w1,,,,,,,r2")
    found = read(tmp_path, csv_file(tmp_path, HEADER + text))
    assert set(found.events) == {"r1", "r2", "r3"}
    state = {name: (e["superseded"], e["superseded_by"]) for name, e in found.events.items()}
    assert state == {"r1": ("replaced", "r3"), "r2": ("withdrawn", "w1"), "r3": (None, None)}


def test_a_correction_of_nothing_stands_and_a_notice_names_it(tmp_path: Path) -> None:
    found = read(tmp_path, csv_file(tmp_path, HEADER + row(replaces="r9")))
    assert set(found.events) == {"r1"}
    assert "r9" in found.notices["dangling-corrections"].text["en"]


def test_unknown_columns_are_noticed(tmp_path: Path) -> None:
    found = read(tmp_path, csv_file(tmp_path, "id,type,at,unit,备注\nr1,report,2025-06-30,s2,x\n"))
    assert found.notices["unknown-columns"].count == 1
    assert "备注" in found.notices["unknown-columns"].text["zh"]


def test_types_that_the_policy_does_not_have_are_left_where_the_profile_says_so(
    tmp_path: Path,
) -> None:
    path = csv_file(tmp_path, HEADER + row() + row(id="r2", type="tea"))
    found = read(tmp_path, path, profile="unlisted_types: ignore")
    assert found.rejected == []
    assert found.notices["unlisted-types"].count == 1


def test_a_constant_stands_for_a_column_that_is_not_there(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "id,at\nr1,2025-06-30\n")
    found = read(tmp_path, path, profile="constants: {type: report, unit: s2}")
    assert (found.events["r1"]["type"], found.events["r1"]["unit"]) == ("report", "s2")


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        ("columns: {unti: 单位}", "profile.yaml:2:11: unknown column `unti`; did you mean `unit`?"),
        ("columns: {unit: 单位, target: 单位}", "the column `单位` is already read as `unit`"),
        ("values: {type: {汇报: reprot}}", "`reprot` is no word of `type`; did you mean `report`?"),
        ("values: {form: {书面: writen}}", "`writen` is no word of `form`"),
        ("encoding: gb18031", "`gb18031` is no text encoding"),
        ("encoding: base64", "`base64` is no text encoding"),
        ("dates: [ISO]", "`ISO` is no date pattern"),
        ('dates: ["%Q"]', "`%Q` is no date pattern"),
        ('dates: ["%d.%m."]', "`%d.%m.` says no year;"),
        ('dates: ["%Y-%m %H:%M"]', "says no day;"),
        ('dates: ["%H:%M"]', "says no year and no month and no day;"),
        ('dates: ["%j"]', "says no year;"),
        ('delimiter: ";;"', "`delimiter` is one character"),
        ("constants: {type: reprot}", "`reprot` is no word of `type`"),
        ("columns: {unit: 单位}\nconstants: {unit: s2}", "also under `columns`"),
        ('numbers: {decimal: "·"}', 'profile.yaml:2:20: `decimal` is "." or ","'),
        ('numbers: {thousands: "_"}', "profile.yaml:2:22: `thousands` is one of"),
        ('numbers: {thousands: ".."}', "profile.yaml:2:22: `thousands` is one of"),
        ('numbers: {thousands: "."}', 'both "."; if that stands between groups of three'),
        ('numbers: {decimal: ",", thousands: ","}', 'say `decimal: "."`'),
        ("numbers: {decimals: 2}", "unknown key `decimals`; did you mean `decimal`?"),
        ("unlisted_types: skip", "`skip` is not a word that fits here"),
        ("colums: {}", "unknown key `colums`; did you mean `columns`?"),
        ("columns: {unit: 单位}", "the column `单位` (for `unit`) is missing"),
    ],
)  # fmt: skip
def test_a_profile_that_does_not_fit_says_where(tmp_path: Path, profile: str, said: str) -> None:
    path = csv_file(tmp_path, HEADER + row())
    with pytest.raises(InvalidInputError) as caught:
        read(tmp_path, path, profile=profile)
    assert said in str(caught.value)
