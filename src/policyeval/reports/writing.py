"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from policyeval.errors import OutputError


@contextmanager
def fresh(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; when the block ends well it takes the place of `path`.

    Args:
        path: the file to write; its folder is made if it is missing.

    Yields:
        A path in the same folder at which there is no file yet.

    Raises:
        OutputError: the file could not be written. What stood at `path` before still does.
    """
    draft = path.with_name(f".{path.name[:100]}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(path)
    except OSError as error:
        what = error.strerror or str(error)
        raise OutputError(
            f"{path}: could not be written ({what}); choose a folder that can be written to, "
            "with enough room"
        ) from error
    finally:
        _remove(draft)


def _remove(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:  # The folder itself is gone or no folder: there is no draft in it.
        return


@contextmanager
def text_file(path: Path, *, encoding: str = "utf-8", newline: str = "\n") -> Iterator[TextIO]:
    """A text file that appears at `path` when the block ends well, and else not at all.

    Args:
        path: the file to write.
        encoding: its encoding.
        newline: what a line break is written as; `""` writes it as given.

    Raises:
        OutputError: the file could not be written.
    """
    with (
        fresh(path) as draft,
        # A lone surrogate, which no encoding can hold, must not cost the whole report.
        draft.open("x", encoding=encoding, newline=newline, errors="replace") as stream,
    ):
        yield stream
        stream.flush()
        os.fsync(stream.fileno())  # Else a power cut may leave an empty file in its place.
