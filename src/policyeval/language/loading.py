"""Loads a policy folder: `policy.yaml`, its `duties/*.yaml`, and every problem in them at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from policyeval.errors import InvalidInputError, Problem
from policyeval.language.lint import lint
from policyeval.language.policy import Policy
from policyeval.language.source import Source, read_source
from policyeval.language.validation import Model, checked


class _DutiesFile(Model):
    duties: dict[str, Any]


def load_policy(path: Path | str) -> Policy:
    """Load a policy from its folder or its `policy.yaml`.

    Raises:
        InvalidInputError: with every problem of every file, each at its line and column.
    """
    path = Path(path)
    source, problems = _merged(path / "policy.yaml" if path.is_dir() else path)
    policy, found = checked(Policy, source)
    problems += found
    if policy is not None:
        problems += lint(policy, source)
    if problems or policy is None:
        raise InvalidInputError(problems)
    return policy


def _merged(main: Path) -> tuple[Source, list[Problem]]:
    """The policy's source with the duties of `duties/*.yaml` put into it, places and all."""
    source = read_source(main)
    problems: list[Problem] = []
    if not isinstance(source.data, dict):
        return source, problems
    duties = source.data.setdefault("duties", {})
    if not isinstance(duties, dict):
        return source, problems
    for file in sorted((main.parent / "duties").glob("*.yaml")):
        try:
            more = read_source(file)
        except InvalidInputError as error:
            problems += error.problems
            continue
        parsed, found = checked(_DutiesFile, more)
        problems += found
        for name, duty in (parsed.duties if parsed else {}).items():
            path = ("duties", name)
            if name in duties:
                message = f"the duty `{name}` is also in {source.keys[path][0]}; rename one"
                problems.append(more.problem(path, message, at_key=True))
                continue
            duties[name] = duty
            for places, theirs in ((source.values, more.values), (source.keys, more.keys)):
                places.update({at: mark for at, mark in theirs.items() if at[:2] == path})
    if not duties and ("duties",) not in source.keys:
        del source.data["duties"]
    return source, problems
