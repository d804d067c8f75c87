"""Checks of a duty: every name in it is declared, and fits its place."""

from __future__ import annotations

from collections.abc import Iterator

from policyeval.language.duty import Duty
from policyeval.language.duty_answers import Cure
from policyeval.language.evidence import Meant
from policyeval.language.lint_columns import NO_NAMES, naming, own_targets
from policyeval.language.lint_conditions import conditions_on, conditions_on_units
from policyeval.language.lint_measures import measure, quantity, state
from policyeval.language.lint_names import Found, Names, named, shared, unknown, wanted
from policyeval.language.lint_sources import kinds_of, source
from policyeval.language.source import Path_
from policyeval.language.targets import OVERSEEN, OfEach
from policyeval.language.walking import nodes

_NO_CHOICE = {"versions", "from", "assumed", "clause", "title", "rationale"}


def duty_problems(names: Names, duty: Duty) -> Found:
    """Every problem of one version of a duty, with its path in it."""
    yield from _bearer(names, duty)
    if duty.of_each is not None:
        yield from _targets(names, duty, duty.of_each)
    yield from conditions_on_units(names.attributes, duty.applies_when, ("applies_when",))
    for path, node in nodes(duty):
        yield from source(names, duty, path, node)
        yield from quantity(names, duty, path, node)
    if duty.during is not None:
        yield from state(names, duty, duty.during, ("while",))
    for part in duty.parts:
        yield from measure(names, duty, part)
    yield from _cure(names, duty)
    yield from _accountable(names, duty)
    fields = type(duty).model_fields
    given = {fields[name].alias or name for name in duty.model_fields_set}
    for n, key in enumerate(duty.assumed):
        words = (given | {"requires"}) - _NO_CHOICE
        yield from unknown(("assumed", n), "key of this duty", key, words)


def _bearer(names: Names, duty: Duty) -> Found:
    for kind in duty.bearer.unit or ():
        yield from unknown(("bearer", "unit"), "unit kind", kind, names.policy.unit_kinds)
    for post in duty.bearer.post or ():
        yield from unknown(("bearer", "post"), "post", post, names.policy.posts)


def _targets(names: Names, duty: Duty, targets: OfEach) -> Found:
    if targets.overseen:
        if duty.bearer.post is None:
            message = "`overseen` needs a bearer that is a post: only people oversee units"
            yield ("of_each", "unit"), message
    else:
        for kind in targets.unit or ():
            known = {*names.policy.unit_kinds, OVERSEEN}
            yield from unknown(("of_each", "unit"), "unit kind", kind, known)
    for post in targets.post or ():
        yield from unknown(("of_each", "post"), "post", post, names.policy.posts)
    if targets.value_of is not None:
        yield from _value_of(names, targets.value_of)
    yield from conditions_on_units(names.attributes, targets.where, ("of_each", "where"))
    if targets.value is not None and duty.for_each is not None:
        message = "with `for_each` no column can name a word of `value`; use units or posts"
        yield ("of_each", "value"), message
        return
    for path, meant in _meant(duty):
        yield from own_targets(names, duty, kinds_of(names, duty, meant), meant.target, path)


def _value_of(names: Names, field: str) -> Found:
    """What is wrong with the field whose values are targets."""
    declared = names.policy.fields
    if field in declared and field not in naming(names):
        kind = named(declared[field])
        yield ("of_each", "value_of"), f"`{field}` is {kind}; here it must be text or a list"
    else:
        yield from unknown(("of_each", "value_of"), "field", field, naming(names))


def _meant(duty: Duty) -> Iterator[tuple[Path_, Meant]]:
    """Everything that names targets as evidence does."""
    for part in duty.parts:
        if part.evidence is not None:
            yield (*part.path, "evidence"), part.evidence
    for number, release in enumerate(duty.unless):
        yield ("unless", number), release
    if duty.review is not None:
        yield ("review", "decision"), duty.review.decision


def _cure(names: Names, duty: Duty) -> Found:
    """What late evidence must be besides is asked of the evidence of every part."""
    if isinstance(duty.late, Cure):
        told = set()
        for part in duty.parts:
            if part.evidence is not None:
                kinds = kinds_of(names, duty, part.evidence)
                told |= set(conditions_on(kinds, duty.late.must, ("late", "must")))
        yield from sorted(told, key=repr)


def _accountable(names: Names, duty: Duty) -> Found:
    for n, answers in enumerate(duty.accountable or ()):
        yield from unknown(("accountable", n), "post", answers.post, names.policy.posts)
        yield from _named_in(names, duty, answers.named_in, ("accountable", n))
    yield from _named_in(names, duty, duty.bearer.named_in, ("bearer",))
    if duty.of_term and duty.bearer.named_in is not None:
        yield ("bearer", "named_in"), "a term is borne by whose it is; leave `named_in` out"


def _named_in(names: Names, duty: Duty, name: str | None, path: Path_) -> Found:
    """What is wrong with the field of the trigger that names a person."""
    if name is None:
        return
    if duty.trigger is None:
        yield path, "`named_in` reads the trigger's field; this duty has no trigger"
        return
    fields = shared(names.of_trigger(duty)).items()
    known = {word: field for word, field in fields if word not in NO_NAMES}
    if known:
        yield from wanted((*path, "named_in"), "field", name, known, ["text"])
