"""How much: a measure of the good events and the threshold that it is compared with."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, WithJsonSchema, model_validator

from policyeval.language.bases import Base
from policyeval.language.quantities import AnyQuantity, Quantity, ShareOf, fineness, quantities
from policyeval.language.sources import Happening
from policyeval.language.tables import Number
from policyeval.language.validation import Model, refuse
from policyeval.language.words import DayCount, Duration, DurationText

THRESHOLDS = ("at_least", "at_most", "exactly", "more_than", "less_than")
MEASURES = ("sum", "distinct", "average", "largest", "smallest", "buckets", "days_held")
Measure = Literal[
    "count", "sum", "distinct", "average", "largest", "smallest", "buckets", "days_held",
    "longest_gap",
]  # fmt: skip
_NAMED: tuple[Measure, ...] = (
    "sum", "distinct", "average", "largest", "smallest", "buckets",
)  # fmt: skip
DECIMAL = ("sum", "average", "largest", "smallest")
"""Measures that are sums or values of number fields; the others are whole numbers."""

FINEST = 10**9
"""Quantities are worked out exactly, in so small parts of one."""

BUCKETS = ("day", "week", "month", "quarter", "year")


def _valid_for(value: Any) -> str:
    text = isinstance(value, str) and not any(letter.isdigit() for letter in value.split(" ")[0])
    return "field" if text else "duration"


class DaysHeld(Model):
    """A state that holds from one event to another, or for so long."""

    first: Happening = Field(alias="from")
    last: Happening | None = Field(default=None, alias="until")
    valid_for: (
        Annotated[
            Annotated[DurationText, Tag("duration")] | Annotated[str, Tag("field")],
            Discriminator(_valid_for),
            WithJsonSchema({"type": "string", "examples": ["2 years", "valid_until"]}),
        ]
        | None
    ) = Field(default=None, alias="for")
    matching: str | None = None
    at_once: Annotated[int, Field(ge=1, strict=True)] = 1
    who: str | None = None
    target: str | None = None

    @model_validator(mode="after")
    def _one_end(self) -> DaysHeld:
        if self.last is not None and self.valid_for is not None:
            raise refuse("a state ends with `until` or holds `for` so long; choose one")
        valid = self.valid_for
        if isinstance(valid, Duration) and valid.unit not in {"days", "months"}:
            raise refuse("a state holds for days, weeks, months or years")
        if self.at_once > 1 and self.matching is None:
            raise refuse("`at_once` counts the values of `matching`; add it")
        return self


class Gaps(Model):
    """The longest run of days without the state that is allowed."""

    at_most: DayCount


class Buckets(Model):
    """Buckets of events, and what each must satisfy to count."""

    by: str
    sum: str | None = None
    distinct: str | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    exactly: Number | None = None
    more_than: Number | None = None
    less_than: Number | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Buckets:
        if self.sum is not None and self.distinct is not None:
            raise refuse("choose `sum` or `distinct`")
        given = one_threshold(self)
        if self.sum is None and any(getattr(self, name) < 0 for name in given):
            raise refuse("events are counted from 0 on; a bound below 0 goes with `sum`")
        return self

    @property
    def thresholds(self) -> tuple[tuple[str, Number], ...]:
        """(word, number) of each threshold; at least 1 if there is none."""
        found = [(name, getattr(self, name)) for name in THRESHOLDS]
        return tuple(each for each in found if each[1] is not None) or (("at_least", 1),)

    @property
    def has_upper(self) -> bool:
        """Whether a bucket that is enough may have too much later."""
        return any(name in UPPER for name, _ in self.thresholds)


class Capped(Model):
    """Of each bucket at most so much is counted."""

    by: str
    at: Number


class Requires(Model):
    """How much: a measure and its threshold."""

    at_least: Quantity | None = None
    at_most: Quantity | None = None
    exactly: Quantity | None = None
    more_than: Quantity | None = None
    less_than: Quantity | None = None
    share_of: Base | None = None
    sum: str | None = None
    distinct: str | None = None
    average: str | None = None
    largest: str | None = None
    smallest: str | None = None
    buckets: Buckets | None = None
    days_held: DaysHeld | None = None
    gaps: Gaps | None = None
    apart: DurationText | None = None
    capped: Capped | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Requires:
        measures = [name for name in MEASURES if getattr(self, name) is not None]
        if len(measures) > 1:
            raise refuse(f"choose one measure, found {' and '.join(measures)}")
        given = one_threshold(self)
        if self.gaps is not None and self.days_held is None:
            raise refuse("`gaps` goes with `days_held`")
        if self.gaps is not None and given:
            raise refuse("a part takes `gaps` or a number of days; use `all_of` for both")
        if self.capped is not None and self.sum is None:
            raise refuse("`capped` goes with `sum`")
        if self.apart is not None and self.days_held is not None:
            raise refuse("`apart` goes with events that are counted, not with `days_held`")
        if self.share_of is not None and not given:
            raise refuse("`share_of` needs a threshold such as `at_least: 2/3`")
        self._numbers(given)
        return self

    def _numbers(self, given: set[str]) -> None:
        for name in given:
            quantity = getattr(self, name)
            least = min((q for q in quantities(quantity) if isinstance(q, Fraction)), default=0)
            if least < 0 and (self.measure not in DECIMAL or self.share_of is not None):
                what = "a share" if self.share_of is not None else f"a {self.measure}"
                raise refuse(f"{what} can't be less than 0, found `{float(least):g}`")
            if fineness(quantity) > FINEST:
                raise refuse("too many digits in the shares and numbers; write them with fewer")
            if not isinstance(quantity, Fraction) or self.share_of is not None:
                if self.share_of is not None and not isinstance(quantity, Fraction):
                    raise refuse(f"`share_of` takes a share such as 2/3, not `{name}: {{…}}`")
                continue
            whole = quantity.denominator == 1
            if self.measure not in DECIMAL and not whole:
                raise refuse(f"a share needs `share_of`; a {self.measure} is a whole number")
            if (quantity * 10**6).denominator != 1:
                raise refuse("at most six decimal places")
        if self.less_than == 0 and self.share_of is None and self.measure not in DECIMAL:
            raise refuse("`less_than: 0` can't be met")
        low, high = self.at_least, self.at_most
        if isinstance(low, Fraction) and isinstance(high, Fraction) and high < low:
            raise refuse(f"at most {high} can't be at least {low}")

    @property
    def measure(self) -> Measure:
        """What is measured."""
        if self.days_held is not None:
            held = self.model_fields_set & set(THRESHOLDS)
            return "days_held" if held else "longest_gap"
        return next((name for name in _NAMED if getattr(self, name) is not None), "count")

    @property
    def scale(self) -> int:
        """Counts are kept as whole numbers of 1/scale."""
        return 10**6 if self.measure in DECIMAL else 1

    @property
    def thresholds(self) -> tuple[tuple[str, AnyQuantity], ...]:
        """(word, quantity) of each threshold that is given, `share_of` put into the quantity."""
        if self.measure == "longest_gap":
            return (("at_most", Fraction(self.gaps.at_most if self.gaps else 0)),)
        found = [(name, getattr(self, name)) for name in THRESHOLDS]
        given = [(name, quantity) for name, quantity in found if quantity is not None]
        if self.share_of is not None:
            given = [(name, ShareOf(share=q, of=self.share_of)) for name, q in given]
        return tuple(given) or (("at_least", Fraction(1)),)

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """(lower, upper) bound in 1/scale, both included; None is open, or not fixed."""
        low = high = None
        for name, quantity in self.thresholds:
            if isinstance(quantity, Fraction):
                below, above = bounds_of(name, quantity * self.scale)
                low, high = (
                    (below if below is not None else low),
                    (above if above is not None else high),
                )
        return low, high

    @property
    def beyond(self) -> int:
        """By how much (in 1/scale) the lower bound lies beyond the decimal that is asked for."""
        return int(self.more_than is not None and self.scale > 1)

    @property
    def below(self) -> int:
        """By how much (in 1/scale) the upper bound lies below the decimal that is asked for."""
        return int(self.less_than is not None and self.scale > 1)

    @property
    def turns(self) -> bool:
        """Whether any further event can move the measure either way."""
        held_to_less = self.buckets is not None and self.buckets.has_upper
        return self.measure in {"average", "smallest"} or held_to_less

    @property
    def has_lower(self) -> bool:
        """Whether it asks for at least something."""
        return any(name in LOWER for name, _ in self.thresholds)

    @property
    def has_upper(self) -> bool:
        """Whether it allows at most something."""
        return any(name in UPPER for name, _ in self.thresholds)


LOWER = ("at_least", "exactly", "more_than")
UPPER = ("at_most", "exactly", "less_than")


def bounds_of(word: str, scaled: Fraction) -> tuple[int | None, int | None]:
    """The whole numbers that satisfy a threshold: (lowest, highest), None is open."""
    floor = scaled.numerator // scaled.denominator
    ceiling = -(-scaled.numerator // scaled.denominator)
    if word == "at_least":
        return ceiling, None
    if word == "more_than":
        return floor + 1, None
    if word == "at_most":
        return None, floor
    if word == "less_than":
        return None, ceiling - 1
    return ceiling, floor


def one_threshold(model: Model) -> set[str]:
    """The thresholds that are given.

    Raises:
        PydanticCustomError: more than one, unless they are `at_least` and `at_most`.
    """
    given = {name for name in THRESHOLDS if getattr(model, name) is not None}
    if len(given) > 1 and given != {"at_least", "at_most"}:
        raise refuse(f"choose one threshold, found {' and '.join(sorted(given))}")
    return given
