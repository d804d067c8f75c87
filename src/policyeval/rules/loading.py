"""Rule files: YAML with the line and column of everything that is wrong, all at once."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from policyeval.errors import InvalidInputError, Problem
from policyeval.language.judging import JudgingRuleSet
from policyeval.rules.checking import check
from policyeval.rules.ruleset import ChainingRuleSet, RuleSet

_ADAPTER: TypeAdapter[JudgingRuleSet | ChainingRuleSet] = TypeAdapter(RuleSet)

Path_ = tuple[str | int, ...]
Places = dict[Path_, tuple[int, int]]


def load_ruleset(path: Path) -> JudgingRuleSet | ChainingRuleSet:
    """Load a rule file.

    Raises:
        InvalidInputError: with everything that is wrong in it.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError([Problem(str(path), 0, 0, f"cannot be read: {error}")]) from error
    return parse_ruleset(text, str(path))


@cache
def shipped(name: str) -> JudgingRuleSet | ChainingRuleSet:
    """Load a rule set that comes with policyeval: `judgement`, `attribution` or `escalation`."""
    file = resources.files("policyeval.rules") / f"{name}.yaml"
    return parse_ruleset(file.read_text(encoding="utf-8"), f"{name}.yaml")


def parse_ruleset(text: str, file: str) -> JudgingRuleSet | ChainingRuleSet:
    """Parse and check a rule file's text; `file` is what errors call it.

    Raises:
        InvalidInputError: with everything that is wrong in it.
    """
    try:
        node = yaml.compose(text, yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        message = getattr(error, "problem", None) or str(error)
        raise InvalidInputError([Problem(file, line, column, f"not YAML: {message}")]) from error
    places: Places = {}
    doubles: list[Path_] = []
    if node is not None:
        _walk(node, (), places, doubles)
    problems = [_problem(file, places, p, f"{p[-1]} is given twice: keep one") for p in doubles]
    try:
        ruleset = _ADAPTER.validate_python(data)
    except ValidationError as error:
        for e in error.errors():
            # Pydantic places a wrong or missing `kind` at the whole file.
            loc = ("kind",) if e["type"].startswith("union_tag") and not e["loc"] else e["loc"]
            problems.append(_problem(file, places, loc, e["msg"]))
    else:
        problems += [_problem(file, places, path, message) for path, message in check(ruleset)]
    if problems:
        raise InvalidInputError(problems)
    return ruleset


def _walk(node: yaml.Node, path: Path_, places: Places, doubles: list[Path_]) -> None:
    """Note where every key and item stands, and which keys stand twice (PyYAML would not say)."""
    places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            if inner in places:
                doubles.append(inner)
            places[inner] = (key.start_mark.line + 1, key.start_mark.column + 1)
            _walk(value, inner, places, doubles)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _walk(item, (*path, number), places, doubles)


def _problem(file: str, places: Places, loc: tuple[Any, ...], message: str) -> Problem:
    """Find the place of a Pydantic location: its parts, less the names of models in unions."""
    path: Path_ = ()
    for part in loc:
        if (*path, part) in places:
            path = (*path, part)
    where = ".".join(str(p) for p in path if isinstance(p, str))
    line, column = places.get(path, (0, 0))
    return Problem(file, line, column, f"{where}: {message}" if where else message)
