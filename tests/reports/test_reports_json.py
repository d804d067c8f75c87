"""`report.json`: what the schema says, whatever the data holds."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from reports_bureau import bureau
from reports_hostile import TEXTS, hostile
from reports_wide import wide
from reports_world import World

from policyeval.findings.models import Report
from policyeval.reports.json import lines, write_json


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    from policyeval.cli.schema import schema_text  # noqa: PLC0415 - it loads all commands

    return Draft202012Validator(json.loads(schema_text("report")))


@pytest.mark.parametrize("world", [bureau(), wide(), World([])], ids=["bureau", "wide", "empty"])
def test_the_report_is_valid_by_its_schema(world: World, schema: Draft202012Validator) -> None:
    schema.validate(json.loads("".join(lines(world))))


@pytest.mark.parametrize("world", [bureau(), wide()], ids=["bureau", "wide"])
def test_nothing_is_lost_on_the_way(world: World) -> None:
    report = Report.model_validate_json("".join(lines(world)))
    assert list(report.findings) == list(world.every)
    assert report.rejected_rows == world.rows
    assert report.counts == world.header.counts


@pytest.mark.parametrize("harm", TEXTS.values(), ids=TEXTS)
def test_any_text_can_be_written_and_read(
    harm: str, schema: Draft202012Validator, tmp_path
) -> None:
    [path] = write_json(hostile(harm), tmp_path)
    schema.validate(json.loads(path.read_text(encoding="utf-8")))


def test_the_same_outcome_gives_the_same_bytes() -> None:
    assert "".join(lines(bureau())) == "".join(lines(bureau()))


def test_every_finding_is_a_line_of_its_own() -> None:
    said = "".join(lines(bureau())).splitlines()
    found = [line for line in said if line.startswith('{"accountable"')]
    assert len(found) == len(bureau().every)
