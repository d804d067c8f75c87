"""Sorts rows out: events that count, rows that are set aside, duplicates and corrections.

Almost every row of an export is as it should be. So the rows that are not are found in one scan and
kept in a small table; an event is a row that is not among them, and no large table is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend
from ibis.util import gen_name

from policyeval.engine import has_all
from policyeval.inputs import noticing
from policyeval.inputs.columns import ALWAYS, Column
from policyeval.inputs.noticing import Noticed
from policyeval.inputs.organisation import Organisation
from policyeval.inputs.problems import UNREADABLE_ROW
from policyeval.inputs.reading import FLAW, FLAWS, flaw
from policyeval.tables import null, small


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


@dataclass(frozen=True)
class Sorted:
    """Rows, sorted out; see `events.EventTables`."""

    events: ir.Table
    rejected: ir.Table
    notices: tuple[Noticed, ...]


def known_names(organisation: Organisation) -> tuple[ir.Table, ir.Table]:
    """The units and the people of an organisation: `name` string."""
    units, people = (
        small(((word,) for word in sorted(words)), {"name": "string"})
        for words in (organisation.unit_ids, organisation.person_ids)
    )
    return units, people


def sorted_out(engine: BaseBackend, rows: ir.Table, known: Known, *, ignore: bool) -> Sorted:
    """Sort rows out.

    Args:
        engine: the data engine.
        rows: what `reading.Reader.typed` gives, of all files.
        known: what they may name.
        ignore: whether rows of types that the policy does not have are left.
    """

    def keep(table: ir.Table) -> ir.Table:
        return engine.create_table(gen_name("kept"), table, temp=True)

    def count(table: ir.Table) -> int:
        return int(engine.to_pyarrow(table.count()).as_py())

    notices = []
    if ignore:
        listed = rows.type.isin(known.types) | rows.type.isnull() | rows.withdraws.notnull()
        notices += _if(count(rows.filter(~listed)), noticing.unlisted_types)
        rows = rows.filter(listed)
    doubled = rows.group_by("id").agg(rows=rows.count())
    doubled = keep(doubled.filter(doubled.id.notnull(), doubled["rows"] > 1).select("id"))
    unusual = keep(_unusual(rows, doubled, known))
    single = keep(_each_once(unusual))
    notices += _if(count(unusual) - count(single), noticing.duplicates)
    fine, bad = single.problems.isnull(), single.problems.notnull()
    corrections = keep(_corrections(single.filter(fine)))
    corrected = corrections.select(id="of").anti_join(unusual, "id")
    touched = keep(rows.semi_join(corrected, "id")) if count(corrected) else rows.limit(0)
    notices += _dangling(engine, corrections, unusual, touched)
    excluded = keep(
        ibis.union(unusual.filter(unusual.id.notnull()).select("id"), corrected, distinct=True)
    )
    usual = rows.filter(rows.id.notnull()).anti_join(excluded, "id")
    usual = usual.mutate(superseded=null("string"), superseded_by=null("string"))
    special = single.filter(fine, single.withdraws.isnull())
    columns = [*(name for name in rows.columns if name not in _NOT_OF_EVENTS), *_SUPERSEDED]
    special = ibis.union(special.select(rows.columns), touched.select(rows.columns))
    special = keep(_superseded(special, corrections).select(columns))
    events = ibis.union(usual.select(columns), special)
    rejected = keep(_set_aside(single.filter(bad), corrections, known))
    return Sorted(events, rejected, tuple(notices))


_NOT_OF_EVENTS = ("file", "row", "flaws", "replaces", "withdraws")
_SUPERSEDED = ("superseded", "superseded_by")


def _if(number: int, noticed: Callable[[int], Noticed]) -> list[Noticed]:
    return [noticed(number)] if number else []


def _unusual(rows: ir.Table, doubled: ir.Table, known: Known) -> ir.Table:
    """Rows that have a problem, correct another, or share their id; with `problems`."""
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
    other = rows.withdraws.notnull() | rows.replaces.notnull() | rows.id.isin(doubled.id)
    return rows.mutate(problems=problems).filter(some | other.fill_null(False))


Found = tuple[ir.BooleanValue, ir.StructValue]


def _problems(rows: ir.Table, known: Known) -> list[Found]:
    """What may be wrong with a row beyond the flaws of its cells."""
    flawed = rows.flaws.notnull()

    def has_flaw(column: str) -> ir.BooleanValue:
        named = rows.flaws.filter(lambda each: each.column == column).length() > 0
        return ibis.ifelse(flawed, named, False)

    absent = {"id": rows.id.isnull(), "type": rows.type.isnull()}
    absent["at"] = rows.day.isnull() & ~has_flaw("at")
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
    types: dict[tuple[str, ...], list[str]] = {}
    for event_type, words in column.words.items():
        types.setdefault(words, []).append(event_type)

    def foreign(words: tuple[str, ...]) -> ir.BooleanValue:
        if column.kind == "list":
            return ~has_all(ibis.array(list(words)), value)
        return ~value.isin(words)

    bad = reduce(or_, (rows.type.isin(of) & foreign(words) for words, of in types.items()))
    shown = value.join("、") if column.kind == "list" else value
    return (value.notnull() & bad).fill_null(False), flaw(column.name, shown, "unknown_word")


def _missing(column: str) -> ir.StructValue:
    return flaw(column, null("string"), "missing")


def _each_once(unusual: ir.Table) -> ir.Table:
    """Of rows with one id that say the same, the first; to differ is a problem."""
    values = [name for name in unusual.columns if name not in {"file", "row"}]
    same = ibis.window(group_by=values, order_by=["file", "row"])
    first = unusual.mutate(place=ibis.row_number().over(same))
    first = first.filter(first.id.isnull() | (first.place == 0)).drop("place")
    several = first.id.count().over(ibis.window(group_by="id"))
    twice = first.id.notnull() & (several > 1)
    problem = ibis.array([flaw("id", first.id, "id_twice")])
    problems = ibis.coalesce(first.problems, ibis.literal([], type=FLAWS))
    return first.mutate(problems=ibis.ifelse(twice, problem.concat(problems), first.problems))


def _corrections(accepted: ir.Table) -> ir.Table:
    """What accepted rows put right: `of`, `superseded`, `superseded_by` string."""
    sides = [
        accepted.filter(accepted[column].notnull()).select(
            of=accepted[column], superseded=ibis.literal(word), superseded_by="id"
        )
        for column, word in (("replaces", "replaced"), ("withdraws", "withdrawn"))
    ]
    both = ibis.union(*sides)
    # Where several rows correct one event, the first by id is named.
    key = both.superseded_by + both.superseded
    return both.group_by("of").agg(
        superseded=both.superseded.argmin(key), superseded_by=both.superseded_by.min()
    )


def _superseded(rows: ir.Table, corrections: ir.Table) -> ir.Table:
    return rows.left_join(corrections, rows.id == corrections.of).drop("of")


def _dangling(
    engine: BaseBackend, corrections: ir.Table, unusual: ir.Table, touched: ir.Table
) -> list[Noticed]:
    """Corrections of what is not in the export."""
    there = ibis.union(unusual.select("id"), touched.select("id"))
    there = there.filter(there.id.notnull())
    lost = corrections.anti_join(there, corrections.of == there.id).order_by("of")
    ids = engine.to_pyarrow(lost.select("of"))["of"].to_pylist()
    return [noticing.dangling(ids, len(ids))] if ids else []


def _set_aside(rows: ir.Table, corrections: ir.Table, known: Known) -> ir.Table:
    """Rejected rows, with the columns in which anything might have stood."""
    every = [name for name in known.columns if name != "id"]
    broken = rows.problems.filter(lambda each: each.reason.isin(UNREADABLE_ROW)).length() > 0
    named = rows.problems.map(lambda each: each.column).filter(lambda name: name != "id")
    rows = _superseded(rows, corrections)
    superseded = ibis.ifelse(rows.withdraws.notnull(), "withdrawn", rows.superseded)
    rows = rows.mutate(
        unreadable=ibis.ifelse(broken, ibis.array(every), named), superseded=superseded
    )
    return rows.drop("flaws", "replaces", "withdraws")
