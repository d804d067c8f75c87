"""What was known by a day: rows recorded later are left out, as if they were not in the export."""

from __future__ import annotations

from datetime import date

import ibis
import ibis.expr.types as ir

from policyeval.inputs.reading import has_flaw
from policyeval.tables import null


def was_known(rows: ir.Table, day: date) -> ir.BooleanValue:
    """Whether each row had been recorded by the end of a local day.

    A row without `recorded_at` was known when it happened; one without both, always. So is one
    whose `recorded_at` can't be read: it is rejected, and to be seen among the rejected rows.

    Args:
        rows: what `reading.Reader.typed` gives.
        day: the day.
    """
    unread = has_flaw(rows, "recorded_at", "")
    happened = ibis.ifelse(unread, null("date"), rows.day)
    since = ibis.coalesce(rows.recorded_day, happened)
    return (since <= ibis.literal(day)).fill_null(True)
