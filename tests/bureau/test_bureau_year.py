"""A bureau's year: the story, the reference evaluator and the pipeline say the same."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import policyeval
from policyeval import Evaluation
from reference import evaluator, harness
from reference.cases import ROOT, Case, check, load, policy_of
from reference.comparing import differing

PLAN = ROOT / "policy" / "bureau-responsibility-plan"
YEAR = ROOT / "fixtures" / "bureau-2025"
GENERATED = ("events.csv", "events.jsonl", "expected.yaml", "profile.yaml")
VERDICTS = {"met", "late", "unmet", "pending", "waived", "undetermined"}

POLICY = policy_of(PLAN)
ORGANISATION = load(YEAR / "organisation.yaml")
WAIVERS = load(YEAR / "waivers.yaml")["waivers"]
EXPECTED = load(YEAR / "expected.yaml")
LINES = (YEAR / "events.jsonl").read_text(encoding="utf-8").splitlines()
ROWS = [json.loads(line) for line in LINES]


def without_why(entries: list[dict]) -> list[dict]:
    return [{k: v for k, v in entry.items() if k != "why"} for entry in entries]


STORY = Case(
    name="the bureau's year",
    policy=POLICY,
    organisation=ORGANISATION,
    waivers=WAIVERS,
    events=ROWS,
    as_of=EXPECTED["as_of"],
    since=None,
    expected={key: without_why(EXPECTED[key]) for key in ("findings", "escalations")},
)


@pytest.fixture(scope="module")
def from_csv() -> Iterator[Evaluation]:
    with evaluated("events.csv", YEAR / "profile.yaml") as evaluation:
        yield evaluation


@pytest.fixture(scope="module")
def from_jsonl() -> Iterator[Evaluation]:
    with evaluated("events.jsonl", None) as evaluation:
        yield evaluation


@pytest.fixture(scope="module", params=["from_csv", "from_jsonl"])
def evaluation(request: pytest.FixtureRequest) -> Evaluation:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def by_reference() -> dict:
    return evaluator.evaluate(POLICY, ORGANISATION, WAIVERS, ROWS, EXPECTED["as_of"])


def evaluated(events: str, profile: Path | None) -> Evaluation:
    return policyeval.evaluate(
        PLAN,
        organisation=YEAR / "organisation.yaml",
        waivers=YEAR / "waivers.yaml",
        events=[YEAR / events],
        profile=profile,
        as_of=EXPECTED["as_of"],
        options={"threads": 2},
    )


def as_reference(evaluation: Evaluation) -> dict:
    """What the pipeline found, as the reference gives it."""
    rows = sorted({row.row for row in evaluation.rejected_rows()})
    return {
        "findings": [harness.plain(finding) for finding in evaluation.findings()],
        "rejected": [{"id": ROWS[row - 1].get("id"), "row": row} for row in rows],
        "escalations": [harness.escalation(POLICY, e) for e in evaluation.header.escalations],
    }


def test_the_story_gives_the_same_files_byte_for_byte(tmp_path: Path) -> None:
    script = [sys.executable, str(YEAR / "make_year.py"), str(tmp_path)]
    subprocess.run(script, check=True)
    assert {file.name for file in tmp_path.iterdir()} == set(GENERATED)
    for name in GENERATED:
        assert (tmp_path / name).read_bytes() == (YEAR / name).read_bytes(), name


def test_the_year_is_as_large_and_as_varied_as_it_should_be() -> None:
    kinds = Counter(unit["kind"] for unit in ORGANISATION["units"])
    assert kinds["party_group"] == kinds["office"] == 1
    assert kinds["section"] >= 4
    assert kinds["subordinate"] >= 8
    assert len(ORGANISATION["people"]) >= 25
    assert len(ROWS) == EXPECTED["rows"] >= 600
    assert {finding["verdict"] for finding in EXPECTED["findings"]} == VERDICTS
    assert {finding["duty"] for finding in EXPECTED["findings"]} == set(POLICY["duties"])
    assert {row["type"] for row in ROWS if "type" in row} >= set(POLICY["event_types"])


def test_totals_are_those_of_the_list() -> None:
    counted = Counter(finding["verdict"] for finding in EXPECTED["findings"])
    assert EXPECTED["totals"] == counted
    assert EXPECTED["obligations"] == len(EXPECTED["findings"])


def test_the_reference_evaluator_finds_what_the_story_says(by_reference: dict) -> None:
    problems = check(STORY, by_reference)
    assert not problems, "\n" + "\n".join(problems)


def test_the_pipeline_finds_what_the_story_says(evaluation: Evaluation) -> None:
    problems = check(STORY, as_reference(evaluation))
    assert not problems, "\n" + "\n".join(problems)
    header = evaluation.header
    counts = {verdict: number for verdict, number in header.counts.model_dump().items() if number}
    assert counts == EXPECTED["totals"]
    assert header.events_after_as_of == EXPECTED["events_after_as_of"]
    repeated = len(LINES) - len(set(LINES))
    withdrawals = sum("withdraws" in row for row in ROWS)
    left = len(ROWS) - len(EXPECTED["rejected"]) - repeated - withdrawals
    assert header.events == left - header.events_after_as_of


def test_the_pipeline_and_the_reference_agree_in_everything(
    evaluation: Evaluation, by_reference: dict
) -> None:
    problems = differing(as_reference(evaluation), by_reference)
    assert not problems, "\n" + "\n".join(problems)


def test_the_rows_that_can_not_be_read_are_those_of_the_story(
    evaluation: Evaluation, by_reference: dict
) -> None:
    wanted = [(row["row"], row["column"]) for row in EXPECTED["rejected"]]
    assert [(row.row, row.column) for row in evaluation.rejected_rows()] == wanted
    assert evaluation.header.rejected == len(wanted)
    assert [(row["row"], row["id"]) for row in by_reference["rejected"]] == [
        (row["row"], row["id"]) for row in EXPECTED["rejected"]
    ]


def test_export_and_plain_events_give_the_same_findings(
    from_csv: Evaluation, from_jsonl: Evaluation
) -> None:
    one, other = (
        [(f.id, f.duty, f.verdict, f.counted, f.late, f.closes) for f in evaluation.findings()]
        for evaluation in (from_csv, from_jsonl)
    )
    assert one == other


def test_what_the_export_has_besides_is_noticed(from_csv: Evaluation) -> None:
    texts = " ".join(notice.text["zh"] for notice in from_csv.header.notices)
    assert "备注" in texts


def test_findings_name_only_people_who_hold_a_post_on_that_day(from_csv: Evaluation) -> None:
    people = {appointment["person"] for appointment in ORGANISATION["appointments"]}
    for finding in from_csv.findings():
        named = {answer.person for answer in finding.accountable} - {None}
        assert named <= people


def test_the_export_is_as_an_office_writes_it() -> None:
    raw = (YEAR / "events.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    rows = list(csv.DictReader(raw.decode("gb18030").splitlines()))
    assert len(rows) == len(ROWS)
    assert [row["编号"] for row in rows] == [row.get("id", "") for row in ROWS]
    dates = [row["日期"] for row in rows]
    for mark in ("年", "/", "-", "T", "+08:00", "+00:00", ":"):
        assert any(mark in written for written in dates), mark
    lists = [row["主题"] for row in rows]
    assert any("、" in each for each in lists)
    assert any("；" in each for each in lists)
    assert any(row["更正编号"] for row in rows)
    assert any(row["撤销编号"] for row in rows)
    assert any(count > 1 for count in Counter(map(str, rows)).values())
