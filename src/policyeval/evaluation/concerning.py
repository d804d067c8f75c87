"""What bends a clock: when its sources happened, and which clock each happening concerns.

A source concerns what it shares its key with (`matching`); without one, what has the same unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.predicates import event_column, holds
from policyeval.evaluation.run import Run
from policyeval.evaluation.running import Moment, whole_day
from policyeval.language.clocks import Clock
from policyeval.language.sources import Bending
from policyeval.tables import joined, null

Happened = Mapping[int, list[Moment]]
"""Source (by its identity) -> when it happened, in order."""

ByKey = Mapping[tuple[str, ...], list[Moment]]
"""Key -> when it happened, in order."""


def sources_of(clock: Clock) -> dict[int, Bending]:
    """Every source of a clock, by its identity."""
    return {id(source): source for leg in clock.legs for _, source in leg.sources}


def happened(run: Run, triggers: ir.Table, clock: Clock) -> Mapping[int, Happened]:
    """Trigger -> what happened that concerns it.

    Args:
        run: the run.
        triggers: `no` int64, `trigger_unit` string and the key fields (`k_…`).
        clock: the clock.
    """
    found: dict[int, dict[int, list[Moment]]] = defaultdict(lambda: defaultdict(list))
    for key, source in sources_of(clock).items():
        both = _concerning(run, triggers, source)
        for row in run.fetch(both.order_by("no", *_ORDER)):
            if (moment := _moment(run, row)) is not None:
                found[row["no"]][key].append(moment)
    return found


def happened_by_key(run: Run, clocks: Iterable[Clock]) -> Mapping[int, ByKey]:
    """Source -> what happened, by its key; for clocks whose starts are not rows of a table."""
    sources = {key: each for clock in clocks for key, each in sources_of(clock).items()}
    found: dict[int, dict[tuple[str, ...], list[Moment]]] = {}
    for key, source in sources.items():
        chosen = _chosen(run, source)
        column = event_column(chosen)
        names = list(source.matching or ["unit"])
        keys = {f"m{n}": column(name).cast("string") for n, name in enumerate(names)}
        rows = run.fetch(_when(chosen, source, **keys).order_by(*_ORDER))
        by_key = found[key] = defaultdict(list)
        for row in rows:
            if (moment := _moment(run, row)) is not None:
                by_key[tuple(row[name] for name in keys)].append(moment)
    return found


_ORDER = ("given", "first", "last", "id")


def _when(events: ir.Table, source: Bending, **keys: ir.Value) -> ir.Table:
    """When they happened, and the day that they give instead (`given`), if the source says so."""
    given = null("date") if source.on is None else event_column(events)(source.on)
    dated = ibis.literal(source.on is not None)
    return events.select("id", "first", "last", "day", given=given, dated=dated, **keys)


def _moment(run: Run, row: Mapping[str, Any]) -> Moment | None:
    """The moment that counts; None if the field that gives it is empty, or gives a far day."""
    if not row["dated"]:
        return Moment(row["first"], row["last"], row["day"])
    given = row["given"]
    return None if given is None or given > run.ahead else whole_day(run.clock, given)


def with_key(
    found: Mapping[int, ByKey], clock: Clock, keys: Mapping[str, str | None], unit: str
) -> Happened:
    """Of all that happened, what concerns a clock's start with these fields, in this unit."""
    chosen: dict[int, list[Moment]] = {}
    for number, source in sources_of(clock).items():
        theirs = [keys.get(name) for name in (source.matching or {}).values()] or [unit]
        known = tuple(each for each in theirs if each is not None)
        if len(known) == len(theirs):
            chosen[number] = found[number].get(known, [])
    return chosen


def _chosen(run: Run, source: Bending) -> ir.Table:
    events = run.events
    return events.filter(
        events.type.isin(source.types),
        holds(source.where, event_column(events)),
        events.superseded.isnull(),
        events["first"] <= ibis.literal(run.end),
    )


def _concerning(run: Run, triggers: ir.Table, source: Bending) -> ir.Table:
    """What happened of a source, and the trigger that it concerns."""
    chosen = _chosen(run, source)
    column = event_column(chosen)
    if source.matching:
        ours = joined([column(field).cast("string") for field in source.matching])
        theirs = joined([triggers[f"k_{field}"] for field in source.matching.values()])
    else:
        ours, theirs = chosen.unit, triggers.trigger_unit
    left = _when(chosen, source, match=ours)
    right = triggers.select("no", match=theirs)
    return left.join(right, "match").select("no", *_ORDER, "day", "dated")
