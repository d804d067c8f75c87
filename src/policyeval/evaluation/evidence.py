"""Evidence: which events meet which obligations. One scan of the events, one interval join."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.bearers import Lives, bearers
from policyeval.evaluation.measures.values import value_columns
from policyeval.evaluation.parts import (
    Holding,
    PartKey,
    choose,
    event_keys,
    obligation_keys,
    of_role,
    one_key_a_row,
)
from policyeval.evaluation.predicates import event_column, failures, holds
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import NO_MOMENT
from policyeval.language.duty_answers import Cure
from policyeval.language.evidence import Evidence
from policyeval.language.occasions import After, Before, SinceLast
from policyeval.tables import STAMP, null, small, stacked


def expectations(run: Run, known: Lives, parts: list[PartKey], obligations: ir.Table) -> ir.Table:
    """What each obligation waits for, per part.

    Returns:
        `ob` int64; `part`, `who`, `target_key`, `match` string; `from_at`, `closes`, `until_at`,
        `past` (it begins after it, or null) timestamp; `itself` string (the trigger, which is no
        evidence of what it opens, or null); `held_from`, `held_until` date (when the person named
        must hold the post, or null). Several rows of one `ob` and `part` if several
        people may show it; their times do not overlap for one of them.
    """
    labels = small(((p.variant, p.label) for p in parts), {"variant": "string", "part": "string"})
    rows = obligations.join(labels, "variant")
    rows = rows.mutate(**obligation_keys(parts, rows), until_at=_until(run, parts, rows))
    looking_on = [p.label for p in parts if p.role != "required"]
    if looking_on:
        opened = rows.part.isin(looking_on)
        rows = rows.mutate(from_at=ibis.ifelse(opened, rows.opens, rows.from_at))
    opening = [p.label for p in parts if _opened_by_another(p)]
    nothing = null("string")
    itself = ibis.ifelse(rows.part.isin(opening), rows.trigger, nothing) if opening else nothing
    rows = rows.mutate(itself=itself)
    columns = ["ob", "part", "who", "target_key", "match", "from_at", "closes", "until_at", "past"]
    columns += ["itself", "held_from", "held_until"]
    always = {"held_from": null("date"), "held_until": null("date")}
    groups = []
    for holding, keys in _CUT_BY.items():
        labels = [p.label for p in parts if p.holding == holding]
        some = rows.filter(rows.part.isin(labels))
        if not labels:
            continue
        if holding == "stays":
            some = _about(some)
        if holding == "whoever":
            some = some.drop("who")
        if keys is None:
            groups.append(some.mutate(**always).select(columns))
            continue
        if holding == "whoever":
            vacant = some.filter(some.vacant).mutate(unit=some.unit.fill_null(""))
            groups.append(_cut(run, parts, known.standing, vacant, keys).select(columns))
            some = some.filter(~some.vacant)
        if holding == "bearer":
            # A vacant post is always there.
            groups.append(some.filter(some.vacant).mutate(**always).select(columns))
            some = some.filter(~some.vacant)
        times = _times(run, known, holding)
        by = [*keys, "person"] if holding == "whoever" else keys
        groups.append(_cut(run, parts, times, some, by).select(columns))
    return stacked(groups)


_CUT_BY: dict[Holding, list[str] | None] = {
    "nobody": None,
    "whoever": ["post", "unit"],
    "holder": ["post", "unit", "person"],
    "overseer": ["post", "unit", "person", "target"],
    "bearer": ["post", "unit", "person"],
    "unit": ["unit"],
    "stays": ["variant", "bearer", "unit", "seat", "about"],
}


def _times(run: Run, known: Lives, holding: Holding) -> ir.Table:
    """Whose times they are: those of the post's holders, or of others."""
    if holding != "stays":
        others = {"overseer": known.overseen, "whoever": known.showing, "unit": known.units}
        return others.get(holding, known.holders)
    duties = {label: each.duty for label, each in run.variants.items()}
    mine = {label: duty for label, duty in duties.items() if duty.comes_and_goes}
    found = [bearers(label, duty, known) for label, duty in mine.items()]
    return _about(stacked(found)).rename(variant="bearers")


def _about(rows: ir.Table) -> ir.Table:
    """Post and target as keys that are never null."""
    return rows.mutate(seat=rows.post.fill_null(""), about=rows.target.fill_null(""))


def _opened_by_another(part: PartKey) -> bool:
    """Whether the event that opens an obligation is not meant as its evidence."""
    if not isinstance(part.spec.when, (After, Before)) or part.role != "required":
        return False
    return isinstance(part.meant, Evidence) and not part.meant.counts_itself


def _until(run: Run, parts: list[PartKey], rows: ir.Table) -> ir.Value:
    """Until when each part looks.

    A decision may come at any time, what releases or is a base until it closes; a state is one of
    the period's days; of averages and smallest values, late evidence does not count.
    """
    end = ibis.literal(run.end)
    measures = {p.label: p.view.requires.measure for p in parts if p.role == "required"}
    limits = [
        (of_role(parts, "decision"), end),
        (of_role(parts, "release"), ibis.least(rows.closes, end)),
        (of_role(parts, "base"), ibis.least(rows.closes, rows.until_at, end)),
        (
            [label for label, each in measures.items() if each in {"days_held", "longest_gap"}],
            ibis.least(rows.until_at, rows.due),
        ),
        (
            [label for label, each in measures.items() if each in {"average", "smallest"}],
            ibis.least(rows.until_at, rows.closes),
        ),
    ]
    branches = [(rows.part.isin(labels), limit) for labels, limit in limits if labels]
    return ibis.cases(*branches, else_=rows.until_at) if branches else rows.until_at


def _cut(
    run: Run, parts: list[PartKey], times: ir.Table, rows: ir.Table, keys: list[str]
) -> ir.Table:
    """Only the times in which the post was held: by the bearer, or by those who show it (`who`).

    What stands in may come at any time: such parts keep times that do not meet the obligation's.
    """
    first, last = ibis.literal(run.policy.in_force.start), ibis.literal(run.horizon)
    times = times.mutate(
        known_from=ibis.least(ibis.greatest(times.from_day, first), last),
        known_until=ibis.least(ibis.greatest(times.until_day, first), last),
        known=(times.from_day <= last) & (times.until_day >= first),
    )
    starts = run.days.select(known_from="day", starts="starts")
    ends = run.days.select(known_until="day", ends="ends")
    times = times.join(starts, "known_from").join(ends, "known_until")
    names = [*keys, "who"] if "who" in times.columns else keys
    held = {"held_from": "from_day", "held_until": "until_day"}
    both = rows.join(times.select("starts", "ends", "known", *names, **held), keys)
    both = both.mutate(
        from_at=ibis.greatest(both.from_at, both.starts),
        until_at=ibis.least(both.until_at, both.ends),
    )
    both = both.mutate(meets=both.known & (both.from_at <= both.until_at))
    standing = [part.label for part in parts if _stand_ins(part)]
    if not standing:
        return both.filter(both.meets)
    both = both.filter(both.meets | both.part.isin(standing))
    never = ibis.literal(NO_MOMENT).cast(STAMP)
    return both.mutate(from_at=ibis.ifelse(both.meets, both.from_at, never))


def meant(run: Run, parts: list[PartKey], events: ir.Table) -> ir.Table:
    """The events that parts mean, with their keys.

    Returns:
        `part`, `id`, `who`, `target_key`, `match` string; `first`, `last` timestamp; `day` date;
        `good` boolean (`must` holds); `good_late` (and what late evidence must satisfy); `failed`,
        `failed_late` array<string> (the conditions that failed, null if none); `standing` boolean
        (it stands in for the next time only); `superseded`, `superseded_by` string; what measures
        need, see `measures.values`. Nothing after the as-of day.
    """
    types = small(
        ((event, part.label, standing) for part in parts for event, standing in _types(part)),
        {"type": "string", "part": "string", "standing": "boolean"},
    )
    rows = events.join(types, "type")
    column = event_column(rows)
    where = {p.label: holds(_where(p), column) for p in parts}
    chosen = choose(rows.part, where)
    if any(_stand_ins(p) for p in parts):
        other = {p.label: _only_stands_in(p, rows) for p in parts}
        chosen = ibis.ifelse(rows.standing, choose(rows.part, other), chosen)
    rows = rows.filter(chosen, rows["first"] <= ibis.literal(run.end))
    if any(_counts_apart(p) for p in parts):
        rows = _each_once(rows)
    column = event_column(rows)
    must = choose(rows.part, {p.label: holds(_must(p), column) for p in parts})
    failed = choose(rows.part, {p.label: _failed(_must(p), rows) for p in parts})
    sequences = [p.label for p in parts if isinstance(p.spec.when, SinceLast)]
    found = {
        "good": must | rows.standing,
        "failed": ibis.ifelse(rows.standing, ibis.null("array<string>"), failed),
        "standing": rows.standing & ~rows.part.isin(sequences),
    }
    if any(_must_late(p) for p in parts):
        late = choose(rows.part, {p.label: holds(_must_late(p), column) for p in parts})
        failed_late = {p.label: _failed(_must_late(p), rows) for p in parts}
        found["good_late"] = found["good"] & late
        found["failed_late"] = ibis.coalesce(found["failed"], choose(rows.part, failed_late))
    else:
        found["good_late"], found["failed_late"] = found["good"], found["failed"]
    plain = ["part", "id", "first", "last", "day", "superseded", "superseded_by"]
    keys = event_keys(parts, rows)
    return one_key_a_row(rows.select(*plain, **found, **keys, **value_columns(run, parts, rows)))


def _types(part: PartKey) -> list[tuple[str, bool]]:
    """The types of events that a part means, and whether they only stand in."""
    if part.meant is None:
        return []
    found = [(event, False) for event in part.meant.types]
    stands_in = _stand_ins(part)
    return found + [(event, True) for event in (stands_in.types if stands_in else ())]


def _stand_ins(part: PartKey) -> Any:
    return part.meant.stands_in if isinstance(part.meant, Evidence) else None


def _where(part: PartKey) -> dict[str, Any] | None:
    return part.meant.where if part.meant else None


def _only_stands_in(part: PartKey, rows: ir.Table) -> ir.BooleanValue:
    """Whether an event stands in: what is evidence by itself does not."""
    stands_in, column = _stand_ins(part), event_column(rows)
    if stands_in is None or part.meant is None:
        return ibis.literal(False)
    itself = rows.type.isin(part.meant.types) & holds(part.meant.where, column)
    return holds(stands_in.where, column) & ~itself


def _counts_apart(part: PartKey) -> bool:
    """Whether what stands in and what is evidence by itself can be one event of two types."""
    stands_in = _stand_ins(part)
    if stands_in is None or part.meant is None:
        return False
    return part.meant.reached is not None or stands_in.reached is not None


def _each_once(rows: ir.Table) -> ir.Table:
    """Without what stands in where the same event is evidence by itself."""
    itself = rows.filter(~rows.standing, rows.superseded.isnull()).select("part", "id").distinct()
    standing = rows.filter(rows.standing).anti_join(itself, ["part", "id"])
    return ibis.union(rows.filter(~rows.standing), standing.select(rows.columns))


def _must(part: PartKey) -> dict[str, Any] | None:
    return part.meant.must if part.meant else None


def _must_late(part: PartKey) -> dict[str, Any] | None:
    rule = part.spec.late
    return rule.must if isinstance(rule, Cure) and part.role == "required" else None


def _failed(conditions: dict[str, Any] | None, rows: ir.Table) -> ir.Value:
    labels = failures(conditions, event_column(rows))
    if not labels:
        return ibis.null("array<string>")
    return ibis.array(labels).filter(lambda label: label.notnull())


def hits(parts: list[PartKey], expected: ir.Table, found: ir.Table) -> ir.Table:
    """Events that meet an obligation: in its time, or standing in for it.

    Returns:
        The columns of `meant` without the keys, `good` and `failed` as they are for evidence that
        is late or not, and `ob` int64, `late` boolean. What stands in (`standing`, only if a part
        has that) is there for each obligation that it might count for, see `adjusting`.
    """
    stands_in = any(_stand_ins(part) for part in parts)
    ordinary = found.filter(~found.standing) if stands_in else found
    both = ordinary.join(
        expected,
        [ordinary[name] == expected[name] for name in _KEYS]
        + [ordinary["last"] >= expected.from_at, ordinary["first"] <= expected.until_at],
    )
    if any(_opened_by_another(part) for part in parts):
        both = both.filter(both.itself.isnull() | (both.id != both.itself))
    if any(isinstance(part.spec.when, SinceLast) for part in parts):
        both = both.filter(both.past.isnull() | (both["first"] > both.past))
    if any(part.holding == "whoever" for part in parts):
        # An event may name several who could show it.
        both = both.distinct(on=["ob", "part", "id"])
    plain = _seen(both, found, both["first"] > both.closes)
    if not stands_in:
        return plain
    plain = plain.mutate(standing=ibis.literal(False))
    return ibis.union(plain, _standing_in(found, expected).select(plain.columns))


_KEYS = ("part", "who", "target_key", "match")


def _standing_in(found: ir.Table, expected: ir.Table) -> ir.Table:
    """What stands in, for every obligation that is due at or after it; it is given to one later."""
    standing = found.filter(found.standing, found.superseded.isnull())
    both = standing.join(
        expected,
        [standing[name] == expected[name] for name in _KEYS]
        + [standing["first"] <= expected.closes],
    )
    both = both.filter(both.itself.isnull() | (both.id != both.itself))
    both = both.filter(both.held_from.isnull() | both.day.between(both.held_from, both.held_until))
    seen = _seen(both, found, ibis.literal(False))
    return seen.mutate(standing=ibis.literal(True)).distinct(on=["ob", "part", "id"])


_NOT_SHOWN = {"who", "target_key", "match", "standing", "good", "good_late"} | {
    "failed",
    "failed_late",
}


def _seen(both: ir.Table, found: ir.Table, late: ir.Value) -> ir.Table:
    columns = [name for name in found.columns if name not in _NOT_SHOWN]
    return both.select(
        "ob",
        *columns,
        good=ibis.ifelse(late, both.good_late, both.good),
        failed=ibis.ifelse(late, both.failed_late, both.failed),
        late=late,
    )
