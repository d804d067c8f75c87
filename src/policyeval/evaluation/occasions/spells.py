"""The times of bearers and their evidence, brought to Python for occasions that are sequences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from policyeval.evaluation import evidence
from policyeval.evaluation.bearers import Lives, bearers
from policyeval.evaluation.parts import PartKey, key_of, obligation_keys, parts, required
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import OPEN_END
from policyeval.language.policy import Variant
from policyeval.language.sources import Happening
from policyeval.tables import STAMP, in_time, null, small


@dataclass(frozen=True)
class Spell:
    """A bearer (and target) and the days on which it is there and the duty in force.

    `target` is the unit, the person or the word that it is about; `whose` is the same for every
    stay of one bearer (and target).
    """

    number: int
    unit: str
    person: str | None
    first: date
    last: date
    target: str | None
    whose: tuple[str | None, ...]


@dataclass(frozen=True)
class Spells:
    """Spells, and the table that tells whose they are.

    Args:
        rows: the spells.
        table: `spell` int64; `duty`, `bearer`, `unit`, `post`, `person`, `target` string;
            `from_day`, `until_day` date.
    """

    rows: tuple[Spell, ...]
    table: ir.Table


_SPELL = ("spell", "unit", "person", "from_day", "until_day")
_WHOSE = ("unit", "bearer", "post", "target")


def spells(variant: Variant, run: Run, known: Lives) -> Spells:
    """Every bearer's time in which the duty is in force and that has begun by the as-of day."""
    first, last = run.in_force(variant)
    rows = bearers("", variant.duty, known).drop("bearers")
    rows = rows.mutate(
        duty=ibis.literal(variant.name),
        from_day=ibis.greatest(rows.from_day, ibis.literal(first)),
        until_day=ibis.least(rows.until_day, ibis.literal(last or OPEN_END)),
    )
    rows = rows.filter(rows.from_day <= rows.until_day, rows.from_day <= ibis.literal(run.as_of))
    order = [*_WHOSE, "from_day"]
    numbered = run.keep(rows.order_by(order).mutate(spell=ibis.row_number().cast("int64")))
    found = run.fetch(numbered.select(*dict.fromkeys([*_SPELL, *_WHOSE])).order_by("spell"))
    spans = (
        Spell(
            number=row["spell"],
            unit=row["unit"],
            person=row["person"],
            first=row["from_day"],
            last=row["until_day"],
            target=row["target"],
            whose=tuple(row[name] for name in _WHOSE),
        )
        for row in found
    )
    return Spells(tuple(spans), numbered)


def evidence_of(
    versions: Sequence[Variant],
    run: Run,
    found: Spells,
    instead: Happening | None = None,
    *,
    anytime: bool = False,
) -> Mapping[int, list[dict[str, Any]]]:
    """The good evidence in each spell, in order of time.

    Args:
        versions: the versions of the duty.
        run: the run.
        found: the spells.
        instead: look for these events, named and keyed as evidence is, at any time.
        anytime: look at what lies outside of the spell, too.

    Returns:
        Spell -> rows of `variant`, `id`, `first`, `last`, `day`, `keys` (field -> text, what clocks
        are looked up by), and what measures need.
    """
    stage = run.stage([each.label for each in versions], run.events)
    mine = [_instead(part, instead) for part in required(parts(stage))]
    good = evidence.meant(stage, mine, run.events)
    good = good.filter(good.good, good.superseded.isnull())
    labels = small(((p.variant, p.label) for p in mine), {"variant": "string", "part": "string"})
    waits = found.table.cross_join(labels)
    waits = waits.mutate(**obligation_keys(mine, waits))
    both = good.join(waits, ["part", "who", "target_key", "match"])
    if instead is None and not anytime:
        both = both.filter(both.day >= both.from_day, both.day <= both.until_day)
    columns = ["spell", "variant", "id", "first", "last", "day"]
    measured = [name for name in ("value", "items") if name in good.columns]
    rows = both.select(*columns, *measured)
    if run.key_fields and instead is None:
        keys = {f"k_{field}": _text(run, field) for field in run.key_fields}
        # What follows from an event has its id too.
        rows = rows.join(run.events.select("id", **keys).distinct(), "id")
    result: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in run.fetch(rows.order_by("spell", *in_time(rows))):
        row["keys"] = {field: row.pop(f"k_{field}", None) for field in run.key_fields}
        result[row["spell"]].append(row)
    return result


def _instead(part: PartKey, instead: Happening | None) -> PartKey:
    if instead is None or part.meant is None:
        return part
    own = instead.named_by | {"must": None, "stands_in": None}
    return replace(part, meant=part.meant.model_copy(update=own))


def _text(run: Run, field: str) -> ir.Value:
    return key_of(field, run, run.events)


_ROWS = {
    "spell": "int64",
    "variant": "string",
    "period": "string",
    "first_day": "date",
    "last_day": "date",
    "trigger": "string",
    "trigger_at": STAMP,
    "opens": STAMP,
    "due": STAMP,
    "due_day": "date",
    "closes": STAMP,
    "from_at": STAMP,
    "until_at": STAMP,
    "past": STAMP,
    "acts": "boolean",
}


def followed(run: Run, found: Spells, rows: Sequence[Mapping[str, Any]]) -> ir.Table:
    """Obligations from rows of `_ROWS`: the columns of `obligations.COLUMNS`."""
    usual = {**dict.fromkeys(_ROWS), "acts": True}
    table = small(([{**usual, **row}[name] for name in _ROWS] for row in rows), _ROWS)
    zero = ibis.literal(0, type="int64")
    both = table.join(found.table.drop("from_day", "until_day"), "spell")
    keys = {f"k_{field}": null("string") for field in run.key_fields}
    return both.mutate(
        vacant=ibis.literal(False),
        trigger_unit=null("string"),
        part_waived=ibis.literal(False),
        inside=zero,
        length=zero,
        **keys,
    )
