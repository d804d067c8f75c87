"""How a command ends: one exit code and one plain message for every failure, never a traceback."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click
import duckdb

from policyeval.errors import InvalidInputError, PolicyEvalError

INVALID = 2
UNFINISHED = 4
INTERRUPTED = 130
READER_LEFT = 141
DEBUG = "POLICYEVAL_DEBUG"
"""Set in the environment, it shows the traceback of a failure that nobody foresaw."""


class Commands(click.Group):
    """A group of commands that ends by the exit codes of policyeval."""

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run a command and exit."""
        extra["standalone_mode"] = False
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")  # A name must not stop a summary.
        run = super().main
        sys.exit(ended(lambda: _code(run(*args, **extra))))

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        """Read the arguments; `--help` and `--version` are printed here."""
        with _reader_left():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        with _reader_left():
            return super().invoke(ctx)


class _ReaderLeftError(Exception):
    """A broken pipe under another name: click would end by 1, which says that findings are bad."""


@contextmanager
def _reader_left() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise _ReaderLeftError from None


def ended(run: Callable[[], int]) -> int:
    """Run a command and give its exit code, whatever happens."""
    try:
        code = run()
        sys.stdout.flush()
    except SystemExit as left:
        return _flushed(_code(left.code))
    except click.Abort:
        return _say("Stopped.", INTERRUPTED)
    except KeyboardInterrupt:
        return _say("Stopped.", INTERRUPTED)
    except click.ClickException as error:
        error.show()
        return INVALID
    except InvalidInputError as error:
        return _say(_listed(error), INVALID)
    except PolicyEvalError as error:
        return _say(f"Error: {error}", UNFINISHED)
    except Exception as error:
        return _unforeseen(error)
    return code


@contextmanager
def reader_may_leave() -> Iterator[None]:
    """What is printed in the block may be cut off by its reader, as in `policyeval … | head`."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _print_to_nowhere()


def _code(value: object) -> int:
    return value if isinstance(value, int) else 0


def _flushed(code: int) -> int:
    return ended(lambda: code)


def _listed(error: InvalidInputError) -> str:
    number = len(error.problems)
    found = f"{number} problem{'s' if number != 1 else ''} found; nothing was evaluated."
    return "\n".join([*map(str, error.problems), found])


def _unforeseen(error: Exception) -> int:
    if isinstance(error, (BrokenPipeError, _ReaderLeftError)):
        _print_to_nowhere()
        return READER_LEFT
    if DEBUG in os.environ:
        raise error
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        _print_to_nowhere()
        return _say("Error: there is no room left on the device; make room.", UNFINISHED)
    if isinstance(error, duckdb.OutOfMemoryException):
        return _say(
            "Error: the memory of the data engine was not enough; give it more with --memory, or "
            "fewer --threads.",
            UNFINISHED,
        )
    if isinstance(error, (OSError, duckdb.IOException)):
        said = _first_line(error)
        return _say(f"Error: a file could not be read or written ({said}).", UNFINISHED)
    said = f"{type(error).__name__}: {_first_line(error)}"
    return _say(
        f"Error: this should not have happened ({said}). Set {DEBUG}=1 to see where, and report "
        "it.",
        UNFINISHED,
    )


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "no more is known")


def _say(message: str, code: int) -> int:
    try:
        click.echo(message, err=True)
    except OSError:  # Nobody can be told.
        return code
    return code


def _print_to_nowhere() -> None:
    """What is still to be printed has no reader; Python would complain about it when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):  # No real stream, as in a test.
        return
