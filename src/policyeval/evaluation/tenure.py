"""Who existed when: units, holders of posts, and the units for which a holder stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta

import ibis.expr.types as ir

from policyeval.evaluation.run import Run
from policyeval.evaluation.times import OPEN_END, OPEN_START
from policyeval.inputs.organisation import Appointment, Organisation, ancestors
from policyeval.language.words import Span
from policyeval.tables import small

Days = tuple[date, date]
_DAY = timedelta(days=1)

_ATTRIBUTES = {"text": "string", "number": "float64", "boolean": "boolean", "date": "date"}


def units_table(run: Run) -> ir.Table:
    """Units: `unit`, `kind` string; `from_day`, `until_day` date; `a_<attribute>` of its type."""
    attributes = run.policy.unit_attributes
    schema = {"unit": "string", "kind": "string", "from_day": "date", "until_day": "date"}
    schema |= {f"a_{name}": _ATTRIBUTES[kind] for name, kind in attributes.items()}
    return small(
        (
            (unit.id, unit.kind, *_days(unit), *(unit.attributes.get(name) for name in attributes))
            for unit in run.organisation.units
        ),
        schema,
    )


HOLDERS = {
    "post": "string",
    "unit": "string",
    "person": "string",
    "from_day": "date",
    "until_day": "date",
}


def holders_table(organisation: Organisation) -> ir.Table:
    """Who held which post in which unit: `post`, `unit`, `person`, `from_day`, `until_day`.

    Appointments of one person to one post in one unit that touch or overlap are one row.
    """
    spells: dict[tuple[str, ...], list[Days]] = defaultdict(list)
    for each in organisation.appointments:
        spells[each.post, each.unit, each.person].append(_days(each))
    return small(((*key, *days) for key in sorted(spells) for days in merged(spells[key])), HOLDERS)


def roster_table(organisation: Organisation, posts: Collection[str]) -> ir.Table:
    """Who held any of these posts when: `unit`, `person` string, `from_day`, `until_day` date."""
    spells: dict[tuple[str, str], list[Days]] = defaultdict(list)
    for each in organisation.appointments:
        if each.post in posts:
            spells[each.unit, each.person].append(_days(each))
    schema = {name: kind for name, kind in HOLDERS.items() if name != "post"}
    return small(((*key, *days) for key in sorted(spells) for days in merged(spells[key])), schema)


SHOWING = {**HOLDERS, "who": "string"}


def showing_table(organisation: Organisation) -> ir.Table:
    """Whom evidence of a post's holder may name, and when: as `holders_table`, and `who`.

    The holder themselves while they hold the post; while they do not, whoever holds it.
    """
    spells: dict[tuple[str, str], dict[str, list[Days]]] = defaultdict(lambda: defaultdict(list))
    for each in organisation.appointments:
        spells[each.post, each.unit][each.person].append(_days(each))
    rows = []
    for (post, unit), people in sorted(spells.items()):
        held = {person: merged(days) for person, days in sorted(people.items())}
        for person, mine in held.items():
            rows += [(post, unit, person, *days, person) for days in mine]
            rows += [
                (post, unit, person, *days, other)
                for other, theirs in held.items()
                if other != person
                for days in without(theirs, mine)
            ]
    return small(rows, SHOWING)


def without(spans: Iterable[Days], taken: Iterable[Days]) -> list[Days]:
    """Spans of days less those that are taken; both in order, without overlaps."""
    left = list(spans)
    for first, last in taken:
        rest = []
        for begin, end in left:
            if begin < first:
                rest.append((begin, min(end, first - _DAY)))
            if end > last:
                rest.append((max(begin, last + _DAY), end))
        left = rest
    return left


OVERSEEN = {**HOLDERS, "target": "string"}


def overseen_table(organisation: Organisation) -> ir.Table:
    """Which units a post's holder oversaw: as `holders_table`, and `target`."""
    spells: dict[tuple[str, ...], list[Days]] = defaultdict(list)
    for each in organisation.appointments:
        for target in each.oversees:
            spells[each.post, each.unit, each.person, target].append(_days(each))
    return small(
        (
            (post, unit, person, *days, target)
            for (post, unit, person, target), found in sorted(spells.items())
            for days in merged(found)
        ),
        OVERSEEN,
    )


def below_table(organisation: Organisation) -> ir.Table:
    """Which units lie below which: `unit`, `above` string, a row for every level."""
    chains = ancestors(organisation)
    return small(
        ((unit, above) for unit, chain in chains.items() for above in chain),
        {"unit": "string", "above": "string"},
    )


CONCERNS = {**HOLDERS, "concern": "string", "rank": "int64"}


def concerns_table(organisation: Organisation) -> ir.Table:
    """For which units a post's holder stands: as `holders_table`, and `concern`, `rank`.

    `concern` is a unit; `rank` is 0 for the unit of the appointment, 1 for a unit overseen, 1 + n
    for a unit that lies n levels below the unit of the appointment.
    """
    below: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for unit, chain in ancestors(organisation).items():
        for level, above in enumerate(chain, start=1):
            below[above].append((unit, level))
    spells: dict[tuple[str, str, str, str, int], list[Days]] = defaultdict(list)
    for each in organisation.appointments:
        for concern, rank in _concerns(each, below):
            spells[each.post, each.unit, each.person, concern, rank].append(_days(each))
    return small(
        (
            (post, unit, person, *days, concern, rank)
            for (post, unit, person, concern, rank), found in sorted(spells.items())
            for days in merged(found)
        ),
        CONCERNS,
    )


def standing_table(organisation: Organisation) -> ir.Table:
    """Who holds a post for which unit: as `holders_table`, the person being `who`.

    `unit` is the one they stand for; `""` stands for none in particular: whoever holds the post.
    """
    below: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for unit, chain in ancestors(organisation).items():
        for level, above in enumerate(chain, start=1):
            below[above].append((unit, level))
    spells: dict[tuple[str, ...], list[Days]] = defaultdict(list)
    for each in organisation.appointments:
        for unit in ["", *(concern for concern, _ in _concerns(each, below))]:
            spells[each.post, unit, each.person].append(_days(each))
    schema = {"who" if name == "person" else name: kind for name, kind in HOLDERS.items()}
    return small(((*key, *days) for key in sorted(spells) for days in merged(spells[key])), schema)


def _concerns(
    appointment: Appointment, below: dict[str, list[tuple[str, int]]]
) -> Iterable[tuple[str, int]]:
    ranks = {unit: 1 + level for unit, level in below[appointment.unit]}
    ranks |= dict.fromkeys(appointment.oversees, 1)
    return (ranks | {appointment.unit: 0}).items()


def merged(spans: Iterable[Days]) -> list[Days]:
    """Spans of days that touch or overlap as one, in order."""
    result: list[Days] = []
    for first, last in sorted(spans):
        if result and first <= result[-1][1] + _DAY:
            result[-1] = (result[-1][0], max(result[-1][1], last))
        else:
            result.append((first, last))
    return result


def _days(span: Span) -> Days:
    return span.first or OPEN_START, span.last or OPEN_END
