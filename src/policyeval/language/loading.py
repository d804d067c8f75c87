"""Loads a policy folder: `policy.yaml`, its `duties/*.yaml`, and every problem in them at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from policyeval.errors import InvalidInputError, Problem
from policyeval.language.expansion import VERSIONS, Expansion, expand
from policyeval.language.lint import lint, unused_parameters
from policyeval.language.policy import Policy
from policyeval.language.source import Source, read_source
from policyeval.language.unread import DUTIES, unread
from policyeval.language.validation import Flaw, Model, checked, examined


class _DutiesFile(Model):
    duties: dict[str, Any]


def load_policy(path: Path | str) -> Policy:
    """Load a policy from its folder or its `policy.yaml`.

    Raises:
        InvalidInputError: with every problem of every file, each at its line and column.
    """
    path = Path(path)
    source, problems = _merged(path / "policy.yaml" if path.is_dir() else path)
    expansion = expand(source)
    problems += expansion.problems
    policy, flaws = _validated(source.data)
    if policy is not None:
        flaws += lint(policy)
    if policy is not None and not problems:  # Else a misspelt name, or a file that is not read.
        flaws += unused_parameters(policy, expansion.used)
    problems += [flaw.at(source) for flaw in told_once(flaws, source, expansion)]
    if problems or policy is None:
        raise InvalidInputError(problems)
    return policy


def _validated(data: Any) -> tuple[Policy | None, list[Flaw]]:
    """The policy; its duties are also looked at without their versions, which hide mistakes."""
    policy, flaws = examined(Policy, data)
    duties = data.get("duties") if isinstance(data, dict) else None
    if not flaws or not isinstance(duties, dict):
        return policy, flaws
    bare = {name: _without_versions(duty) for name, duty in duties.items()}
    _, first = examined(Policy, {**data, "duties": bare})
    return None, [*first, *(flaw for flaw in flaws if flaw.path[2:3] == (VERSIONS,))]


def _without_versions(duty: Any) -> Any:
    if not isinstance(duty, dict):
        return duty
    return {key: value for key, value in duty.items() if key != VERSIONS}


def told_once(flaws: list[Flaw], source: Source, expansion: Expansion) -> Iterator[Flaw]:
    """Flaws without those that a version only inherits, and those where no value could be put in.

    A version inherits a flaw that the duty itself has too, unless it is in what the version says.
    """
    known = {(flaw.path, flaw.message) for flaw in flaws}
    for flaw in flaws:
        path = flaw.path
        version, rest = path[:4], path[4:]
        inherited = (
            path[2:3] == (VERSIONS,)
            and ((*path[:2], *rest), flaw.message) in known
            and source.place(path) == version
        )
        if not inherited and not any(path[: len(at)] == at for at in expansion.open):
            yield _with_parameter(flaw, expansion)


def _with_parameter(flaw: Flaw, expansion: Expansion) -> Flaw:
    """The value of a parameter is wrong for a place that its line does not tell."""
    for at, name in expansion.put_in.items():
        if flaw.path[: len(at)] == at:
            use = f"`{{parameter: {name}}}` in the duty `{at[1]}`"
            return replace(flaw, message=f"{flaw.message}; it stands for {use}")
    return flaw


def _merged(main: Path) -> tuple[Source, list[Problem]]:
    """The policy's source with the duties of `duties/*.yaml` put into it, places and all."""
    source = read_source(main)
    problems = list(unread(main))
    if not isinstance(source.data, dict):
        return source, problems
    duties = source.data.setdefault("duties", {})
    if not isinstance(duties, dict):
        return source, problems
    for file in sorted((main.parent / DUTIES).glob("*.yaml")):
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
