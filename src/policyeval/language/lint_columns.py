"""Checks of the columns that name bearers and targets, and of keys that events share."""

from __future__ import annotations

from policyeval.language.duty import Duty
from policyeval.language.evidence import ANYONE
from policyeval.language.lint_names import Found, Kinds, Names, chosen_from, named, shared, unknown
from policyeval.language.occasions import SinceLast
from policyeval.language.policy import BASE_FIELDS
from policyeval.language.source import Path_
from policyeval.language.validation import nearest

NO_NAMES = {"id", "weekday"}


def columns(duty: Duty, kinds: Kinds, who: str | None, target: str | None, path: Path_) -> Found:
    """What is wrong with the columns that name the bearer and the target."""
    fields = shared(kinds)
    known = {name for name, field in fields.items() if field.kind in {"text", "list"}} - NO_NAMES
    if who is not None and kinds:
        yield from unknown((*path, "who"), "column", who, {*known, ANYONE})
    if target is None:
        return
    if duty.of_each is None:
        yield (*path, "target"), "`target` goes with `of_each`; this duty has no target"
    elif kinds:
        yield from unknown((*path, "target"), "column", target, known)
    words = fields[target].words if target in fields else None
    if words and duty.of_each is not None:
        for n, value in enumerate(duty.of_each.value or ()):
            yield from unknown(("of_each", "value", n), f"word of `{target}`", value, words)


def own_targets(names: Names, duty: Duty, kinds: Kinds, target: str | None, path: Path_) -> Found:
    """Words as targets have no column of their own; values of a field have that field."""
    if duty.of_each is None or target is not None:
        return
    if duty.of_each.value is not None:
        yield path, "`target` is missing: which field says for which of `of_each` it is?"
    field = duty.of_each.value_of
    if field in naming(names) and kinds and field not in shared(kinds):
        yield path, f"no field `{field}` here: add `target`, the field that names the `value_of`"


def naming(names: Names) -> set[str]:
    """Every field of any event that can name somebody or something."""
    fields = {**BASE_FIELDS, **names.policy.fields}
    return {name for name, kind in fields.items() if kind in {"text", "list"}} - NO_NAMES


def matching(names: Names, duty: Duty, kinds: Kinds, keys: dict[str, str], path: Path_) -> Found:
    """What is wrong with a key that something shares with the trigger."""
    of_clock = isinstance(duty.when, SinceLast) and "within" in path
    if duty.trigger is None and not of_clock:
        yield path, "`matching` shares a key with the trigger; this duty has none"
        return
    ours, theirs = shared(kinds), shared(names.of_trigger(duty))
    if not ours or not theirs:
        return
    for own, other in keys.items():
        place = (*path, own)
        if own not in ours:
            yield place, f"unknown field `{own}`{nearest(own, chosen_from(ours))}"
        if other not in theirs and (own in ours or own != other):
            near = nearest(other, chosen_from(theirs))
            yield place, f"unknown field of the trigger `{other}`{near}"
        if own in ours and other in theirs and ours[own].kind != theirs[other].kind:
            kind, trigger = named(ours[own].kind), named(theirs[other].kind)
            yield place, f"`{own}` is {kind}, the trigger's `{other}` {trigger}; they never match"
