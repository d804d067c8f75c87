"""Decimals, open deadlines, decisions, targets and versions, in all formats at once."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest
from cli_world import World, make_world, run

POLICY = """\
policy: wide
version: "1"
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
unit_kinds: {section: {title: {zh: 股室, en: Section}}}
posts: {head: {title: {zh: 负责人, en: Head}}}
event_types:
  training: {fields: {hours: number}}
  drill: {fields: {shift: {one_of: [day, night]}}}
  request: {fields: {case_no: text}}
  meeting: {fields: {case_no: text}}
  withdrawal: {fields: {case_no: text}}
  measure: {fields: {case_no: text}}
  decision: {fields: {case_no: text, outcome: {one_of: [accepted, refused]}}}
duties:
  trained:
    clause: "1"
    bearer: {unit: section}
    when: {per: year}
    of_each: {post: head}
    evidence: {event: training}
    requires: {sum: hours, at_least: 7.5}
    severity: minor
  drilled:
    clause: "2"
    bearer: {unit: section}
    when: {per: half_year}
    of_each: {value: [day, night]}
    evidence: {event: drill, target: shift}
    versions: [{from: 2025-07-01, severity: major, assumed: [severity]}]
  heard:
    clause: "3"
    bearer: {unit: section}
    when: {after: {event: request}}
    within: {until: {event: meeting}}
    evidence: {event: meeting, matching: case_no}
    unless: {event: withdrawal, matching: case_no}
  measured:
    clause: "4"
    bearer: {unit: section}
    when: {after: {event: request}}
    within: 30 days
    evidence: {event: measure, matching: case_no}
    review:
      asks: {zh: 措施是否适当？, en: Were the measures appropriate?}
      decision: {event: decision, matching: case_no, must: {outcome: accepted}}
"""
EVENTS = """\
id,type,at,unit,person,hours,shift,case_no,outcome
t1,training,2025-03-01,s1,p1,2.25,,,
t2,training,2025-04-01,s1,p1,4,,,
d1,drill,2025-03-01,s1,,,day,,
d2,drill,2025-08-01,s1,,,night,,
q1,request,2025-11-01,s1,,,,c1,
q2,request,2025-11-01,s1,,,,c2,
q3,request,2025-11-01,s1,,,,c3,
w3,withdrawal,2025-11-02,s1,,,,c3,
m1,measure,2025-11-05,s1,,,,c1,
m2,measure,2025-11-05,s1,,,,c2,
m3,measure,2025-11-05,s1,,,,c3,
j1,decision,2025-11-20,s1,,,,c1,accepted
j3,decision,2025-11-20,s1,,,,c3,refused
"""
FORMATS = ("json", "csv", "html", "parquet", "evidence-parquet", "duckdb")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The reports of the plan's year."""
    world = make_world(tmp_path_factory.mktemp("wide"))
    world.put("policy/policy.yaml", POLICY)
    formats = [word for name in FORMATS for word in ("--format", name)]
    result = run(world.args(world.put("wide.csv", EVENTS), *formats, "--lang", "en"))
    assert (result.exit_code, result.stderr) == (0, "")
    world.put("shown.txt", result.stdout)
    return world


@pytest.fixture(scope="module")
def report(world: World) -> list[dict]:
    return json.loads((world.out / "report.json").read_text(encoding="utf-8"))["findings"]


def rows(world: World, columns: str, where: str = "true") -> list[tuple]:
    with duckdb.connect() as connection:
        file = world.out / "findings.parquet"
        return connection.execute(f"SELECT {columns} FROM '{file}' WHERE {where}").fetchall()


def test_the_terminal_counts_what_needs_review(world: World) -> None:
    assert "R needs review 1" in (world.folder / "shown.txt").read_text(encoding="utf-8")


def test_a_sum_with_decimals_is_the_same_everywhere(world: World, report: list[dict]) -> None:
    columns = "required, counted, late, parts[1].at_least, parts[1].counted, parts[1].at_most"
    assert rows(world, columns, "duty = 'trained'") == [(7.5, 6.25, 0.0, 7.5, 6.25, None)]
    assert rows(world, "typeof(required), typeof(parts[1].late), typeof(defective)")[0] == (
        *("DOUBLE", "DOUBLE", "BIGINT"),
    )
    [finding] = [each for each in report if each["duty"] == "trained"]
    assert (finding["required"], finding["counted"], finding["late"]) == (7.5, 6.25, 0)
    assert finding["target"] == {
        "kind": "person",
        "id": "p1",
        "title": {"zh": "张三", "en": "张三"},
    }


@pytest.mark.parametrize(
    ("asked", "shown"), [("more_than: 2.5", (2.5, 2.5, None)), ("less_than: 9", (0, None, 9))]
)
def test_more_or_less_than_a_decimal_is_that_decimal_everywhere(
    tmp_path: Path, asked: str, shown: tuple
) -> None:
    world = make_world(tmp_path)
    world.put("policy/policy.yaml", POLICY.replace("at_least: 7.5", asked))
    formats = ("--format", "json", "--format", "parquet")
    done = run(world.args(world.put("wide.csv", EVENTS), *formats))
    assert (done.exit_code, done.stderr) == (0, "")
    columns = "required, parts[1].at_least, parts[1].at_most"
    assert rows(world, columns, "duty = 'trained'") == [shown]
    report = json.loads((world.out / "report.json").read_text(encoding="utf-8"))["findings"]
    [finding] = [each for each in report if each["duty"] == "trained"]
    [part] = finding["parts"]
    assert (finding["required"], part["at_least"], part["at_most"]) == shown


def test_a_word_is_a_target(world: World, report: list[dict]) -> None:
    found = rows(world, "target, verdict", "duty = 'drilled' ORDER BY first_day, target")
    assert found == [("day", "met"), ("night", "unmet"), ("day", "unmet"), ("night", "met")]
    kinds = {each["target"]["kind"] for each in report if each["duty"] == "drilled"}
    assert kinds == {"value"}


def test_each_version_has_what_it_says(world: World, report: list[dict]) -> None:
    found = rows(world, "first_day::VARCHAR, severity, assumed", "target = 'day' ORDER BY 1")
    assert found == [("2025-01-01", "minor", []), ("2025-07-01", "major", ["severity"])]
    said = [(each["period"]["first"], each["severity"]) for each in report if each["target"]]
    assert ("2025-07-01", "major") in said
    whole = json.loads((world.out / "report.json").read_text(encoding="utf-8"))
    assert [each["keys"] for each in whole["assumptions"]] == [["severity"]]


def test_a_deadline_that_is_not_known_yet_is_null(world: World, report: list[dict]) -> None:
    found = rows(world, "verdict, due, closes, year", "duty = 'heard' ORDER BY 1")
    assert found == [("pending", *[None] * 3)] * 2 + [("waived", *[None] * 3)]
    heard = [each for each in report if each["duty"] == "heard"]
    assert {(each["due"], each["closes"]) for each in heard} == {(None, None)}
    assert {each["remedy"]["by"] for each in heard if each["remedy"]} == {None}


def test_decisions_and_their_events_are_told(world: World, report: list[dict]) -> None:
    found = rows(world, "trigger, verdict, review", "duty = 'measured' ORDER BY trigger")
    assert found == [
        ("q1", "met", "accepted"),
        ("q2", "needs_review", "awaiting"),
        ("q3", "unmet", "refused"),
    ]
    assert {row[0] for row in rows(world, "review", "duty <> 'measured'")} == {None}
    said = {each["event"]: each["status"] for f in report for each in f["evidence"]}
    assert (said["j1"], said["j3"], said["w3"]) == ("accepted", "refused", "released")
    with duckdb.connect(str(world.out / "findings.duckdb"), read_only=True) as connection:
        stored = connection.execute("SELECT event, status FROM evidence").fetchall()
    assert {("j1", "accepted"), ("j3", "refused"), ("w3", "released")} <= set(stored)


def test_spreadsheets_say_the_same(world: World, report: list[dict]) -> None:
    text = (world.out / "findings.csv").read_text(encoding="utf-8-sig")
    found = list(csv.DictReader(text.splitlines()))
    for row, finding in zip(found, report, strict=True):
        assert row["due"] == (finding["due"] or "").replace("Z", "+00:00")
        assert float(row["counted"]) == finding["counted"]
        assert row["verdict"] == finding["verdict"]
        assert bool(row["review"]) == (finding["review"] is not None)


@pytest.mark.parametrize(("level", "code"), [("needs_review", 1), ("undetermined", 0)])
def test_what_needs_review_fails_at_its_level(tmp_path: Path, level: str, code: int) -> None:
    world = make_world(tmp_path)
    head, _, duties = POLICY.partition("duties:\n")
    world.put("policy/policy.yaml", f"{head}duties:\n  measured:{duties.split('  measured:')[1]}")
    events = [EVENTS.splitlines()[0], *(f for f in EVENTS.splitlines() if ",c2," in f)]
    args = world.args(world.put("one.csv", "\n".join(events)), "--quiet", "--format", "json")
    assert run([*args, "--fail-on", level]).exit_code == code
