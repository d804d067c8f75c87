"""One family of exceptions, and the problems that they carry to a person.

Every problem says what was found, where, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong in an input, and where.

    Args:
        file: path of the file as the user gave it.
        line: 1-based line, or 0 where the file has no lines (XLSX, Parquet).
        column: 1-based column, or 0.
        message: what was found, what was expected, and what to do.
    """

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """Render as `file:line:column: message`, leaving out what is not known."""
        where = [self.file] + [str(n) for n in (self.line, self.column) if n > 0]
        return f"{':'.join(where)}: {self.message}"


class PolicyEvalError(Exception):
    """The base of every exception that policyeval raises on purpose."""


class InvalidInputError(PolicyEvalError):
    """A policy, organisation, waivers, profile or event file that can't be used.

    Nothing is evaluated. `problems` lists everything that is wrong, in order of place.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(p) for p in self.problems))


class RuleEngineError(PolicyEvalError):
    """The rule engine could not judge: an ambiguous, missing or failing rule."""


class OutputError(PolicyEvalError):
    """A report could not be written; nothing was left half-written."""
