"""What one evaluation runs on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import ibis.expr.types as ir
from ibis.backends import BaseBackend
from ibis.util import gen_name

from policyeval.evaluation.times import Clock
from policyeval.inputs.organisation import Organisation
from policyeval.inputs.waivers import Waivers
from policyeval.language.duty import Duty
from policyeval.language.policy import Policy
from policyeval.tables import STAMP, small


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
    """

    engine: BaseBackend
    policy: Policy
    organisation: Organisation
    waivers: Waivers
    events: ir.Table
    rejected: ir.Table
    as_of: date
    since: date | None = None

    def keep(self, table: ir.Table) -> ir.Table:
        """Work a table out now and keep it in the engine, for steps that read it several times."""
        return self.engine.create_table(gen_name("kept"), table, temp=True)

    def fetch(self, table: ir.Table) -> list[dict[str, Any]]:
        """The rows of a small table."""
        rows: list[dict[str, Any]] = self.engine.to_pyarrow(table).to_pylist()
        return rows

    @cached_property
    def clock(self) -> Clock:
        """The policy's calendar."""
        return Clock(self.policy)

    @cached_property
    def end(self) -> datetime:
        """The last instant looked at (naive UTC)."""
        return self.clock.ends(self.as_of)

    @cached_property
    def horizon(self) -> date:
        """A day by which every period that has begun, and the one after it, is over."""
        return self.as_of + timedelta(days=1200)

    @cached_property
    def days(self) -> ir.Table:
        """Every local day from the policy's first to the horizon: `day`, `starts`, `ends`."""
        first = self.policy.in_force.start
        days = (first + timedelta(days=n) for n in range((self.horizon - first).days + 1))
        return small(
            ((day, self.clock.starts(day), self.clock.ends(day)) for day in days),
            {"day": "date", "starts": STAMP, "ends": STAMP},
        )

    def in_force(self, duty: Duty) -> tuple[date, date | None]:
        """The days on which a duty is in force: the policy's and its own, both."""
        firsts = [self.policy.in_force.start]
        lasts = [self.policy.in_force.last] if self.policy.in_force.last else []
        if duty.in_force is not None:
            firsts += [duty.in_force.first] if duty.in_force.first else []
            lasts += [duty.in_force.last] if duty.in_force.last else []
        return max(firsts), min(lasts) if lasts else None

    @cached_property
    def key_fields(self) -> tuple[str, ...]:
        """Trigger fields that evidence is matched on, or that name who answers."""
        names: set[str] = set()
        for duty in self.policy.duties.values():
            for part in duty.parts:
                if part.evidence is not None and part.evidence.matching is not None:
                    names |= set(part.evidence.matching.values())
            names |= {each.named_in for each in duty.accountable or () if each.named_in}
        return tuple(sorted(names))
