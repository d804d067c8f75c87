"""By when: a duration, or a clock that events bend.

A clock starts (at the trigger, or `from` another source), runs `of` a duration or `until` a source
happens, is bent by `restarts`, `pauses` and `extended`, and is moved `to` another day or hour.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StrictBool, Tag, model_validator

from policyeval.language.given import (
    AnyDuration,
    DurationOrGiven,
    GivenDay,
    GivenDuration,
    is_given,
)
from policyeval.language.moves import Moves
from policyeval.language.sources import Bending
from policyeval.language.tables import DurationTable, LookupKey, Number, check_table
from policyeval.language.validation import Model, refuse
from policyeval.language.words import DURATION_SCHEMA, Duration, DurationText, OrText

FirstDay = Literal["excluded", "included"]


class Pause(Model):
    """The clock stands still from one happening to another, or for so long at most."""

    first: Bending = Field(alias="from")
    last: Bending | None = Field(default=None, alias="until")
    at_most: DurationOrGiven | None = None
    first_day: FirstDay = "excluded"

    @model_validator(mode="after")
    def _ends(self) -> Pause:
        if self.last is None and self.at_most is None:
            raise refuse("a pause ends: say `until` (a source), `at_most` (how long), or both")
        return self


class Extension(Model):
    """What makes the clock run longer, and by how much or until which day."""

    on: Bending
    by: DurationOrGiven | None = None
    until: GivenDay | None = None
    in_time: StrictBool = True

    @model_validator(mode="after")
    def _one_way(self) -> Extension:
        if (self.by is None) == (self.until is None):
            raise refuse("an extension is `by` a duration or `until` a day: `{field: new_day}`")
        return self


def _kind_of_length(value: Any) -> str:
    if is_given(value):
        return "given"
    return "table" if isinstance(value, (dict, DurationTable)) else "text"


Length = Annotated[
    Annotated[DurationText, Tag("text")]
    | Annotated[GivenDuration, Tag("given")]
    | Annotated[DurationTable, Tag("table")],
    Discriminator(_kind_of_length),
]
"""How long: a duration, one that a field of the trigger gives, or a table of them."""


class OfField(Model):
    """`{field: name}`: the day that a date field of the trigger gives."""

    field: str


def _kind_of_start(value: Any) -> str:
    keys = set(value) if isinstance(value, dict) else set()
    if isinstance(value, OfField) or "field" in keys:
        return "field"
    return "source" if isinstance(value, Bending) or {"event", "duty"} & keys else "clock"


class ClockBand(Model):
    """`{up_to: 5, is: clock}`."""

    up_to: Number | None = None
    value: ClockSpec = Field(alias="is")


class Clock(Model):
    """A clock: how long from when, what bends it, and where it is moved to.

    It is one of `of` (how long), `until` (a source), `earlier_of`, `later_of`, or looked up `by`
    something in a table of clocks.
    """

    of: Length | None = None
    until: Bending | None = None
    earlier_of: Annotated[tuple[ClockSpec, ...], Field(min_length=2)] | None = None
    later_of: Annotated[tuple[ClockSpec, ...], Field(min_length=2)] | None = None
    unknown: Literal["awaited", "ignored"] = "awaited"
    by: LookupKey | None = None
    table: Annotated[dict[str, ClockSpec], Field(min_length=1)] | None = None
    bands: Annotated[tuple[ClockBand, ...], Field(min_length=1)] | None = None
    otherwise: ClockSpec | None = None
    start: Start | None = Field(default=None, alias="from")
    first_day: FirstDay = "excluded"
    month_end: Literal["last_day", "next_day", "kept"] = "last_day"
    calendar: str | None = None
    to: Moves = ()
    restarts: tuple[Bending, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extended: tuple[Extension, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Clock:
        ways = {"of", "until", "earlier_of", "later_of", "by"}
        given = {name for name in ways if getattr(self, name) is not None}
        looked_up = {"table", "bands", "otherwise"} & self.model_fields_set
        if "unknown" in self.model_fields_set and self.later_of is None:
            raise refuse("`unknown` goes with `later_of`: are clocks that do not run yet awaited?")
        if looked_up and "by" not in given:
            raise refuse(f"`{min(looked_up)}` needs `by`: what is it looked up by?")
        if len(given) != 1:
            raise refuse(
                "a clock has one of `of` (how long), `until` (a source), `earlier_of`, `later_of`, "
                "`by` (with a table of clocks)"
            )
        if self.by is not None:
            check_table(self)
        if given != {"of"} and self.model_fields_set - {*given, *looked_up, "to", "unknown"}:
            raise refuse(f"with `{given.pop()}` only `to` can stand; give the rest to its clocks")
        return self

    @property
    def inner(self) -> tuple[Clock, ...]:
        """The clocks that stand in it, one level down."""
        found = [*(self.earlier_of or ()), *(self.later_of or ()), *(self.table or {}).values()]
        found += [band.value for band in self.bands or ()]
        found += [self.otherwise] if self.otherwise else []
        return (*found, self.start) if isinstance(self.start, Clock) else tuple(found)

    @property
    def counting(self) -> tuple[Clock, ...]:
        """The clocks of which one ends it, as far as they count: itself, or those in it."""
        if self.of is not None:
            return (self,)
        return tuple(leg for each in self.inner for leg in each.counting)

    @property
    def legs(self) -> tuple[Clock, ...]:
        """This clock and all within it."""
        return (self, *(leg for each in self.inner for leg in each.legs))

    @property
    def sources(self) -> tuple[tuple[str, Bending], ...]:
        """The sources that this clock itself names, each with the key that names it."""
        start = self.start if isinstance(self.start, Bending) else None
        found = [("from", start), ("until", self.until)]
        found += [("restarts", each) for each in self.restarts]
        for each in self.pauses:
            found += [("pauses", each.first), ("pauses", each.last)]
        found += [("extended", each.on) for each in self.extended]
        return tuple((key, each) for key, each in found if each is not None)

    @property
    def lengths(self) -> tuple[AnyDuration, ...]:
        """The durations that it can run, as its bends leave them."""
        if isinstance(self.of, DurationTable):
            return self.of.values
        return () if self.of is None else (self.of,)

    @property
    def given_by_sources(self) -> tuple[tuple[Bending, GivenDuration], ...]:
        """The durations that what bends it gives, each with the source."""
        pairs = [(each.first, each.at_most) for each in self.pauses]
        pairs += [(each.on, each.by) for each in self.extended]
        return tuple((on, each) for on, each in pairs if isinstance(each, GivenDuration))

    @property
    def days_by_sources(self) -> tuple[tuple[Bending, GivenDay], ...]:
        """The days that what extends it gives, each with the source."""
        return tuple((each.on, each.until) for each in self.extended if each.until is not None)

    @property
    def given(self) -> bool:
        """Whether a field gives one of its durations."""
        own = any(isinstance(each, GivenDuration) for each in self.lengths)
        return own or bool(self.given_by_sources)

    @property
    def bent(self) -> bool:
        """Whether something can make it run anew, stand still or run longer."""
        return bool(self.restarts or self.pauses or self.extended)

    @property
    def plain(self) -> Duration | None:
        """The duration, if that is all there is to the clock."""
        alone = self.model_fields_set <= {"of"} and isinstance(self.of, Duration)
        return self.of if alone and isinstance(self.of, Duration) else None


def _clock(value: Any) -> Any:
    return value if isinstance(value, (dict, Clock)) else {"of": value}


ClockSpec = Annotated[Clock, BeforeValidator(_clock), OrText(DURATION_SCHEMA)]
"""A clock as it is written: a duration as text, or a mapping."""

Start = Annotated[
    Annotated[Bending, Tag("source")]
    | Annotated[OfField, Tag("field")]
    | Annotated[ClockSpec, Tag("clock")],
    Discriminator(_kind_of_start),
]
"""What a clock is counted from: something that happens, a day, or the end of another clock."""

ClockBand.model_rebuild()
Clock.model_rebuild()
