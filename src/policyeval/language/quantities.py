"""Quantities: numbers that a threshold compares with."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)

from policyeval.language.bases import Base
from policyeval.language.shares import ShareText, is_share, share
from policyeval.language.tables import Number, OfAttribute, check_table, entries
from policyeval.language.validation import Model, refuse


class ShareOf(Model):
    """`{share: 2/3, of: base}`, exact or rounded to a whole number."""

    share: ShareText
    of: Base
    rounded: Literal["up", "down", "half_up"] | None = None


def _no_field(value: Any) -> Any:
    if isinstance(value, str):
        raise refuse(
            f"numbers are looked up by `{{attribute: name}}` or by what is counted, such as "
            f"`{{event: type}}`; not by a field, `{value}`"
        )
    return value


NumberKey = Annotated[Base, BeforeValidator(_no_field)]
"""What numbers are looked up by: an attribute of a unit, or what is counted."""


class NumberBand(Model):
    """`{up_to: 5000, is: 4}`."""

    up_to: Number | None = None
    value: Quantity = Field(alias="is")


class NumberTable(Model):
    """Numbers looked up: `{by: {attribute: crew}, bands: [{up_to: 5000, is: 4}, {is: 12}]}`.

    What stands in a table may be any quantity, a share for one.
    """

    by: NumberKey
    table: Annotated[dict[str, Quantity], Field(min_length=1)] | None = None
    bands: Annotated[tuple[NumberBand, ...], Field(min_length=1)] | None = None
    otherwise: Quantity | None = None

    @model_validator(mode="after")
    def _whole(self) -> NumberTable:
        if self.by.attribute is None and self.table is not None:
            raise refuse("what is counted is a number; look it up with `bands`")
        check_table(self)
        return self

    @property
    def values(self) -> tuple[Any, ...]:
        """What it can give, in the order written."""
        return entries(self)


class GreaterOf(Model):
    """The greater of several quantities."""

    greater_of: Annotated[tuple[Quantity, ...], Field(min_length=2)]


class LesserOf(Model):
    """The lesser of several quantities."""

    lesser_of: Annotated[tuple[Quantity, ...], Field(min_length=2)]


class SumOf(Model):
    """Several quantities together."""

    sum_of: Annotated[tuple[Quantity, ...], Field(min_length=2)]


_DAYS = re.compile(r"\s*(\d{1,5}) (day|week)s?\s*")


def _plain(value: Any) -> Any:
    """Numbers exactly; `30 days` as 30; a share by itself stays one until `share_of` is known."""
    if isinstance(value, bool):
        raise refuse(f"expected a number, found `{str(value).lower()}`")
    if isinstance(value, (int, float)):
        return Fraction(Decimal(str(value)))
    if isinstance(value, Fraction):
        return value
    days = _DAYS.fullmatch(value) if isinstance(value, str) else None
    if days is not None:
        return Fraction(int(days[1]) * (7 if days[2] == "week" else 1))
    if isinstance(value, str) and is_share(value):
        return share(value)
    raise refuse(f"expected a number, `30 days` or a quantity, found `{value}`")


PlainNumber = Annotated[
    Fraction,
    BeforeValidator(_plain),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number"},
                {"type": "string", "examples": ["30 days", "2/3", "40%"]},
            ]
        }
    ),
]

_KINDS = {
    "attribute": "attribute",
    "by": "table",
    "share": "share",
    "greater_of": "greater_of",
    "lesser_of": "lesser_of",
    "sum_of": "sum_of",
}


def _kind(value: Any) -> str | None:
    if isinstance(value, Fraction) or not isinstance(value, (dict, Model)):
        return "number"
    keys = value if isinstance(value, dict) else type(value).model_fields
    return next((kind for key, kind in _KINDS.items() if key in keys), None)


def _known(value: Any) -> Any:
    if isinstance(value, dict) and _kind(value) is None:
        raise refuse(
            "expected a number or one of `{attribute: …}`, `{by: …}`, `{share: …, of: …}`, "
            "`{greater_of: […]}`, `{lesser_of: […]}`, `{sum_of: […]}`"
        )
    return value


Quantity = Annotated[
    Annotated[PlainNumber, Tag("number")]
    | Annotated[OfAttribute, Tag("attribute")]
    | Annotated[NumberTable, Tag("table")]
    | Annotated[ShareOf, Tag("share")]
    | Annotated[GreaterOf, Tag("greater_of")]
    | Annotated[LesserOf, Tag("lesser_of")]
    | Annotated[SumOf, Tag("sum_of")],
    Discriminator(_kind),
    BeforeValidator(_known),
]
"""A quantity; a plain number is an exact `Fraction`."""

NumberBand.model_rebuild()
NumberTable.model_rebuild()
GreaterOf.model_rebuild()
LesserOf.model_rebuild()
SumOf.model_rebuild()

AnyQuantity = Fraction | OfAttribute | NumberTable | ShareOf | GreaterOf | LesserOf | SumOf


def members(quantity: AnyQuantity) -> tuple[AnyQuantity, ...]:
    """The quantities that one is the greatest, the least or the sum of, or that a table has."""
    if isinstance(quantity, NumberTable):
        return quantity.values
    if isinstance(quantity, GreaterOf):
        return quantity.greater_of
    if isinstance(quantity, LesserOf):
        return quantity.lesser_of
    return quantity.sum_of if isinstance(quantity, SumOf) else ()


def quantities(quantity: AnyQuantity) -> tuple[AnyQuantity, ...]:
    """A quantity and all within it."""
    return (quantity, *(each for one in members(quantity) for each in quantities(one)))


def fineness(quantity: AnyQuantity) -> int:
    """Into how many parts the numbers and shares in a quantity can all be divided."""
    each = quantities(quantity)
    shares = [one.share for one in each if isinstance(one, ShareOf)]
    return lcm(*(q.denominator for q in [*each, *shares] if isinstance(q, Fraction)))


def bases(quantity: AnyQuantity) -> tuple[Base, ...]:
    """What a quantity and all within it counts, in the order written."""
    found = []
    for each in quantities(quantity):
        if isinstance(each, ShareOf):
            found.append(each.of)
        elif isinstance(each, NumberTable) and each.by.attribute is None:
            found.append(each.by)
    return tuple(found)
