"""Nothing that goes wrong shows a traceback, and each thing ends by its own exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import duckdb
import ibis.expr.types as ir
import pytest
from cli_world import World, command, is_plain, make_world, run, run_process

from policyeval import api
from policyeval.cli import ending

FULL = Path("/dev/full")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return make_world(tmp_path)


def raising(error: BaseException) -> Callable[..., None]:
    def stand_in(*_args: object, **_more: object) -> None:
        raise error

    return stand_in


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "Stopped."),
        (click.Abort(), 130, "Stopped."),
        (BrokenPipeError(32, "Broken pipe"), 141, ""),
        (OSError(28, "No space left on device"), 4, "no room left"),
        (PermissionError(13, "Permission denied", "x.csv"), 4, "Permission denied"),
        (duckdb.OutOfMemoryException("failed"), 4, "--memory"),
        (duckdb.IOException("Could not write"), 4, "Could not write"),
        (MemoryError(), 4, "MemoryError"),
        (ValueError("a\nb"), 4, "ValueError: a)"),
        (RecursionError(), 4, "RecursionError"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, BaseException) else "",
)
def test_what_goes_wrong_is_said(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    said: str,
) -> None:
    monkeypatch.setattr(api, "evaluate", raising(error))
    result = run(world.args())
    assert result.exit_code == code
    assert said in result.stderr
    assert is_plain(result.stderr)


def test_what_nobody_foresaw_can_be_looked_into(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ending.DEBUG, "1")
    monkeypatch.setattr(api, "evaluate", raising(ValueError("where?")))
    assert isinstance(run(world.args()).exception, ValueError)


@pytest.mark.parametrize("what", ["missing", "a folder", "not to be read", "not UTF-8", "no YAML"])
@pytest.mark.parametrize("name", ["organisation.yaml", "policy/policy.yaml"])
def test_a_file_that_cannot_be_read(world: World, what: str, name: str) -> None:
    file = world.folder / name
    if what in {"missing", "a folder"}:
        file.unlink()
    if what == "a folder":
        file.mkdir()
    if what == "not to be read":
        file.chmod(0)
        if os.access(file, os.R_OK):
            pytest.skip("this user may read everything")
    if what == "not UTF-8":
        file.write_bytes("单位".encode("gb18030"))
    if what == "no YAML":
        file.write_text("a: [b\n", encoding="utf-8")
    result = run(world.args())
    assert result.exit_code == 2
    assert str(file) in result.stderr
    assert is_plain(result.stderr)


def test_a_draft_is_not_left_when_the_engine_cannot_write(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = duckdb.IOException("IO Error: Could not write file: No space left on device")
    monkeypatch.setattr(ir.Table, "to_parquet", raising(full))
    world.out.mkdir()
    before = world.put("out/findings.parquet", "before")
    result = run(world.args("met", "--format", "parquet", "--quiet"))
    assert result.exit_code == 4
    assert "No space left" in result.stderr
    assert [path.name for path in world.out.iterdir()] == [before.name]
    assert before.read_text(encoding="utf-8") == "before"


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("args", [["schema", "policy"], ["completion", "bash"], ["--help"]])
def test_a_full_disk_behind_the_output(args: list[str]) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            command(args), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert done.returncode == 4
    assert "no room left" in done.stderr
    assert is_plain(done.stderr)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes of this kind")
def test_a_reader_that_leaves_does_not_change_the_outcome(world: World) -> None:
    """The reports are written by then: `policyeval evaluate … | head -1` is no failure."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        command(world.args("met", "--format", "parquet")),
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes of this kind")
def test_a_reader_that_leaves_a_listing() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        command(["schema", "report"]),
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_terminal_that_knows_no_chinese(world: World) -> None:
    done = run_process(
        world.args("met", "--lang", "zh", "--format", "parquet"), PYTHONIOENCODING="ascii"
    )
    assert (done.returncode, done.stderr) == (0, "")
