"""Which waiver covers which obligation."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.run import Run
from policyeval.evaluation.times import NO_MOMENT, OPEN_END, OPEN_START
from policyeval.tables import null, small

_WAIVERS = {
    "w_duty": "string",
    "w_bearer": "string",
    "w_target": "string",
    "w_from": "date",
    "w_until": "date",
    "number": "int64",
}


def waived(run: Run, obligations: ir.Table) -> ir.Table:
    """Adds `waiver` int64: the number of the first waiver that covers the obligation, or null.

    A waiver covers an obligation whose due day lies in its span.
    """
    if not run.waivers.waivers:
        return obligations.mutate(waiver=null("int64"))
    waivers = small(
        (
            (w.duty, w.bearer, w.target, w.first or OPEN_START, w.last or OPEN_END, number)
            for number, w in enumerate(run.waivers.waivers)
        ),
        _WAIVERS,
    )
    known = obligations.filter(obligations.due < ibis.literal(NO_MOMENT))
    covering = known.select("ob", "duty", "bearer", "target", "due_day").join(
        waivers,
        [
            known.duty == waivers.w_duty,
            known.bearer == waivers.w_bearer,
            waivers.w_target.isnull() | (waivers.w_target == known.target),
            known.due_day >= waivers.w_from,
            known.due_day <= waivers.w_until,
        ],
    )
    first = covering.group_by("ob").agg(waiver=covering.number.min())
    joined = obligations.left_join(first, "ob")
    return joined.drop([name for name in joined.columns if name.endswith("_right")])
