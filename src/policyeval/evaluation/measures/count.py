"""`count`: the number of good events in time, late and defective."""

from __future__ import annotations

import ibis.expr.types as ir

from policyeval.tables import WIDE


def counts(hits: ir.Table) -> ir.Table:
    """Per obligation and part with at least one event.

    Returns:
        `ob` int64, `part` string; `counted`, `late` `WIDE`; `defective` int64.
    """
    active = hits.superseded.isnull()
    good = active & hits.good
    return hits.group_by(["ob", "part"]).agg(
        counted=(good & ~hits.late).sum().cast(WIDE),
        late=(good & hits.late).sum().cast(WIDE),
        defective=(active & ~hits.good).sum().cast("int64"),
    )
