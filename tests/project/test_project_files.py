"""The project's own files: what the README says is there, and nothing of a developer's machine."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from policyeval.cli import cli
from policyeval.reports import FORMATS

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHELL_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`(policyeval [^`]*)`")


def commands(text: str) -> list[list[str]]:
    """Every call of policyeval in a document's console blocks and in its sentences."""
    lines = []
    for block in SHELL_BLOCK.findall(text):
        joined = block.replace("\\\n", " ")
        lines += [line[2:] for line in joined.splitlines() if line.startswith("$ ")]
    lines += INLINE.findall(text)
    words = [shlex.split(line, comments=True) for line in lines]
    return [each[1:] for each in words if Path(each[0]).name == "policyeval"]


DOCUMENTED = [
    pytest.param(command, id=" ".join(command)[:60])
    for document in DOCUMENTS
    for command in commands(document.read_text(encoding="utf-8"))
]


def tracked() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git here")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [path for path in files if path.is_file()]


@pytest.mark.parametrize("words", DOCUMENTED)
def test_documented_commands_and_options_exist(words: list[str]) -> None:
    command = cli.commands[words[0]]
    options = {name: each for each in command.params for name in each.opts}
    for word, following in zip(words[1:], [*words[2:], ""], strict=True):
        if not word.startswith("--"):
            continue
        assert word in options
        kind = options[word].type
        if isinstance(kind, click.Choice):
            assert following in kind.choices
        elif isinstance(kind, click.Path) and "/" in following and word != "--out":
            assert (ROOT / following).exists()


def test_the_readme_shows_commands() -> None:
    assert len(commands((ROOT / "README.md").read_text(encoding="utf-8"))) >= 3


def test_the_readme_names_existing_formats_and_files() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"--format ([a-z-]+)", text)) <= set(FORMATS)
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / link).exists(), link


def test_no_file_names_a_path_of_a_developers_machine() -> None:
    homes = r"/(?:home|Users)/[a-z]|/root/|[A-Z]:\\Users\\"
    private = re.compile(f"{re.escape(str(ROOT))}|/" + "tmp/|" + homes)
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {each}" for each in private.findall(text)]
    assert found == []


def test_every_dependency_has_a_lower_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert [each for each in listed if ">=" not in each] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_file_pins_versions_and_holds_no_address(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [
        line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)
    ] == []
    assert not [line for line in lines if "://" in line or "@" in line or line.startswith("-")]


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(lines: list[str]) -> set[str]:
        plain = (re.split(r"[\[><=!~ ]", line)[0] for line in lines)
        return {re.sub(r"[-_.]+", "-", name).lower() for name in plain}

    locks = ("requirements.lock", "requirements-dev.lock")
    pinned = [(ROOT / name).read_text(encoding="utf-8").splitlines() for name in locks]
    assert names(project["dependencies"]) <= names(pinned[0])
    assert names(project["optional-dependencies"]["dev"]) <= names(pinned[0] + pinned[1])


def check_machine(path: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "tools" / "check_machine.py")],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_machine_without_a_compiler_is_told_what_to_do(tmp_path: Path) -> None:
    told = check_machine(str(tmp_path))
    assert told.returncode == 1
    assert "no C compiler was found" in told.stderr
    assert "apt-get install build-essential" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler here")
def test_a_machine_with_a_compiler_is_not_kept() -> None:
    done = check_machine(os.environ["PATH"])
    assert (done.returncode, done.stderr) == (0, "")


def test_make_has_what_the_readme_names() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z]+)\b", (ROOT / "README.md").read_text(encoding="utf-8")))
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert {"demo", "test", "bench"} <= named & targets
