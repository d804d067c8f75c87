"""Bases: what shares are taken of, and what is counted to look a threshold up."""

from __future__ import annotations

from pydantic import Field

from policyeval.language.sources import Happening
from policyeval.language.tables import Whose
from policyeval.language.validation import refuse
from policyeval.language.words import OneOrMany


class Base(Happening):
    """Things that happen, or a register; a number of them."""

    who: str | None = None
    unit: OneOrMany | None = None
    post: OneOrMany | None = None
    attribute: str | None = None
    whose: Whose = Field(default="bearer", alias="of")

    def check(self) -> None:
        """Raise what is wrong with how the base is named."""
        names = ("event", "duty", "unit", "post", "attribute")
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            raise refuse(
                "a base is one of `{event: type}`, `{duty: id}`, `{unit: kind}`, `{post: id}`, "
                "`{attribute: name}`"
            )
        if "whose" in self.model_fields_set and self.attribute is None:
            raise refuse(f"`of` (whose attribute) goes with `attribute`, not `{given[0]}`")
        if given[0] in {"event", "duty"}:
            super().check()
        elif self.who or self.where or self.outcome or self.reached:
            words = "`who`, `where`, `is` and `reached`"
            raise refuse(f"{words} go with `event` or `duty`, not `{given[0]}`")

    @property
    def happens(self) -> bool:
        """Whether it counts what happens (else it is a register)."""
        return self.event is not None or self.duty is not None
