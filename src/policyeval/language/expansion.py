"""Writes out what a duty leaves to its versions and to the policy's parameters.

It works on the raw data, before any model sees it: each version becomes the whole duty, and
`{parameter: id}` the value of the day. The place of what is inherited or put in is that of the
original, so that a mistake is reported where it was written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from policyeval.errors import Problem
from policyeval.language.duty import FROZEN
from policyeval.language.parameters import PARAMETER, Parameters, Use, filled, uses
from policyeval.language.source import Mark, Path_, Source, show

VERSIONS = "versions"


@dataclass
class Expansion:
    """What came of it.

    Args:
        problems: what is wrong.
        open: paths where no value could be put in for a parameter.
        put_in: path -> the parameter whose value was put in there.
        used: every parameter that a duty names.
    """

    problems: list[Problem] = field(default_factory=list)
    open: list[Path_] = field(default_factory=list)
    put_in: dict[Path_, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Draft:
    """A version: its first day, where it is written, its keys, and where each is written."""

    first: Any
    path: Path_
    data: dict[str, Any]
    places: dict[str, Path_]

    @property
    def day(self) -> date:
        """Its first day; the duty itself comes before all others."""
        return self.first if isinstance(self.first, date) else date.min


def expand(source: Source) -> Expansion:
    """Write out the versions of every duty in `source`, in place."""
    found = Expansion()
    duties = source.data.get("duties") if isinstance(source.data, dict) else None
    if not isinstance(duties, dict):
        return found
    parameters = Parameters(source.data.get("parameters"))
    index = _Index(source)
    for name, duty in duties.items():
        if isinstance(duty, dict):
            found.used |= {use.parameter for use in uses(duty)}
            duties[name] = _Duty(index, parameters, found, ("duties", name), duty).expanded()
    return found


@dataclass
class _Duty:
    """One duty, while it is written out."""

    index: _Index
    parameters: Parameters
    found: Expansion
    path: Path_
    raw: dict[str, Any]

    def expanded(self) -> dict[str, Any]:
        """The duty with whole versions; `source` knows where everything in it stands."""
        written = self.raw.get(VERSIONS)
        if written is None and not any(uses(self.raw)):
            return self.raw
        if VERSIONS in self.raw and not isinstance(written, list):
            return self.raw  # The models say so.
        drafts = self._drafts(written or [])
        self._check_order(drafts)
        pieces = [piece for draft in self._cut(drafts) for piece in draft]
        self._check_occasion(pieces)
        return self._put(pieces)

    def _flaw(self, path: Path_, message: str, *, at_key: bool = False) -> None:
        problem = self.index.source.problem(path, message, at_key=at_key)
        self.found.problems.append(problem)

    def _drafts(self, written: list[Any]) -> list[_Draft]:
        base = {key: value for key, value in self.raw.items() if key != VERSIONS}
        places: dict[str, Path_] = {key: (*self.path, key) for key in base}
        drafts = [_Draft(None, self.path, base, places)]
        for n, version in enumerate(written):
            path = (*self.path, VERSIONS, n)
            if not isinstance(version, dict):
                self._flaw(path, f"expected a mapping (key: value), found `{show(version)}`")
                continue
            own = {key: each for key, each in version.items() if self._may_be(path, key, each)}
            first = own.pop("from", None)
            if set(version) == {"from"}:
                self._flaw(path, "this version replaces nothing: write the keys that change")
            last = drafts[-1]
            places = {**last.places, **{key: (*path, key) for key in own}}
            data = {**last.data, **own}
            drafts.append(_Draft(first, path, data, places))
        return drafts

    def _may_be(self, path: Path_, key: str, value: Any) -> bool:
        """Whether a version may replace a key by that value."""
        if key in FROZEN:
            advice = "for another one write another duty"
            if key == "straddles":
                advice = "write it beside `versions`: it says which of them decides"
            message = f"`{key}` is the same in every version; {advice}"
            self._flaw((*path, key), message, at_key=True)
            return False
        kind, other = _kind(self.raw.get("when")), _kind(value) if key == "when" else None
        if other and kind and other != kind:
            message = f"the kind of occasion is the same in every version: `{kind}`"
            self._flaw((*path, key), message)
            return False
        return True

    def _check_order(self, drafts: list[_Draft]) -> None:
        dated = [draft for draft in drafts if isinstance(draft.first, date)]
        for before, after in pairwise(dated):
            if after.day <= before.day:
                message = f"the days of versions rise; {before.day} stands before {after.day}"
                self._flaw((*after.path, "from"), message)

    def _cut(self, drafts: list[_Draft]) -> Iterator[list[_Draft]]:
        """Each draft, cut where a parameter that it uses gets a new value."""
        for n, draft in enumerate(drafts):
            used = list(uses(draft.data))
            self._check_known(draft, used)
            end = drafts[n + 1].day if n + 1 < len(drafts) else date.max
            changes = {
                day
                for use in used
                for day in self.parameters.changes(use.parameter)
                if draft.day < day < end
            }
            self._check_steady(draft, used)
            yield [
                draft,
                *(_Draft(day, draft.path, draft.data, draft.places) for day in sorted(changes)),
            ]

    def _check_known(self, draft: _Draft, used: list[Use]) -> None:
        for use in used:
            problem = self.parameters.problem(use.parameter)
            if problem:
                key, *rest = use.path
                self._flaw((*draft.places[str(key)], *rest), problem)

    def _check_steady(self, draft: _Draft, used: list[Use]) -> None:
        for use in used:
            key = str(use.path[0])
            steady = key in FROZEN and key not in {"all_of", "any_of"}
            if steady and self.parameters.changes(use.parameter):
                message = f"`{key}` is the same in every version; this parameter changes"
                self._flaw((*draft.places[key], *use.path[1:]), message)

    def _check_occasion(self, pieces: list[_Draft]) -> None:
        first = _kind(pieces[0].data.get("when"))
        if first == "in_any" and len(pieces) > 1:
            message = "with `in_any` a duty has one version, and parameters that do not change"
            self._flaw((*self.path, "when"), message)

    def _put(self, pieces: list[_Draft]) -> dict[str, Any]:
        marks = _Marks(self.index, self.path)
        duty = self._filled(pieces[0], self.path, marks)
        for n, piece in enumerate(pieces[1:]):
            path: Path_ = (*self.path, VERSIONS, n)
            marks.root(path, piece.path)
            version = self._filled(piece, path, marks)
            if piece.first is not None:
                version["from"] = piece.first
                marks.copy((*piece.path, "from"), (*path, "from"))
            duty.setdefault(VERSIONS, []).append(version)
        marks.write()
        return duty

    def _filled(self, piece: _Draft, path: Path_, marks: _Marks) -> dict[str, Any]:
        for key, written in piece.places.items():
            marks.copy(written, (*path, key))
        for use in uses(piece.data):
            place = self.parameters.place(use.parameter, piece.day)
            if place is None:
                self.found.open.append((*path, *use.path))
            else:
                marks.replace((*path, *use.path), place)
                self.found.put_in[*path, *use.path] = use.parameter
        return {key: filled(value, self.parameters, piece.day) for key, value in piece.data.items()}


def _kind(when: Any) -> str | None:
    """The kind of occasion, if `when` is written as one."""
    written = isinstance(when, dict) and len(when) == 1 and PARAMETER not in when
    return str(next(iter(when))) if written else None


class _Index:
    """The places of a source, by duty and by parameter."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._maps: dict[Path_, tuple[dict[Path_, Mark], dict[Path_, Mark]]] = {}
        for n, marks in enumerate((source.values, source.keys)):
            for at, mark in marks.items():
                self._maps.setdefault(at[:2], ({}, {}))[n][at] = mark

    def under(self, path: Path_) -> tuple[dict[Path_, Mark], dict[Path_, Mark]]:
        """The places of values and of keys in a duty or parameter."""
        return self._maps.get(path[:2], ({}, {}))


class _Marks:
    """The places within one duty, written anew."""

    def __init__(self, index: _Index, path: Path_) -> None:
        self._index = index
        self._old = index.under(path)
        whole = (path, (*path, VERSIONS))
        values, keys = self._old
        self._new = (
            {at: values[at] for at in whole if at in values},
            {at: keys[at] for at in whole if at in keys},
        )

    def root(self, path: Path_, written: Path_) -> None:
        """A version at `path` stands where that one is written."""
        self._new[0][path] = self._old[0][written]

    def copy(self, place: Path_, path: Path_) -> None:
        """What is written at `place` is (also) at `path`."""
        depth = len(place)
        for old, new in zip(self._index.under(place), self._new, strict=True):
            for at, mark in old.items():
                if at[:depth] == place:
                    new[(*path, *at[depth:])] = mark

    def replace(self, path: Path_, place: Path_) -> None:
        """At `path`, the value that a parameter has at `place` is put in; its key stays."""
        depth = len(path)
        key = self._new[1].get(path)
        for new in self._new:
            for at in [at for at in new if at[:depth] == path]:
                del new[at]
        self.copy(place, path)
        if key is not None:
            self._new[1][path] = key

    def write(self) -> None:
        """Put the new places in the stead of the old ones."""
        source = self._index.source
        for marks, old, new in zip((source.values, source.keys), self._old, self._new, strict=True):
            for at in old:
                del marks[at]
            marks.update(new)
