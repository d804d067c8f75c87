"""The parts of all duties, and how evidence and obligations are keyed for each.

A part's evidence meets its obligations on three keys, each a text: *who* (the bearer that the
event must name), *target* and *match* (what it shares with the trigger). A key that a part does not
have is the empty text on both sides, so that one join serves every part.

Beside the parts that a duty requires there are those that only look on: what releases from it, the
decision on it, and the bases that thresholds hang on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.types as ir
from ibis.expr.operations import Node

from policyeval.evaluation.predicates import event_column
from policyeval.evaluation.run import Run
from policyeval.language.bases import Base
from policyeval.language.duty import DECISION, RELEASE, Duty
from policyeval.language.duty_answers import PartView
from policyeval.language.evidence import ANYONE, Evidence, Meant
from policyeval.language.policy import BASE_FIELDS, Variant
from policyeval.language.quantities import bases as bases_of
from policyeval.language.requires import DaysHeld
from policyeval.tables import joined

EMPTY = ibis.literal("")
Role = Literal["required", "release", "decision", "base", "while"]
Holding = Literal["nobody", "whoever", "holder", "overseer", "bearer", "unit", "stays"]


@dataclass(frozen=True)
class PartKey:
    """A part of a duty's version: `label` is unique in the policy, `variant` the version's."""

    label: str
    name: str
    variant: str
    spec: Duty
    view: PartView
    role: Role = "required"
    meant: Meant | None = None
    where_from: str = ""

    @property
    def source(self) -> Meant | DaysHeld:
        """What names the events of this part."""
        source = self.meant or self.held
        assert source is not None  # noqa: S101 - the model's own check
        return source

    @property
    def held(self) -> DaysHeld | None:
        """The state that it measures, or in which the duty is owed."""
        if self.role == "while":
            return self.spec.during
        return self.view.requires.days_held if self.role == "required" else None

    @property
    def who(self) -> str:
        """The column that must name the bearer, or `anyone`."""
        return self.source.who or ("unit" if self.spec.bearer.unit else "person")

    @property
    def target(self) -> str | None:
        """The column that must name the target; None if there is no target to name."""
        if self.spec.of_each is None or self.role == "base":
            return None
        return self.source.target or self.spec.of_each.column

    @property
    def matching(self) -> Mapping[str, str]:
        """Evidence field -> trigger field."""
        return (self.meant.matching if self.meant else None) or {}

    @property
    def holding(self) -> Holding:
        """Whose time bounds when evidence counts.

        Of a trigger, the time of whoever held the post on the event's day and is named by it; of a
        period, the bearer's own time, as holder or as overseer of the target, or the stays that a
        roster and `while` leave of it. A base ends with its bearer, a unit or a holder.
        """
        if self.spec.comes_and_goes and self.role in {"required", "base"}:
            return "stays"
        if self.role == "base" and self.spec.trigger is not None:
            return "bearer" if self.spec.bearer.unit is None else "unit"
        if self.spec.bearer.unit is not None:
            return "nobody"
        if self.spec.trigger is not None:
            mine = self.spec.personal or self.who in {ANYONE, "unit"}
            return "nobody" if mine else "whoever"
        if self.role in {"decision", "release"}:
            return "nobody"  # While the obligation is open, whoever is still there.
        overseen = self.spec.of_each is not None and self.spec.of_each.overseen
        return "overseer" if overseen and self.role == "required" else "holder"


def parts(run: Run) -> list[PartKey]:
    """Every part of every version of a duty, in the order written; those that look on last."""
    found = [part for variant in run.variants.values() for part in _required(variant)]
    return found + [part for each in run.variants.values() for part in _looking_on(each)]


def required(all_parts: list[PartKey]) -> list[PartKey]:
    """The parts that are required."""
    return [part for part in all_parts if part.role == "required"]


def of_role(some_parts: Iterable[PartKey], role: Role) -> list[str]:
    """The labels of those parts that have a role."""
    return [part.label for part in some_parts if part.role == role]


def _required(variant: Variant) -> Iterator[PartKey]:
    for view in variant.duty.parts:
        label = f"{variant.label}/{view.name}"
        yield PartKey(label, view.name, variant.label, variant.duty, view, meant=view.evidence)


def _looking_on(variant: Variant) -> Iterator[PartKey]:
    duty = variant.duty
    found: list[tuple[str, Role, Meant, str]] = []
    for number, release in enumerate(duty.unless):
        found.append((f"{RELEASE}:{number}", "release", release, ""))
    if duty.review is not None:
        found.append((DECISION, "decision", duty.review.decision, ""))
    for part in _required(variant):
        for number, base in enumerate(bases(part)):
            found.append((f"{part.name}~{number}", "base", _counted(base), part.label))
    for name, role, meant, of in found:
        view = duty.parts[0]
        yield PartKey(f"{variant.label}/~{name}", name, variant.label, duty, view, role, meant, of)


def bases(part: PartKey) -> list[Base]:
    """What happens and thresholds hang on, in the order written."""
    thresholds = part.view.requires.thresholds
    return [base for _, each in thresholds for base in bases_of(each) if base.happens]


def _counted(base: Base) -> Meant:
    """A base as events that are meant: those of the bearer's unit, unless it says otherwise."""
    return Evidence(who=base.who or "unit").model_copy(update=base.named_by)


def event_keys(all_parts: list[PartKey], rows: ir.Table) -> dict[str, ir.Value]:
    """`who`, `target_key`, `match` of events; `rows` has a column `part` with a part's label.

    Where the column is a list, the key is one too: any of its entries.
    """
    column = event_column(rows)

    def who(part: PartKey) -> ir.Value:
        return EMPTY if part.who == ANYONE else column(part.who)

    def target(part: PartKey) -> ir.Value:
        return column(part.target) if part.target else EMPTY

    def match(part: PartKey) -> ir.Value:
        if not part.matching:
            return EMPTY
        return joined([column(field).cast("string") for field in part.matching])

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
        return rows.target if part.target else EMPTY

    def match(part: PartKey) -> ir.Value:
        if not part.matching:
            return EMPTY
        return joined([rows[f"k_{field}"] for field in part.matching.values()])

    return {
        "who": _keyed(all_parts, rows, who),
        "target_key": _keyed(all_parts, rows, target),
        "match": _keyed(all_parts, rows, match),
    }


def _keyed(
    all_parts: list[PartKey], rows: ir.Table, key: Callable[[PartKey], ir.Value]
) -> ir.Value:
    keys = {part.label: key(part) for part in all_parts}
    if any(each.type().is_array() for each in keys.values()):
        lists = (each if each.type().is_array() else ibis.array([each]) for each in keys.values())
        keys = dict(zip(keys, lists, strict=True))
    return choose(rows.part, keys)


def key_of(field: str, run: Run, events: ir.Table) -> ir.Value:
    """A field of triggers as text (of `at` the day); null if no event has it."""
    if field in BASE_FIELDS or field in run.policy.fields:
        return event_column(events)(field).cast("string")
    return ibis.literal(None, type="string")


def one_key_a_row(rows: ir.Table, *, missing: bool = False) -> ir.Table:
    """Rows with list keys as one row per entry, each entry once; `missing` keeps empty lists."""
    for name in ("who", "target_key"):
        if name in rows.columns and rows[name].type().is_array():
            entries = rows[name].unique()
            if missing:
                nobody = ibis.array([ibis.literal(None, type="string")])
                entries = ibis.ifelse(entries.length() > 0, entries, nobody)
                entries = ibis.coalesce(entries, nobody)
            rows = rows.mutate(**{name: entries.unnest()})
    return rows


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
