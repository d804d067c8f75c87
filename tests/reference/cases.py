"""Conformance cases: YAML files that list a few events and the findings they must give.

A case gives findings with as many of their keys as it cares about. `complete: true`, which is left
out, says that there are no others; with `complete: false` there may be, and `absent` lists findings
in the same way of which there is none.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDERS = ("tests/conformance/*", "policy/*/tests", "policy/examples/*/tests")
DEFAULTS = {
    "policy": "case",
    "version": "1",
    "timezone": "Asia/Shanghai",
    "in_force": {"from": date(2025, 1, 1)},
}
CASE_KEYS = {"case", "as_of", "since", "waivers", "events", "findings", "complete"} | {
    "absent",
    "escalations",
    "rejected",
    "known_by",
}
SETS = ("accountable", "defective_evidence")

Evaluate = Callable[..., dict]


@dataclass(frozen=True)
class Case:
    """One case: what goes in and what must come out."""

    name: str
    policy: dict
    organisation: dict
    waivers: list
    events: list
    as_of: date
    since: date | None
    expected: dict
    known_by: date | None = None


def all_cases() -> list[Case]:
    """Every case of the project."""
    files = [f for pattern in FOLDERS for f in sorted(ROOT.glob(f"{pattern}/*.yaml"))]
    return [case for file in files for case in cases_of(file)]


def cases_of(file: Path) -> list[Case]:
    spec = load(file)
    policy = spec["policy"] if "policy" in spec else policy_of(file.parent.parent)
    organisation = spec["organisation"]
    if isinstance(organisation, str):
        organisation = load(file.parent / organisation)
    found = []
    for case in spec["cases"]:
        unknown = set(case) - CASE_KEYS
        if unknown:
            raise ValueError(f"{file}: unknown keys {unknown} in the case `{case['case']}`")
        check_absent(case, policy, file)
        found.append(
            Case(
                name=f"{file.relative_to(ROOT).with_suffix('')}: {case['case']}",
                policy=completed(policy) if "policy" in spec else policy,
                organisation={"organisation": "case", **organisation},
                waivers=case.get("waivers") or [],
                events=case.get("events") or [],
                as_of=case["as_of"],
                since=case.get("since"),
                known_by=case.get("known_by"),
                expected=case,
            )
        )
    return found


def check_absent(case: dict, policy: dict, file: Path) -> None:
    """What is misspelt, or says nothing, would never be found to be there.

    Raises:
        ValueError: a finding that must be absent has no key, or is of a duty that is not there.
    """
    for each in case.get("absent") or []:
        if not each:
            raise ValueError(f"{file}: `absent` names no key in the case `{case['case']}`")
        if "duty" in each and each["duty"] not in policy["duties"]:
            raise ValueError(f"{file}: no duty `{each['duty']}` for the case `{case['case']}`")


class Loader(yaml.SafeLoader):
    """YAML as policies are written: `no` is a word, a timestamp is text, a date is a date."""

    yaml_implicit_resolvers: dict = {}


def _date(_: Loader, node: yaml.ScalarNode) -> date | str:
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        return node.value


Loader.add_constructor("!date", _date)
for tag, pattern, first in (
    ("tag:yaml.org,2002:bool", r"true|false", "tf"),
    ("tag:yaml.org,2002:null", r"~|null|", ["~", "n", ""]),
    ("tag:yaml.org,2002:int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"[-+]?(0|[1-9][0-9]*)\.[0-9]+", "-+0123456789"),
    ("!date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
):
    Loader.add_implicit_resolver(tag, re.compile(rf"^(?:{pattern})$"), list(first))


def load(file: Path) -> dict:
    return yaml.load(file.read_text(encoding="utf-8"), Loader)


def policy_of(folder: Path) -> dict:
    """A policy folder as one mapping."""
    policy = load(folder / "policy.yaml")
    for file in sorted((folder / "duties").glob("*.yaml")):
        policy.setdefault("duties", {}).update(load(file)["duties"])
    return policy


def completed(policy: dict) -> dict:
    """The policy of a case, with what the language requires and the case has no use for."""
    policy = {**DEFAULTS, **copy.deepcopy(policy)}
    for key in ("unit_kinds", "posts", "bodies", "responsibilities"):
        for name, spec in policy.get(key, {}).items():
            policy[key][name] = {"title": name, **(spec or {})}
    for name, spec in policy["event_types"].items():
        policy["event_types"][name] = spec or {}
    for duty in policy["duties"].values():
        duty.setdefault("clause", "1")
    for name, spec in policy.get("escalations", {}).items():
        policy["escalations"][name] = {"title": name, "clause": "1", **spec}
    return policy


def run(case: Case, evaluate: Evaluate) -> dict:
    arguments = [case.policy, case.organisation, case.waivers, case.events, case.as_of, case.since]
    if case.known_by is not None:
        arguments.append(case.known_by)
    return evaluate(*arguments)


def check(case: Case, result: dict, ignore: tuple[str, ...] = ()) -> list[str]:
    """What is wrong with a result: nothing, or a line for each difference."""
    problems = []
    rest = list(result["findings"])
    for wanted in case.expected.get("findings") or []:
        match = next((f for f in rest if not differences(wanted, f, ignore)), None)
        if match is not None:
            rest.remove(match)
            continue
        about = {
            k: wanted[k] for k in ("duty", "bearer", "target", "period", "trigger") & wanted.keys()
        }
        near = [f for f in rest if not differences(about, f, ignore)]
        problems.append(f"expected {wanted}")
        problems += [f"   found {differences(wanted, f, ignore)}" for f in near]
        if not near:
            problems.append("   found no such finding")
        elif len(near) == 1:
            rest.remove(near[0])
    if case.expected.get("complete", True):
        problems += [f"not expected: {brief(finding)}" for finding in rest]
    problems += absent_problems(case.expected.get("absent") or [], result["findings"], ignore)
    if "rejected" in case.expected:
        found = sorted(str(row["id"] or row["row"]) for row in result["rejected"])
        wanted_rows = sorted(str(row) for row in case.expected["rejected"] or [])
        if found != wanted_rows:
            problems.append(f"rejected: expected {wanted_rows}, found {found}")
    if "escalations" in case.expected:
        problems += escalation_problems(case.expected["escalations"] or [], result["escalations"])
    return problems


def absent_problems(absent: list[dict], found: list[dict], ignore: tuple[str, ...]) -> list[str]:
    """Findings that must not be there; an entry with an ignored key can't be told, and is left."""
    return [
        f"expected none such as {each}: found {brief(finding)}"
        for each in absent
        if not each.keys() & set(ignore)
        for finding in found
        if not differences(each, finding, ())
    ]


def escalation_problems(wanted: list[dict], found: list[dict]) -> list[str]:
    problems, rest = [], list(found)
    for each in wanted:
        match = next((e for e in rest if not differences(each, e, ())), None)
        if match is None:
            problems.append(f"expected the escalation {each}")
        else:
            rest.remove(match)
    return problems + [f"not expected: the escalation {each}" for each in rest]


def differences(wanted: dict, found: dict, ignore: tuple[str, ...]) -> dict:
    """Key -> (wanted, found), where they differ."""
    result = {}
    for key, value in wanted.items():
        if key in ignore:
            continue
        if key not in found:
            raise KeyError(f"`{key}` is no key of a finding; known: {sorted(found)}")
        ours, theirs = comparable(key, value), comparable(key, found[key])
        if key in ("closes", "due", "opens") and len(ours) == 10:
            theirs = theirs[:10]
        if ours != theirs:
            result[key] = (ours, theirs)
    return result


def comparable(key: str, value: Any) -> Any:
    if key == "accountable":
        return sorted(
            (a["post"], "vacant" if a.get("vacant") else a["person"] or "vacant") for a in value
        )
    if key == "defective_evidence":
        return sorted(value)
    if key in ("evidence", "duties"):
        return sorted(value)
    if key in ("closes", "due", "opens"):
        return instant(value)
    if key in ("period", "year", "trigger", "bearer", "target", "id") and value is not None:
        return str(value)
    return value


def instant(value: date | datetime | None) -> str:
    """To the second; the first moment of a day that ends a day before counts as that day's end."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.replace(microsecond=0)
        if (value.hour, value.minute, value.second) == (0, 0, 0):
            value -= timedelta(seconds=1)
        return value.isoformat()
    return str(value)


def brief(finding: dict) -> dict:
    keys = (
        "duty",
        "bearer",
        "target",
        "period",
        "trigger",
        "verdict",
        "counted",
        "late",
        "evidence",
    )
    return {key: finding[key] for key in keys}
