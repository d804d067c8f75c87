"""The same input gives the same bytes: whatever the hash seed, the threads, the order of rows."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from cli_world import World, make_world, run_process

FORMATS = ("json", "html", "csv", "parquet", "evidence-parquet")


def rows() -> list[str]:
    """Events of a few units with every verdict, corrections and rows that can't be read."""
    made = []
    for n in range(40):
        unit = f"s{n % 4 + 1}"
        day = f"2025-{n % 12 + 1:02d}-{n % 27 + 1:02d}"
        made.append(f"q{n},request,{day},{unit},,c{n}")
        if n % 3:
            answer = f"2025-{n % 12 + 1:02d}-{min(n % 27 + n % 9, 28):02d}"
            made.append(f"a{n},answer,{answer},{unit},,c{n}")
        if n % 7 == 0:
            made.append(f"r{n},report,{day},{unit},{'oral' if n % 2 else 'written'},")
    return [*made, "x1,answer,2025-13-01,s1,,c1", "x2,answer,2025-04-31,s2,,c6"]


def world_of(folder: Path, lines: list[str]) -> World:
    world = make_world(folder)
    units = "\n".join(f"  - {{id: s{n}, kind: section}}" for n in range(1, 5))
    world.put("organisation.yaml", f"organisation: four\nunits:\n{units}\n")
    world.put("many.csv", "\n".join(["id,type,at,unit,form,case_no", *lines]) + "\n")
    return world


def written(folder: Path, lines: list[str], threads: str, seed: str) -> dict[str, bytes]:
    world = world_of(folder, lines)
    formats = [word for name in FORMATS for word in ("--format", name)]
    args = ["evaluate", "policy", "--organisation", "organisation.yaml", "--events", "many.csv"]
    more = ["--as-of", "2025-12-31", "--out", "out", "--threads", threads, "--quiet", *formats]
    done = run_process([*args, *more], cwd=folder, PYTHONHASHSEED=seed)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    return {path.name: path.read_bytes() for path in world.out.iterdir()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return written(tmp_path_factory.mktemp("first"), rows(), "1", "0")


def test_the_hash_seed_and_the_threads_change_no_byte(
    first: dict[str, bytes], tmp_path: Path
) -> None:
    second = written(tmp_path, rows(), "2", "4711")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_the_order_of_rows_changes_nothing_but_their_numbers(
    first: dict[str, bytes], tmp_path: Path
) -> None:
    shuffled = rows()
    random.Random(7).shuffle(shuffled)
    second = written(tmp_path, shuffled, "2", "1")
    same = ("findings.csv", "units.csv", "people.csv", "findings.parquet", "evidence.parquet")
    assert [name for name in same if first[name] != second[name]] == []
    assert unnumbered(first["report.json"]) == unnumbered(second["report.json"])


def unnumbered(report: bytes) -> dict:
    read = json.loads(report)
    for each in read["rejected_rows"]:
        del each["row"]
    read["rejected_rows"].sort(key=json.dumps)
    return read
