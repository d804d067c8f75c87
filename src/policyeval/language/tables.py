"""Values looked up in a table, by a word or by bands of a number: the table, and times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Protocol

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    StrictFloat,
    StrictInt,
    Tag,
    model_validator,
)

from policyeval.language.given import AnyDuration, DurationOrGiven
from policyeval.language.validation import Model, refuse

Number = StrictInt | StrictFloat


Whose = Literal["bearer", "target"]


class OfAttribute(Model):
    """`{attribute: name}`: what the bearer's unit (`of: target`: the target) has there."""

    attribute: str
    whose: Whose = Field(default="bearer", alias="of")


def of_target(node: object) -> bool:
    """Whether a node of a duty asks for an attribute of the target."""
    return getattr(node, "whose", None) == "target"


def _kind_of_key(value: Any) -> str:
    return "attribute" if isinstance(value, (dict, OfAttribute)) else "field"


def _no_base(value: Any) -> Any:
    if isinstance(value, dict) and "attribute" not in value:
        raise refuse(
            "times are looked up by a field of the trigger or by `{attribute: name}`; "
            "by what is counted, only numbers"
        )
    return value


LookupKey = Annotated[
    Annotated[str, Tag("field")] | Annotated[OfAttribute, Tag("attribute")],
    Discriminator(_kind_of_key),
    BeforeValidator(_no_base),
]
"""What times are looked up by: a field of the trigger, or an attribute of a unit."""


class DurationBand(Model):
    """`{up_to: 5, is: 6 months}`."""

    up_to: Number | None = None
    value: DurationOrGiven = Field(alias="is")


class DurationTable(Model):
    """Durations looked up: `{by: severity, table: {high: 1 month}, otherwise: 1 year}`."""

    by: LookupKey
    table: Annotated[dict[str, DurationOrGiven], Field(min_length=1)] | None = None
    bands: Annotated[tuple[DurationBand, ...], Field(min_length=1)] | None = None
    otherwise: DurationOrGiven | None = None

    @property
    def values(self) -> tuple[AnyDuration, ...]:
        """The durations that it can give, in the order written."""
        return entries(self)

    @model_validator(mode="after")
    def _whole(self) -> DurationTable:
        check_table(self)
        return self


class _Band(Protocol):
    @property
    def up_to(self) -> Number | None: ...


class Lookup(Protocol):
    """Anything that is looked up by words or by bands."""

    @property
    def table(self) -> Mapping[str, object] | None:
        """Word -> value."""

    @property
    def bands(self) -> Sequence[_Band] | None:
        """Values by number, the last without `up_to`."""

    @property
    def otherwise(self) -> object | None:
        """The value of a word that is not in the table."""


def entries(lookup: Any) -> tuple[Any, ...]:
    """What a table can give, in the order written."""
    found = [*(lookup.table or {}).values(), *(band.value for band in lookup.bands or ())]
    return tuple(found if lookup.otherwise is None else [*found, lookup.otherwise])


def check_table(lookup: Lookup) -> None:
    """Every value must find its place.

    Raises:
        PydanticCustomError: neither or both of table and bands, a gap, or bands out of order.
    """
    if (lookup.table is None) == (lookup.bands is None):
        raise refuse("a lookup takes either `table` (by words) or `bands` (by numbers)")
    if lookup.table is not None:
        if lookup.otherwise is None:
            raise refuse(
                "`otherwise` is missing: what if it is not in the table, or is not said at all?"
            )
        return
    bands = lookup.bands or ()
    limits = [band.up_to for band in bands[:-1]]
    if lookup.otherwise is not None:
        raise refuse("with `bands` the last one, without `up_to`, serves for the rest")
    if bands[-1].up_to is not None or any(limit is None for limit in limits):
        raise refuse("every band but the last has `up_to`; the last has none")
    numbers = [limit for limit in limits if limit is not None]
    if numbers != sorted(set(numbers)):
        raise refuse("the bands' `up_to` must rise")
