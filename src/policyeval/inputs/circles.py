"""Corrections that go round: of rows that put each other right, none can be the one that stands."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter

import ibis
import ibis.expr.types as ir

from policyeval.inputs.reading import flaw

Pairs = Collection[tuple[str, str]]


def going_round(corrections: ir.Table) -> ir.Table:
    """Of corrections (`of`, `superseded_by` string) those that may go round; mostly none."""
    return corrections.filter(
        corrections.of.isin(corrections.superseded_by),
        corrections.superseded_by.isin(corrections.of),
    )


def in_circles(pairs: Pairs) -> list[str]:
    """Ids from which corrections lead into a circle, and to which they lead from one."""
    return sorted(_blocked(pairs) & _blocked([(by, of) for of, by in pairs]))


def _blocked(pairs: Pairs) -> set[str]:
    """All that is in a circle, or comes after one."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for before, after in pairs:
        sorter.add(after, before)
    with suppress(CycleError):  # It goes as far as it can all the same.
        sorter.prepare()
    found = {each for pair in pairs for each in pair}
    while ready := sorter.get_ready():
        found.difference_update(ready)
        sorter.done(*ready)
    return found


def set_aside(rows: ir.Table, ids: list[str]) -> ir.Table:
    """Rows, of which those with these ids have the problem that they go round."""
    problems = [
        ibis.array([flaw(name, rows[name], "correction_circle")])
        for name in ("withdraws", "replaces")
    ]
    problem = ibis.ifelse(rows.withdraws.notnull(), *problems)
    return rows.mutate(problems=ibis.ifelse(rows.id.isin(ids), problem, rows.problems))
