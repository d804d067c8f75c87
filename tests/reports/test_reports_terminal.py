"""The summary on a terminal: at 80 columns no row of a table is broken or squeezed."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from reports_bureau import bureau
from reports_hostile import TEXTS, hostile
from reports_wide import wide
from reports_world import World, both, finding, large
from rich.cells import cell_len
from rich.console import Console

from policyeval.findings.models import Counts, Verdict
from policyeval.reports.terminal import print_summary


def printed(world: World, lang: str, width: int = 80, colour: bool = False, **more) -> list[str]:
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    print_summary(world, console, lang, **more)
    return [line.rstrip() for line in stream.getvalue().split("\n")]


def busy() -> World:
    """Thirty duties with long titles, and units with long names and large numbers."""
    verdicts = list(Verdict)
    units = {
        f"u{n}": both(f"第{n}公路养护与应急保障中心" * 2, f"Highway upkeep and rescue centre {n}")
        for n in range(12)
    }
    every = [
        finding(
            number,
            verdicts[number % 7],
            f"duty-{number % 30}",
            f"u{number % 12}",
            title=both(
                "对所属单位开展专项督查检查", "A special inspection of each of its own units"
            ),
        )
        for number in range(360)
    ]
    return World(every, titles=units)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 100, 60])
@pytest.mark.parametrize("world", [bureau, busy, wide])
def test_no_line_is_wider_than_the_terminal(world, width: int, lang: str) -> None:
    assert [line for line in printed(world(), lang, width) if cell_len(line) > width] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("world", [bureau, busy, wide])
def test_each_unit_has_one_row_with_all_its_numbers(world, lang: str) -> None:
    lines = printed(world(), lang)
    start = next(n for n, line in enumerate(lines) if set(line) == {"─"}) + 1
    units = world().header.units
    rows = lines[start : start + len(units)]
    for unit, row in zip(units, rows, strict=True):
        assert row.startswith(unit.title[lang][:8])
        numbers = re.findall(r"(?<= )(\d+|·)(?= |$)", row)[:7]
        given = [getattr(unit.counts, verdict) for verdict in Verdict]
        assert numbers[-7:] == [str(n) if n else "·" for n in given]
    assert lines[start + len(units)] == ""


@pytest.mark.parametrize(
    ("lang", "heading"), [("zh", "单位与事项一览"), ("en", "Units and duties")]
)
def test_the_map_has_a_letter_under_each_number(lang: str, heading: str) -> None:
    lines = printed(busy(), lang)
    tens, ones, *rows = lines[lines.index(heading) + 1 :][: 2 + len(busy().header.units)]
    columns = [at for at, digit in enumerate(ones) if digit != " "]
    assert columns == list(range(24, 24 + 2 * 28, 2))  # as many of the thirty as there is room for
    assert tens[columns[9]] == "1"
    for row in rows:
        at = [each for char in row for each in (char, "")[: cell_len(char)]]
        assert {at[column] for column in columns if column < len(at)} <= set(
            "U?RLPWM·未疑审逾期免履"
        )


@pytest.mark.parametrize("number", [9_999, 99_999, 123_456])
def test_large_numbers_take_the_room_of_names_and_are_never_cut(number: int) -> None:
    world, many = bureau(), Counts(**dict.fromkeys(Verdict, number))
    units = tuple(each.model_copy(update={"counts": many}) for each in world.header.units)
    people = tuple(each.model_copy(update={"counts": many}) for each in world.header.people)
    lines = printed(world.but(units=units, people=people), "en")
    rows = [line for line in lines if line.count(f" {number:,}") == 7]
    assert len(rows) == len(units) + len(people)
    assert [line for line in lines if cell_len(line) > 80] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_verdict_and_its_number_stay_on_one_line(lang: str) -> None:
    world = bureau()
    said = {"zh": ("履 已履行 4", "未 未履行 4"), "en": ("M met 4", "U unmet 4")}[lang]
    for each in said:
        assert any(each in line for line in printed(world, lang))


def test_a_path_is_never_broken() -> None:
    path = Path("/reports") / "/".join(["a-long-folder-name"] * 8) / "report.html"
    assert f"  {path}" in printed(bureau(), "en", written=[path])


@pytest.mark.parametrize("harm", TEXTS.values(), ids=TEXTS)
def test_no_text_from_the_data_steers_the_terminal(harm: str) -> None:
    lines = printed(hostile(harm), "en")
    text = "\n".join(lines)
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text
    )
    assert [line for line in lines if cell_len(line) > 80] == []


def test_markup_in_the_data_is_shown_as_it_is() -> None:
    world = bureau().but(title=both("[red]x[/red] :smile:", "[red]x[/red] :smile:"))
    assert printed(world, "en", colour=True)[0].endswith("[red]x[/red] :smile:\x1b[0m")


def test_only_the_first_units_are_listed_and_the_rest_counted() -> None:
    lines = printed(large(units=30, duties=1, evidence=0), "en")
    assert "10 more units are left out." in lines
