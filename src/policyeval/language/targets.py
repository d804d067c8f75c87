"""The targets of a duty: one obligation for each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from policyeval.language.conditions import Conditions
from policyeval.language.validation import Model, refuse
from policyeval.language.words import OneOrMany

OVERSEEN = "overseen"


class OfEach(Model):
    """Units of a kind, `overseen` units, holders of a post, words, or the values of a field."""

    unit: OneOrMany | None = None
    post: OneOrMany | None = None
    value: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    value_of: str | None = None
    inside: Literal["bearer"] | None = Field(default=None, alias="in")
    where: Conditions | None = None

    @model_validator(mode="after")
    def _one(self) -> OfEach:
        kinds = (self.unit, self.post, self.value, self.value_of)
        if sum(each is not None for each in kinds) != 1:
            known = "`{unit: kind}`, `{post: id}`, `{value: [words]}`, `{value_of: field}`"
            raise refuse(f"`of_each` is one of {known}")
        if self.unit is None and (self.inside or self.where):
            raise refuse("`in` and `where` choose among units; they go with `{unit: kind}`")
        if self.overseen and (self.inside or self.where or self.unit != (OVERSEEN,)):
            raise refuse("`overseen` stands alone")
        if self.value is not None and len(set(self.value)) != len(self.value):
            raise refuse("a word stands in the list twice")
        return self

    @property
    def overseen(self) -> bool:
        """Whether the targets are the units that the post's holder oversees."""
        return self.unit is not None and OVERSEEN in self.unit

    @property
    def column(self) -> str:
        """The column of an event that names the target, if evidence does not say."""
        return self.value_of or ("person" if self.post is not None else "target")
