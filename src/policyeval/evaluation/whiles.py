"""`while`: the days on which a duty is owed, as states of its bearers (and targets)."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from policyeval.evaluation.measures import state
from policyeval.evaluation.parts import PartKey, obligation_keys
from policyeval.evaluation.run import Run
from policyeval.evaluation.times import OPEN_END
from policyeval.language.duty import Duty
from policyeval.language.evidence import ANYONE
from policyeval.tables import null


@dataclass(frozen=True)
class Whiles:
    """The states in which the duties of a stage are owed.

    Args:
        parts: one for each `while`, as it is keyed: duties that write the same share it.
        table: `part`, `who`, `target_key` string; `start`, `stop` date. Spans of one key neither
            overlap nor touch.
    """

    parts: tuple[PartKey, ...]
    table: ir.Table

    def of(self, duty: Duty) -> tuple[PartKey, ir.Table]:
        """The state in which a duty is owed: how it is keyed, and `who`, `target_key`, spans."""
        part = next(part for part in self.parts if _alike(part.spec, duty))
        spans = self.table.filter(self.table.part == part.label)
        return part, spans.drop("part")


def whiles(run: Run) -> Whiles | None:
    """The states of `while` of a run's duties; None if none has one."""
    found: list[PartKey] = []
    for label, variant in run.variants.items():
        duty = variant.duty
        if duty.during is not None and not any(_alike(part.spec, duty) for part in found):
            found.append(PartKey(f"{label}/~while", "", label, duty, duty.parts[0], "while"))
    if not found:
        return None
    changes = run.keep(state.changes(run, found, run.events))
    table = run.keep(state.spans(found, changes, OPEN_END))
    return Whiles(tuple(found), table)


def _alike(one: Duty, other: Duty) -> bool:
    """Whether the same state, keyed in the same way, is meant."""
    return (one.during, one.bearer.unit is None, one.of_each) == (
        other.during,
        other.bearer.unit is None,
        other.of_each,
    )


def keyed(part: PartKey, rows: ir.Table) -> ir.Table:
    """Rows of bearers and targets with the keys of their state: `who`, `target_key`.

    Nobody has a state that names whoever holds a post where nobody does (`vacant`).
    """
    rows = rows.mutate(part=ibis.literal(part.label))
    keys = obligation_keys([part], rows)
    who = keys["who"]
    if "vacant" in rows.columns and part.who not in {"unit", ANYONE}:
        who = ibis.ifelse(rows.vacant, null("string"), who)
    return rows.mutate(who=who, target_key=keys["target_key"]).drop("part")


def owed_days(duty: Duty, rows: ir.Table, states: Whiles) -> ir.Table:
    """Rows with `from_day`, `until_day`, only as far as the state holds for bearer and target."""
    part, spans = states.of(duty)
    both = keyed(part, rows).join(spans, ["who", "target_key"])
    both = both.mutate(
        from_day=ibis.greatest(both.from_day, both.start),
        until_day=ibis.least(both.until_day, both.stop),
    )
    return both.filter(both.from_day <= both.until_day).select(rows.columns)


def on_day(duty: Duty, rows: ir.Table, states: Whiles) -> ir.Table:
    """Rows with a `day`, only those on whose day the state holds for bearer and target."""
    part, spans = states.of(duty)
    both = keyed(part, rows)
    holds = [both.day >= spans.start, both.day <= spans.stop]
    both = both.join(spans, ["who", "target_key", *holds])
    return both.select(rows.columns)


def values(duty: Duty, rows: ir.Table, states: Whiles) -> ir.Table:
    """Rows of bearers, each with each value that has the state: `target`, `t_from`, `t_until`."""
    part, spans = states.of(duty)
    named = spans.select("who", value="target_key", t_from="start", t_until="stop")
    both = keyed(part, rows.mutate(target=null("string"))).join(named, "who")
    return both.mutate(target=both.value).drop("who", "target_key", "value")
