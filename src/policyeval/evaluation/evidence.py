"""Evidence: which events meet which obligations. One scan of the events, one interval join."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.parts import PartKey, choose, event_keys, obligation_keys
from policyeval.evaluation.predicates import event_column, failures, holds
from policyeval.evaluation.run import Run
from policyeval.evaluation.tables import small


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
    by_actor = [p.label for p in parts if p.by_actor]
    if not by_actor:
        return rows.select(columns)
    shared = rows.part.isin(by_actor)
    actors = _actors(run, known)
    acted = rows.filter(shared).drop("who").join(actors, ["post", "unit"])
    acted = acted.mutate(
        from_at=ibis.greatest(acted.from_at, acted.held_from),
        until_at=ibis.least(acted.until_at, acted.held_until),
    )
    own = rows.filter(~shared).select(columns)
    return ibis.union(own, acted.filter(acted.from_at <= acted.until_at).select(columns))


def _actors(run: Run, known: Lives) -> ir.Table:
    """Holders with the instants between which they held: `post`, `unit`, `who`, `held_*`."""
    holders = known.holders.mutate(
        from_day=ibis.greatest(known.holders.from_day, ibis.literal(run.policy.in_force.start)),
        until_day=ibis.least(known.holders.until_day, ibis.literal(run.horizon)),
    )
    starts = run.days.select(from_day="day", held_from="starts")
    ends = run.days.select(until_day="day", held_until="ends")
    rows = holders.join(starts, "from_day").join(ends, "until_day")
    return rows.select("post", "unit", "held_from", "held_until", who="person")


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
