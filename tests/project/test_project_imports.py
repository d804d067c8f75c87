"""Imports run one way, and only `rules` knows the rule engine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "policyeval"
LAYERS = ("language", "inputs", "evaluation", "findings", "reports", "cli")
MODULES = sorted(SOURCE.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or within a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports by their full name only"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(module: str) -> str:
    """The package under policyeval that a module lies in; empty for others."""
    steps = module.split(".")
    return steps[1] if steps[0] == "policyeval" and len(steps) > 1 else ""


def ids(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_a_layer_imports_only_itself_and_what_lies_below(path: Path) -> None:
    layer = path.relative_to(SOURCE).parts[0]
    if layer not in LAYERS:
        return
    above = set(LAYERS[LAYERS.index(layer) + 1 :])
    assert above.isdisjoint(map(part_of, imported(path)))


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_only_rules_imports_durable(path: Path) -> None:
    if path.relative_to(SOURCE).parts[0] != "rules":
        assert not [each for each in imported(path) if each.split(".")[0].startswith("durable")]


def test_only_the_evaluation_and_check_import_rules() -> None:
    users = {
        ids(path)
        for path in MODULES
        if path.relative_to(SOURCE).parts[0] != "rules" and "rules" in map(part_of, imported(path))
    }
    outside = {user for user in users if not user.startswith("evaluation")}
    assert outside <= {str(Path("cli", "check.py"))}


def test_rules_imports_none_of_the_layers_but_the_language() -> None:
    used = {part_of(each) for path in (SOURCE / "rules").rglob("*.py") for each in imported(path)}
    assert used.isdisjoint(set(LAYERS) - {"language"})


@pytest.mark.parametrize("name", ["engine", "tables", "errors"])
def test_what_every_layer_uses_imports_no_layer(name: str) -> None:
    assert set(LAYERS).isdisjoint(map(part_of, imported(SOURCE / f"{name}.py")))
