"""Which columns an export must have follows from what the duties read."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyeval.inputs.columns import needed
from policyeval.language.loading import load_policy

HEAD = """\
policy: columns
version: "1"
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
unit_kinds: {ship: {title: Ship}}
posts: {head: {title: Head}}
event_types:
  drill: {fields: {kind: text, hours: number, seats: number, shift: text, until: date, by: list}}
  case: {fields: {case_no: text, grade: text, handler: text, days: number}}
  answer: {fields: {case_no: text, grade: text, n: number}}
duties:
"""
YEARLY = """\
  d:
    clause: "1"
    bearer: {unit: ship}
    when: {per: year}
    evidence: {event: drill}
"""
AFTER = """\
  d:
    clause: "1"
    bearer: {unit: ship}
    when: {after: {event: case}}
    within: 5 days
    evidence: {event: answer, who: anyone}
"""


@pytest.mark.parametrize(
    ("duty", "old", "new", "expected"),
    [
        (YEARLY, "", "", {"unit"}),
        (YEARLY, "{unit: ship}", "{post: head}", {"person"}),
        (YEARLY, "{event: drill}", "{event: drill, who: by, where: {kind: x}}", {"by", "kind"}),
        (YEARLY, "{event: drill}", "{event: drill, must: {weekday: monday, hour: {at_least: 8}, working_day: true}}", {"unit"}),
        (YEARLY, "{event: drill}", "{event: drill, must: {until: {before: {field: recorded_at}}}}", {"unit", "until", "recorded_at"}),
        (YEARLY, "{event: drill}", "{event: drill, must: {kind: {same_as: shift}}}", {"unit", "kind", "shift"}),
        (YEARLY, "{event: drill}", "{event: drill, who: anyone, reached: 3}", {"unit"}),
        (YEARLY, "{event: drill}", "{event: drill, who: anyone, reached: {at: 3, sum: hours, by: [shift, person], reset: {event: drill, where: {kind: x}}}}", {"hours", "shift", "person", "kind"}),
        (YEARLY, "{event: drill}", "{event: drill, stands_in: {event: case, where: {grade: x}}}", {"unit", "grade"}),
        (YEARLY, "{event: drill}", "{event: drill}\n    requires: {sum: hours, at_least: 2, capped: {by: day, at: 1}}", {"unit", "hours"}),
        (YEARLY, "{event: drill}", "{event: drill}\n    requires: {buckets: {by: shift, distinct: kind, at_least: 2}, at_least: 2}", {"unit", "shift", "kind"}),
        (YEARLY, "{event: drill}", "{event: drill, who: anyone}\n    requires: {at_least: 1/2, share_of: {event: case, where: {grade: x}}}", {"unit", "grade"}),
        (YEARLY, "{unit: ship}", "{unit: ship}\n    of_each: {post: head}", {"unit", "person"}),
        (YEARLY, "{event: drill}", "{event: drill, target: shift}\n    of_each: {value: [x]}", {"unit", "shift"}),
        (YEARLY, "{per: year}\n    evidence: {event: drill}", "{throughout: year}\n    requires: {days_held: {from: {event: drill}, for: until, matching: kind}}", {"unit", "until", "kind"}),
        (AFTER, "", "", {"unit"}),
        (AFTER, "who: anyone", "who: anyone, matching: {case_no: handler}", {"unit", "case_no", "handler"}),
        (AFTER, "5 days", "{of: {by: grade, table: {x: 1 day}, otherwise: 2 days}}", {"unit", "grade"}),
        (AFTER, "5 days", "{of: {field: days, in: days}}", {"unit", "days"}),
        (AFTER, "5 days", "{of: {by: grade, table: {x: {field: days, in: days}}, otherwise: 2 days}}", {"unit", "grade", "days"}),
        (AFTER, "5 days", "{of: 5 days, extended: [{on: {event: drill}, until: {field: until}}]}", {"unit", "until"}),
        (AFTER, "5 days", "{of: 5 days, extended: [{on: {event: answer, matching: case_no}, by: {field: n, in: days}}]}", {"unit", "case_no", "n"}),
        (AFTER, "5 days", "{of: 5 days, pauses: [{from: {event: answer}, at_most: {field: n, in: days}}]}", {"unit", "n"}),
        (AFTER, "5 days", "{of: 5 days, restarts: [{event: answer, matching: case_no, where: {n: 1}}]}", {"unit", "case_no", "n"}),
        (AFTER, "5 days", "5 days\n    unless: {event: answer, who: grade, must: {n: 1}}", {"unit", "grade", "n"}),
        (AFTER, "5 days", "5 days\n    late: {within: 3 days, must: {n: 1}}", {"unit", "n"}),
        (AFTER, "5 days", "5 days\n    accountable: [{post: head, named_in: handler}]", {"unit", "handler"}),
        (AFTER, "5 days", "5 days\n    versions: [{from: 2026-01-01, evidence: {event: answer, where: {n: 1}}}]", {"unit", "n"}),
        (AFTER, "{event: case}", "{start_of: year}", set()),
        (AFTER, "{event: case}", "{silence: 3 days, of: {event: case}}", {"unit"}),
    ],
)  # fmt: skip
def test_what_a_duty_reads_must_be_there(
    tmp_path: Path, duty: str, old: str, new: str, expected: set[str]
) -> None:
    assert old in duty
    (tmp_path / "policy.yaml").write_text(HEAD + duty.replace(old, new, 1), encoding="utf-8")
    found = needed(load_policy(tmp_path))
    assert set(found) == expected
    assert set(found.values()) <= {"d"}
