"""Late evidence of a trigger without a key: it counts until the source happens again."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from policyeval.language.policy import Variant
from policyeval.tables import STAMP, interval, null

_KEYS = ("duty", "post", "target")


def until_again(versions: Sequence[Variant], rows: ir.Table) -> ir.Table:
    """The obligations of a duty, with `until_at` cut where the bearer's or the post's next begins.

    Args:
        versions: all versions of the duty.
        rows: the columns of `obligations.COLUMNS`, and `trigger_last`, the trigger's last instant.

    Returns:
        The columns of `obligations.COLUMNS` and the trigger's keys.
    """
    mine = [each.label for each in versions if each.duty.late_until_again]
    # What looks back waits for what counts for the next; what looks ahead begins with its trigger.
    back = [each.label for each in versions if each.duty.backwards and each.duty.not_before]
    own = [each.label for each in versions if each.duty.personal]
    sooner = rows.from_at - interval(1, "us")
    last = ibis.ifelse(rows.variant.isin(back), sooner, rows.trigger_last)
    asked = rows.mutate(
        turn=ibis.greatest(rows.closes, rows.trigger_at),
        last=null(STAMP),
        asks=ibis.literal(True),
    )
    given = rows.mutate(turn=rows.trigger_at, last=last, asks=ibis.literal(False))
    both = ibis.union(asked, given)
    # At one moment what begins comes first, so that only what begins later follows.
    window = ibis.window(
        group_by=[
            *(both[key] for key in _KEYS),
            # A post's next trigger is its own, whoever holds it by then.
            ibis.ifelse(both.post.isnull() | both.variant.isin(own), both.bearer, null("string")),
            ibis.ifelse(both.vacant, both.trigger_unit, both.unit),
        ],
        order_by=[both.turn, both.asks],
        preceding=0,
        following=None,
    )
    both = both.mutate(again=both.last.min().over(window))
    both = both.filter(both.asks)
    cut = ibis.greatest(both.closes, both.again)
    cut = ibis.ifelse(both.variant.isin(mine) & both.again.notnull(), cut, both.until_at)
    return both.mutate(until_at=ibis.least(both.until_at, cut)).select(rows.columns)
