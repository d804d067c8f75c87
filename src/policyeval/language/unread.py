"""Files of duties in or below a plan's folder that nothing reads, by their ending or place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from policyeval.errors import Problem

DUTIES = "duties"
_ENDINGS = {".yaml", ".yml"}
_TOP_LEVEL = re.compile(rb"""^["']?(duties|policy)["']?[ \t]*:""", re.MULTILINE)


def unread(main: Path) -> Iterator[Problem]:
    """A problem for each file of duties beside or below a policy file that is not read."""
    folder = main.parent
    for file in _yaml_files(folder):
        where = file.relative_to(folder)
        is_read = file == main or (where.parts[:-1] == (DUTIES,) and file.suffix == ".yaml")
        among_duties = where.parts[0].lower() == DUTIES
        if not is_read and (among_duties or _has_only_duties(file)):
            parts = where.parts[1:] if among_duties else where.parts
            name = f"{DUTIES}/{Path('-'.join(parts)).stem}.yaml"
            message = f"is not read: duties stand in {main.name} or in {DUTIES}/*.yaml beside it"
            yield Problem(str(file), 0, 0, f"{message}; rename it to {name}")


def _yaml_files(folder: Path) -> Iterator[Path]:
    """All but hidden ones, tests, and those of a plan below that has a `policy.yaml` of its own."""
    for name, folders, files in os.walk(folder):
        here = Path(name)
        if here != folder and ("policy.yaml" in files or here.name == "tests"):
            folders.clear()
            continue
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for each in sorted(files):
            if Path(each).suffix.lower() in _ENDINGS and not each.startswith("."):
                yield here / each


def _has_only_duties(file: Path) -> bool:
    """Whether it has duties, and is no policy of its own (last year's, say)."""
    try:
        keys = {found[1] for found in _TOP_LEVEL.finditer(file.read_bytes())}
    except OSError:
        return False
    return keys == {b"duties"}
