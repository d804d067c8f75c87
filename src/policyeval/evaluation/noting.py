"""What is noted about an obligation beside its counts: a release, a decision, how late it was."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.clocks import on_days
from policyeval.evaluation.parts import PartKey, of_role
from policyeval.evaluation.run import Run
from policyeval.rules.judgement import MOST_DAYS_LATE
from policyeval.tables import small


def noted(
    run: Run,
    parts: list[PartKey],
    obligations: ir.Table,
    hits: ir.Table,
    completed: ir.Table | None,
) -> ir.Table | None:
    """Per obligation: `ob` int64; `released` boolean, `review` string, `working_days_late` int64.

    `review` is `none` where the duty asks for none, else `awaiting`, `accepted` or `refused`. None
    if there is nothing that could be noted of any.
    """
    if completed is None and not any(p.role in {"release", "decision"} for p in parts):
        return None
    rows = obligations.select("ob", "variant", "closes")
    active = hits.filter(hits.superseded.isnull())
    rows = with_released(parts, rows, active)
    rows = _reviewed(parts, rows, active)
    zero = ibis.literal(0, type="int64")
    if completed is None:
        rows = rows.mutate(working_days_late=zero)
    else:
        late = _working_days(run, obligations, completed)
        rows = rows.left_join(late, "ob").drop("ob_right")
        days = ibis.least(rows.working_days.fill_null(0), MOST_DAYS_LATE)
        rows = rows.mutate(working_days_late=ibis.greatest(days, zero))
    return rows.select("ob", "released", "review", "working_days_late")


def with_released(parts: list[PartKey], rows: ir.Table, hits: ir.Table) -> ir.Table:
    """Rows of obligations with `released` boolean: whether an event released from each."""
    labels = of_role(parts, "release")
    if not labels:
        return rows.mutate(released=ibis.literal(False))
    found = hits.filter(hits.part.isin(labels), hits.good, hits.superseded.isnull())
    found = found.select("ob").distinct()
    found = found.mutate(releasing=ibis.literal(True))
    rows = rows.left_join(found, "ob").drop("ob_right")
    return rows.mutate(released=rows.releasing.fill_null(False)).drop("releasing")


def _reviewed(parts: list[PartKey], rows: ir.Table, active: ir.Table) -> ir.Table:
    labels = of_role(parts, "decision")
    if not labels:
        return rows.mutate(review=ibis.literal("none"))
    decisions = active.filter(active.part.isin(labels))
    # The last one decides. What has only a date may be the last of its day: of several that may be
    # the last, one that is refused.
    latest = decisions["first"].max().over(ibis.window(group_by="ob"))
    decisions = decisions.mutate(latest=latest)
    decisions = decisions.filter(decisions["last"] >= decisions.latest)
    decisions = decisions.group_by("ob").agg(accepted=decisions.good.all())
    rows = rows.left_join(decisions, "ob").drop("ob_right")
    asks = rows.variant.isin([part.variant for part in parts if part.role == "decision"])
    review = ibis.cases(
        (~asks, "none"),
        (rows.accepted.isnull(), "awaiting"),
        (rows.accepted, "accepted"),
        else_="refused",
    )
    return rows.mutate(review=review).drop("accepted")


def _working_days(run: Run, obligations: ir.Table, completed: ir.Table) -> ir.Table:
    """Working days from the closing day to the day on which the requirement was reached."""
    number, days = 0, []
    day: date = run.policy.in_force.start
    while day <= run.horizon:
        number += run.clock.is_working(day)
        days.append((day, number))
        day += timedelta(days=1)
    numbered = small(days, {"numbered": "date", "number": "int64"})
    closes = on_days(run, obligations.select("ob", "closes"), "closes", "closing_day")
    first = numbered.select(closing_day="numbered", before="number")
    last = numbered.select(day="numbered", after="number")
    both = closes.join(first, "closing_day").join(completed.select("ob", "day"), "ob")
    both = both.join(last, "day")
    return both.select("ob", working_days=both.after - both.before)
