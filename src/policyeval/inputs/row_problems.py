"""What is wrong with a row, every bit of it: for the few rows that need a closer look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from policyeval.engine import has_all
from policyeval.inputs.columns import ALWAYS, Column
from policyeval.inputs.problems import UNREADABLE_ROW
from policyeval.inputs.reading import FLAW, FLAWS, flaw, has_flaw
from policyeval.tables import null


@dataclass(frozen=True)
class Known:
    """What a row may name.

    Args:
        columns: the policy's columns.
        types: its event types.
        units: the organisation's units: `name` string.
        people: its people: `name` string.
    """

    columns: Mapping[str, Column]
    types: tuple[str, ...]
    units: ir.Table
    people: ir.Table


def with_problems(rows: ir.Table, known: Known) -> ir.Table:
    """Rows with `problems` `FLAWS`: all that is wrong with each; null if nothing is."""
    found = _problems(rows, known)
    some = reduce(or_, (bad for bad, _ in found)) | rows.flaws.notnull()
    broken = rows.flaws.notnull() & rows.flaws[0].reason.isin(UNREADABLE_ROW)
    listed = ibis.array([ibis.ifelse(bad, each, null(FLAW)) for bad, each in found])
    listed = listed.filter(lambda each: each.notnull())
    without = ibis.ifelse(rows.id.isnull(), ibis.array([_missing("id")]), null(FLAWS))
    problems = ibis.cases(
        (broken, rows.flaws),
        (rows.withdraws.notnull(), without),
        (some, ibis.coalesce(rows.flaws, ibis.literal([], type=FLAWS)).concat(listed)),
        else_=null(FLAWS),
    )
    return rows.mutate(problems=problems)


Found = tuple[ir.BooleanValue, ir.StructValue]


def _problems(rows: ir.Table, known: Known) -> list[Found]:
    """What may be wrong with a row beyond the flaws of its cells."""
    absent = {"id": rows.id.isnull(), "type": rows.type.isnull()}
    absent["at"] = rows.day.isnull() & ~has_flaw(rows, "at")
    found: list[Found] = [(absent[name], _missing(name)) for name in ALWAYS]
    unlisted = rows.type.notnull() & ~rows.type.isin(known.types)
    found.append((unlisted, flaw("type", rows.type, "unknown_type")))
    for name in ("unit", "target", "person"):
        names, reason = known.units, "unknown_unit"
        if name == "person":
            names, reason = known.people, "unknown_person"
        unknown = rows[name].notnull() & ~rows[name].isin(names.name)
        found.append((unknown, flaw(name, rows[name], reason)))
    for column in known.columns.values():
        if column.kind != "type" and column.words:
            found.append(_word_problem(rows, column))
    return found


def _word_problem(rows: ir.Table, column: Column) -> Found:
    value = rows[column.key]
    shown = value.join("、") if column.kind == "list" else value
    return has_foreign_word(rows, column), flaw(column.name, shown, "unknown_word")


def has_foreign_word(rows: ir.Table, column: Column) -> ir.BooleanValue:
    """Whether a row has a word in a column that is not one of its type's."""
    value = rows[column.key]
    types: dict[tuple[str, ...], list[str]] = {}
    for event_type, words in column.words.items():
        types.setdefault(words, []).append(event_type)

    def foreign(words: tuple[str, ...]) -> ir.BooleanValue:
        if column.kind == "list":
            return ~has_all(ibis.array(list(words)), value)
        return ~value.isin(words)

    bad = reduce(or_, (rows.type.isin(of) & foreign(words) for words, of in types.items()))
    return (value.notnull() & bad).fill_null(False)


def _missing(column: str) -> ir.StructValue:
    return flaw(column, null("string"), "missing")
