"""Every obligation of a policy: one duty, owed by one bearer, for one period or one trigger."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from policyeval.engine import digest
from policyeval.evaluation.bearers import Lives
from policyeval.evaluation.occasions.recurring import recurring
from policyeval.evaluation.occasions.triggered import trigger_events, triggered
from policyeval.evaluation.run import Run
from policyeval.evaluation.waivers import waived
from policyeval.tables import STAMP, joined

COLUMNS = {
    "duty": "string",
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
    "inside": "int64",
    "length": "int64",
    "part_waived": "boolean",
}
"""`bearer` is the unit, the person or, where it is vacant, the post; `unit` is the bearer's unit.

`opens`..`closes` is the obligation's time; evidence counts in `from_at`..`until_at`, in time until
`closes` and late after it; `inside` of `length` days of a period lie in the bearer's time.
"""


def obligations(run: Run, known: Lives) -> ir.Table:
    """All obligations: `COLUMNS`, `k_<field>` (the trigger's keys), and

    `finding` string (stable id), `ob` int64 (a number within this run), `year` string (plan year of
    the due day), `closed` boolean, `waiver` int64 (number of the waiver that covers it, or null).
    """
    duties = run.policy.duties
    triggers = {name: duty for name, duty in duties.items() if duty.trigger is not None}
    events = run.keep(trigger_events(triggers.values(), run)) if triggers else run.events
    tables = [triggered(name, duty, run, known, events) for name, duty in triggers.items()]
    periodic = {name: duty for name, duty in duties.items() if duty.trigger is None}
    if periodic:
        tables.append(recurring(periodic, run, known))
    columns = [*COLUMNS, *(f"k_{field}" for field in run.key_fields)]
    shaped = [table.select(columns).cast(COLUMNS) for table in tables]
    rows = ibis.union(*shaped) if len(shaped) > 1 else shaped[0]
    if run.since is not None:
        rows = rows.filter(rows.closes >= ibis.literal(run.clock.starts(run.since)))
    rows = rows.mutate(
        until_at=ibis.least(rows.until_at, ibis.literal(run.end)),
        closed=rows.closes <= ibis.literal(run.end),
        finding=_stable_id(run, rows),
        ob=ibis.row_number().cast("int64"),
        year=_year(run, rows),
    )
    # A row number is a fact only once it is stored.
    return waived(run, run.keep(rows))


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
