"""What shows that it was done: which events are meant, what makes one count, what it shares."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from policyeval.language.conditions import Conditions
from policyeval.language.sources import Happening, Matched
from policyeval.language.validation import refuse
from policyeval.language.words import OrOne

ANYONE = "anyone"


class Meant(Matched):
    """Events that are meant, whom they must name, and what makes one count."""

    must: Conditions | None = None
    who: str | None = None
    target: str | None = None


def _several(value: Any) -> Any:
    releases = value if isinstance(value, (list, tuple)) else [] if value is None else [value]
    if value == []:
        raise refuse("`unless` takes what releases, such as `{event: withdrawal}`, or a list of it")
    return tuple(releases)


Releases = Annotated[tuple[Meant, ...], BeforeValidator(_several), OrOne()]
"""What releases from an obligation, each by itself; one may stand without a list."""


class Evidence(Meant):
    """What shows that it was done; of `for_each` the source is left out."""

    stands_in: Happening | None = None
    itself: Literal["counts", "does_not_count"] = "does_not_count"

    def check(self) -> None:
        """Raise what is wrong with how the source is named, if it is named."""
        if self.event is not None or self.duty is not None or self.outcome is not None:
            super().check()

    @model_validator(mode="after")
    def _where_needs_a_source(self) -> Evidence:
        if self.where is not None and self.event is None and self.duty is None:
            raise refuse("`where` says which events are meant; name them with `event`")
        if self.reached is not None and self.event is None and self.duty is None:
            raise refuse("`reached` counts events; name them with `event`")
        return self

    @property
    def counts_itself(self) -> bool:
        """Whether the very event that opens an obligation can be evidence of it."""
        return self.itself == "counts" or (self.matching or {}).get("id") == "id"

    @property
    def named(self) -> bool:
        """Whether it names a source of its own."""
        return self.event is not None or self.duty is not None
