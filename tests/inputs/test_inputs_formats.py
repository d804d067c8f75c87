"""Event exports as offices write them: encodings, formats, and files that are something else."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from inputs_world import csv_file, read
from openpyxl import Workbook

from policyeval.errors import InvalidInputError

LINES = "id,type,at,unit,form,topics\nr1,report,2025-06-30,宣传股,written,安全、廉政\n"
CHINESE = """\
columns: {id: 编号, type: 类别, at: 日期, unit: 单位, form: 形式, topics: 主题}
values: {type: {专题汇报: report}, form: {书面: written, 口头: oral}, topics: {安全: safety}}
"""
CHINESE_LINES = "编号,类别,日期,单位,形式,主题\n甲1,专题汇报,2025年6月30日,宣传股,书面,安全；廉政\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_in_utf_8_with_and_without_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    found = read(tmp_path, csv_file(tmp_path, LINES, encoding))
    assert found.events["r1"]["unit"] == "宣传股"
    assert found.events["r1"]["f_topics"] == ["安全", "廉政"]
    assert found.events["r1"]["day"] == date(2025, 6, 30)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-16", "utf-32", "big5"])
def test_csv_in_another_encoding_with_chinese_headers(tmp_path: Path, encoding: str) -> None:
    lines = CHINESE_LINES if encoding != "big5" else CHINESE_LINES.replace("专", "專")
    profile = CHINESE if encoding != "big5" else CHINESE.replace("专", "專")
    try:
        path = csv_file(tmp_path, lines, encoding)
    except UnicodeEncodeError:
        pytest.skip("this encoding lacks a character of the example")
    found = read(tmp_path, path, profile=f"encoding: {encoding}\n{profile}")
    assert found.rejected == []
    assert found.events["甲1"]["type"] == "report"
    assert found.events["甲1"]["f_form"] == "written"
    assert found.events["甲1"]["f_topics"] == ["safety", "廉政"]


def test_a_gb18030_file_that_is_read_as_utf_8_is_refused_with_advice(tmp_path: Path) -> None:
    path = csv_file(tmp_path, CHINESE_LINES, "gb18030")
    with pytest.raises(InvalidInputError, match="encoding: gb18030"):
        read(tmp_path, path, profile=CHINESE)


def test_so_is_one_whose_header_alone_is_ascii(tmp_path: Path) -> None:
    path = csv_file(tmp_path, LINES, "gb18030")
    with pytest.raises(InvalidInputError, match="encoding: gb18030"):
        read(tmp_path, path)


@pytest.mark.parametrize(
    ("written", "named", "fitting"),
    [("utf-8-sig", "gb18030", "utf-8"), ("utf-16", "utf-8", "utf-16")],
)
def test_a_byte_order_mark_says_which_encoding_fits(
    tmp_path: Path, written: str, named: str, fitting: str
) -> None:
    path = csv_file(tmp_path, LINES, written)
    with pytest.raises(InvalidInputError, match=f"is not {named}; .*: `encoding: {fitting}`$"):
        read(tmp_path, path, profile=f"encoding: {named}")


@pytest.mark.parametrize("lines", [LINES.replace(",", ";"), f"sep=,\n{LINES}", f"All\n{LINES}"])
def test_a_file_whose_first_line_names_no_columns_is_told_so_once(
    tmp_path: Path, lines: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read(tmp_path, csv_file(tmp_path, lines))
    [problem] = caught.value.problems
    assert "names none of the columns `id`, `type`, `at`" in problem.message
    assert '`delimiter: ";"`' in problem.message


def test_a_row_that_can_not_be_decoded_is_set_aside_and_the_others_are_read(tmp_path: Path) -> None:
    path = csv_file(tmp_path, LINES + "r2,report,2025-07-01,s2,oral,x\n")
    path.write_bytes(path.read_bytes() + b"r3,report,2025-07-02,\xff\xfe,oral,x\n")
    found = read(tmp_path, path)
    assert set(found.events) == {"r1", "r2"}
    assert found.rejected == [(3, [("", None, "encoding")])]


def test_rows_with_too_many_or_too_few_values_are_set_aside(tmp_path: Path) -> None:
    text = (
        LINES
        + "r2,report,2025-07-01,s2\n"
        + "r3,report,2025-07-02,s2,oral,a,b,c\n"
        + "r4,report,2025-07-03,s2,oral,\n"
    )
    found = read(tmp_path, csv_file(tmp_path, text))
    assert set(found.events) == {"r1", "r4"}
    assert found.rejected == [(2, [("", None, "row_shape")]), (3, [("", None, "row_shape")])]
    assert found.rows == 4


def test_a_quoted_value_may_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    text = 'id,type,at,unit,form,topics\nr1,report,2025-06-30,s2,,"a ""b"", c\nd"\n'
    found = read(tmp_path, csv_file(tmp_path, text))
    assert found.events["r1"]["f_topics"] == ['a "b"', "c\nd"]


@pytest.mark.parametrize("end", ["", '"', 'r4" x'])
def test_a_quote_that_is_not_closed_swallows_no_other_row(tmp_path: Path, end: str) -> None:
    rows = ['r2,report,2025-07-01,s2,,"a', "r3,report,2025-07-02,s2,,b"]
    rows += ['r4,report,2025-07-03,s2,,"c, ""d"""', f'r5,report,2025-07-04,s2,,"{end}']
    found = read(tmp_path, csv_file(tmp_path, LINES + "\n".join(rows)))
    assert set(found.events) == {"r1", "r3", "r4"} | ({"r5"} if end == '"' else set())
    assert found.events["r4"]["f_topics"] == ["c", '"d"']
    assert found.rejected[0] == (2, [("", None, "open_quote")])
    assert found.rows == 5


def test_a_header_whose_quote_is_not_closed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="is a quote in it not closed"):
        read(tmp_path, csv_file(tmp_path, LINES.replace("topics\n", '"topics\n')))


def test_another_delimiter(tmp_path: Path) -> None:
    path = csv_file(tmp_path, LINES.replace(",", ";"))
    assert set(read(tmp_path, path, profile='delimiter: ";"').events) == {"r1"}


NUMBERS = 'numbers: {decimal: ",", thousands: "."}'


def test_a_cp1252_file_with_numbers_as_excel_writes_them(tmp_path: Path) -> None:
    text = "Nr;Art;Datum;Stelle;Seiten\n"
    text += "1;Bericht;30.06.2025;Büro;1\u00a0234,5\n2;Bericht;01.07.2025;Büro;1\u00a023,5\n"
    profile = (
        'encoding: cp1252\ndelimiter: ";"\ndates: ["%d.%m.%Y"]\n'
        "columns: {id: Nr, type: Art, at: Datum, unit: Stelle, pages: Seiten}\n"
        "values: {type: {Bericht: report}, unit: {Büro: s2}}\n"
        'numbers: {decimal: ",", thousands: "\\u00a0"}'
    )
    found = read(tmp_path, csv_file(tmp_path, text, "cp1252"), profile=profile)
    assert found.events["1"]["f_pages"] == 1234.5
    assert found.rejected == [
        (2, [("pages", "1\u00a023,5", "no_number_comma_no_break_space")]),
    ]


def test_a_gb18030_file_with_thousands(tmp_path: Path) -> None:
    lines = '编号,类别,日期,单位,页数\n甲1,专题汇报,2025年6月30日,宣传股,"1,234.5"\n'
    profile = CHINESE.replace("form: 形式, topics: 主题", "pages: 页数")
    profile = f'encoding: gb18030\nnumbers: {{thousands: ","}}\n{profile}'
    found = read(tmp_path, csv_file(tmp_path, lines, "gb18030"), profile=profile)
    assert found.rejected == []
    assert found.events["甲1"]["f_pages"] == 1234.5


def test_a_row_that_python_reads_has_numbers_by_the_profile_too(tmp_path: Path) -> None:
    text = "id;type;at;unit;pages\nr1;report;2025-06-30;s2;1.234\nr2;report\n"
    found = read(tmp_path, csv_file(tmp_path, text), profile=f'delimiter: ";"\n{NUMBERS}')
    assert found.events["r1"]["f_pages"] == 1234.0
    assert found.rejected == [(2, [("", None, "row_shape")])]


@pytest.mark.parametrize("number", [1e300, -1e300, 1e15 + 1, float("inf")])
def test_a_true_number_that_is_too_large_is_set_aside_as_a_text_is(
    tmp_path: Path, number: float
) -> None:
    row = {"id": "r1", "type": "report", "at": "2025-06-30", "unit": "s2", "pages": number}
    largest = row | {"id": "r2", "pages": 1e15}
    path = tmp_path / "events.parquet"
    pq.write_table(pa.Table.from_pylist([row, largest]), path)
    found = read(tmp_path, path)
    assert [reason for _, ((_, _, reason),) in found.rejected] == ["number_too_large"]
    assert found.events["r2"]["f_pages"] == 1e15


def test_a_number_of_jsonl_stands_as_it_is_and_a_text_is_read_by_the_profile(
    tmp_path: Path,
) -> None:
    pages = {"r1": 1.234, "r2": "1.234", "r3": 12, "r4": "1.234,5", "r5": 1e-300, "r6": None}
    every = {"type": "report", "at": "2025-06-30", "unit": "s2"}
    path = tmp_path / "events.jsonl"
    rows = [every | {"id": name, "pages": value} for name, value in pages.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    found = read(tmp_path, path, profile=NUMBERS)
    assert {name: event["f_pages"] for name, event in found.events.items()} == {
        "r1": 1.234, "r2": 1234.0, "r3": 12.0, "r4": 1234.5, "r5": 1e-300, "r6": None,
    }  # fmt: skip
    bad = every | {"id": "r7", "pages": "1.5"}
    path.write_text(json.dumps(bad) + "\n")
    found = read(tmp_path, path, profile=NUMBERS)
    assert found.rejected == [(1, [("pages", "1.5", "no_number_comma_point")])]


def test_parquet_numbers_stand_as_they_are_and_its_texts_are_read_by_the_profile(
    tmp_path: Path,
) -> None:
    every = {"id": ["r1"], "type": ["report"], "at": ["2025-06-30"], "unit": ["s2"]}
    for pages, value in ((1.234, 1.234), ("1.234", 1234.0), ("1.234,5", 1234.5)):
        path = tmp_path / "events.parquet"
        pq.write_table(pa.table(every | {"pages": [pages]}), path)
        found = read(tmp_path, path, profile=NUMBERS)
        assert found.events["r1"]["f_pages"] == value


def test_blanks_around_words_and_empty_rows_do_not_matter(tmp_path: Path) -> None:
    text = "id , type,at,unit,form,topics\n"
    text += " r1 ,report ,\u30002025-06-30, s2 ,written, a 、 、b\n,,,,,\n\n"
    found = read(tmp_path, csv_file(tmp_path, text))
    assert found.events["r1"]["unit"] == "s2"
    assert found.events["r1"]["f_topics"] == ["a", "b"]
    assert found.rejected == []


BLANK = "\u00a0 ,\u3000,,\t,,\n"


@pytest.mark.parametrize("misshapen", ["", "r3,report\n", "   \n", " , \n", "  ,,,,,,,\n"])
def test_a_row_of_blanks_only_is_no_row(tmp_path: Path, misshapen: str) -> None:
    text = LINES + BLANK + misshapen + "r2,report,2025-07-01,s2,,\n"
    found = read(tmp_path, csv_file(tmp_path, text))
    assert set(found.events) == {"r1", "r2"}
    bad = [(3, [("", None, "row_shape")])] if "r3" in misshapen else []
    assert found.rejected == bad
    assert found.rows == 2 + len(bad)


def test_nor_is_one_of_jsonl(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    good = '{"id": "r1", "type": "report", "at": "2025-06-30", "unit": "s2"}'
    path.write_text(f'{good}\n{{"id": " ", "form": null}}\n{{}}\n\u00a0\n', encoding="utf-8")
    found = read(tmp_path, path)
    assert (set(found.events), found.rejected, found.rows) == ({"r1"}, [], 1)


def test_jsonl_has_lists_numbers_and_truth_values_of_its_own(tmp_path: Path) -> None:
    rows = [
        {"id": "r1", "type": "report", "at": "2025-06-30T09:00:00+08:00", "unit": "s2"}
        | {"topics": ["a、b", "c"], "pages": 3, "signed": True, "sent": "2025-07-01"},
        {"id": 2, "type": "report", "at": "2025-06-30", "unit": "s2", "pages": "4.5", "form": None},
    ]
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    found = read(tmp_path, path)
    first = found.events["r1"]
    assert (first["f_topics"], first["f_pages"], first["f_signed"]) == (["a、b", "c"], 3.0, True)
    assert first["first"] == first["last"] == datetime(2025, 6, 30, 1)
    assert first["f_sent"] == date(2025, 7, 1)
    assert found.events["2"]["f_pages"] == 4.5


def test_a_line_that_is_no_object_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    good = '{"id": "r1", "type": "report", "at": "2025-06-30", "unit": "s2"}'
    path.write_text(f'{good}\n{{"id": "r2", \n[1]\n\n')
    found = read(tmp_path, path)
    assert set(found.events) == {"r1"}
    assert found.rejected == [(2, [("", None, "no_object")]), (3, [("", None, "no_object")])]


def test_parquet_keeps_its_own_types(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    table = pa.table(
        {
            "id": ["r1", "r2"],
            "type": pa.array(["report", "report"]).dictionary_encode(),
            "at": pa.array(
                [datetime(2025, 6, 30, 1, tzinfo=UTC)] * 2, pa.timestamp("us", tz="UTC")
            ),
            "unit": ["s2", "s2"],
            "topics": [["a"], []],
            "pages": pa.array([3, None], pa.int16()),
            "signed": [True, False],
            "sent": pa.array([date(2025, 7, 1), None]),
        }
    )
    pq.write_table(table, path)
    found = read(tmp_path, path)
    assert found.events["r1"]["day"] == date(2025, 6, 30)
    assert found.events["r1"]["f_topics"] == ["a"]
    assert found.events["r2"]["f_topics"] is None
    assert found.events["r2"]["f_signed"] is False
    assert found.events["r1"]["f_sent"] == date(2025, 7, 1)


def test_parquet_with_dates_as_text(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    pq.write_table(
        pa.table(
            {
                "id": ["r1", "r2"],
                "type": ["report"] * 2,
                "at": ["2025-06-30", "?"],
                "unit": ["s2"] * 2,
            }
        ),
        path,
    )
    found = read(tmp_path, path)
    assert set(found.events) == {"r1"}
    assert found.rejected == [(2, [("at", "?", "no_date")])]


def sheet(path: Path, rows: list[list[object]], title: str = "台账") -> Path:
    book = Workbook()
    book.active.title = "说明"
    page = book.create_sheet(title)
    for row in rows:
        page.append(row)
    book.save(path)
    return path


def test_xlsx_reads_the_named_sheet_its_dates_and_its_numbers(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [],
        ["id", "type", "at", "unit", "pages", "signed", "topics"],
        ["r1", "report", datetime(2025, 6, 30), "s2", 3, True, "a；b"],
        [None, None, None],
        [4.0, "report", datetime(2025, 6, 30, 9, 30), "s2", 2.5, "否", None],
        ["r5", "report", 45838, "s2", None, None, None],
    ]
    path = sheet(tmp_path / "events.xlsx", rows)
    found = read(tmp_path, path, profile="sheet: 台账\ndates: [iso, excel]")
    assert found.rejected == []
    assert found.events["r1"]["day"] == date(2025, 6, 30)
    assert found.events["r1"]["first"] < found.events["r1"]["last"]
    assert found.events["4"]["first"] == found.events["4"]["last"] == datetime(2025, 6, 30, 1, 30)
    assert found.events["4"]["f_signed"] is False
    assert found.events["r5"]["day"] == date(2025, 6, 30)


def test_a_row_of_xlsx_with_blanks_only_is_none_and_blanks_beside_the_table_do_not_matter(
    tmp_path: Path,
) -> None:
    rows: list[list[object]] = [["id", "type", "at", "unit"]]
    rows += [["r1", "report", "2025-06-30", "s2", " "], [" ", "\u00a0", None, "\u3000"]]
    rows += [["r2", "report", "2025-06-31", "s2"]]
    found = read(tmp_path, sheet(tmp_path / "events.xlsx", rows), profile="sheet: 台账")
    assert set(found.events) == {"r1"}
    assert found.rejected == [(3, [("at", "2025-06-31", "no_date")])]
    assert found.rows == 2


def test_a_number_of_xlsx_stands_as_it_is_and_a_text_is_read_by_the_profile(
    tmp_path: Path,
) -> None:
    cells: list[object] = [1.234, "1.234", 12, " 1.234,5 ", 1e-300, True]
    rows: list[list[object]] = [["id", "type", "at", "unit", "pages"]]
    rows += [[n, "report", "2025-06-30", "s2", cell] for n, cell in enumerate(cells)]
    path = sheet(tmp_path / "events.xlsx", rows)
    found = read(tmp_path, path, profile=f"sheet: 台账\n{NUMBERS}")
    assert {name: event["f_pages"] for name, event in found.events.items()} == {
        "0": 1.234, "1": 1234.0, "2": 12.0, "3": 1234.5, "4": 1e-300,
    }  # fmt: skip
    assert found.rejected == [(6, [("pages", "true", "no_number_comma_point")])]


def test_an_unknown_sheet_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = sheet(tmp_path / "events.xlsx", [["id"]], title="year")
    with pytest.raises(InvalidInputError, match="no sheet `yaer`; did you mean `year`"):
        read(tmp_path, path, profile="sheet: yaer")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("events.csv", b"", "the file is empty"),
        ("events.csv", b"id,type,at,unit,unit\n", "names `unit` more than once"),
        ("events.csv", b"id,typ,at,unit\n", "the column `type` is missing, every event needs it"),
        (
            "events.csv",
            b"id,type,at\n",
            "the column `unit` is missing, the duty `reports` needs it",
        ),
        ("events.parquet", b"no", "can't be read as Parquet"),
        ("events.xlsx", b"no", "no Excel workbook"),
        ("events.xls", b"no", r"by its ending `.xls`; did you mean `.xlsx`"),
    ],
)
def test_a_file_that_can_not_be_used_says_why(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InvalidInputError, match=said):
        read(tmp_path, path)


def test_every_file_that_can_not_be_used_is_named_at_once(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.txt"
    two.write_text("x")
    with pytest.raises(InvalidInputError) as caught:
        read(tmp_path, one, two)
    assert len(caught.value.problems) == 2


def test_a_file_name_is_no_pattern(tmp_path: Path) -> None:
    csv_file(tmp_path, LINES.replace("r1", "other"), name="eventsa.csv")
    path = csv_file(tmp_path, LINES, name="events[a].csv")
    assert set(read(tmp_path, path).events) == {"r1"}


def test_several_files_are_one_export(tmp_path: Path) -> None:
    one = csv_file(tmp_path, LINES)
    two = tmp_path / "more.jsonl"
    two.write_text('{"id": "r2", "type": "visit", "at": "2025-03-01", "replaces": "r1"}\n')
    found = read(tmp_path, one, two)
    assert found.events["r1"]["superseded"] == "replaced"
    assert found.events["r1"]["superseded_by"] == "r2"


def test_the_same_file_twice_is_refused(tmp_path: Path) -> None:
    path = csv_file(tmp_path, LINES)
    with pytest.raises(InvalidInputError, match="named twice"):
        read(tmp_path, path, path)
