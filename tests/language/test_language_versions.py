"""Versions and parameters are written out before a duty is read; mistakes keep their places."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from language_world import policy, problems

from policyeval import InvalidInputError, load_policy
from policyeval.language.words import Duration

DUTY = """\
d:
  clause: "1"
  bearer: {unit: office}
  when: {after: {event: case}}
  within: 30 days
  evidence: {event: answer, matching: case_no}
  versions:
    - {from: 2025-07-01, within: 20 days}
    - {from: 2026-01-01, severity: major}
"""
PARAMETER = """\
d:
  clause: "1"
  bearer: {unit: office}
  when: {after: {event: case}}
  within: {of: {parameter: time}}
  evidence: {event: answer}
  requires: {at_least: {parameter: least}}
"""
BOTH = (
    PARAMETER
    + """\
  versions:
    - {from: 2025-04-01, severity: major}
    - {from: 2025-10-01, requires: {at_least: 1}}
"""
)


def days(number: int) -> Duration:
    return Duration(number=number, unit="days")


def test_a_version_is_the_whole_duty_with_its_keys_and_those_of_versions_before(
    tmp_path: Path,
) -> None:
    variants = policy(tmp_path, DUTY).variants
    assert list(variants) == ["d", "d@2025-07-01", "d@2026-01-01"]
    first, second, third = variants.values()
    assert [each.duty.clock.plain for each in (first, second, third)] == [
        days(30),
        days(20),
        days(20),
    ]
    assert [each.duty.severity for each in (first, second, third)] == ["minor", "minor", "major"]
    assert second.duty.evidence == first.duty.evidence
    assert [(each.first, each.last) for each in (first, second, third)] == [
        (None, date(2025, 6, 30)),
        (date(2025, 7, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), None),
    ]


def test_a_parameter_gives_the_duty_a_version_from_each_day_that_changes_it(
    tmp_path: Path,
) -> None:
    variants = policy(tmp_path, PARAMETER).variants
    assert {label: each.duty.clock.of for label, each in variants.items()} == {
        "d": days(30),
        "d@2025-07-01": days(20),
    }
    assert {each.duty.requires.bounds for each in variants.values()} == {(2, None)}


def test_parameters_change_within_versions_too(tmp_path: Path) -> None:
    variants = policy(tmp_path, BOTH).variants
    found = {
        label: (str(each.duty.clock.of), each.duty.severity, each.duty.requires.bounds[0])
        for label, each in variants.items()
    }
    assert found == {
        "d": ("30 days", "minor", 2),
        "d@2025-04-01": ("30 days", "major", 2),
        "d@2025-07-01": ("20 days", "major", 2),
        "d@2025-10-01": ("20 days", "major", 1),
    }


@pytest.mark.parametrize(
    ("duty", "old", "new", "expected"),
    [
        (DUTY, "within: 20 days", "within: soon", ["8:34: expected a duration such as `5 working days`"]),
        (DUTY, "within: 20 days", "sevrity: major", ["8:26: unknown key `sevrity`; did you mean `severity`?"]),
        (DUTY, "within: 20 days", "bearer: {unit: ship}", ["8:26: `bearer` is the same in every version"]),
        (DUTY, "within: 20 days", "while: {from: {event: case}}", ["8:26: `while` is the same in every version"]),
        (DUTY, "within: 20 days", "straddles: end", ["8:26: `straddles` is the same in every version; write it beside `versions`"]),
        (DUTY, "from: 2025-07-01, within: 20 days", "from: 2025-07-01", ["8:7: this version replaces nothing: write the keys that change"]),
        (DUTY, "within: 30 days\n", "within: 30 days\n  straddles: end\n", ["2:3: `straddles` goes with `per`, `in_each` and `throughout`"]),
        (DUTY, "within: 20 days", "when: {per: year}", ["8:32: the kind of occasion is the same in every version: `after`"]),
        (DUTY, "2025-07-01", "2027-01-01", ["9:14: the days of versions rise; 2027-01-01 stands before 2026-01-01"]),
        (DUTY, "from: 2025-07-01, ", "", ["8:7: `from` is missing; add it"]),
        (DUTY, "from: 2025-07-01", "from: July", ["8:14: expected a date such as 2025-06-30, found July"]),
        (DUTY, "- {from: 2025-07-01, within: 20 days}", "- soon", ["8:7: expected a mapping"]),
        (DUTY, "case_no}", "case_nr}", ["6:39: unknown field `case_nr`; did you mean `case_no`?"]),
        (DUTY, "{event: answer", "{event: answr", ["6:21: unknown event type `answr`; did you mean `answer`?"]),
        (DUTY, "within: 30 days\n", "within: 30 dys\n", ["5:11: expected a duration such as"]),
        (DUTY, "  clause: \"1\"\n", "", ["2:3: `clause` is missing; add it"]),
        (DUTY, "evidence: {event: answer, matching: case_no}", "severity: minor", ["2:3: `evidence` is missing"]),
        (DUTY, "within: 20 days", "evidence: {event: answr}", ["8:44: unknown event type `answr`; did you mean `answer`?"]),
        (DUTY, "severity: major", "requires: {at_least: 1/2}", ["9:36: a share needs `share_of`"]),
        (PARAMETER, "parameter: time", "parameter: tme", ["5:16: unknown parameter `tme`; did you mean `time`?"]),
        (PARAMETER, "{of: {parameter: time}}", "{parameter: least}", ["head 16:34: expected a duration such as `5 working days`"]),
        (PARAMETER, "bearer: {unit: office}", "bearer: {unit: {parameter: kinds}}", ["3:18: `bearer` is the same in every version; this parameter changes"]),
        (BOTH, "requires: {at_least: 1}", "requires: {at_least: {parameter: lest}}", ["10:47: unknown parameter `lest`"]),
        (PARAMETER, "{after: {event: case}}\n  within: {of: {parameter: time}}", "{in_any: {parameter: time}}", ["4:9: with `in_any` a duty has one version"]),
    ],
)  # fmt: skip
def test_a_mistake_is_told_once_where_it_was_written(
    tmp_path: Path, duty: str, old: str, new: str, expected: list[str]
) -> None:
    assert old in duty
    found = problems(tmp_path, duty.replace(old, new, 1))
    assert len(found) == len(expected), found
    for problem, start in zip(found, expected, strict=True):
        assert problem.startswith(start), problem


def test_the_days_of_a_parameter_rise(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    assert not problems(tmp_path, PARAMETER)
    text = file.read_text(encoding="utf-8").replace(
        "from: 2020-01-01, is: 30", "from: 2026-01-01, is: 30"
    )
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError, match="2026-01-01 stands before 2025-07-01"):
        load_policy(file)
