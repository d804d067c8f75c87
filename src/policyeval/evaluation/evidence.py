"""Evidence: which events meet which obligations. One scan of the events, one interval join."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.parts import PartKey, choose, event_keys, obligation_keys
from policyeval.evaluation.predicates import event_column, failures, holds
from policyeval.evaluation.run import Run
from policyeval.tables import small


def expectations(run: Run, known: Lives, parts: list[PartKey], obligations: ir.Table) -> ir.Table:
    """What each obligation waits for, per part.

    Returns:
        `ob` int64; `part`, `who`, `target_key`, `match` string; `from_at`, `closes`, `until_at`
        timestamp. Several rows of one `ob` and `part` if several people may show it; their times
        do not overlap for one of them.
    """
    labels = small(((p.duty, p.label) for p in parts), {"duty": "string", "part": "string"})
    rows = obligations.join(labels, "duty")
    rows = rows.mutate(**obligation_keys(parts, rows))
    columns = ["ob", "part", "who", "target_key", "match", "from_at", "closes", "until_at"]
    groups = []
    for holding, keys in _CUT_BY.items():
        labels = [p.label for p in parts if p.holding == holding]
        some = rows.filter(rows.part.isin(labels))
        if not labels:
            continue
        if holding == "whoever":
            some = some.drop("who")
        groups.append((some if keys is None else _cut(run, known, some, keys)).select(columns))
    return ibis.union(*groups) if len(groups) > 1 else groups[0]


_CUT_BY: dict[str, list[str] | None] = {
    "nobody": None,
    "whoever": ["post", "unit"],
    "holder": ["post", "unit", "person"],
    "overseer": ["post", "unit", "person", "target"],
}


def _cut(run: Run, known: Lives, rows: ir.Table, keys: list[str]) -> ir.Table:
    """Only the times in which the post was held; without `person` in `keys`, by whoever it was."""
    times = known.overseen if "target" in keys else known.holders
    times = times.mutate(
        from_day=ibis.greatest(times.from_day, ibis.literal(run.policy.in_force.start)),
        until_day=ibis.least(times.until_day, ibis.literal(run.horizon)),
    )
    starts = run.days.select(from_day="day", held_from="starts")
    ends = run.days.select(until_day="day", held_until="ends")
    times = times.join(starts, "from_day").join(ends, "until_day")
    names = {key: key for key in keys} | ({} if "person" in keys else {"who": "person"})
    both = rows.join(times.select("held_from", "held_until", **names), keys)
    both = both.mutate(
        from_at=ibis.greatest(both.from_at, both.held_from),
        until_at=ibis.least(both.until_at, both.held_until),
    )
    return both.filter(both.from_at <= both.until_at)


def meant(run: Run, parts: list[PartKey], events: ir.Table) -> ir.Table:
    """The events that parts mean, with their keys.

    Returns:
        `part`, `id`, `who`, `target_key`, `match` string; `first`, `last` timestamp; `good`
        boolean (`must` holds); `failed` array<string> (the conditions of `must` that failed, null
        if none); `superseded`, `superseded_by` string. Nothing after the as-of day.
    """
    types = small(
        (
            (event, part.label)
            for part in parts
            for event in (part.view.evidence.event if part.view.evidence else ())
        ),
        {"type": "string", "part": "string"},
    )
    rows = events.join(types, "type")
    column = event_column(rows)
    where = {p.label: holds(_where(p), column) for p in parts}
    rows = rows.filter(choose(rows.part, where), rows["first"] <= ibis.literal(run.end))
    column = event_column(rows)
    must = {p.label: holds(_must(p), column) for p in parts}
    failed = {p.label: _failed(p, rows) for p in parts}
    return rows.select(
        "part",
        "id",
        "first",
        "last",
        "superseded",
        "superseded_by",
        good=choose(rows.part, must),
        failed=choose(rows.part, failed),
        **event_keys(parts, rows),
    )


def _where(part: PartKey) -> dict[str, Any] | None:
    return part.view.evidence.where if part.view.evidence else None


def _must(part: PartKey) -> dict[str, Any] | None:
    return part.view.evidence.must if part.view.evidence else None


def _failed(part: PartKey, rows: ir.Table) -> ir.Value:
    labels = failures(_must(part), event_column(rows))
    if not labels:
        return ibis.null("array<string>")
    return ibis.array(labels).filter(lambda label: label.notnull())


def hits(expected: ir.Table, found: ir.Table) -> ir.Table:
    """Events that meet an obligation.

    Returns:
        `ob` int64, `part`, `id` string, `first` timestamp, `good`, `late` boolean, `failed`,
        `superseded`, `superseded_by`.
    """
    both = found.join(
        expected,
        [
            found.part == expected.part,
            found.who == expected.who,
            found.target_key == expected.target_key,
            found.match == expected.match,
            found["last"] >= expected.from_at,
            found["first"] <= expected.until_at,
        ],
    )
    return both.select(
        "ob",
        "part",
        "id",
        "first",
        "good",
        "failed",
        "superseded",
        "superseded_by",
        late=both["first"] > both.closes,
    )
