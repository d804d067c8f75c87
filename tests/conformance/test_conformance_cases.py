"""A case fails where it should: a finding is missing, is not expected, or should be absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from reference import cases
from reference.cases import cases_of, check

HEAD = """\
policy:
  unit_kinds: {office: }
  event_types: {report: }
  duties:
    reports: {bearer: {unit: office}, when: {per: year}, evidence: {event: report}}
    others: {bearer: {unit: office}, when: {per: year}, evidence: {event: report}}
organisation: {units: [{id: office, kind: office}]}
cases:
  - case: One
    as_of: 2025-12-31
"""
KEYS = ("duty", "bearer", "target", "period", "trigger", "verdict", "rule", "counted", "late")
MET = {"duty": "reports", "bearer": "office", "period": "2025", "verdict": "met", "rule": "enough"}
UNMET = {"duty": "others", "bearer": "office", "period": "2025", "verdict": "unmet", "rule": "few"}


def wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch, lines: str, *found: dict, ignore: str = ""
) -> list[str]:
    """What a case says about these findings."""
    monkeypatch.setattr(cases, "ROOT", folder)
    file = folder / "cases.yaml"
    file.write_text(HEAD + "".join(f"    {line}\n" for line in lines.splitlines()))
    [case] = cases_of(file)
    blank = dict.fromkeys(KEYS) | {"evidence": []}
    findings = [blank | finding for finding in found]
    return check(case, {"findings": findings}, (ignore,) if ignore else ())


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("findings: [{duty: reports, verdict: met}]", ["not expected"]),
        ("findings: [{duty: reports, verdict: met}]\ncomplete: false", []),
        ("complete: false\nabsent: [{duty: reports, verdict: unmet}, {verdict: late}]", []),
        ("complete: false\nabsent: [{duty: reports}]", ["expected none such as"]),
        ("complete: false\nabsent: [{period: 2025}]", ["expected none such as"] * 2),
        ("complete: false\nabsent: [{verdict: late}, {duty: others}]", ["expected none such as"]),
        ("findings: [{duty: reports}, {duty: others}]\nabsent: [{verdict: met}]", ["expected"]),
        ("findings: [{duty: reports}, {duty: others}]\nabsent: [{verdict: late}]", []),
        ("complete: false\nabsent:", []),
    ],
)  # fmt: skip
def test_what_a_case_says_of_two_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, said: list[str]
) -> None:
    found = wrong(tmp_path, monkeypatch, lines, MET, UNMET)
    assert len(found) == len(said), found
    for problem, start in zip(found, said, strict=True):
        assert problem.startswith(start), problem


def test_an_absent_finding_named_by_what_is_not_compared_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "complete: false\nabsent: [{duty: reports, rule: other}]"
    assert wrong(tmp_path, monkeypatch, lines, MET, ignore="rule") == []
    lines = lines.replace("other", "enough")
    assert len(wrong(tmp_path, monkeypatch, lines, MET)) == 1


@pytest.mark.parametrize(
    ("absent", "said"),
    [
        ("[{duty: report}]", "no duty `report`"),
        ("[{}]", "`absent` names no key"),
        ("[{duti: reports}]", "`duti` is no key of a finding"),
    ],
)
def test_an_absent_finding_that_could_never_be_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, absent: str, said: str
) -> None:
    with pytest.raises((ValueError, KeyError), match=said):
        wrong(tmp_path, monkeypatch, f"complete: false\nabsent: {absent}", MET)
