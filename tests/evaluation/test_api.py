"""What the Python interface refuses before it reads anything."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from policyeval import InvalidInputError, evaluate

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("day", ["2025-12-31", datetime(2025, 12, 31), 2025])
@pytest.mark.parametrize("name", ["as_of", "since", "known_by"])
def test_a_day_is_a_date(name: str, day: Any) -> None:
    with pytest.raises(InvalidInputError, match=f"{name}: expected a day such as date"):
        evaluate(ROOT / "nowhere", organisation="none.yaml", events=[], **{name: day})


POLICY = """\
policy: order
version: "1"
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
unit_kinds: {team: {title: Team}}
posts: {warden: {title: Warden, above: chief}, chief: {title: Chief}}
event_types: {drill: {title: Drill}}
duties:
  drills:
    clause: "1"
    bearer: {unit: team}
    when: {per: year}
    evidence: {event: drill}
    accountable: [warden, chief]
"""
ORGANISATION = """\
organisation: o
units: [{id: t, kind: team}]
people: [{id: c, name: C}]
appointments: [{person: c, post: chief, unit: t}]
"""


def test_who_answers_stands_in_the_order_in_which_the_duty_asks(tmp_path: Path) -> None:
    """The chief answers for the warden, whose post is vacant, and in their own right: after it."""
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "organisation.yaml").write_text(ORGANISATION, encoding="utf-8")
    (tmp_path / "events.csv").write_text("id,type,at,unit\n", encoding="utf-8")
    found = evaluate(
        tmp_path,
        organisation=tmp_path / "organisation.yaml",
        events=[tmp_path / "events.csv"],
        as_of=date(2025, 12, 31),
    )
    with found:
        [finding] = found.findings()
    assert [each.post for each in finding.accountable] == ["warden", "chief"]
