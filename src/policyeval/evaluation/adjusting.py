"""Evidence that hangs on other evidence: too close to the last one, or given to another use.

What counts is decided event after event, in order of time, so it is followed in Python; only duties
that ask for it come here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives, bearers
from policyeval.evaluation.matching import Apart, Slot, Use, assigned
from policyeval.evaluation.noting import with_released
from policyeval.evaluation.parts import PartKey, required
from policyeval.evaluation.run import Run
from policyeval.evaluation.running import Moment, begins
from policyeval.evaluation.times import NO_MOMENT, OPEN_END
from policyeval.language.occasions import SinceLast
from policyeval.language.words import Duration
from policyeval.tables import in_time, small, stacked

_PLACES = {"ob": "int64", "part": "string", "id": "string"}
_REFUSED = {**_PLACES, "reason": "string"}
KEYS = ["ob", "part", "id"]
_NAMES = ("trigger", "bearer", "post", "unit", "target", "period")


@dataclass(frozen=True)
class Adjustments:
    """What becomes of evidence beside its own conditions, as tables; None changes nothing.

    Args:
        refused: `ob` int64; `part`, `id`, `reason` string: too close to the last one that counted.
        elsewhere: `ob` int64; `part`, `id` string: given to another obligation or part.
    """

    refused: ir.Table | None = None
    elsewhere: ir.Table | None = None


def adjustments(
    run: Run,
    known: Lives,
    parts: list[PartKey],
    asked: ir.Table,
    obligations: ir.Table,
    hits: ir.Table,
) -> Adjustments:
    """Decide on evidence that stands in, is too close to other evidence, or counts only once.

    Args:
        run: the run.
        known: the organisation.
        parts: the parts.
        asked: what is asked of each part, see `results.asked`.
        obligations: the obligations.
        hits: the evidence, see `evidence.hits`.
    """
    mine = required(parts)
    apart = {p.label: p.view.requires.apart for p in mine if p.view.requires.apart}
    once = [p.label for p in mine if p.spec.double_use == "forbidden"]
    chains = [p.label for p in mine if isinstance(p.spec.when, SinceLast)]
    gone = []
    if "standing" in hits.columns:
        gone.append(run.keep(_for_others(run, known, mine, obligations, hits)))
        hits = adjusted(hits, Adjustments(elsewhere=gone[0]))
    if chains:
        gone.append(_repeated(hits.filter(hits.part.isin(chains))))
    if once:
        owed = _with_waived(parts, obligations, hits)
        gone.append(_given_elsewhere(run, once, apart, asked, owed, hits))
        # What was given to another is no last one to be apart from.
        hits = adjusted(hits, Adjustments(elsewhere=gone[-1]))
    refused = _refused(run, apart, hits) if apart else None
    return Adjustments(refused, run.keep(stacked(gone)) if gone else None)


def adjusted(hits: ir.Table, adjustments: Adjustments) -> ir.Table:
    """Hits after adjustments: what is refused is defective, what is given elsewhere is gone."""
    if adjustments.elsewhere is not None:
        hits = hits.anti_join(adjustments.elsewhere, KEYS)
    if adjustments.refused is None:
        return hits
    columns = hits.columns
    rows = hits.left_join(adjustments.refused, KEYS)
    close = rows.reason.notnull()
    reasons = ibis.array([rows.reason])
    return rows.mutate(
        good=rows.good & ~close,
        failed=ibis.ifelse(close, ibis.coalesce(rows.failed, reasons), rows.failed),
    ).select(columns)


def _for_others(
    run: Run, known: Lives, parts: list[PartKey], obligations: ir.Table, hits: ir.Table
) -> ir.Table:
    """Where what stands in does not count: it counts for the obligation due first, at or after it.

    In periods the bearer must be there when it happens.
    """
    standing = hits.filter(hits.standing)
    about = obligations.select("ob", "variant", "due", "opens", *_NAMES)
    # A part is one over all versions of its duty.
    names = small(
        ((p.label, run.variants[p.variant].name, p.name) for p in parts),
        {"part": "string", "duty": "string", "called": "string"},
    )
    rows = standing.select(*KEYS, "first", "day").join(about, "ob").join(names, "part")
    possible = _there(run, known, parts, rows)
    order = ibis.window(
        group_by=["duty", "called", "id", "bearer", "unit", "post", "target"],
        order_by=[
            "due",
            "opens",
            *(possible[name].fill_null("") for name in ("trigger", "period")),
        ],
    )
    possible = possible.mutate(place=ibis.row_number().over(order))
    chosen = possible.filter(possible.place == 0).select(KEYS)
    return standing.select(KEYS).anti_join(chosen, KEYS)


def _there(run: Run, known: Lives, parts: list[PartKey], rows: ir.Table) -> ir.Table:
    """Of rows of periods, those on whose day the bearer (and target) is there."""
    labels = {part.variant for part in parts if part.spec.trigger is None}
    some = []
    for label in sorted(labels):
        variant = run.variants[label]
        first, last = run.in_force(variant)
        who = bearers("", variant.duty, known).select(
            "bearer", "unit", "post", "from_day", "until_day", place="target"
        )
        mine = rows.filter(rows.variant == label)
        both = mine.semi_join(
            who,
            [
                mine.bearer == who.bearer,
                mine.unit == who.unit,
                mine.post.fill_null("") == who.post.fill_null(""),
                mine.target.fill_null("") == who.place.fill_null(""),
                mine.day >= who.from_day,
                mine.day <= who.until_day,
            ],
        )
        some.append(
            both.filter(both.day.between(ibis.literal(first), ibis.literal(last or OPEN_END)))
        )
    others = rows.filter(~rows.variant.isin(sorted(labels))) if labels else rows
    return ibis.union(others, *some) if some else others


def _good(hits: ir.Table, labels: Iterable[str]) -> ir.Table:
    chosen = hits.part.isin(sorted(labels))
    return hits.filter(chosen, hits.good, hits.superseded.isnull()).distinct(on=KEYS)


def _refused(run: Run, apart: Mapping[str, Duration], hits: ir.Table) -> ir.Table:
    """Events that come too soon after the last one that counted."""
    rows = _good(hits, apart).select(*KEYS, "first", "last", "day")
    refused = []
    last: tuple[int, str] | None = None
    earliest = NO_MOMENT
    for row in run.fetch(rows.order_by("ob", "part", *in_time(rows))):
        place, duration = (row["ob"], row["part"]), apart[row["part"]]
        if place == last and row["last"] < earliest:
            refused.append((row["ob"], row["part"], row["id"], f"apart: {duration}"))
            continue
        last, earliest = place, _from_then(run, row, duration)
    return small(refused, _REFUSED)


def _from_then(run: Run, row: Mapping[str, Any], apart: Duration) -> datetime:
    """From when another event counts after one that did."""
    return begins(run.clock, Moment(row["first"], row["first"], row["day"]), apart)


def _repeated(hits: ir.Table) -> ir.Table:
    """Of a chain's link, all good evidence but the first: it is one piece."""
    good = hits.filter(hits.good, hits.superseded.isnull())
    order = ibis.window(group_by=["ob", "part"], order_by=in_time(good))
    good = good.mutate(place=ibis.row_number().over(order))
    return good.filter(good.place > 0).select(KEYS)


def _with_waived(parts: list[PartKey], obligations: ir.Table, hits: ir.Table) -> ir.Table:
    """Obligations with `waived`: by a waiver, for a part of a period, or by what releases."""
    waived = obligations.waiver.notnull() | obligations.part_waived
    rows = with_released(parts, obligations.mutate(waived=waived), hits)
    return rows.mutate(waived=rows.waived | rows.released).drop("released")


def _given_elsewhere(
    run: Run,
    labels: list[str],
    apart: Mapping[str, Duration],
    asked: ir.Table,
    obligations: ir.Table,
    hits: ir.Table,
) -> ir.Table:
    """Where events that count once do not count."""
    rows = _good(hits, labels).select(*KEYS, "first", "last", "day", "late")
    needs = asked.filter(asked.part.isin(labels)).select("ob", "part", "number", "lower")
    about = obligations.select("ob", "variant", "due", "opens", "waived", *_NAMES)
    rows = rows.join(needs.join(about, "ob"), ["ob", "part"])
    rows = rows.order_by(*in_time(rows), "due", "ob", "number")
    uses: dict[str, list[Use]] = defaultdict(list)
    events: dict[str, Mapping[str, Any]] = {}

    def follows(slot: Slot, before: str, event: str) -> bool:
        length = apart.get(slot.part)
        return length is None or events[event]["last"] >= _from_then(run, events[before], length)

    for row in run.fetch(rows):
        events[row["id"]] = row
        slot = Slot(
            row["waived"],
            row["due"],
            row["opens"],
            tuple(row[name] or "" for name in _NAMES),
            row["ob"],
            row["number"],
            row["part"],
            row["lower"] or 0,
        )
        name = run.variants[row["variant"]].name
        uses[name].append(Use(row["id"], slot, row["late"]))
    kept_apart = follows if apart.keys() & set(labels) else None
    found = (each for name in sorted(uses) for each in _others(uses[name], kept_apart))
    return small(found, _PLACES)


def _others(uses: Sequence[Use], apart: Apart | None) -> Iterator[tuple[int, str, str]]:
    given = assigned(uses, apart)
    for use in uses:
        if given.get(use.event) != use.slot:
            yield use.slot.ob, use.slot.part, use.event
