"""Who owes a duty, and when they existed."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from policyeval.evaluation import tenure
from policyeval.evaluation.predicates import holds
from policyeval.evaluation.run import Run
from policyeval.language.duty import OVERSEEN, Duty
from policyeval.tables import null


@dataclass(frozen=True)
class Lives:
    """The organisation as tables; see `tenure.py` for their columns."""

    units: ir.Table
    holders: ir.Table
    overseen: ir.Table
    concerns: ir.Table


def lives(run: Run) -> Lives:
    """The organisation of a run as tables."""
    return Lives(
        units=tenure.units_table(run),
        holders=tenure.holders_table(run.organisation),
        overseen=tenure.overseen_table(run.organisation),
        concerns=tenure.concerns_table(run.organisation),
    )


def bearing_units(duty: Duty, known: Lives) -> ir.Table:
    """The units to which a duty applies: `unit`, `from_day`, `until_day`."""
    units = known.units
    chosen = holds(duty.applies_when, lambda name: units[f"a_{name}"])
    if duty.bearer.unit is not None:
        chosen &= units.kind.isin(duty.bearer.unit)
    return units.filter(chosen).select("unit", "from_day", "until_day")


def bearers(name: str, duty: Duty, known: Lives) -> ir.Table:
    """The bearers of a duty whose occasions are periods, one row per time in which they existed.

    Args:
        name: what the rows are called.
        duty: the duty, or one of several that have the same bearers.
        known: the organisation.

    Returns:
        `bearers` (the name), `bearer`, `unit`, `post`, `person`, `target` string; `from_day`,
        `until_day` date.
        Spans of one bearer and target do not overlap.
    """
    units = bearing_units(duty, known)
    if duty.bearer.unit is not None:
        rows = units.mutate(bearer=units.unit, post=null("string"), person=null("string"))
        return _named(name, _of_each_kind(duty, rows, known))
    posts = duty.bearer.post or ()
    if duty.of_each is not None and OVERSEEN in duty.of_each.unit:
        rows = known.overseen.filter(known.overseen.post.isin(posts))
        rows = rows.mutate(bearer=rows.person).semi_join(units, "unit")
        return _named(name, _alive(rows, known.units))
    rows = known.holders.filter(known.holders.post.isin(posts))
    rows = rows.mutate(bearer=rows.person).semi_join(units, "unit")
    return _named(name, _of_each_kind(duty, rows, known))


def _of_each_kind(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """A row per unit of the kind, where the duty says so."""
    if duty.of_each is None:
        return rows.mutate(target=null("string"))
    targets = known.units.filter(known.units.kind.isin(duty.of_each.unit)).select(target="unit")
    return _alive(rows.cross_join(targets), known.units)


def _alive(rows: ir.Table, units: ir.Table) -> ir.Table:
    """Only the time in which the target exists."""
    targets = units.select(target="unit", t_from="from_day", t_until="until_day")
    both = rows.join(targets, "target")
    both = both.mutate(
        from_day=ibis.greatest(both.from_day, both.t_from),
        until_day=ibis.least(both.until_day, both.t_until),
    )
    return both.filter(both.from_day <= both.until_day).drop("t_from", "t_until")


def _named(name: str, rows: ir.Table) -> ir.Table:
    columns = ["bearer", "unit", "post", "person", "target", "from_day", "until_day"]
    return rows.mutate(bearers=ibis.literal(name)).select("bearers", *columns)
