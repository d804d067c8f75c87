"""What bends a clock: when its sources happened, and which clock each happening concerns.

A source concerns what it shares its key with (`matching`); without one, what has the same unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis

from policyeval.evaluation.predicates import event_column
from policyeval.evaluation.run import Run
from policyeval.evaluation.running import Moment, whole_day
from policyeval.evaluation.sources import occurred
from policyeval.language.clocks import Clock
from policyeval.language.sources import Bending
from policyeval.tables import in_time, null


@dataclass(frozen=True)
class Happened:
    """When a source happened.

    Args:
        fields: the fields of a trigger that its key is compared with; none for the unit.
        moments: key -> when it happened, in order.
    """

    fields: tuple[str, ...]
    moments: Mapping[tuple[str, ...], list[Moment]]


def happened(run: Run, clocks: Iterable[Clock]) -> Mapping[int, Happened]:
    """Source of these clocks (by its identity) -> when it happened."""
    legs = [leg for clock in clocks for leg in clock.legs]
    numbers = {id(on): given.field for leg in legs for on, given in leg.given_by_sources}
    days = {id(on): given.field for leg in legs for on, given in leg.days_by_sources}
    return {
        id(source): _happened(run, source, numbers.get(id(source)), days.get(id(source)))
        for leg in legs
        for _, source in leg.sources
    }


def concerning(
    found: Mapping[int, Happened], keys: Mapping[str, str | None], unit: str | None
) -> Mapping[int, list[Moment]]:
    """Of all that happened, what concerns a trigger with these fields, of this unit."""
    chosen = {}
    for source, each in found.items():
        theirs = tuple(keys.get(name) for name in each.fields) or (unit,)
        chosen[source] = each.moments.get(theirs, [])  # type: ignore[arg-type]
    return chosen


def _happened(run: Run, source: Bending, number: str | None, until: str | None) -> Happened:
    """When it happened, each time with what the fields `number` and `until` say."""
    events = occurred(run, source, source.types)
    column = event_column(events)
    given = null("date") if source.on is None else column(source.on)
    names = source.matching or ("unit",)
    keys = {f"m{n}": column(name).cast("string") for n, name in enumerate(names)}
    said = {
        "number": null("float64") if number is None else column(number),
        "until": null("date") if until is None else column(until),
    }
    rows = events.select("id", "first", "last", "day", given=given, **said, **keys)
    # A missing key matches nothing.
    rows = rows.filter(ibis.and_(*(rows[name].notnull() for name in keys)))
    moments: dict[tuple[str, ...], list[Moment]] = defaultdict(list)
    order = in_time(rows) if source.on is None else ["given", "id"]
    for row in run.fetch(rows.order_by(*order)):
        moment = _moment(run, source, row)
        if moment is not None:
            moments[tuple(row[name] for name in keys)].append(moment)
    return Happened(tuple((source.matching or {}).values()), moments)


def _moment(run: Run, source: Bending, row: Mapping[str, Any]) -> Moment | None:
    """The moment that counts; None if the field that gives it is empty, or gives a far day."""
    until = row["until"]
    said = {
        "number": row["number"],
        "until": None if until is None or until > run.ahead else run.clock.ends(until),
    }
    if source.on is None:
        return Moment(row["first"], row["last"], row["day"], **said)
    given = row["given"]
    if given is None or given > run.ahead:
        return None
    return replace(whole_day(run.clock, given), **said)
