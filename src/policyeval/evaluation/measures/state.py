"""`days_held` and gaps: for how many days a state held, and the longest run without it.

Events `from` and `until` are read as spans of days per key (the bearer and, with `matching`, the
holder of the state); spans of one bearer that touch are one; what lies between them is a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.parts import EMPTY, PartKey, choose, event_keys, one_key_a_row
from policyeval.evaluation.predicates import event_column, holds
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import OPEN_START
from policyeval.language.requires import DaysHeld
from policyeval.language.words import Duration
from policyeval.tables import by_label, interval, small

KEYS = ["part", "who", "target_key"]


def changes(run: Run, parts: list[PartKey], events: ir.Table) -> ir.Table:
    """The events that begin or end a state.

    Returns:
        `part`, `who`, `target_key`, `holder`, `id`, `superseded`, `superseded_by` string; `first`,
        `last` timestamp; `day` date; `begins`, `ends` boolean (an event may be both); `valid` date
        (the last day of a state that holds `for` so long, else null).
    """
    held = [part for part in parts if part.held]
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
        valid=_valid(held, rows),
    )
    rows = one_key_a_row(rows)
    known = rows.who.notnull() & rows.target_key.notnull() & rows.holder.notnull()
    return rows.filter(known & (rows.begins | rows.ends))


def _events(part: PartKey) -> tuple[str, ...]:
    held = _held(part)
    return (*held.first.types, *(held.last.types if held.last else ()))


def _held(part: PartKey) -> DaysHeld:
    assert part.held is not None  # noqa: S101 - only such parts come here
    return part.held


def _edge(held: DaysHeld, side: str, rows: ir.Table) -> ir.BooleanValue:
    edge = getattr(held, side)
    if edge is None:
        return ibis.literal(False)
    where: Mapping[str, object] | None = edge.where
    return rows.type.isin(edge.types) & holds(where, event_column(rows))


def _holder(held: DaysHeld, rows: ir.Table) -> ir.Value:
    return event_column(rows)(held.matching).cast("string") if held.matching else EMPTY


def _valid(held: list[PartKey], rows: ir.Table) -> ir.Value:
    """The last day of each state that does not need an event to end."""
    days = {p.label: _last_day(_held(p).valid_for, rows) for p in held}
    return choose(rows.part, days).cast("date")


def _last_day(valid_for: Duration | str | None, rows: ir.Table) -> ir.Value:
    if valid_for is None:
        return ibis.literal(None, type="date")
    if isinstance(valid_for, str):
        # Where there is none, nothing begins.
        return ibis.coalesce(event_column(rows)(valid_for), ibis.literal(OPEN_START, type="date"))
    if valid_for.unit == "days":
        return (rows.day + interval(valid_for.number, "D")).cast("date")
    # The data engine too takes the month's last day where the month is too short.
    return (rows.day + interval(valid_for.number, "M")).cast("date")


def spans(parts: list[PartKey], changed: ir.Table, end: date) -> ir.Table:
    """Runs of days on which the state held: `part`, `who`, `target_key`; `start`, `stop` date.

    What has not ended holds up to the day `end`.
    """
    active = changed.filter(changed.superseded.isnull())
    lasting = [p.label for p in parts if _lasts(p)]
    pieces = _until_ended(end, active.filter(~active.part.isin(lasting)))
    if lasting:
        valid = active.filter(active.part.isin(lasting), active.begins, active.valid >= active.day)
        valid = valid.select(*KEYS, "holder", start="day", stop="valid")
        pieces = ibis.union(pieces, valid)
    crowds = {p.label: _held(p).at_once for p in parts if _crowded(p)}
    if not crowds:
        return _islands(pieces.drop("holder"), KEYS)
    single = pieces.filter(~pieces.part.isin(sorted(crowds))).drop("holder")
    crowded = _islands(pieces.filter(pieces.part.isin(sorted(crowds))), [*KEYS, "holder"])
    return _islands(ibis.union(single, _at_once(crowded, crowds)), KEYS)


def _lasts(part: PartKey) -> bool:
    return part.held is not None and part.held.valid_for is not None


def _crowded(part: PartKey) -> bool:
    return part.held is not None and part.held.at_once > 1


def _until_ended(end: date, active: ir.Table) -> ir.Table:
    """From each event that begins a state to the next that ends it."""
    days = active.group_by([*KEYS, "holder", "day"]).agg(
        begins=active.begins.any(), ends=active.ends.any()
    )
    single = days.filter(days.begins != days.ends)
    order = ibis.window(group_by=[*KEYS, "holder"], order_by="day")
    single = single.mutate(stop=single.day.lead().over(order))
    held = single.filter(single.begins)
    held = held.select(*KEYS, "holder", start="day", stop=held.stop.fill_null(ibis.literal(end)))
    # Begun and ended on one day: that day, whatever held before and after.
    touched = days.filter(days.begins & days.ends).select(*KEYS, "holder", start="day", stop="day")
    return ibis.union(held, touched)


def _at_once(pieces: ir.Table, crowds: Mapping[str, int]) -> ir.Table:
    """The spans on which so many holders had the state at the same time."""
    one, less = ibis.literal(1, type="int64"), ibis.literal(-1, type="int64")
    after = (pieces.stop + interval(1, "D")).cast("date")
    edges = ibis.union(
        pieces.select(*KEYS, day="start", step=one), pieces.select(*KEYS, day=after, step=less)
    )
    days = edges.group_by([*KEYS, "day"]).agg(step=edges.step.sum())
    running = ibis.cumulative_window(group_by=KEYS, order_by="day")
    order = ibis.window(group_by=KEYS, order_by="day")
    days = days.mutate(number=days.step.sum().over(running), following=days.day.lead().over(order))
    needed = by_label(days.part, {k: ibis.literal(n) for k, n in crowds.items()}, 1)
    enough = days.filter(days.number >= needed, days.following.notnull())
    stop = (enough.following - interval(1, "D")).cast("date")
    return enough.select(*KEYS, start="day", stop=stop)


def _islands(pieces: ir.Table, keys: list[str]) -> ir.Table:
    """Spans that touch or overlap as one."""
    order = [pieces.start, pieces.stop]
    before = ibis.cumulative_window(group_by=keys, order_by=order)
    reach = pieces.mutate(reach=pieces.stop.max().over(before))
    ordered = ibis.window(group_by=keys, order_by=[reach.start, reach.stop])
    reach = reach.mutate(previous=reach.reach.lag().over(ordered))
    fresh = reach.previous.isnull() | (reach.start.delta(reach.previous, unit="day") > 1)
    marked = reach.mutate(fresh=ibis.ifelse(fresh, 1, 0))
    running = ibis.cumulative_window(group_by=keys, order_by=[marked.start, marked.stop])
    numbered = marked.mutate(island=marked.fresh.sum().over(running))
    return (
        numbered.group_by([*keys, "island"])
        .agg(start=numbered.start.min(), stop=numbered.stop.max())
        .drop("island")
    )


def held(run: Run, parts: list[PartKey], expected: ir.Table, changed: ir.Table) -> ir.Table:
    """Per obligation and part: how long the state held, or the longest gap.

    Returns:
        The columns of `count.counts`; `counted` is in days, nothing is late or defective.
    """
    states = [p for p in parts if p.held]
    measures = {p.label: p.view.requires.measure for p in states}
    labels = list(measures)
    gaps = [label for label in labels if measures[label] == "longest_gap"]
    waits = _windows(run, expected.filter(expected.part.isin(labels)))
    found = spans(states, changed, run.as_of)
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
    # Of a post that somebody held twice there are two windows; no run of days goes across them.
    window = ["ob", "part", "from_day"]
    order = ibis.window(group_by=window, order_by="start")
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
    totals = both.group_by(window).agg(
        days=both.days.sum(), gap=ibis.greatest(both.gap.max(), both.tail.min())
    )
    rows = waits.left_join(totals, window)
    # A bearer may come to be after the as-of day, within a period that has begun.
    whole = ibis.greatest(rows.until_day.delta(rows.from_day, unit="day") + 1, 0)
    counted = ibis.ifelse(
        rows.part.isin(gaps), ibis.coalesce(rows.gap, whole), ibis.coalesce(rows.days, 0)
    )
    rows = rows.select("ob", "part", counted=counted.cast("int64"))
    of_all = rows.group_by(["ob", "part"]).agg(days=rows.counted.sum(), gap=rows.counted.max())
    value = ibis.ifelse(of_all.part.isin(gaps), of_all.gap, of_all.days)
    zero = ibis.literal(0, type="int64")
    return of_all.select("ob", "part", counted=value.cast("int64"), late=zero, defective=zero)


def shown(run: Run, expected: ir.Table, changed: ir.Table) -> ir.Table:
    """The events of a state within an obligation's time, and the one that began it before.

    Returns:
        `ob` int64, `part`, `id` string, `first` timestamp, `superseded`, `superseded_by` string.
    """
    # Of a bearer who comes after the as-of day nothing can be said yet.
    expected = expected.filter(expected.from_at <= ibis.literal(run.end))
    both = changed.join(
        expected,
        [
            changed.part == expected.part,
            changed.who == expected.who,
            changed.target_key == expected.target_key,
            changed["first"] <= expected.closes,
        ],
    )
    both = both.join(run.days.select(from_at="starts", from_day="day"), "from_at")
    both = both.mutate(earlier=both["last"] < both.from_at)
    active = both.superseded.isnull()
    latest = ibis.window(
        group_by=[both.ob, both.part, both.from_at, both.holder, both.earlier, active],
        order_by=[both["first"].desc(), both.id],
    )
    both = both.mutate(place=ibis.row_number().over(latest))
    begun = ibis.ifelse(
        both.valid.isnull(),
        (both.place == 0) & both.begins,
        (both.valid >= both.from_day).fill_null(False),
    )
    kept = both.filter(~both.earlier | begun)
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
