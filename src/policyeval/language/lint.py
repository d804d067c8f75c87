"""Checks that hold a policy together: every name that is used is declared, and fits its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import holidays

from policyeval.errors import Problem
from policyeval.language.conditions import Leaf, leaves, read
from policyeval.language.duty import ANYONE, OVERSEEN, Duty, Evidence, PartView
from policyeval.language.lint_conditions import condition_problem
from policyeval.language.occasions import TriggerEvents
from policyeval.language.policy import BASE_FIELDS, RESERVED, FieldType, Policy
from policyeval.language.source import Path_, Source
from policyeval.language.validation import nearest

Found = Iterator[tuple[Path_, str]]


def lint(policy: Policy, source: Source) -> list[Problem]:
    """Every problem of a policy whose files are valid by themselves.

    Returns:
        The problems, at the places of `source`.
    """
    return [
        source.problem(path, message)
        for check in (_calendar, _posts, _fields, _escalations, _duties)
        for path, message in check(policy)
    ]


def _unknown(path: Path_, what: str, word: str, words: Iterable[str]) -> Found:
    known = set(words)
    if word not in known:
        yield path, f"unknown {what} `{word}`{nearest(word, known)}"


def _calendar(policy: Policy) -> Found:
    days = policy.working_days
    if days is None:
        return
    supported = holidays.list_supported_countries(include_aliases=True)
    if days.country not in supported:
        path = ("working_days", "country")
        yield path, f"no calendar for `{days.country}`; use an ISO 3166 code such as CN or NL"
    elif days.subdivision is not None:
        path = ("working_days", "subdivision")
        yield from _unknown(path, "subdivision", days.subdivision, supported[days.country])


def _posts(policy: Policy) -> Found:
    for name, post in policy.posts.items():
        if post.responsibility is not None:
            path: Path_ = ("posts", name, "responsibility")
            known = policy.responsibilities
            yield from _unknown(path, "responsibility", post.responsibility, known)
        if post.above is not None:
            path = ("posts", name, "above")
            yield from _unknown(path, "post", post.above, policy.posts)
            seen, above = {name}, post.above
            while above in policy.posts and above not in seen:
                seen.add(above)
                above = policy.posts[above].above or ""
            if above == name and name == min(seen):
                yield path, f"`above` leads round in a circle: {' → '.join(sorted(seen))}"


def _fields(policy: Policy) -> Found:
    kinds: dict[str, tuple[str, str]] = {}
    for name, event_type in policy.event_types.items():
        for field, declared in event_type.fields.items():
            path = ("event_types", name, "fields", field)
            if field in RESERVED:
                yield path, f"every event has `{field}`; choose another name"
            first, kind = kinds.setdefault(field, (name, declared.kind))
            if kind != declared.kind:
                yield path, f"`{field}` is {declared.kind} here and {kind} in `{first}`; rename one"


def _escalations(policy: Policy) -> Found:
    for name, spec in policy.escalations.items():
        path = ("escalations", name, "addressed_to")
        yield from _unknown((*path, "post"), "post", spec.addressed_to.post, policy.posts)
        if spec.addressed_to.own_case is not None:
            own = spec.addressed_to.own_case
            yield from _unknown((*path, "own_case"), "body", own, policy.bodies)


def _duties(policy: Policy) -> Found:
    for name, duty in policy.duties.items():
        for path, message in _duty(policy, duty):
            yield ("duties", name, *path), message


def _duty(policy: Policy, duty: Duty) -> Found:
    yield from _bearer(policy, duty)
    for leaf in _read(duty.applies_when, ("applies_when",)):
        kind = policy.unit_attributes.get(leaf.field)
        if kind is None:
            path = leaf.path
            yield from _unknown(path, "unit attribute", leaf.field, policy.unit_attributes)
        else:
            yield from condition_problem(leaf, FieldType(kind=kind))
    trigger = duty.trigger
    if trigger is not None:
        kind_of_occasion = next(iter(type(duty.when).model_fields))
        yield from _events(policy, trigger, ("when", kind_of_occasion))
    for part in duty.parts:
        yield from _part(policy, duty, part)
    for n, answers in enumerate(duty.accountable or ()):
        path = ("accountable", n)
        yield from _unknown(path, "post", answers.post, policy.posts)
        if answers.named_in is not None:
            if trigger is None:
                yield path, "`named_in` reads the trigger's field; this duty has no trigger"
            else:
                known = _fields_of(policy, trigger.event)
                yield from _unknown((*path, "named_in"), "field", answers.named_in, known)
    for n, key in enumerate(duty.assumed):
        words = set(duty.model_fields_set) | {"requires"}
        yield from _unknown(("assumed", n), "key of this duty", key, words)


def _bearer(policy: Policy, duty: Duty) -> Found:
    for kind in duty.bearer.unit or ():
        yield from _unknown(("bearer", "unit"), "unit kind", kind, policy.unit_kinds)
    for post in duty.bearer.post or ():
        yield from _unknown(("bearer", "post"), "post", post, policy.posts)
    for kind in duty.of_each.unit if duty.of_each else ():
        path = ("of_each", "unit")
        if kind == OVERSEEN:
            if duty.bearer.post is None:
                yield path, "`overseen` needs a bearer that is a post: only people oversee units"
        else:
            yield from _unknown(path, "unit kind", kind, {*policy.unit_kinds, OVERSEEN})


def _part(policy: Policy, duty: Duty, part: PartView) -> Found:
    held = part.requires.days_held
    if held is not None:
        path = (*part.path, "requires", "days_held")
        yield from _events(policy, held.first, (*path, "from"))
        types = held.first.event
        if held.last is not None:
            yield from _events(policy, held.last, (*path, "until"))
            types = (*types, *held.last.event)
        if held.matching is not None:
            known = _fields_of(policy, types)
            yield from _unknown((*path, "matching"), "field", held.matching, known)
        yield from _columns(policy, duty, held.who, held.target, types, path)
    if part.evidence is not None:
        yield from _evidence(policy, duty, part.evidence, (*part.path, "evidence"))


def _evidence(policy: Policy, duty: Duty, evidence: Evidence, path: Path_) -> Found:
    yield from _events(policy, TriggerEvents(event=evidence.event, where=evidence.where), path)
    yield from _conditions(policy, evidence.event, evidence.must, (*path, "must"))
    yield from _columns(policy, duty, evidence.who, evidence.target, evidence.event, path)
    if evidence.matching is None:
        return
    trigger = duty.trigger
    if trigger is None:
        yield (*path, "matching"), "`matching` shares a key with the trigger; this duty has none"
        return
    for ours, theirs in evidence.matching.items():
        place = (*path, "matching", ours)
        yield from _unknown(place, "field", ours, _fields_of(policy, evidence.event))
        yield from _unknown(
            place, "field of the trigger", theirs, _fields_of(policy, trigger.event)
        )


def _columns(
    policy: Policy,
    duty: Duty,
    who: str | None,
    target: str | None,
    types: tuple[str, ...],
    path: Path_,
) -> Found:
    known = {name for name, field in _fields_of(policy, types).items() if field.kind == "text"} - {
        "id"
    }
    if who is not None:
        yield from _unknown((*path, "who"), "column", who, {*known, ANYONE})
    if target is not None:
        if duty.of_each is None:
            yield (*path, "target"), "`target` goes with `of_each`; this duty has no target"
        yield from _unknown((*path, "target"), "column", target, known)


def _events(policy: Policy, events: TriggerEvents, path: Path_) -> Found:
    for name in events.event:
        yield from _unknown((*path, "event"), "event type", name, policy.event_types)
    yield from _conditions(policy, events.event, events.where, (*path, "where"))


def _conditions(policy: Policy, types: tuple[str, ...], conditions: object, path: Path_) -> Found:
    if any(name not in policy.event_types for name in types):
        return
    for leaf in _read(conditions, path):
        for name in types:
            known = _fields_of(policy, (name,))
            if leaf.field not in known:
                message = f"the event type `{name}` has no field `{leaf.field}`"
                yield leaf.path, message + nearest(leaf.field, known)
            else:
                yield from condition_problem(leaf, known[leaf.field])


def _read(conditions: object, path: Path_) -> Iterator[Leaf]:
    for labelled in read(conditions, path):  # type: ignore[arg-type]
        yield from leaves(labelled.predicate)


def _fields_of(policy: Policy, types: tuple[str, ...]) -> dict[str, FieldType]:
    """The fields that all of `types` have, and those that every event has."""
    base = {name: FieldType(kind=kind) for name, kind in BASE_FIELDS.items()}
    each = [policy.event_types[name].fields for name in types if name in policy.event_types]
    shared = set.intersection(*(set(fields) for fields in each)) if each else set()
    return base | {name: each[0][name] for name in shared}
