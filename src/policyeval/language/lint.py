"""Checks that hold a policy together: every name that is used is declared, and fits its place."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

import holidays

from policyeval.language.lint_circles import circles
from policyeval.language.lint_duties import duty_problems
from policyeval.language.lint_judging import judgement_problems
from policyeval.language.lint_names import Found, Names, unknown
from policyeval.language.parameters import PARAMETER
from policyeval.language.policy import RESERVED, Policy
from policyeval.language.source import Path_
from policyeval.language.uses import happenings
from policyeval.language.validation import Flaw
from policyeval.language.working_days import WorkingDays


def lint(policy: Policy) -> list[Flaw]:
    """Every problem of a policy whose files are valid by themselves."""
    checks = (
        _calendars,
        _posts,
        _fields,
        _parameters,
        _judgement,
        _escalations,
        _duties,
        circles,
        _unreported,
    )
    return [Flaw(path, message) for check in checks for path, message in check(policy)]


def _calendars(policy: Policy) -> Found:
    if policy.working_days is not None:
        yield from _calendar(policy.working_days, ("working_days",))
    for name, days in policy.calendars.items():
        yield from _calendar(days, ("calendars", name))


def _calendar(days: WorkingDays, path: Path_) -> Found:
    for n, inner in enumerate(days.all_of):
        yield from _calendar(inner, (*path, "all_of", n))
    if days.market is not None:
        markets = holidays.list_supported_financial(include_aliases=True)
        yield from unknown((*path, "market"), "market", days.market, markets)
    if days.country is None:
        return
    supported = holidays.list_supported_countries(include_aliases=True)
    if days.country not in supported:
        message = f"no calendar for `{days.country}`; use an ISO 3166 code such as CN or NL"
        yield (*path, "country"), message
    elif days.subdivision is not None:
        known = supported[days.country]
        yield from unknown((*path, "subdivision"), "subdivision", days.subdivision, known)


def _posts(policy: Policy) -> Found:
    for name, post in policy.posts.items():
        if post.responsibility is not None:
            path: Path_ = ("posts", name, "responsibility")
            known = policy.responsibilities
            yield from unknown(path, "responsibility", post.responsibility, known)
        if post.above is not None:
            path = ("posts", name, "above")
            yield from unknown(path, "post", post.above, policy.posts)
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
            if field == PARAMETER:
                yield path, "`{parameter: …}` stands for a policy's parameter; choose another name"
            first, kind = kinds.setdefault(field, (name, declared.kind))
            if kind != declared.kind:
                yield path, f"`{field}` is {declared.kind} here and {kind} in `{first}`; rename one"


def _parameters(policy: Policy) -> Found:
    for name, values in policy.parameters.items():
        for n, (before, after) in enumerate(pairwise(values), start=1):
            if after.first <= before.first:
                message = f"the days of values rise; {before.first} stands before {after.first}"
                yield ("parameters", name, n, "from"), message


def unused_parameters(policy: Policy, used: Collection[str]) -> list[Flaw]:
    """Parameters that no duty names: whoever changes one believes that it changes something."""
    return [
        Flaw(
            ("parameters", name),
            f"no duty uses the parameter `{name}`: it does nothing; write `{{parameter: {name}}}` "
            "where its value holds, or remove it",
            at_key=True,
        )
        for name in policy.parameters
        if name not in used
    ]


def _judgement(policy: Policy) -> Found:
    if policy.judgement is not None:
        for path, message in judgement_problems(policy.judgement):
            yield ("judgement", *path), message


def _escalations(policy: Policy) -> Found:
    for name, spec in policy.escalations.items():
        path = ("escalations", name, "addressed_to")
        yield from unknown((*path, "post"), "post", spec.addressed_to.post, policy.posts)
        if spec.addressed_to.own_case is not None:
            own = spec.addressed_to.own_case
            yield from unknown((*path, "own_case"), "body", own, policy.bodies)


def _unreported(policy: Policy) -> Found:
    asked = {source.duty for each in policy.variants.values() for source in happenings(each.duty)}
    for name, duty in policy.duties.items():
        if not duty.reported and name not in asked:
            message = f"no other duty asks about `{name}`, and it is not reported: it does nothing"
            yield ("duties", name, "reported"), message


def _duties(policy: Policy) -> Found:
    names = Names(policy)
    for name, spec in policy.duties.items():
        for n, duty in enumerate((spec, *spec.versions)):
            at: Path_ = ("duties", name, *(("versions", n - 1) if n else ()))
            if type(duty.when) is not type(spec.when):  # By a parameter that changes.
                yield (*at, "when"), "the kind of occasion is the same in every version"
            for path, message in duty_problems(names, duty):
                yield (*at, *path), message
