"""What one evaluation runs on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import ibis.expr.types as ir
from ibis.backends import BaseBackend
from ibis.util import gen_name

from policyeval.evaluation.times import Clock
from policyeval.inputs.organisation import Organisation
from policyeval.inputs.waivers import Waivers
from policyeval.language.durations import longest
from policyeval.language.fields import trigger_fields
from policyeval.language.policy import Policy, Variant
from policyeval.tables import IN_ARROW, STAMP, WIDE, small

AHEAD = timedelta(days=800)
"""How far ahead of the as-of day what is known beforehand is looked at."""

_SHARED = ("clock", "end", "horizon", "days", "key_fields")


@dataclass(frozen=True)
class Run:
    """The inputs of an evaluation.

    Args:
        engine: the Ibis backend that holds the events and runs every step.
        policy: the plan.
        organisation: units, people and appointments.
        waivers: waivers.
        events: accepted events, see `inputs/events.py`.
        rejected: rows that could not be read, with the same columns.
        as_of: the last day looked at.
        since: obligations that closed before this day are left out; None keeps all.
        variants: the versions of duties that are evaluated, by their labels.
    """

    engine: BaseBackend
    policy: Policy
    organisation: Organisation
    waivers: Waivers
    events: ir.Table
    rejected: ir.Table
    as_of: date
    since: date | None = None
    variants: Mapping[str, Variant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Every version of every duty, unless it is a stage of a run."""
        if not self.variants:
            object.__setattr__(self, "variants", self.policy.variants)

    def keep(self, table: ir.Table) -> ir.Table:
        """Work a table out now and keep it in the engine, for steps that read it several times."""
        return self.engine.create_table(gen_name("kept"), table, temp=True)

    def fetch(self, table: ir.Table) -> list[dict[str, Any]]:
        """The rows of a small table; its columns of wide whole numbers are Python's integers."""
        found = self.engine.to_pyarrow(table)
        rows: list[dict[str, Any]] = found.to_pylist()
        for name in [column.name for column in found.schema if column.type == IN_ARROW[WIDE]]:
            for row in rows:
                row[name] = None if row[name] is None else int(row[name])
        return rows

    @cached_property
    def clock(self) -> Clock:
        """The policy's calendar."""
        return Clock(self.policy)

    @cached_property
    def end(self) -> datetime:
        """The last instant looked at (naive UTC)."""
        return self.clock.ends(self.as_of)

    def stage(self, labels: Collection[str], events: ir.Table) -> Run:
        """The same run for some of its duties' versions, with the events that they know."""
        chosen = {name: self.variants[name] for name in self.variants if name in labels}
        stage = replace(self, events=events, variants=chosen)
        stage.__dict__.update({name: getattr(self, name) for name in _SHARED})
        return stage

    @property
    def ahead(self) -> date:
        """The last day that is looked at for what is announced or known beforehand."""
        return self.as_of + AHEAD

    @cached_property
    def horizon(self) -> date:
        """A day by which every period and clock that has begun, and the next one, is over."""
        return self.as_of + timedelta(days=1200 + longest(self.policy))

    @cached_property
    def days(self) -> ir.Table:
        """Every local day from the policy's first to the horizon: `day`, `starts`, `ends`."""
        first = self.policy.in_force.start
        days = (first + timedelta(days=n) for n in range((self.horizon - first).days + 1))
        return small(
            ((day, self.clock.starts(day), self.clock.ends(day)) for day in days),
            {"day": "date", "starts": STAMP, "ends": STAMP},
        )

    def in_force(self, variant: Variant) -> tuple[date, date | None]:
        """The days on which a duty is in force: the policy's and its own, both."""
        firsts = [self.policy.in_force.start]
        lasts = [self.policy.in_force.last] if self.policy.in_force.last else []
        own = variant.duty.in_force
        if own is not None:
            firsts += [own.first] if own.first else []
            lasts += [own.last] if own.last else []
        return max(firsts), min(lasts) if lasts else None

    @cached_property
    def key_fields(self) -> tuple[str, ...]:
        """Fields of triggers that something is matched on, looked up by or named in."""
        return trigger_fields(self.policy)
