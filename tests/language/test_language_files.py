"""The files of a plan: which duties are read, and that none is left unread in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from language_world import written

from policyeval import InvalidInputError, load_policy

DUTY = """\
drills:
  clause: "1"
  bearer: {unit: ship}
  when: {per: year}
  evidence: {event: drill}
"""
MORE = """\
duties:
  more:
    clause: "2"
    bearer: {unit: ship}
    when: {per: month}
    evidence: {event: drill}
"""


def put(folder: Path, name: str, text: str = MORE) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_duties_beside_the_policy_are_read(tmp_path: Path) -> None:
    put(tmp_path, "duties/a.yaml")
    assert set(load_policy(written(tmp_path, DUTY).parent).duties) == {"drills", "more"}


@pytest.mark.parametrize(
    ("name", "renamed"),
    [
        ("duties/a.yml", "duties/a.yaml"),
        ("duties/a.YAML", "duties/a.yaml"),
        ("duties/2025/a.yaml", "duties/2025-a.yaml"),
        ("Duties/a.yaml", "duties/a.yaml"),
        ("more.yaml", "duties/more.yaml"),
        ("more/a.Yml", "duties/more-a.yaml"),
    ],
)
def test_duties_that_are_not_read_are_an_error(tmp_path: Path, name: str, renamed: str) -> None:
    put(tmp_path, name)
    with pytest.raises(InvalidInputError) as caught:
        load_policy(written(tmp_path, DUTY))
    [problem] = caught.value.problems
    assert problem.file == str(tmp_path / name)
    assert problem.message.endswith(f"rename it to {renamed}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tests/a.yaml", MORE),
        ("waivers.yml", "waivers:\n  - {duty: drills}\n"),
        ("policy-2024.yaml", f"policy: old\n{MORE}"),
        ("other/policy.yaml", f"policy: other\n{MORE}"),
        ("other/duties/a.yaml", MORE),
        (".hidden/duties/a.yaml", MORE),
    ],
)
def test_other_files_may_stand_beside_a_policy(tmp_path: Path, name: str, text: str) -> None:
    put(tmp_path, "other/policy.yaml", "policy: other\n")
    put(tmp_path, name, text)
    assert set(load_policy(written(tmp_path, DUTY)).duties) == {"drills"}
