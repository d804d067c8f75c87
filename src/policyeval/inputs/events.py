"""Event exports as tables: what happened, what could not be read, and what was noticed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from pathlib import Path

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from policyeval.engine import tidy
from policyeval.errors import InvalidInputError, Problem
from policyeval.inputs import noticing
from policyeval.inputs.columns import ALWAYS, Column, columns, needed
from policyeval.inputs.formats import open_file
from policyeval.inputs.formats.cells import Opening, RawFile
from policyeval.inputs.noticing import Noticed
from policyeval.inputs.organisation import Organisation
from policyeval.inputs.profile import NO_PROFILE, Profile
from policyeval.inputs.reading import TRUE, Reader, needs_no_reading
from policyeval.inputs.row_problems import Known
from policyeval.inputs.sorting import known_names, sorted_out
from policyeval.language.policy import Policy
from policyeval.language.validation import nearest
from policyeval.tables import stacked


@dataclass(frozen=True)
class ReadFile:
    """A file, the number of its rows (known or not), and how many of them were set aside."""

    file: str
    rows: int
    rejected: int


@dataclass(frozen=True)
class EventTables:
    """What was read.

    Args:
        events: accepted events: `id`, `type`, `unit`, `person`, `target` string; `first`, `last`
            timestamp (naive UTC; the whole day where only a date is known), `day` date (local);
            `recorded_first`, `recorded_last`, `recorded_day` the same of when it was recorded;
            `f_<field>` of its type; `superseded` (`replaced`, `withdrawn` or null) and
            `superseded_by` string.
        rejected: rows that were set aside: the same columns as far as they could be read, and
            `file` string, `row` int64, `unreadable` array<string> (columns that might hold
            anything), `problems` array<struct<column, value, reason>>.
        files: the files with the number of their rows.
        notices: what was noticed.
        known_by: the last day whose records are among the rows; None: there is none.
    """

    events: ir.Table
    rejected: ir.Table
    files: tuple[ReadFile, ...]
    notices: tuple[Noticed, ...]
    known_by: date | None = None


def read_events(
    engine: BaseBackend,
    paths: Sequence[Path],
    policy: Policy,
    organisation: Organisation,
    profile: Profile | None,
    scratch: Path,
    known_by: date | None = None,
) -> EventTables:
    """Read event exports.

    Args:
        engine: the data engine.
        paths: the files, of the kinds in `formats.READERS`.
        policy: its vocabulary.
        organisation: its units and people.
        profile: how the export is written; in the policy's own words if None.
        scratch: a folder that lives as long as the tables do.
        known_by: leave out rows that were recorded after this local day; None keeps all.

    Raises:
        InvalidInputError: a file can't be read, or a column is missing.
    """
    mapped = profile or NO_PROFILE
    all_columns = columns(policy)
    openings = [Opening(engine, mapped, scratch, number) for number, _ in enumerate(paths)]
    raws = _opened(paths, openings)
    _check_columns(raws, mapped, policy)
    typed = [_typed(*each, all_columns, policy) for each in zip(raws, openings, strict=True)]
    rows = stacked(typed)
    names = Known(all_columns, tuple(policy.event_types), *known_names(organisation))
    ignore = mapped.unlisted_types == "ignore"
    found = sorted_out(engine, rows, names, ignore=ignore, known_by=known_by)
    unread = [(raw.name, _unknown(raw, all_columns, mapped)) for raw in raws]
    notices = [noticing.unknown_columns(name, headers) for name, headers in unread if headers]
    return EventTables(
        found.events,
        found.rejected,
        _files(engine, raws, rows, found.rejected),
        (*notices, *found.notices),
        known_by,
    )


def _opened(paths: Sequence[Path], openings: Sequence[Opening]) -> list[RawFile]:
    problems: list[Problem] = []
    raws = []
    for path, opening in zip(paths, openings, strict=True):
        if paths.index(path) != opening.number:
            problems.append(Problem(str(path), 0, 0, "is named twice; name each file once"))
            continue
        try:
            raws.append(open_file(path, opening))
        except InvalidInputError as error:
            problems += error.problems
    if problems:
        raise InvalidInputError(problems)
    return raws


def _named(raw: RawFile, known: Iterable[str], profile: Profile) -> dict[str, str]:
    """Column -> the header under which this file has it."""
    taken = set(profile.columns.values())
    named = {name: theirs for name, theirs in profile.columns.items() if theirs in raw.cells}
    plain = {
        name: name
        for name in known
        if name in raw.cells and name not in profile.columns and name not in taken
    }
    return named | plain


def _unknown(raw: RawFile, known: Iterable[str], profile: Profile) -> list[str]:
    used = set(_named(raw, known, profile).values())
    return [header for header in raw.cells if header not in used]


def _check_columns(raws: Sequence[RawFile], profile: Profile, policy: Policy) -> None:
    """Every column that the policy needs is somewhere, and each file has what events can't lack.

    Raises:
        InvalidInputError: one is missing.
    """
    known = columns(policy)
    headed = [raw for raw in raws if raw.cells]  # JSONL without a row names no columns.
    there = [_named(raw, known, profile).keys() | profile.constants.keys() for raw in headed]
    strange = [
        _no_header(raw, profile)
        for raw, names in zip(headed, there, strict=True)
        if not names & set(ALWAYS)
    ]
    if strange:  # The other columns are missing for the same reason.
        raise InvalidInputError(strange)
    everywhere = set().union(*there)
    uses = {name: f"the duty `{duty}` needs it" for name, duty in needed(policy).items()}
    uses |= dict.fromkeys(profile.columns, "the import profile names it")
    problems = [
        _missing(raw, name, "every event needs it", profile)
        for raw, names in zip(headed, there, strict=True)
        for name in ALWAYS
        if name not in names
    ]
    problems += [
        _missing(headed[0], name, why, profile)
        for name, why in uses.items()
        if headed and name not in everywhere and name not in ALWAYS
    ]
    if problems:
        raise InvalidInputError(problems)


def _no_header(raw: RawFile, profile: Profile) -> Problem:
    """None of the columns that every event has: the header itself is not what it should be."""
    wanted = ", ".join(f"`{profile.columns.get(name, name)}`" for name in ALWAYS)
    found = ", ".join(f"`{header[:80]}`" for header in list(raw.cells)[:8])
    message = (
        f"names none of the columns {wanted}, but {found}; the first line names the columns; "
        "others are mapped under `columns` in an import profile, and another delimiter of CSV "
        'is named there, too (`delimiter: ";"`)'
    )
    return Problem(raw.name, 0, 0, message)


def _missing(raw: RawFile, name: str, why: str, profile: Profile) -> Problem:
    theirs = profile.columns.get(name)
    said = f"`{theirs}` (for `{name}`)" if theirs else f"`{name}`"
    hint = nearest(theirs or name, raw.cells)
    return Problem(raw.name, 0, 0, f"the column {said} is missing, {why}{hint}")


def _typed(raw: RawFile, opening: Opening, known: Mapping[str, Column], policy: Policy) -> ir.Table:
    """A file's rows as values; stored unless they are read where they lie at no cost."""
    profile = opening.profile
    named = _named(raw, known, profile)
    cells = {name: raw.cells[theirs] for name, theirs in named.items()}
    cells |= {name: ibis.literal(text) for name, text in profile.constants.items()}
    ours = {name: raw.own[theirs] for name, theirs in named.items() if theirs in raw.own}
    ours |= dict.fromkeys(profile.constants, TRUE)
    table = raw.table.mutate(file=ibis.literal(raw.name), row=raw.row.cast("int64"))
    if raw.untidy:
        given = [tidy(cell.cast("string")).notnull() for cell in raw.cells.values()]
        given += [table.flaw.notnull()] if "flaw" in table.columns else []
        table = table.filter(reduce(or_, given))
    reader = Reader(profile, policy.timezone, known, tuple(policy.event_types), raw.untidy)
    typed = reader.typed(table, cells, ours)
    if needs_no_reading(cells, known) and not raw.untidy:
        return typed
    stored = opening.at("events.parquet")
    opening.engine.to_parquet(typed, stored)
    return opening.engine.read_parquet(str(stored))


def _files(
    engine: BaseBackend, raws: Sequence[RawFile], rows: ir.Table, rejected: ir.Table
) -> tuple[ReadFile, ...]:
    def per_file(table: ir.Table) -> dict[str, int]:
        counted = table.group_by("file").agg(rows=table.count())
        return {row["file"]: row["rows"] for row in engine.to_pyarrow(counted).to_pylist()}

    every, bad = per_file(rows), per_file(rejected)
    return tuple(ReadFile(raw.name, every.get(raw.name, 0), bad.get(raw.name, 0)) for raw in raws)
