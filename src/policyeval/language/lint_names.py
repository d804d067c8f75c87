"""What the checks look names up in: the fields that each source has, attributes, near words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from policyeval.language.duty import Duty
from policyeval.language.evidence import Evidence
from policyeval.language.occasions import SinceLast
from policyeval.language.policy import BASE_FIELDS, FieldType, Policy
from policyeval.language.source import Path_
from policyeval.language.sources import Dated, Happening
from policyeval.language.validation import nearest
from policyeval.language.working_days import WEEKDAYS

Found = Iterator[tuple[Path_, str]]
Fields = dict[str, FieldType]

BASE: Fields = {
    name: FieldType(kind=kind, words=WEEKDAYS if name == "weekday" else None)
    for name, kind in BASE_FIELDS.items()
}
"""The fields that every event has."""

_OF_A_DAY = ("unit", "person", "at", "weekday", "working_day")
"""The fields of what happens on a day: the start of a period, a silence, an escalation."""


@dataclass(frozen=True)
class Kind:
    """One kind of thing that a source can be: how it is called, and its fields."""

    said: str
    fields: Fields


Kinds = tuple[Kind, ...]


class Names:
    """The policy's vocabulary."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    @cached_property
    def attributes(self) -> Fields:
        """What units have."""
        declared = self.policy.unit_attributes.items()
        return {name: FieldType(kind=kind) for name, kind in declared}

    def kinds(self, source: Happening, seen: frozenset[str] = frozenset()) -> Kinds:
        """What a source can be; nothing where it names something unknown, or itself."""
        if source.duty is not None:
            return self._of_duty(source, seen)
        declared = self.policy.event_types
        types = source.event or ()
        if any(name not in declared for name in types):
            return ()
        return tuple(
            Kind(f"the event type `{name}`", BASE | declared[name].fields) for name in types
        )

    def _of_duty(self, source: Happening, seen: frozenset[str]) -> Kinds:
        name = source.duty or ""
        spec = self.policy.duties.get(name)
        if spec is None or name in seen:
            return ()
        seen = seen | {name}
        versions = (spec, *spec.versions)
        if (source.outcome or ("done",)) == ("done",):
            done = [kind for duty in versions for kind in self.of_evidence(duty, seen)]
            return tuple(
                Kind(f"{kind.said.removeprefix('the event type ')}, evidence of the duty `{name}`,",
                     kind.fields)
                for kind in done
            )  # fmt: skip
        triggers = [kind for duty in versions for kind in self.of_trigger(duty, seen)]
        return (Kind(f"what comes of the duty `{name}`", BASE | shared(triggers)),)

    def of_evidence(self, duty: Duty, seen: frozenset[str] = frozenset()) -> Kinds:
        """What the evidence of a duty can be, over all its parts."""
        return tuple(
            kind
            for part in duty.parts
            if part.evidence is not None
            for kind in self.with_stand_ins(part.evidence, seen)
        )

    def with_stand_ins(self, evidence: Evidence, seen: frozenset[str] = frozenset()) -> Kinds:
        """What evidence can be, and what stands in for it."""
        others = self.kinds(evidence.stands_in, seen) if evidence.stands_in else ()
        return self.kinds(evidence, seen) + others

    def of_trigger(self, duty: Duty, seen: frozenset[str] = frozenset()) -> Kinds:
        """What opens an obligation; with `since_last` the last piece of evidence."""
        trigger = duty.trigger
        if isinstance(trigger, Happening):
            kinds = self.kinds(trigger, seen)
            moved = isinstance(trigger, Dated) and trigger.on is not None
            return tuple(_of_whole_day(kind) for kind in kinds) if moved else kinds
        if isinstance(duty.when, SinceLast):
            return self.of_evidence(duty, seen)
        if trigger is not None:
            return (Kind("the trigger", {name: BASE[name] for name in _OF_A_DAY}),)
        return ()


def _of_whole_day(kind: Kind) -> Kind:
    """What happens on the day that a field gives has no time of day."""
    return Kind(kind.said, {name: each for name, each in kind.fields.items() if name != "hour"})


def shared(kinds: Iterable[Kind]) -> Fields:
    """The fields that all of several kinds have, with all the words that they can hold."""
    each = [kind.fields for kind in kinds]
    if not each:
        return {}
    names = set.intersection(*(set(fields) for fields in each))
    return {name: _joined([fields[name] for fields in each]) for name in names}


def _joined(types: list[FieldType]) -> FieldType:
    words = [word for one in types for word in one.words or ()]
    closed = all(one.words for one in types)
    return FieldType(kind=types[0].kind, words=tuple(dict.fromkeys(words)) if closed else None)


def chosen_from(fields: Fields) -> list[str]:
    """The words to choose from: those that a type declares, if it does."""
    return [name for name in fields if name not in BASE] or list(fields)


def unknown(path: Path_, what: str, word: str, words: Iterable[str]) -> Found:
    """The problem of a word that is not among `words`, with the nearest that is."""
    known = set(words)
    if word not in known:
        yield path, f"unknown {what} `{word}`{nearest(word, known)}"


def named(kind: str) -> str:
    """A kind of value, as a sentence says it."""
    return "text" if kind == "text" else f"a {kind}"


def wanted(
    path: Path_, what: str, word: str, known: Fields, kinds: Iterable[str], *, hint: str = ""
) -> Found:
    """The problem of a name that is not known, or whose kind is not among `kinds`."""
    if word not in known:
        yield path, f"unknown {what} `{word}`{nearest(word, chosen_from(known))}"
        return
    kinds = tuple(kinds)
    found = known[word].kind
    if found not in kinds:
        fitting = [name for name, field in known.items() if field.kind in kinds]
        others = f"; fitting: {', '.join(sorted(fitting)[:12])}" if fitting else ""
        need = " or ".join(named(kind) for kind in kinds)
        yield path, f"`{word}` is {named(found)}; {hint or 'here'} it must be {need}{others}"
