"""A waiver names what its duty can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyeval import InvalidInputError, load_policy
from policyeval.inputs.organisation import load_organisation
from policyeval.inputs.waivers import load_waivers

POLICY = """\
policy: waived
version: "1"
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
unit_kinds: {ship: {title: Ship}, boat: {title: Boat}}
posts: {captain: {title: Captain}}
event_types: {drill: {fields: {shift: text}}}
duties:
  plain:
    clause: "1"
    bearer: {unit: ship}
    when: {per: year}
    evidence: {event: drill}
  own:
    clause: "1"
    bearer: {post: captain}
    when: {per: year}
    evidence: {event: drill}
  each:
    clause: "1"
    bearer: {unit: ship}
    of_each: {unit: boat}
    when: {per: year}
    evidence: {event: drill}
  shifts:
    clause: "1"
    bearer: {unit: [ship, boat]}
    of_each: {value: [day, night]}
    when: {per: year}
    evidence: {event: drill, target: shift}
"""
ORGANISATION = """\
organisation: o
units: [{id: s1, kind: ship}, {id: b1, kind: boat}]
people: [{id: p1, name: A}]
"""
WAIVED = "from: 2025-01-01, until: 2025-12-31, reason: none, approved_by: committee"


def loaded(folder: Path, waiver: str) -> int:
    for name, text in (("policy", POLICY), ("org", ORGANISATION)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    file = folder / "waivers.yaml"
    file.write_text(f"waivers:\n  - {{{waiver}, {WAIVED}}}\n", encoding="utf-8")
    policy = load_policy(folder)
    return len(load_waivers(file, policy, load_organisation(folder / "org.yaml", policy)).waivers)


@pytest.mark.parametrize(
    "waiver",
    [
        "duty: plain, bearer: s1",
        "duty: own, bearer: p1",
        "duty: each, bearer: s1, target: b1",
        "duty: shifts, bearer: b1, target: night",
    ],
)
def test_what_the_duty_can_have_is_taken(tmp_path: Path, waiver: str) -> None:
    assert loaded(tmp_path, waiver) == 1


@pytest.mark.parametrize(
    ("waiver", "expected"),
    [
        ("duty: plain, bearer: b1", "2:27: `b1` never owes `plain`; name a unit of kind `ship`"),
        ("duty: plain, bearer: p1", "`p1` never owes `plain`; name a unit of kind `ship`"),
        ("duty: own, bearer: s1", "`s1` never owes `own`; name a person"),
        ("duty: plain, bearer: s1, target: s1", "`plain` has no targets; leave `target` out"),
        ("duty: each, bearer: s1, target: s1", "`s1` is never a target of `each`; name a unit of"),
        ("duty: each, bearer: s1, target: b2", "unknown target `b2`"),
        ("duty: shifts, bearer: s1, target: evening", "unknown target `evening`"),
    ],
)
def test_what_the_duty_never_has_is_refused(tmp_path: Path, waiver: str, expected: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        loaded(tmp_path, waiver)
    assert len(caught.value.problems) == 1
    assert expected in str(caught.value)
