"""Rows that could not be read: which obligations might they have changed?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.parts import EMPTY, PartKey, choose, event_keys, one_key_a_row, required
from policyeval.evaluation.predicates import event_column, holds, read_from
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import NO_MOMENT
from policyeval.language.duty_answers import Cure
from policyeval.tables import by_label, small


def possible(run: Run, parts: list[PartKey]) -> ir.Table:
    """What rejected rows might be evidence of; a null key is one that could not be read.

    Returns:
        `part`, `who`, `target_key`, `match_<n>` (the nth field of `matching`) string; `ending`
        (it ends a state), `cured` (late, it might count) boolean; `first`, `last` timestamp;
        `rows`, `number` (of the group) int64.
    """
    schema = {"part": "string", "ending": "boolean"}
    types = small(
        ((*place, event) for p in parts for place, events in _types(p) for event in events),
        {**schema, "known_type": "string"},
    ).distinct()
    labels = small((place for p in parts for place, _ in _types(p)), schema).distinct()
    # What was put right by a later row is no longer in doubt.
    rejected = run.rejected.filter(run.rejected.superseded.isnull())
    unreadable_type = rejected.unreadable.contains("type")
    typed = rejected.filter(~unreadable_type).join(types, rejected.type == types.known_type)
    untyped = rejected.filter(unreadable_type).cross_join(labels)
    columns = [*rejected.columns, *schema]
    rows = ibis.union(typed.select(columns), untyped.select(columns))
    column = event_column(rows)
    unread = rows.unreadable
    might = {p.label: holds(_conditions(p), column, unread) for p in parts}
    ends = {p.label: holds(_ending(p), column, unread) for p in parts if _ending(p) is not None}
    chosen = choose(rows.part, might)
    if ends:
        chosen = ibis.ifelse(rows.ending, choose(rows.part, ends), chosen)
    cures = {p.label: holds(_cure(p), column, unread) for p in parts}
    rows = rows.mutate(cured=choose(rows.part, cures)).filter(chosen)
    held = {p.label: _known(p, rows) for p in parts if p.view.requires.days_held}
    if held:
        rows = rows.filter(by_label(rows.part, held, ibis.literal(True)))
    keys = _keys(parts, rows)
    fields = {"who": _who, "target_key": _target, **_matched(parts)}
    unread = {
        name: choose(rows.part, {p.label: _unread(field(p), rows) for p in parts})
        for name, field in fields.items()
    }
    keyed = rows.select(
        "part",
        "ending",
        "cured",
        "first",
        "last",
        **keys,
        **{f"{name}_unread": flag for name, flag in unread.items()},
    )
    keyed = one_key_a_row(keyed, missing=True)
    # A key that is simply missing matches nothing; one that could not be read matches anything.
    for name in unread:
        keyed = keyed.filter(keyed[name].notnull() | keyed[f"{name}_unread"])
    columns = ["part", "ending", "cured", *unread, "first", "last"]
    cleared = keyed.mutate(
        **{
            name: ibis.ifelse(keyed[f"{name}_unread"], ibis.null("string"), keyed[name])
            for name in unread
        }
    ).select(columns)
    grouped = cleared.group_by(columns).agg(rows=cleared.count())
    grouped = grouped.mutate(number=ibis.row_number())
    return grouped.filter(grouped["first"].isnull() | (grouped["first"] <= ibis.literal(run.end)))


Place = tuple[str, bool]
"""A part's label, and whether it is about what ends a state."""


def _types(part: PartKey) -> list[tuple[Place, tuple[str, ...]]]:
    """The types of events that might count.

    What came of another duty is never in doubt, nor what stands in.
    """
    held = part.view.requires.days_held
    if held is not None:
        sides = [(held.first, False), (held.last, True)]
        return [((part.label, end), each.doubtful) for each, end in sides if each and each.doubtful]
    if part.meant is None or part.meant.event is None:
        return []
    types = part.meant.doubtful
    return [((part.label, False), types)] if types else []


def _ending(part: PartKey) -> dict[str, Any] | None:
    """The conditions on what ends a state."""
    held = part.view.requires.days_held
    return None if held is None or held.last is None else held.last.where or {}


def _cure(part: PartKey) -> dict[str, Any] | None:
    late = part.spec.late
    return late.must if isinstance(late, Cure) else None


def _known(part: PartKey, rows: ir.Table) -> ir.BooleanValue:
    """Whether there is a value whose state it might be."""
    held = part.view.requires.days_held
    if held is None or held.matching is None:
        return ibis.literal(True)
    unread = rows.unreadable.contains(read_from(held.matching))
    return event_column(rows)(held.matching).notnull() | unread


def _conditions(part: PartKey) -> dict[str, Any]:
    evidence = part.meant
    if evidence is None:
        held = part.view.requires.days_held
        return (held.first.where or {}) if held else {}
    both = [each for each in (evidence.where, evidence.must) if each]
    return {"all": tuple(both)} if both else {}


def _keys(parts: list[PartKey], rows: ir.Table) -> dict[str, ir.Value]:
    """The keys of rows, what they share with a trigger field by field: one may be unread."""
    column = event_column(rows)
    keys = event_keys(parts, rows)
    del keys["match"]
    return keys | _picked(parts, rows, _matched(parts), lambda each: column(each).cast("string"))


def _unread(field: str | None, rows: ir.Table) -> ir.BooleanValue:
    return rows.unreadable.contains(read_from(field)) if field else ibis.literal(False)


Field = Callable[[PartKey], str | None]
"""A field that a part looks at, if it does."""


def _who(part: PartKey) -> str | None:
    return part.who


def _target(part: PartKey) -> str | None:
    return part.target


def _matched(parts: list[PartKey], *, trigger: bool = False) -> dict[str, Field]:
    """The fields of `matching`: the evidence's, or the trigger's."""

    def nth(number: int) -> Field:
        def field(part: PartKey) -> str | None:
            names = list(part.matching.values() if trigger else part.matching)
            return names[number] if number < len(names) else None

        return field

    return {f"match_{n}": nth(n) for n in range(max((len(p.matching) for p in parts), default=0))}


def _wanted(parts: list[PartKey], expected: ir.Table, obligations: ir.Table) -> ir.Table:
    """`expected` with `match_<n>` string; without what no row can name: a key that is missing."""
    rows = expected.filter(expected.who.notnull() & expected.match.notnull())
    fields = _matched(parts, trigger=True)
    if not fields:
        return rows
    named = sorted({f"k_{each}" for p in parts for each in p.matching.values()})
    rows = rows.join(obligations.select("ob", *named), "ob")
    return rows.mutate(**_picked(parts, rows, fields, lambda each: rows[f"k_{each}"]))


def _picked(
    parts: list[PartKey],
    rows: ir.Table,
    fields: Mapping[str, Field],
    value: Callable[[str], ir.Value],
) -> dict[str, ir.Value]:
    """The values of such fields, by the part of each row; empty where a part looks at none."""
    return {
        name: choose(rows.part, {p.label: value(f) if (f := field(p)) else EMPTY for p in parts})
        for name, field in fields.items()
    }


def doubts(run: Run, parts: list[PartKey], expected: ir.Table, obligations: ir.Table) -> ir.Table:
    """How many rejected rows might have counted.

    Returns:
        `ob` int64, `part` string; `doubt` (at all), `in_time`, `ending` (what might end a state)
        int64. Only where there is one.
    """
    parts = required(parts)
    rows = run.keep(possible(run, parts))
    states = [p.label for p in parts if p.view.requires.days_held]
    whenever = rows.part.isin(states)
    expected = _wanted(parts, expected, obligations)
    expected = expected.filter(expected.from_at < ibis.literal(NO_MOMENT))
    keys = ["who", "target_key", *_matched(parts)]
    both = rows.join(
        expected,
        [
            rows.part == expected.part,
            *(rows[key].isnull() | (rows[key] == expected[key]) for key in keys),
            rows["last"].isnull() | whenever | (rows["last"] >= expected.from_at),
            rows["first"].isnull() | (rows["first"] <= expected.until_at),
            rows["first"].isnull() | expected.past.isnull() | (rows["first"] > expected.past),
        ],
    )
    in_time = both["first"].isnull() | (both["first"] <= both.closes)
    both = both.mutate(in_time=in_time).filter(in_time | both.cured)
    # Several people may be the one whom an unreadable row names: it is one row all the same.
    once = both.group_by(["ob", "part", "number", "ending"]).agg(
        rows=both["rows"].max(), timely=both.in_time.any()
    )
    timely = once["rows"].sum(where=once.timely & ~once.ending)
    return once.group_by(["ob", "part"]).agg(
        doubt=once["rows"].sum(where=~once.ending).fill_null(0),
        in_time=timely.fill_null(0),
        ending=once["rows"].sum(where=once.ending).fill_null(0),
    )
