"""`days_held` and gaps: for how many days a state held, and the longest run without it.

Events `from` and `until` are read as spans of days per key (the bearer and, with `matching`, the
holder of the state); spans of one bearer that touch are one; what lies between them is a gap.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.parts import EMPTY, PartKey, choose, event_keys
from policyeval.evaluation.predicates import event_column, holds
from policyeval.evaluation.run import Run
from policyeval.language.duty import DaysHeld
from policyeval.tables import small

KEYS = ["part", "who", "target_key"]


def changes(run: Run, parts: list[PartKey], events: ir.Table) -> ir.Table:
    """The events that begin or end a state.

    Returns:
        `part`, `who`, `target_key`, `holder`, `id`, `superseded`, `superseded_by` string; `first`,
        `last` timestamp; `day` date; `begins`, `ends` boolean (an event may be both).
    """
    held = [part for part in parts if part.view.requires.days_held]
    kinds: dict[tuple[str, str], set[str]] = {}
    for part in held:
        for event in _events(part):
            kinds.setdefault((event, part.label), set())
    rows = events.join(small(sorted(kinds), {"type": "string", "part": "string"}), "type")
    rows = rows.filter(rows["first"] <= ibis.literal(run.end))
    begins = {p.label: _edge(_held(p), "first", rows) for p in held}
    ends = {p.label: _edge(_held(p), "last", rows) for p in held}
    holders = {p.label: _holder(_held(p), rows) for p in held}
    keys = event_keys(held, rows)
    rows = rows.select(
        "part",
        "id",
        "first",
        "last",
        "day",
        "superseded",
        "superseded_by",
        begins=choose(rows.part, begins),
        ends=choose(rows.part, ends),
        holder=choose(rows.part, holders),
        who=keys["who"],
        target_key=keys["target_key"],
    )
    known = rows.who.notnull() & rows.target_key.notnull() & rows.holder.notnull()
    return rows.filter(known & (rows.begins | rows.ends))


def _events(part: PartKey) -> tuple[str, ...]:
    held = _held(part)
    return (*held.first.event, *(held.last.event if held.last else ()))


def _held(part: PartKey) -> DaysHeld:
    held = part.view.requires.days_held
    assert held is not None  # noqa: S101 - only such parts come here
    return held


def _edge(held: DaysHeld, side: str, rows: ir.Table) -> ir.BooleanValue:
    edge = getattr(held, side)
    if edge is None:
        return ibis.literal(False)
    where: Mapping[str, object] | None = edge.where
    return rows.type.isin(edge.event) & holds(where, event_column(rows))


def _holder(held: DaysHeld, rows: ir.Table) -> ir.Value:
    return event_column(rows)(held.matching).cast("string") if held.matching else EMPTY


def spans(run: Run, changed: ir.Table) -> ir.Table:
    """Runs of days on which the state held: `part`, `who`, `target_key`; `start`, `stop` date."""
    active = changed.filter(changed.superseded.isnull())
    days = active.group_by([*KEYS, "holder", "day"]).agg(
        begins=active.begins.any(), ends=active.ends.any()
    )
    single = days.filter(days.begins != days.ends)
    order = ibis.window(group_by=[*KEYS, "holder"], order_by="day")
    single = single.mutate(stop=single.day.lead().over(order))
    held = single.filter(single.begins)
    held = held.select(*KEYS, start="day", stop=held.stop.fill_null(ibis.literal(run.as_of)))
    # Begun and ended on one day: that day, whatever held before and after.
    touched = days.filter(days.begins & days.ends).select(*KEYS, start="day", stop="day")
    return _islands(ibis.union(held, touched))


def _islands(pieces: ir.Table) -> ir.Table:
    """Spans that touch or overlap as one."""
    order = [pieces.start, pieces.stop]
    before = ibis.cumulative_window(group_by=KEYS, order_by=order)
    reach = pieces.mutate(reach=pieces.stop.max().over(before))
    ordered = ibis.window(group_by=KEYS, order_by=[reach.start, reach.stop])
    reach = reach.mutate(previous=reach.reach.lag().over(ordered))
    fresh = reach.previous.isnull() | (reach.start.delta(reach.previous, unit="day") > 1)
    marked = reach.mutate(fresh=ibis.ifelse(fresh, 1, 0))
    running = ibis.cumulative_window(group_by=KEYS, order_by=[marked.start, marked.stop])
    numbered = marked.mutate(island=marked.fresh.sum().over(running))
    return (
        numbered.group_by([*KEYS, "island"])
        .agg(start=numbered.start.min(), stop=numbered.stop.max())
        .drop("island")
    )


def held(run: Run, parts: list[PartKey], expected: ir.Table, changed: ir.Table) -> ir.Table:
    """Per obligation and part: how long the state held, or the longest gap.

    Returns:
        The columns of `count.counts`; `counted` is in days, nothing is late or defective.
    """
    measures = {p.label: p.view.requires.measure for p in parts}
    labels = [label for label, measure in measures.items() if measure != "count"]
    gaps = [label for label in labels if measures[label] == "longest_gap"]
    waits = _windows(run, expected.filter(expected.part.isin(labels)))
    found = spans(run, changed)
    both = waits.join(
        found,
        [
            waits.part == found.part,
            waits.who == found.who,
            waits.target_key == found.target_key,
            waits.from_day <= waits.until_day,
            found.start <= waits.until_day,
            found.stop >= waits.from_day,
        ],
    )
    both = both.select(
        "ob",
        "part",
        "from_day",
        "until_day",
        start=ibis.greatest(both.start, both.from_day),
        stop=ibis.least(both.stop, both.until_day),
    )
    order = ibis.window(group_by=["ob", "part"], order_by="start")
    both = both.mutate(previous=both.stop.lag().over(order))
    both = both.mutate(
        gap=ibis.ifelse(
            both.previous.isnull(),
            both.start.delta(both.from_day, unit="day"),
            both.start.delta(both.previous, unit="day") - 1,
        ),
        days=both.stop.delta(both.start, unit="day") + 1,
        tail=both.until_day.delta(both.stop, unit="day"),
    )
    totals = both.group_by(["ob", "part"]).agg(
        days=both.days.sum(), gap=ibis.greatest(both.gap.max(), both.tail.min())
    )
    rows = waits.left_join(totals, ["ob", "part"])
    # A bearer may come to be after the as-of day, within a period that has begun.
    whole = ibis.greatest(rows.until_day.delta(rows.from_day, unit="day") + 1, 0)
    counted = ibis.ifelse(
        rows.part.isin(gaps), ibis.coalesce(rows.gap, whole), ibis.coalesce(rows.days, 0)
    )
    zero = ibis.literal(0, type="int64")
    return rows.select("ob", "part", counted=counted.cast("int64"), late=zero, defective=zero)


def shown(expected: ir.Table, changed: ir.Table) -> ir.Table:
    """The events of a state within an obligation's time, and the one that began it before.

    Returns:
        `ob` int64, `part`, `id` string, `first` timestamp, `superseded`, `superseded_by` string.
    """
    both = changed.join(
        expected,
        [
            changed.part == expected.part,
            changed.who == expected.who,
            changed.target_key == expected.target_key,
            changed["first"] <= expected.closes,
        ],
    )
    both = both.mutate(earlier=both["last"] < both.from_at)
    latest = ibis.window(
        group_by=[both.ob, both.part, both.from_at, both.holder, both.earlier],
        order_by=[both["first"].desc(), both.id],
    )
    both = both.mutate(place=ibis.row_number().over(latest))
    kept = both.filter(~both.earlier | ((both.place == 0) & both.begins))
    # Of a post that somebody held twice, an event may belong to both times.
    return kept.select("ob", "part", "id", "first", "superseded", "superseded_by").distinct()


def _windows(run: Run, expected: ir.Table) -> ir.Table:
    """The days of each window, up to the end of the period."""
    ends = ibis.least(expected.until_at, expected.closes)
    waits = expected.mutate(ends_at=ends)
    first = run.days.select(from_at="starts", from_day="day")
    last = run.days.select(until_day="day", last_starts="starts", last_ends="ends")
    rows = waits.join(first, "from_at")
    return rows.join(
        last, [rows.ends_at >= last.last_starts, rows.ends_at <= last.last_ends]
    ).select("ob", "part", "who", "target_key", "from_day", "until_day")
