"""Which rows need a closer look? Almost none do, and one scan over cheap conditions finds them.

A closed vocabulary (types, units, people, words) is not held against every row but against the
distinct values of its column, of which there are few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import ibis
import ibis.expr.types as ir

from policyeval.inputs.columns import Column
from policyeval.inputs.row_problems import Known, has_foreign_word
from policyeval.tables import small

Keep = Callable[[ir.Table], ir.Table]
Fetch = Callable[[ir.Table], list[dict[str, str]]]


def suspects(rows: ir.Table, known: Known, keep: Keep, fetch: Fetch) -> ir.Table:
    """Every row that may have a problem, correct another, be corrected, or share its id.

    Args:
        rows: what `reading.Reader.typed` gives, of all files.
        known: what they may name.
        keep: works a table out and keeps it.
        fetch: the rows of a small table.

    Returns:
        Some of `rows`, kept.
    """
    many = rows.group_by("id").agg(rows=rows.count())
    named = [rows.filter(rows[c].notnull()).select(id=c) for c in ("replaces", "withdraws")]
    shared = many.filter(many.id.notnull(), many["rows"] > 1).select("id")
    ids = keep(ibis.union(shared, *named, distinct=True))
    chosen = rows.flawed | rows.replaces.notnull() | rows.withdraws.notnull()
    chosen |= rows.id.isin(ids.id)
    strange = keep(ibis.union(*_strange(rows, known)))
    found = {row["column"] for row in fetch(strange.select("column").distinct())}
    for column in known.columns.values():
        if column.key in found and column.kind != "list":
            words = strange.filter(strange.column == column.key).word
            chosen |= rows[column.key].isin(words).fill_null(False)
        elif column.key in found or (column.words and not _is_uniform(column)):
            chosen |= has_foreign_word(rows, column)
    return keep(rows.filter(chosen))


def _strange(rows: ir.Table, known: Known) -> Iterator[ir.Table]:
    """Values that a column must not have: `column` (its key), `word` string."""
    types = small(((name,) for name in known.types), {"name": "string"})
    yield _not_among(rows, "type", types)
    yield _not_among(rows, "unit", known.units)
    yield _not_among(rows, "target", known.units)
    yield _not_among(rows, "person", known.people)
    for column in known.columns.values():
        if column.words and _is_uniform(column):
            [words] = set(column.words.values())
            allowed = small(((word,) for word in words), {"name": "string"})
            yield _not_among(rows, column.key, allowed)


def _is_uniform(column: Column) -> bool:
    """Whether the words of a field are the same in every type that has it."""
    return len(set(column.words.values())) == 1 and len(column.words) == len(column.types or ())


def _not_among(rows: ir.Table, key: str, allowed: ir.Table) -> ir.Table:
    found = rows.select(word=rows[key]).distinct()
    if found.word.type().is_array():
        found = found.select(word=found.word.unnest()).distinct()
    found = found.filter(found.word.notnull()).anti_join(allowed, found.word == allowed.name)
    return found.select("word", column=ibis.literal(key))
