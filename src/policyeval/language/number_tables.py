"""Quantities looked up in a table, by an attribute or by what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from policyeval.language.bases import Base
from policyeval.language.tables import Number, check_table
from policyeval.language.validation import Model, refuse

if TYPE_CHECKING:
    from policyeval.language.quantities import Quantity


def _no_field(value: Any) -> Any:
    if isinstance(value, str):
        raise refuse(
            f"numbers are looked up by `{{attribute: name}}` or by what is counted, such as "
            f"`{{event: type}}`; not by a field, `{value}`"
        )
    return value


NumberKey = Annotated[Base, BeforeValidator(_no_field)]
"""What numbers are looked up by: an attribute of the bearer's unit, or what is counted."""


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
        found = [*(self.table or {}).values(), *(band.value for band in self.bands or ())]
        return tuple(found if self.otherwise is None else [*found, self.otherwise])
