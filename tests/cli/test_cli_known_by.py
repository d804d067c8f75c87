"""`policyeval evaluate --known-by`: the findings as they stood on a day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from cli_world import World, make_world, run

from policyeval import evaluate

HEAD = "id,type,at,unit,form,case_no,replaces,withdraws,recorded_at"
ROWS = (
    ("2025-03-02", "r1,report,2025-03-01,s1,oral,,,,2025-03-02"),
    ("2025-05-01", "q1,request,2025-05-01,s1,,c1,,,"),
    ("2025-05-10", "a1,answer,2025-05-03,s1,,c1,,,2025-05-10"),
    ("2025-06-01", "r2,report,2025-03-01,s1,written,,r1,,2025-06-01"),
    ("2025-07-01", "w1,,,,,,,a1,2025-07-01"),
    ("2025-08-01", "a2,answer,2025-05-32,s1,,c1,,,2025-08-01"),
    ("2025-09-01", "q2,request,2025-09-01,s1,,c2,,,"),
)
"""The day by whose end each row was known, and the row."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("known-by"))


def export(world: World, name: str, by: str = "9999-12-31") -> Path:
    """An export of what had been recorded by a day."""
    rows = [line for day, line in ROWS if day <= by]
    return world.put(f"{name}.csv", "".join(f"{line}\n" for line in (HEAD, *rows)))


def report(world: World, events: Path, *more: str) -> dict:
    done = run(world.args(events, "--format", "json", "--quiet", *more))
    assert (done.exit_code, done.stderr) == (0, "")
    return json.loads((world.out / "report.json").read_text(encoding="utf-8"))


def verdicts(found: dict) -> dict[str, str]:
    return {
        each["duty"] if each["trigger"] is None else each["trigger"]["event"]: each["verdict"]
        for each in found["findings"]
    }


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("2025-02-28", {"yearly-report": "unmet"}),
        ("2025-05-09", {"yearly-report": "unmet", "q1": "unmet"}),
        ("2025-05-10", {"yearly-report": "unmet", "q1": "met"}),
        ("2025-06-01", {"yearly-report": "met", "q1": "met"}),
        ("2025-07-01", {"yearly-report": "met", "q1": "unmet"}),
        ("2025-08-01", {"yearly-report": "met", "q1": "undetermined"}),
        ("2025-09-01", {"yearly-report": "met", "q1": "undetermined", "q2": "unmet"}),
    ],
)
def test_the_verdicts_are_those_of_what_was_known(
    world: World, by: str, expected: dict[str, str]
) -> None:
    assert verdicts(report(world, export(world, "all"), "--known-by", by)) == expected


@pytest.mark.parametrize("by", sorted({day for day, _ in ROWS}))
def test_a_run_known_by_a_day_finds_what_the_export_of_that_day_gave(world: World, by: str) -> None:
    replayed = report(world, export(world, "all"), "--known-by", by)
    then = report(world, export(world, "cut", by))
    assert replayed["findings"] == then["findings"]
    for found in (replayed, then):
        for each in found["rejected_rows"]:
            del each["file"]
    assert replayed["rejected_rows"] == then["rejected_rows"]
    assert replayed["events"] == then["events"]


def test_the_report_says_by_when_and_how_much_was_left_out(world: World) -> None:
    found = report(world, export(world, "all"), "--known-by", "2025-06-01")
    assert found["known_by"] == "2025-06-01"
    [notice] = [each for each in found["notices"] if each["code"] == "known-by"]
    assert notice["count"] == 3
    assert set(notice["text"]) == {"zh", "en"}


def test_without_the_option_it_says_nothing(world: World) -> None:
    found = report(world, export(world, "all"))
    assert found["known_by"] is None
    assert "known-by" not in {each["code"] for each in found["notices"]}
    shown = run(world.args(export(world, "all"), "--format", "html", "--lang", "en"))
    assert "Known by" not in shown.stdout
    assert "Known by" not in (world.out / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lang", "fact", "notice"),
    [
        ("en", ("Known by", "1 June 2025"), "recorded after 2025-06-01"),
        ("zh", ("登记截至", "2025年6月1日"), "2025-06-01 之后登记"),
    ],
)
def test_terminal_and_page_show_both(
    world: World, lang: str, fact: tuple[str, str], notice: str
) -> None:
    more = ("--format", "html", "--lang", lang, "--known-by", "2025-06-01")
    shown = run(world.args(export(world, "all"), *more))
    page = (world.out / "report.html").read_text(encoding="utf-8")
    assert shown.exit_code == 0
    assert " ".join(fact) in " ".join(shown.stdout.split())
    assert notice in " ".join(shown.stdout.split())
    assert f'<dt>{fact[0]}</dt><dd><time datetime="2025-06-01">{fact[1]}</time>' in page
    assert notice in page


def test_no_day_is_refused(world: World) -> None:
    done = run(world.args("met", "--known-by", "1.6.2025"))
    assert done.exit_code == 2
    assert "1.6.2025 is no day such as 2025-12-31" in done.stderr


def test_the_python_function_takes_it_too(world: World) -> None:
    with evaluate(
        world.folder / "policy",
        organisation=world.folder / "organisation.yaml",
        events=[export(world, "all")],
        as_of=date(2025, 12, 31),
        known_by=date(2025, 5, 9),
    ) as evaluation:
        assert evaluation.header.known_by == date(2025, 5, 9)
        assert evaluation.counts.unmet == 2
