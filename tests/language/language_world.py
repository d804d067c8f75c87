"""A policy whose last lines are the duties of a test."""

from __future__ import annotations

import re
from pathlib import Path

from policyeval import InvalidInputError, load_policy
from policyeval.language.policy import Policy

HEAD = """\
policy: plan
version: "1"
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
calendars: {bank-days: {country: GB}}
unit_kinds: {office: {title: Office}, ship: {title: Ship}}
unit_attributes: {crew: number, flag: text, issued_on: date, open: boolean}
posts: {head: {title: Head}, member: {title: Member}}
event_types:
  drill: {fields: {kind: {one_of: [fire, boat]}, hours: number, seats: number, shift: text, day: date, by: list}}
  case: {fields: {case_no: text, kind: {one_of: [fire, flood]}, n: number, handler: text, since: date}}
  answer: {fields: {case_no: text, n: number, writer: text, reader: text}}
parameters:
  time: [{from: 2020-01-01, is: 30 days}, {from: 2025-07-01, is: 20 days}]
  kinds: [{from: 2020-01-01, is: office}, {from: 2025-07-01, is: ship}]
  least: [{from: 2020-01-01, is: 2}]
escalations:
  facts: {title: Facts, clause: "9", of: [unit], when: {unmet: {at_least: 2}, severity: major}, addressed_to: {post: head}}
  personal: {title: Facts, clause: "9", of: [person], when: {unmet: {at_least: 2}, severity: minor}, addressed_to: {post: head}}
duties:
"""  # noqa: E501
PARAMETERS = {"time", "kinds", "least"}
FIRST = HEAD.count("\n") + 1
"""The line on which a test's duties begin."""


def written(folder: Path, duties: str) -> Path:
    """The policy, as a file; each duty is written from the first column, as in a test."""
    lines = "".join(f"  {line}\n" if line else "\n" for line in duties.splitlines())
    path = folder / "policy.yaml"
    path.write_text(_head(duties) + lines, encoding="utf-8")
    return path


def _head(duties: str) -> str:
    """The head, an empty line for each parameter that the duties don't use.

    Where they name one that isn't there, all are.
    """
    used = set(re.findall(r"parameter: (\w+)", duties))
    unused = set() if used - PARAMETERS else PARAMETERS - used
    gone = [f"  {name}: " for name in unused] + ["parameters:"] * (unused == PARAMETERS)
    lines = HEAD.splitlines(keepends=True)
    return "".join("\n" if line.startswith(tuple(gone)) else line for line in lines)


def policy(folder: Path, duties: str) -> Policy:
    return load_policy(written(folder, duties))


def problems(folder: Path, duties: str) -> list[str]:
    """What is wrong: `line:column: message`, lines and columns as in the test's text."""
    try:
        policy(folder, duties)
    except InvalidInputError as error:
        return [
            f"{found.line - FIRST + 1}:{found.column - 2}: {found.message}"
            if found.line >= FIRST
            else f"head {found.line}:{found.column}: {found.message}"
            for found in error.problems
        ]
    return []
