"""Who owes a duty, and when they existed."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from policyeval.evaluation import tenure
from policyeval.evaluation.predicates import holds
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import OPEN_END, OPEN_START
from policyeval.evaluation.whiles import Whiles, owed_days, values
from policyeval.inputs.organisation import Organisation
from policyeval.language.duty import Duty
from policyeval.tables import null, small


@dataclass(frozen=True)
class Lives:
    """The organisation as tables; see `tenure.py` for their columns.

    `whiles` are the states in which the duties of a stage are owed.
    """

    organisation: Organisation
    units: ir.Table
    holders: ir.Table
    overseen: ir.Table
    concerns: ir.Table
    below: ir.Table
    standing: ir.Table
    showing: ir.Table
    whiles: Whiles | None = None


def lives(run: Run) -> Lives:
    """The organisation of a run as tables."""
    return Lives(
        organisation=run.organisation,
        units=tenure.units_table(run),
        holders=tenure.holders_table(run.organisation),
        overseen=tenure.overseen_table(run.organisation),
        concerns=tenure.concerns_table(run.organisation),
        below=tenure.below_table(run.organisation),
        standing=tenure.standing_table(run.organisation),
        showing=tenure.showing_table(run.organisation),
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
    rows = _everybody(duty, known)
    if duty.during is not None and not (duty.of_each and duty.of_each.value_of):
        rows = owed_days(duty, rows, states_of(known))
    columns = ["bearer", "unit", "post", "person", "target", "from_day", "until_day"]
    return rows.mutate(bearers=ibis.literal(name)).select("bearers", *columns)


def states_of(known: Lives) -> Whiles:
    """The states of `while`, for a duty that has one."""
    assert known.whiles is not None  # noqa: S101 - the pipeline sees to it
    return known.whiles


def _everybody(duty: Duty, known: Lives) -> ir.Table:
    """Who bears it, with the targets, whether or not the state of `while` holds."""
    units = bearing_units(duty, known)
    if duty.bearer.unit is not None:
        rows = units.mutate(bearer=units.unit, post=null("string"), person=null("string"))
        return _of_each_kind(duty, rows, known)
    posts = duty.bearer.post or ()
    if duty.of_each is not None and duty.of_each.overseen:
        rows = known.overseen.filter(known.overseen.post.isin(posts))
        rows = rows.mutate(bearer=rows.person).semi_join(units, "unit")
        return _alive(rows, known.units)
    rows = known.holders.filter(known.holders.post.isin(posts))
    rows = rows.mutate(bearer=rows.person).semi_join(units, "unit")
    return _of_each_kind(duty, rows, known)


def _of_each_kind(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """A row per target, where the duty says so, for the time in which both are there."""
    if duty.of_each is None:
        return rows.mutate(target=null("string"))
    both = chosen_targets(duty, rows, known)
    both = both.mutate(
        from_day=ibis.greatest(both.from_day, both.t_from),
        until_day=ibis.least(both.until_day, both.t_until),
    )
    return both.filter(both.from_day <= both.until_day).drop("t_from", "t_until")


def chosen_targets(duty: Duty, rows: ir.Table, known: Lives) -> ir.Table:
    """Rows of bearers, each with each of its targets: `target` and `t_from`, `t_until` date."""
    each = duty.of_each
    assert each is not None  # noqa: S101 - only duties with targets come here
    if each.value_of is not None:
        return values(duty, rows, states_of(known))
    if each.value is not None:
        words = small(((word,) for word in each.value), {"target": "string"})
        always = {
            "t_from": ibis.literal(OPEN_START, type="date"),
            "t_until": ibis.literal(OPEN_END, type="date"),
        }
        return rows.cross_join(words.mutate(**always))
    if each.post is not None:
        held = tenure.roster_table(known.organisation, each.post)
        roster = held.select("unit", target="person", t_from="from_day", t_until="until_day")
        return rows.join(roster, "unit")
    if each.overseen:
        seen = _alive(known.overseen, known.units).select(
            "post", "unit", "person", "target", t_from="from_day", t_until="until_day"
        )
        return rows.join(seen, ["post", "unit", "person"])
    units = known.units
    chosen = units.kind.isin(each.unit or ()) & holds(each.where, lambda name: units[f"a_{name}"])
    targets = units.filter(chosen).select(target="unit", t_from="from_day", t_until="until_day")
    if each.inside is None:
        return rows.cross_join(targets)
    below = known.below.select(unit="above", target="unit")
    return rows.join(targets.join(below, "target"), "unit")


def _alive(rows: ir.Table, units: ir.Table) -> ir.Table:
    """Only the time in which the target exists."""
    targets = units.select(target="unit", t_from="from_day", t_until="until_day")
    both = rows.join(targets, "target")
    both = both.mutate(
        from_day=ibis.greatest(both.from_day, both.t_from),
        until_day=ibis.least(both.until_day, both.t_until),
    )
    return both.filter(both.from_day <= both.until_day).drop("t_from", "t_until")
