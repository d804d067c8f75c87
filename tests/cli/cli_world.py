"""A tiny plan, its organisation and exports, and ways to run policyeval on them as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from policyeval.cli import cli

ROOT = Path(__file__).parents[2]

POLICY = """\
policy: tiny
version: "1"
title: {zh: 小方案, en: Tiny plan}
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
unit_kinds: {section: {title: {zh: 股室, en: Section}}}
posts: {head: {title: {zh: 负责人, en: Head}}}
event_types:
  report: {fields: {form: text}}
  request: {fields: {case_no: text}}
  answer: {fields: {case_no: text}}
duties:
  yearly-report:
    title: {zh: 年度报告, en: Yearly report}
    clause: "1"
    bearer: {unit: section}
    when: {per: year}
    evidence: {event: report, must: {form: written}}
    accountable: [head]
    severity: major
  request-answered:
    title: {zh: 来件办理, en: Each request is answered}
    clause: "2"
    bearer: {unit: section}
    when: {after: {event: request}}
    within: 5 days
    evidence: {event: answer, matching: case_no}
    accountable: [head]
"""
ORGANISATION = """\
organisation: tiny
units:
  - {id: s1, kind: section, title: {zh: 一股, en: Section one}}
people:
  - {id: p1, name: 张三}
appointments:
  - {person: p1, post: head, unit: s1}
"""
WAIVERS = """\
waivers:
  - {duty: yearly-report, bearer: s1, from: 2025-01-01, reason: new, approved_by: board}
"""
PROFILE = """\
profile: theirs
columns: {id: 编号, type: 事项, at: 日期, unit: 单位, form: 形式, case_no: 案号}
values: {type: {报告: report, 来件: request, 答复: answer}}
"""
HEAD = "id,type,at,unit,form,case_no\n"
REPORT = "r1,report,2025-03-01,s1,written,\n"
REQUEST = "q1,request,2025-05-01,s1,,c1\n"
EVENTS = {
    "met": HEAD + REPORT,
    "pending": HEAD + REPORT + "q1,request,2025-12-30,s1,,c1\n",
    "late": HEAD + REPORT + REQUEST + "a1,answer,2025-05-20,s1,,c1\n",
    "undetermined": HEAD + REPORT + REQUEST + "a1,answer,2025-05-32,s1,,c1\n",
    "unmet": HEAD + REQUEST + "r1,report,2025-03-01,s1,oral,\n" + "a1,answer,2025-05-02,s1,,c1\n",
}
"""Exports by the worst verdict that they give by the end of 2025."""


@dataclass(frozen=True)
class World:
    """A folder with the files of the tiny plan."""

    folder: Path

    @property
    def out(self) -> Path:
        """The folder for reports."""
        return self.folder / "out"

    def args(self, events: str | Path = "met", *more: str, as_of: str = "2025-12-31") -> list[str]:
        """The arguments of an evaluation, from files in the folder."""
        file = events if isinstance(events, Path) else self.folder / f"{events}.csv"
        return [
            *("evaluate", str(self.folder / "policy"), "--events", str(file), "--as-of", as_of),
            *("--organisation", str(self.folder / "organisation.yaml"), "--out", str(self.out)),
            *more,
        ]

    def put(self, name: str, text: str) -> Path:
        """Write a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


def make_world(folder: Path) -> World:
    world = World(folder)
    world.put("policy/policy.yaml", POLICY)
    world.put("organisation.yaml", ORGANISATION)
    world.put("waivers.yaml", WAIVERS)
    world.put("profile.yaml", PROFILE)
    for name, text in EVENTS.items():
        world.put(f"{name}.csv", text)
    return world


def run(args: list[str]) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, args, prog_name="policyeval")


def run_process(
    args: list[str], *, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        command(args),
        env={**os.environ, **environment},
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def command(args: list[str]) -> list[str]:
    """The command line of the installed command."""
    return [str(Path(sys.executable).parent / "policyeval"), *args]


def is_plain(text: str) -> bool:
    """Whether a message is for people: no traceback, no name of an exception's class."""
    return "Traceback" not in text and "Error(" not in text and "policyeval." not in text
