"""The organisation file: units, people, and who held which post when."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from pydantic import StrictBool, StrictFloat, StrictInt, StrictStr

from policyeval.errors import InvalidInputError
from policyeval.inputs.moments import FIRST_YEAR
from policyeval.language.policy import Policy
from policyeval.language.source import Path_, read_source, show
from policyeval.language.validation import Model, checked, nearest
from policyeval.language.words import Span, Title


class Unit(Span):
    """A unit, the unit above it, and when it exists."""

    id: str
    kind: str
    title: Title | None = None
    parent: str | None = None
    attributes: dict[str, StrictBool | StrictInt | StrictFloat | date | StrictStr] = {}


class Person(Model):
    """Somebody who holds or held a post."""

    id: str
    name: str


class Appointment(Span):
    """A person holds a post in a unit for a time, and oversees other units."""

    person: str
    post: str
    unit: str
    oversees: tuple[str, ...] = ()


class Organisation(Model):
    """Who there is."""

    organisation: str
    units: tuple[Unit, ...]
    people: tuple[Person, ...] = ()
    appointments: tuple[Appointment, ...] = ()

    @property
    def unit_ids(self) -> frozenset[str]:
        """The ids of all units."""
        return frozenset(unit.id for unit in self.units)

    @property
    def person_ids(self) -> frozenset[str]:
        """The ids of all people."""
        return frozenset(person.id for person in self.people)


def load_organisation(path: Path | str, policy: Policy) -> Organisation:
    """Load an organisation file and hold it against the policy's vocabulary.

    Raises:
        InvalidInputError: with every problem, each at its line and column.
    """
    source = read_source(Path(path))
    organisation, problems = checked(Organisation, source)
    if organisation is not None:
        problems = [source.problem(at, text) for at, text in _problems(organisation, policy)]
    if problems or organisation is None:
        raise InvalidInputError(problems)
    return organisation


def _problems(organisation: Organisation, policy: Policy) -> list[tuple[Path_, str]]:
    found: list[tuple[Path_, str]] = []
    units, people = organisation.unit_ids, organisation.person_ids

    def known(path: Path_, what: str, word: str, words: frozenset[str] | dict[str, object]) -> None:
        if word not in words:
            found.append((path, f"unknown {what} `{word}`{nearest(word, words)}"))

    seen: set[str] = set()
    for n, unit in enumerate(organisation.units):
        at: Path_ = ("units", n)
        if unit.id in seen:
            found.append(((*at, "id"), f"the unit `{unit.id}` stands here twice; keep one"))
        seen.add(unit.id)
        known((*at, "kind"), "unit kind", unit.kind, dict(policy.unit_kinds))
        if unit.parent is not None:
            known((*at, "parent"), "unit", unit.parent, units)
        for name, value in unit.attributes.items():
            kind = policy.unit_attributes.get(name)
            if kind is None:
                known((*at, "attributes", name), "attribute", name, dict(policy.unit_attributes))
            elif not _is_of_kind(value, kind):
                none = kind == "date" and isinstance(value, date)
                hint = _NO_DATE if none else _HINTS.get(kind, "")
                message = f"`{name}` is {kind}, found `{show(value)}`{hint}"
                found.append(((*at, "attributes", name), message))
    found += _circles(organisation)
    seen = set()
    for n, person in enumerate(organisation.people):
        if person.id in seen:
            found.append((("people", n, "id"), f"`{person.id}` stands here twice; keep one"))
        seen.add(person.id)
    for n, appointment in enumerate(organisation.appointments):
        at = ("appointments", n)
        known((*at, "person"), "person", appointment.person, people)
        known((*at, "post"), "post", appointment.post, dict(policy.posts))
        known((*at, "unit"), "unit", appointment.unit, units)
        for m, unit_id in enumerate(appointment.oversees):
            known((*at, "oversees", m), "unit", unit_id, units)
    return found


_KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "boolean": (bool,),
    "number": (int, float),
    "date": (date,),
}
_HINTS = {"text": "; put it in quotes", "date": "; write a day such as 2020-01-31, without quotes"}
_NO_DATE = "; if there is no such day, leave it out"


def _is_of_kind(value: Any, kind: str) -> bool:
    if isinstance(value, date) and value.year < FIRST_YEAR:
        return False
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _circles(organisation: Organisation) -> list[tuple[Path_, str]]:
    parents = {unit.id: unit.parent for unit in organisation.units}
    found: list[tuple[Path_, str]] = []
    for n, unit in enumerate(organisation.units):
        above, seen = unit.parent, {unit.id}
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == unit.id:
            message = "`parent` leads round in a circle; one unit must be at the top"
            found.append((("units", n, "parent"), message))
    return found


def ancestors(organisation: Organisation) -> dict[str, list[str]]:
    """Unit -> the units above it, nearest first."""
    parents = {unit.id: unit.parent for unit in organisation.units}
    result: dict[str, list[str]] = {}
    for unit, parent in parents.items():
        above, chain = parent, []
        while above is not None:
            chain.append(above)
            above = parents.get(above)
        result[unit] = chain
    return result
