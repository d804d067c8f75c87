"""What every report is written from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import ibis.expr.types as ir

from policyeval.findings.models import Counts, Finding, Header, RejectedRow
from policyeval.inputs.events import EventTables
from policyeval.language.policy import Policy


class ReportData(Protocol):
    """The outcome of an evaluation, read as a stream: there may be hundreds of thousands.

    Every method may be called again and then starts anew.
    """

    @property
    def header(self) -> Header:
        """Everything but findings and rejected rows; its units and people are worst first."""

    @property
    def policy(self) -> Policy:
        """The policy that was evaluated."""

    @property
    def inputs(self) -> EventTables:
        """What was read, as tables in the data engine."""

    def findings_table(self) -> ir.Table:
        """All findings as one table, in the order of the policy."""

    def evidence_table(self) -> ir.Table:
        """All evidence as one table, ordered by finding."""

    def findings(self, *, worst_first: bool = False, limit: int | None = None) -> Iterator[Finding]:
        """The findings.

        Args:
            worst_first: in the order of `Verdict`; else in the order of the policy.
            limit: at most so many; None gives all.
        """

    def rejected_rows(self, *, limit: int | None = None) -> Iterator[RejectedRow]:
        """Rows that could not be read, in the order of files and rows.

        Args:
            limit: at most so many; None gives all.
        """

    def cells(self, units: Sequence[str]) -> Iterator[tuple[str, str, Counts]]:
        """Findings by unit and duty: (unit id, duty id, counts), only where there are any.

        Args:
            units: the unit ids asked for.
        """
