"""The main job: from files to findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
from ibis.backends import BaseBackend

from policyeval.engine import connect
from policyeval.errors import InvalidInputError, Problem
from policyeval.evaluation import pipeline
from policyeval.evaluation.run import Run
from policyeval.findings import summaries
from policyeval.findings.building import Builder, text
from policyeval.findings.models import Counts, Finding, Header, InputFile, Notice, RejectedRow
from policyeval.findings.notices import notices
from policyeval.findings.tables import detailed_table, evidence_table, order_of, plain_table
from policyeval.inputs.events import EventTables, read_events
from policyeval.inputs.organisation import load_organisation
from policyeval.inputs.problems import REASONS
from policyeval.inputs.profile import load_profile
from policyeval.inputs.waivers import Waivers, load_waivers
from policyeval.language.loading import load_policy
from policyeval.language.policy import Policy

BATCH = 5_000
"""Findings that are held in Python at a time."""

OnStep = Callable[[str], None]


@dataclass
class Evaluation:
    """A finished evaluation. Its findings stay in the data engine until they are asked for.

    Use it as a context manager, or call `close`.

    Args:
        outcome: the tables of the evaluation.
        inputs: the tables of events, and what was noticed when reading them.
    """

    outcome: pipeline.Outcome
    inputs: EventTables
    _engine: BaseBackend = field(repr=False)
    _scratch: TemporaryDirectory[str] = field(repr=False)

    def __enter__(self) -> Evaluation:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Free the data engine and what it stored."""
        self._engine.disconnect()
        self._scratch.cleanup()

    @property
    def policy(self) -> Policy:
        """The policy that was evaluated."""
        return self.outcome.run.policy

    @cached_property
    def _builder(self) -> Builder:
        return Builder(self.outcome.run)

    @cached_property
    def counts(self) -> Counts:
        """Findings by verdict."""
        return summaries.overall(duty.counts for duty in summaries.duties(self.outcome))

    @property
    def rejected(self) -> int:
        """The number of rows that were set aside."""
        return sum(file.rejected for file in self.inputs.files)

    @cached_property
    def header(self) -> Header:
        """Everything of the report but its findings and rejected rows."""
        run, builder = self.outcome.run, self._builder
        duties = summaries.duties(self.outcome)
        events = run.events
        seen = events["first"] <= ibis.literal(run.end)
        [counted] = run.fetch(events.aggregate(every=events.count(), seen=seen.sum()))
        return Header(
            policy=run.policy.policy,
            version=run.policy.version,
            title=text(run.policy.title, run.policy.policy),
            source=run.policy.source,
            timezone=run.policy.timezone,
            posts={name: dict(post.title) for name, post in run.policy.posts.items()},
            unit_kinds={name: dict(kind.title) for name, kind in run.policy.unit_kinds.items()},
            as_of=run.as_of,
            since=run.since,
            known_by=self.inputs.known_by,
            events=counted["seen"] or 0,
            events_after_as_of=counted["every"] - (counted["seen"] or 0),
            rejected=self.rejected,
            counts=summaries.overall(duty.counts for duty in duties),
            files=tuple(InputFile(**asdict(each)) for each in self.inputs.files),
            notices=(
                *(Notice(**asdict(each)) for each in self.inputs.notices),
                *notices(self.outcome),
            ),
            duties=duties,
            units=summaries.units(self.outcome, builder),
            people=summaries.people(self.outcome, builder),
            escalations=summaries.escalations(self.outcome, builder),
            not_evaluated=summaries.not_evaluated(run.policy),
            assumptions=summaries.assumptions(run.policy),
        )

    def findings(self, *, worst_first: bool = False, limit: int | None = None) -> Iterator[Finding]:
        """The findings, in the order of the policy's duties, or the worst first.

        Only a batch of them is held in Python at a time.
        """
        run = self.outcome.run
        rows = self.outcome.findings
        order = order_of(self.outcome, rows, worst_first=worst_first)
        rows = rows.mutate(place=ibis.row_number().over(ibis.window(order_by=order)))
        if limit is not None:
            rows = rows.filter(rows.place < limit)
        table = run.keep(detailed_table(self.outcome, run.keep(rows)))
        [counted] = run.fetch(table.aggregate(rows=table.count()))
        for first in range(0, counted["rows"], BATCH):
            batch = table.filter(table.place >= first, table.place < first + BATCH)
            for row in run.fetch(batch.order_by("place")):
                yield self._builder.finding(row)

    def findings_table(self) -> ir.Table:
        """The findings as one table in their order; see `findings.tables.plain_table`."""
        table = plain_table(self.outcome)
        return table.order_by(order_of(self.outcome, table, worst_first=False))

    def evidence_table(self) -> ir.Table:
        """All evidence as one table; see `findings.tables.evidence_table`."""
        found = evidence_table(self.outcome, self.outcome.findings)
        return found.drop("ob").order_by("finding", "part", "at", "event")

    def rejected_rows(self, *, limit: int | None = None) -> Iterator[RejectedRow]:
        """The rows that were set aside, one per problem, in order of file and row."""
        rejected = self.inputs.rejected
        problems = rejected.select("file", "row", problem=rejected.problems.unnest())
        rows = problems.select(
            "file",
            "row",
            column=problems.problem.column,
            value=problems.problem.value,
            reason=problems.problem.reason,
        ).order_by("file", "row", "column", "reason")
        for row in self.outcome.run.fetch(rows if limit is None else rows.limit(limit)):
            yield RejectedRow(**row | {"reason": REASONS[row["reason"]]})

    def cells(self, units: Sequence[str]) -> Iterator[tuple[str, str, Counts]]:
        """Findings by verdict for each of `units` and each duty."""
        return summaries.cells(self.outcome, units)


def _check_days(**days: object) -> None:
    """A text, or a date with a time, is no day."""
    wrong = [
        Problem(name, 0, 0, f"expected a day such as date(2025, 12, 31), found {day!r}")
        for name, day in days.items()
        if day is not None and (isinstance(day, datetime) or not isinstance(day, date))
    ]
    if wrong:
        raise InvalidInputError(wrong)


def evaluate(
    policy: Path | str | Policy,
    *,
    organisation: Path | str,
    events: Sequence[Path | str],
    waivers: Path | str | None = None,
    profile: Path | str | None = None,
    as_of: date | None = None,
    since: date | None = None,
    known_by: date | None = None,
    on_step: OnStep | None = None,
    options: dict[str, Any] | None = None,
) -> Evaluation:
    """Evaluate a policy against an export of events.

    Args:
        policy: a policy, its folder, or its `policy.yaml`.
        organisation: the organisation file.
        events: event exports: CSV, JSONL, Parquet or XLSX by their ending.
        waivers: the waivers file.
        profile: the import profile for `events`.
        as_of: the last day looked at; today in the policy's time zone if left out.
        since: leave out obligations that closed before this day.
        known_by: leave out rows that were recorded after this day, as if they were not in the
            export.
        on_step: called with the name of each step as it begins.
        options: settings of the data engine (`threads`, `memory_limit`, `temp_directory`).

    Raises:
        InvalidInputError: a file or a day is not valid; nothing was evaluated.
        RuleEngineError: the judgement rules are ambiguous or incomplete.
    """
    _check_days(as_of=as_of, since=since, known_by=known_by)
    tell = on_step or (lambda _step: None)
    tell("policy")
    plan = policy if isinstance(policy, Policy) else load_policy(policy)
    people = load_organisation(organisation, plan)
    released = load_waivers(waivers, plan, people) if waivers else Waivers()
    mapped = load_profile(Path(profile), plan) if profile else None
    scratch = TemporaryDirectory(prefix="policyeval-")
    engine = connect({"temp_directory": scratch.name, **(options or {})})
    try:
        tell("events")
        inputs = read_events(
            engine,
            [Path(each) for each in events],
            plan,
            people,
            mapped,
            Path(scratch.name),
            known_by,
        )
        run = Run(
            engine,
            plan,
            people,
            released,
            inputs.events,
            inputs.rejected,
            as_of or datetime.now(ZoneInfo(plan.timezone)).date(),
            since,
        )
        return Evaluation(pipeline.evaluate(run, tell), inputs, engine, scratch)
    except BaseException:
        engine.disconnect()
        scratch.cleanup()
        raise
