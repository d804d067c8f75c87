"""What units have is of the kind that the policy declares."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policyeval import InvalidInputError, load_policy
from policyeval.inputs.organisation import load_organisation

POLICY = """\
policy: units
version: "1"
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
unit_kinds: {ship: {title: Ship}}
unit_attributes: {crew: number, flag: text, issued_on: date, open: boolean}
event_types: {drill: {}}
duties: {d: {clause: "1", bearer: {unit: ship}, when: {per: year}, evidence: {event: drill}}}
"""
GOOD = "{crew: 12, flag: NO, issued_on: 2024-02-29, open: true}"


def loaded(folder: Path, attributes: str) -> dict[str, object]:
    (folder / "policy.yaml").write_text(POLICY, encoding="utf-8")
    file = folder / "org.yaml"
    text = f"organisation: o\nunits:\n  - id: s1\n    kind: ship\n    attributes: {attributes}\n"
    file.write_text(text, encoding="utf-8")
    return load_organisation(file, load_policy(folder)).units[0].attributes


def test_attributes_keep_their_kinds(tmp_path: Path) -> None:
    assert loaded(tmp_path, GOOD) == {
        "crew": 12,
        "flag": "NO",
        "issued_on": date(2024, 2, 29),
        "open": True,
    }


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ("{crew: many}", "5:24: `crew` is number, found `many`"),
        ("{crew: true}", "`crew` is number, found `true`"),
        ("{flag: 7}", "`flag` is text, found `7`; put it in quotes"),
        ("{flag: 2025-01-01}", "`flag` is text, found `2025-01-01`; put it in quotes"),
        ("{issued_on: 2024}", "`issued_on` is date, found `2024`; write a day such as 2020-01-31"),
        ('{issued_on: "2024-02-29"}', "without quotes"),
        ("{issued_on: 0001-01-01}", "found `0001-01-01`; if there is no such day, leave it out"),
        ("{open: 1}", "`open` is boolean, found `1`"),
        ("{issued: 2024-02-29}", "unknown attribute `issued`; did you mean `issued_on`?"),
    ],
)
def test_another_kind_is_refused(tmp_path: Path, attributes: str, expected: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        loaded(tmp_path, attributes)
    assert len(caught.value.problems) == 1
    assert expected in str(caught.value)
