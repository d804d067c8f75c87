"""Rows that could not be read: which obligations might they have changed?"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.parts import PartKey, choose, event_keys, one_key_a_row, required
from policyeval.evaluation.predicates import event_column, holds
from policyeval.evaluation.run import Run
from policyeval.language.evidence import Evidence
from policyeval.tables import small


def possible(run: Run, parts: list[PartKey]) -> ir.Table:
    """What rejected rows might be evidence of; a null key is one that could not be read.

    Returns:
        `part`, `who`, `target_key`, `match` string; `first`, `last` timestamp; `rows`,
        `number` (of the group) int64.
    """
    types = small(
        ((event, p.label) for p in parts for event in _types(p)),
        {"known_type": "string", "part": "string"},
    ).distinct()
    labels = small(((p.label,) for p in parts), {"part": "string"})
    # What was put right by a later row is no longer in doubt.
    rejected = run.rejected.filter(run.rejected.superseded.isnull())
    unreadable_type = rejected.unreadable.contains("type")
    typed = rejected.filter(~unreadable_type).join(types, rejected.type == types.known_type)
    untyped = rejected.filter(unreadable_type).cross_join(labels)
    columns = [*rejected.columns, "part"]
    rows = ibis.union(typed.select(columns), untyped.select(columns))
    column = event_column(rows)
    might = {
        p.label: holds(condition, column, rows.unreadable)
        for p in parts
        for condition in [_conditions(p)]
    }
    rows = rows.filter(choose(rows.part, might))
    keys = event_keys(parts, rows)
    unread = {
        "who": choose(rows.part, {p.label: _unread(p, "who", rows) for p in parts}),
        "target_key": choose(rows.part, {p.label: _unread(p, "target", rows) for p in parts}),
        "match": choose(rows.part, {p.label: _unread(p, "match", rows) for p in parts}),
    }
    keyed = rows.select(
        "part",
        "first",
        "last",
        **keys,
        **{f"{name}_unread": flag for name, flag in unread.items()},
    )
    keyed = one_key_a_row(keyed, missing=True)
    # A key that is simply missing matches nothing; one that could not be read matches anything.
    for name in unread:
        keyed = keyed.filter(keyed[name].notnull() | keyed[f"{name}_unread"])
    columns = ["part", "who", "target_key", "match", "first", "last"]
    cleared = keyed.mutate(
        **{
            name: ibis.ifelse(keyed[f"{name}_unread"], ibis.null("string"), keyed[name])
            for name in unread
        }
    ).select(columns)
    grouped = cleared.group_by(columns).agg(rows=cleared.count())
    grouped = grouped.mutate(number=ibis.row_number())
    return grouped.filter(grouped["first"].isnull() | (grouped["first"] <= ibis.literal(run.end)))


_ALWAYS: dict[str, Any] = {"none": ()}


def _types(part: PartKey) -> tuple[str, ...]:
    held = part.view.requires.days_held
    if held is not None:
        return (*held.first.types, *(held.last.types if held.last else ()))
    if part.meant is None:
        return ()
    stands_in = part.meant.stands_in if isinstance(part.meant, Evidence) else None
    return (*part.meant.types, *(stands_in.types if stands_in else ()))


def _conditions(part: PartKey) -> dict[str, Any]:
    evidence = part.meant
    if evidence is None:
        return {}
    both = [each for each in (evidence.where, evidence.must) if each]
    certain: dict[str, Any] = {"all": tuple(both)} if both else {}
    stands_in = evidence.stands_in if isinstance(evidence, Evidence) else None
    if stands_in is None:
        return certain
    return {"any": (certain or _ALWAYS, stands_in.where or _ALWAYS)}


def _unread(part: PartKey, key: str, rows: ir.Table) -> ir.BooleanValue:
    if key == "who":
        fields = [part.who]
    elif key == "target":
        fields = [part.target] if part.target else []
    else:
        fields = list(part.matching)
    flag = ibis.literal(False)
    for field in fields:
        flag |= rows.unreadable.contains(field)
    return flag


def doubts(run: Run, parts: list[PartKey], expected: ir.Table) -> ir.Table:
    """How many rejected rows might have counted: `ob` int64, `part` string, `doubt` int64 (> 0)."""
    parts = required(parts)
    rows = run.keep(possible(run, parts))
    states = [p.label for p in parts if p.view.requires.days_held]
    whenever = rows.part.isin(states)
    both = rows.join(
        expected,
        [
            rows.part == expected.part,
            rows.who.isnull() | (rows.who == expected.who),
            rows.target_key.isnull() | (rows.target_key == expected.target_key),
            rows.match.isnull() | (rows.match == expected.match),
            rows["last"].isnull() | whenever | (rows["last"] >= expected.from_at),
            rows["first"].isnull() | (rows["first"] <= expected.until_at),
        ],
    )
    # Several people may be the one whom an unreadable row names: it is one row all the same.
    once = both.group_by(["ob", "part", "number"]).agg(rows=both["rows"].max())
    return once.group_by(["ob", "part"]).agg(doubt=once["rows"].sum())
