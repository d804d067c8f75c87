"""What the answers of a duty are made of: bearer, limits of time, parts, review, who answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Tag,
    WithJsonSchema,
    model_validator,
)

from policyeval.language.conditions import Conditions
from policyeval.language.evidence import Evidence, Meant
from policyeval.language.requires import Requires
from policyeval.language.validation import Model, refuse
from policyeval.language.words import (
    WORD,
    DurationText,
    OneOrMany,
    Title,
)


class Bearer(Model):
    """Who owes it: each unit of a kind, or each holder of a post.

    Of a post, with a trigger, only the holder whom a field of the trigger names (`named_in`).
    """

    unit: OneOrMany | None = None
    post: OneOrMany | None = None
    named_in: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Bearer:
        if (self.unit is None) == (self.post is None):
            raise refuse("a bearer is either `{unit: kind}` or `{post: id}`")
        if self.named_in is not None and self.post is None:
            raise refuse("`named_in` names a holder of a post; a unit is the trigger's `unit`")
        return self


class PartSpec(Model):
    """A named part of `all_of` or `any_of`."""

    title: Title | None = None
    evidence: Evidence | None = None
    requires: Requires = Requires()


def _answers(value: Any) -> Any:
    return {"post": value} if isinstance(value, str) else value


class Answers(Model):
    """An entry of `accountable`."""

    post: str
    named_in: str | None = None


_ANSWERS_SCHEMA = {
    "type": "object",
    "properties": {"post": WORD, "named_in": WORD},
    "required": ["post"],
    "additionalProperties": False,
}
AnswersText = Annotated[
    Answers, BeforeValidator(_answers), WithJsonSchema({"anyOf": [WORD, _ANSWERS_SCHEMA]})
]
"""An entry of `accountable`; a post by itself is its id."""


class BeforeDue(Model):
    """`{due: 3 months}`: only so long before the due moment."""

    due: DurationText


def _kind_of_limit(value: Any) -> str:
    return "due" if isinstance(value, (dict, BeforeDue)) else "text"


NotBefore = Annotated[
    Annotated[DurationText, Tag("text")] | Annotated[BeforeDue, Tag("due")],
    Discriminator(_kind_of_limit),
]


class Cure(Model):
    """Late evidence counts only for so long, or only if it satisfies more."""

    within: DurationText | None = None
    must: Conditions | None = None

    @model_validator(mode="after")
    def _something(self) -> Cure:
        if self.within is None and self.must is None:
            raise refuse("say `within` (how long), `must` (what more), or both")
        return self


def _kind_of_late(value: Any) -> str:
    return "cure" if isinstance(value, (dict, Cure)) else "word"


Late = Annotated[
    Annotated[Literal["counts", "does_not_count"], Tag("word")] | Annotated[Cure, Tag("cure")],
    Discriminator(_kind_of_late),
]


class Review(Model):
    """What a person must decide, and the events that record the decision."""

    asks: Title
    decision: Meant


@dataclass(frozen=True)
class PartView:
    """One part of a duty: its name (`""` for the only one) and where it stands in the duty."""

    name: str
    title: dict[str, str] | None
    path: tuple[str, ...]
    evidence: Evidence | None
    requires: Requires
