"""Checks of sources: what they name is declared, and they may stand where they stand."""

from __future__ import annotations

from policyeval.language.bases import Base
from policyeval.language.duty import Duty
from policyeval.language.evidence import Evidence, Meant
from policyeval.language.lint_columns import columns, matching
from policyeval.language.lint_conditions import conditions_on
from policyeval.language.lint_names import (
    BASE,
    Fields,
    Found,
    Kinds,
    Names,
    shared,
    unknown,
    wanted,
)
from policyeval.language.source import Path_
from policyeval.language.sources import (
    AnniversaryOf,
    Dated,
    DateOf,
    Happening,
    Matched,
    OfEscalation,
    Reached,
    Silence,
)
from policyeval.language.tables import of_target
from policyeval.language.validation import Model


def source(names: Names, duty: Duty, path: Path_, node: Model) -> Found:
    """What is wrong with a source of a duty; nothing if the node is none."""
    if isinstance(node, Happening):
        yield from _happening(names, duty, path, node)
    elif isinstance(node, (DateOf, AnniversaryOf)):
        word = "date_of" if isinstance(node, DateOf) else "anniversary_of"
        name = node.date_of if isinstance(node, DateOf) else node.anniversary_of
        yield from wanted((*path, word), "unit attribute", name, names.attributes, ["date"])
        if of_target(node):
            yield from _of_target(duty, path)
        else:
            yield from _of_units(duty, path, word)
    elif isinstance(node, Silence):
        yield from _of_units(duty, path, "silence")
    elif isinstance(node, OfEscalation):
        yield from _of_units(duty, path, "escalation")
        yield from _escalation(names, path, node)


def _of_target(duty: Duty, path: Path_) -> Found:
    if path[-1] != "starting":
        yield (*path, "of"), "`of: target` goes with the start of `since_last` only"
    elif duty.of_each is None or duty.of_each.unit is None:
        yield (*path, "of"), "`of: target` needs targets that are units: `of_each: {unit: …}`"


def _of_units(duty: Duty, path: Path_, word: str) -> Found:
    if duty.bearer.unit is None:
        yield path, f"`{word}` is for duties that units bear: it concerns a unit, not a post"


def _escalation(names: Names, path: Path_, node: OfEscalation) -> Found:
    declared = names.policy.escalations
    yield from unknown((*path, "escalation"), "escalation", node.escalation, declared)
    spec = declared.get(node.escalation)
    if spec is not None and "unit" not in spec.of:
        yield path, f"`{node.escalation}` is raised for people only; add `unit` to its `of`"


def _happening(names: Names, duty: Duty, path: Path_, node: Happening) -> Found:
    for name in node.event or ():
        yield from unknown((*path, "event"), "event type", name, names.policy.event_types)
    if node.duty is not None:
        yield from unknown((*path, "duty"), "duty", node.duty, names.policy.duties)
        yield from _done(names, path, node)
    own = kinds_of(names, duty, node)
    if isinstance(node, Dated) and node.on is not None:
        yield from wanted((*path, "on"), "field", node.on, shared(own), ["date"])
    yield from conditions_on(own, node.where, (*path, "where"))
    if node.reached is not None and own:
        yield from _reached(names, own, node.reached, (*path, "reached"))
    if isinstance(node, Meant):
        yield from conditions_on(own, node.must, (*path, "must"))
        named = names.with_stand_ins(node) if isinstance(node, Evidence) else own
        yield from columns(duty, named, node.who, node.target, path)
    if isinstance(node, Matched) and node.matching is not None:
        named = names.with_stand_ins(node) if isinstance(node, Evidence) else own
        yield from matching(names, duty, named, node.matching, (*path, "matching"))
    if isinstance(node, Base):
        yield from columns(duty, own, node.who, None, path)


def _reached(names: Names, own: Kinds, spec: Reached, path: Path_) -> Found:
    """What is wrong with how something is counted."""
    known = _apart(own)
    if spec.sum is not None:
        numbers = {name: field for name, field in shared(own).items() if name not in BASE}
        yield from wanted((*path, "sum"), "field", spec.sum, numbers, ["number"])
    texts = [name for name, field in known.items() if field.kind == "text"]
    for name in spec.by or ():
        at = (*path, "by")
        if name in known:
            yield from wanted(at, "column", name, known, ["text"])
        else:
            yield from unknown(at, "column", name, texts)
    others = names.kinds(spec.reset) if spec.reset is not None else ()
    if others:
        missing = [name for name in spec.columns if name in known and name not in _apart(others)]
        for name in missing:
            message = f"what resets has no `{name}`, by which the events are counted apart"
            yield (*path, "reset"), message


def _apart(kinds: Kinds) -> Fields:
    """The columns by which events may be counted apart: those that name, and declared fields."""
    names = {"unit", "person", "target"}
    return {
        name: field for name, field in shared(kinds).items() if name in names or name not in BASE
    }


def kinds_of(names: Names, duty: Duty, node: Happening) -> Kinds:
    """What a source can be; evidence without a source is the event of `for_each`."""
    if isinstance(node, Evidence) and not node.named:
        return names.kinds(duty.for_each) if duty.for_each else ()
    return names.kinds(node)


def _done(names: Names, path: Path_, node: Happening) -> Found:
    """Done is what has a moment at which enough was reached."""
    spec = names.policy.duties.get(node.duty or "")
    if spec is None or (node.outcome or ("done",)) != ("done",):
        return
    measures = [part.requires for each in (spec, *spec.versions) for part in each.parts]
    if not all(each.measure in {"count", "sum"} and each.has_lower for each in measures):
        why = "only a number or a sum that must be reached is"
        yield (
            (*path, "duty"),
            f"`{node.duty}` is never done: {why}; say `is: met`, `late` or `unmet`",
        )
