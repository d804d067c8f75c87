"""The parts of all duties, and how evidence and obligations are keyed for each.

A part's evidence meets its obligations on three keys, each a text: *who* (the bearer that the
event must name), *target* and *match* (what it shares with the trigger). A key that a part does not
have is the empty text on both sides, so that one join serves every part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir
from ibis.expr.operations import Node

from policyeval.evaluation.predicates import event_column
from policyeval.language.duty import ANYONE, OVERSEEN, DaysHeld, Duty, Evidence, PartView
from policyeval.language.policy import Policy
from policyeval.tables import joined

EMPTY = ibis.literal("")


@dataclass(frozen=True)
class PartKey:
    """A part of a duty: `label` is unique in the policy."""

    label: str
    name: str
    duty: str
    spec: Duty
    view: PartView

    @property
    def source(self) -> Evidence | DaysHeld:
        """What names the events of this part."""
        source = self.view.evidence or self.view.requires.days_held
        assert source is not None  # noqa: S101 - the model's own check
        return source

    @property
    def who(self) -> str:
        """The column that must name the bearer, or `anyone`."""
        return self.source.who or ("unit" if self.spec.bearer.unit else "person")

    @property
    def holding(self) -> Literal["nobody", "whoever", "holder", "overseer"]:
        """Whose time in a post bounds when evidence counts.

        Of a trigger, the time of whoever held the post on the event's day and is named by it; of a
        period, the bearer's own time, as holder or as overseer of the target.
        """
        if self.spec.bearer.unit is not None:
            return "nobody"
        if self.spec.trigger is not None:
            return "nobody" if self.who in {ANYONE, "unit"} else "whoever"
        overseen = self.spec.of_each is not None and OVERSEEN in self.spec.of_each.unit
        return "overseer" if overseen else "holder"


def parts(policy: Policy) -> list[PartKey]:
    """Every part of every duty, in the order written."""
    return [
        PartKey(f"{name}/{view.name}", view.name, name, duty, view)
        for name, duty in policy.duties.items()
        for view in duty.parts
    ]


def event_keys(all_parts: list[PartKey], rows: ir.Table) -> dict[str, ir.Value]:
    """`who`, `target_key`, `match` of events; `rows` has a column `part` with a part's label."""
    column = event_column(rows)

    def who(part: PartKey) -> ir.Value:
        return EMPTY if part.who == ANYONE else column(part.who)

    def target(part: PartKey) -> ir.Value:
        return column(part.source.target or "target") if part.spec.of_each else EMPTY

    def match(part: PartKey) -> ir.Value:
        evidence = part.view.evidence
        if evidence is None or evidence.matching is None:
            return EMPTY
        return joined([column(field).cast("string") for field in evidence.matching])

    return {
        "who": _keyed(all_parts, rows, who),
        "target_key": _keyed(all_parts, rows, target),
        "match": _keyed(all_parts, rows, match),
    }


def obligation_keys(all_parts: list[PartKey], rows: ir.Table) -> dict[str, ir.Value]:
    """The same of obligations; `rows` has a column `part`."""

    def who(part: PartKey) -> ir.Value:
        if part.who == ANYONE:
            return EMPTY
        return rows.unit if part.who == "unit" else rows.bearer

    def target(part: PartKey) -> ir.Value:
        return rows.target if part.spec.of_each else EMPTY

    def match(part: PartKey) -> ir.Value:
        evidence = part.view.evidence
        if evidence is None or evidence.matching is None:
            return EMPTY
        return joined([rows[f"k_{field}"] for field in evidence.matching.values()])

    return {
        "who": _keyed(all_parts, rows, who),
        "target_key": _keyed(all_parts, rows, target),
        "match": _keyed(all_parts, rows, match),
    }


def _keyed(
    all_parts: list[PartKey], rows: ir.Table, key: Callable[[PartKey], ir.Value]
) -> ir.Value:
    return choose(rows.part, {part.label: key(part) for part in all_parts})


def choose(label: ir.StringColumn, choices: Mapping[str, ir.Value]) -> ir.Value:
    """The choice that `label` names; equal choices share a branch, the commonest is the default."""
    groups: dict[Node, tuple[ir.Value, list[str]]] = {}
    for name, value in choices.items():
        groups.setdefault(value.op(), (value, []))[1].append(name)
    if not groups:
        return ibis.null("string")
    (common, _), *rest = sorted(groups.values(), key=lambda group: -len(group[1]))
    branches = [(label.isin(names), value) for value, names in rest]
    return ibis.cases(*branches, else_=common) if branches else common
