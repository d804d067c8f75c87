"""Every obligation of a policy: one duty, owed by one bearer, for one period or one trigger."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir

from policyeval.engine import digest
from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.occasions.again import until_again
from policyeval.evaluation.occasions.chains import since_last
from policyeval.evaluation.occasions.recurring import recurring
from policyeval.evaluation.occasions.sliding import in_any
from policyeval.evaluation.occasions.triggered import trigger_events, triggered
from policyeval.evaluation.run import Run
from policyeval.evaluation.waivers import waived
from policyeval.language.occasions import InAny, SinceLast
from policyeval.language.policy import Policy, by_duty
from policyeval.language.sources import OfEscalation
from policyeval.language.uses import happenings, severe
from policyeval.tables import STAMP, joined, null, stacked

COLUMNS = {
    "duty": "string",
    "variant": "string",
    "bearer": "string",
    "unit": "string",
    "post": "string",
    "person": "string",
    "vacant": "boolean",
    "target": "string",
    "period": "string",
    "first_day": "date",
    "last_day": "date",
    "trigger": "string",
    "trigger_at": STAMP,
    "trigger_unit": "string",
    "opens": STAMP,
    "due": STAMP,
    "due_day": "date",
    "closes": STAMP,
    "from_at": STAMP,
    "until_at": STAMP,
    "past": STAMP,
    "inside": "int64",
    "length": "int64",
    "part_waived": "boolean",
    "acts": "boolean",
}
"""`bearer` is the unit, the person or, where it is vacant, the post; `unit` is the bearer's unit.

`opens`..`closes` is the obligation's time; evidence counts in `from_at`..`until_at`, in time until
`closes` and late after it; of a chain it begins after `past`; `inside` of `length` days of a period
lie in the bearer's time. Other duties and escalations look at what `acts`: a failure that still
goes on when the run begins is found from then on, too, but happened once.
"""


def obligations(run: Run, known: Lives, first: int) -> ir.Table:
    """All obligations: `COLUMNS`, `k_<field>` (the trigger's keys), and

    `finding` string (stable id), `ob` int64 (a number within this run, from `first` on), `year`
    string (plan year of the due day), `closed` boolean, `waiver` int64 (number of the waiver that
    covers it, or null).
    """
    rows = stacked([_shaped(run, table) for table in _occasions(run, known)])
    if run.since is not None and not linked(run.policy):
        rows = rows.filter(told(run, rows) | _counted(run.policy, rows))
    rows = rows.mutate(
        until_at=ibis.least(rows.until_at, ibis.literal(run.end)),
        closed=rows.closes <= ibis.literal(run.end),
        finding=_stable_id(run, rows),
        ob=ibis.row_number().cast("int64") + first,
        year=_year(run, rows),
    )
    # A row number is a fact only once it is stored.
    return waived(run, run.keep(rows))


def told(run: Run, rows: ir.Table) -> ir.BooleanValue:
    """Whether obligations are in the report: those that closed before its first day are not."""
    if run.since is None:
        return ibis.literal(True)
    return rows.closes >= ibis.literal(run.clock.starts(run.since))


def _counted(policy: Policy, rows: ir.Table) -> ir.BooleanValue:
    """Whether an escalation may count obligations, by their severity."""
    labels = sorted(
        {label for spec in policy.escalations.values() for label in severe(policy, spec)}
    )
    return rows.variant.isin(labels) if labels else ibis.literal(False)


def linked(policy: Policy) -> bool:
    """Whether an obligation can hang on earlier ones, so that none may be left out early."""
    return any(
        variant.duty.double_use == "forbidden"
        or any(part.evidence and part.evidence.stands_in for part in variant.duty.parts)
        or isinstance(variant.duty.trigger, OfEscalation)
        or any(source.duty is not None for source in happenings(variant.duty))
        for variant in policy.variants.values()
    )


def _shaped(run: Run, table: ir.Table, *more: str) -> ir.Table:
    """`COLUMNS`, the trigger's keys, and `more`."""
    usual = {"past": null(STAMP), "acts": ibis.literal(True)}
    table = table.mutate({name: usual[name] for name in usual if name not in table.columns})
    keys = (f"k_{field}" for field in run.key_fields)
    return table.select(*COLUMNS, *keys, *more).cast(COLUMNS)


def _occasions(run: Run, known: Lives) -> Iterator[ir.Table]:
    """The obligations of each kind of occasion."""
    variants = run.variants
    triggers = {name: each for name, each in variants.items() if each.duty.trigger is not None}
    if triggers:
        events = run.keep(trigger_events(triggers.values(), run))
        for versions in by_duty(triggers.values()):
            found = [triggered(each, run, known, events) for each in versions]
            if any(each.duty.late_until_again for each in versions):
                rows = stacked([_shaped(run, table, "trigger_last") for table in found])
                yield until_again(versions, rows)
            else:
                yield from found
    periodic = {}
    for label, each in variants.items():
        if isinstance(each.duty.when, SinceLast):
            continue
        if isinstance(each.duty.when, InAny):
            yield in_any(each, run, known)
        elif each.duty.trigger is None:
            periodic[label] = each
    chains = by_duty(each for each in variants.values() if isinstance(each.duty.when, SinceLast))
    yield from (since_last(versions, run, known) for versions in chains)
    if periodic:
        yield recurring(periodic, run, known)


def _stable_id(run: Run, rows: ir.Table) -> ir.StringValue:
    parts = [
        ibis.literal(run.policy.policy),
        rows.duty,
        rows.post.fill_null(""),
        rows.unit.fill_null(""),
        rows.bearer,
        rows.target.fill_null(""),
        rows.period.fill_null(""),
        rows.trigger.fill_null(""),
    ]
    return digest(joined(parts))


def _year(run: Run, rows: ir.Table) -> ir.StringValue:
    """The plan year of the due day, by its calendar year and whether the plan year had begun."""
    month, day = run.clock.year_start
    number = rows.due_day.month() * 100 + rows.due_day.day()
    first = rows.due_day.year() - ibis.ifelse(number >= month * 100 + day, 0, 1)
    if (month, day) == (1, 1):
        return first.cast("string")
    following = ((first + 1) % 100).cast("string").lpad(2, "0")
    return first.cast("string") + "/" + following
