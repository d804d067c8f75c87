"""The JSON Schemas are up to date, and an officer's editor flags no valid file."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from policyeval.cli.schema import MODELS, schema_text
from policyeval.language.source import read_source
from reference.cases import load

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "schemas"
YEAR = ROOT / "fixtures" / "bureau-2025"
EXAMPLE = ROOT / "policy" / "examples" / "permit-receipt"
FILES = [
    *(("policy", path) for path in sorted((ROOT / "policy").rglob("policy.yaml"))),
    *(("duties", path) for path in sorted((ROOT / "policy").rglob("duties/*.yaml"))),
    *(
        ("organisation", path)
        for path in (YEAR / "organisation.yaml", EXAMPLE / "organisation.yaml")
    ),
    *(("profile", path) for path in (YEAR / "profile.yaml", EXAMPLE / "profile.yaml")),
    ("waivers", YEAR / "waivers.yaml"),
]
CASES = sorted((ROOT / "tests" / "conformance").rglob("*.yaml"))
DUTY = """
clause: "1"
bearer: {unit: [office, section]}
when: {after: {event: [a, b], where: {kind: [x, y], any: [{n: {at_least: 2}}, {to: {not: z}}]}}}
within: {of: 5 working days}
evidence: {event: c, matching: [case_no, id], must: {day: {before: 2025-06-30}}}
requires: {at_least: 2}
accountable: [head, {post: deputy, named_in: person}]
grace: 1 week
assumed: [within]
"""
STATE = """
title: {zh: 全年有人, en: Filled all year}
clause: "2"
bearer: {post: head}
of_each: {unit: overseen}
when: {throughout: {months: 6}}
requires: {days_held: {from: {event: a}, until: {event: b}}, gaps: {at_most: 30 days}}
"""
VERSIONS = """
clause: "3"
bearer: {unit: office}
when: {per: year}
evidence: {event: a, where: {n: {at_least: {parameter: least}}, kind: [x, {parameter: kind}]}}
requires: {at_least: {parameter: least}}
versions:
  - {from: 2025-07-01, requires: {at_least: 3}}
  - {from: 2026-01-01, when: {per: month}, late: {within: 3 days}}
straddles: end
"""
SHORT = ["triggered", "state", "versions", "chain"]
CHAIN = """
clause: "4"
bearer: {unit: office}
when: {since_last: {next_from: {due: 3 months, late: evidence}}}
within: 1 year
evidence: {event: a}
versions:
  - {from: 2025-07-01, when: {since_last: {next_from: due}}}
  - {from: 2026-01-01, when: {since_last: {next_from: {due: {parameter: near}}}}}
"""


def plain(value: Any) -> Any:
    """YAML's data as an editor sees it: a date is a text."""
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def problems(name: str, data: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(json.loads(schema_text(name)))
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(data)]


def read(text: str, folder: Path) -> Any:
    file = folder / "duty.yaml"
    file.write_text(text, encoding="utf-8")
    return plain(read_source(file).data)


@pytest.mark.parametrize("name", list(MODELS))
def test_the_files_are_what_make_schemas_writes(name: str) -> None:
    written = (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(name), "run `make schemas`"
    jsonschema.Draft202012Validator.check_schema(json.loads(written))


def test_no_other_file_stands_there() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.schema.json" for name in MODELS}


@pytest.mark.parametrize(
    ("name", "path"), FILES, ids=[str(path.relative_to(ROOT)) for _, path in FILES]
)
def test_valid_files_are_valid_by_their_schema(name: str, path: Path) -> None:
    assert problems(name, plain(read_source(path).data)) == []


@pytest.mark.parametrize("text", [DUTY, STATE, VERSIONS, CHAIN], ids=SHORT)
def test_every_short_way_to_write_something_is_known(text: str, tmp_path: Path) -> None:
    assert problems("duties", {"duties": {"short": read(text, tmp_path)}}) == []


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_the_duties_of_every_conformance_case_are_valid(path: Path) -> None:
    for duties in found(plain(load(path))):
        whole = {name: {"clause": "1", **duty} for name, duty in duties.items()}
        assert problems("duties", {"duties": whole}) == []


def found(data: Any) -> list[Any]:
    """Every mapping under a key `duties`, wherever it stands."""
    if isinstance(data, list):
        return [each for entry in data for each in found(entry)]
    if not isinstance(data, dict):
        return []
    here = [data["duties"]] if isinstance(data.get("duties"), dict) else []
    return here + [each for entry in data.values() for each in found(entry)]


@pytest.mark.parametrize(
    ("wrong", "with_what"),
    [
        ("{from: 2025-07-01, requires", "{requires"),
        ("requires: {at_least: 3}", "bearer: {unit: office}"),
        ("requires: {at_least: 3}", "requires: {at_leest: 3}"),
        ("{parameter: kind}", "{parameter: [kind]}"),
    ],
)
def test_a_mistake_in_a_version_is_flagged(wrong: str, with_what: str, tmp_path: Path) -> None:
    assert wrong in VERSIONS
    duty = read(VERSIONS.replace(wrong, with_what, 1), tmp_path)
    assert problems("duties", {"duties": {"wrong": duty}})


@pytest.mark.parametrize(
    ("wrong", "with_what"),
    [
        ("within: {of: 5 working days}", "within: soon"),
        ("grace: 1 week", "grace: 1 fortnight"),
        ("clause:", "claus:"),
        ("when: {after:", "when: {behind:"),
        ("bearer: {unit: [office, section]}", "bearer: {unit: []}"),
        ("at_least: 2}}, {to", "at_leest: 2}}, {to"),
    ],
)
def test_a_mistake_is_flagged(wrong: str, with_what: str, tmp_path: Path) -> None:
    duty = read(DUTY.replace(wrong, with_what, 1), tmp_path)
    assert problems("duties", {"duties": {"wrong": duty}})
