"""A policy: the plan's vocabulary, its posts, duties, escalations and clauses not evaluated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from policyeval.language.duty import Duty, DutySpec
from policyeval.language.judging import JudgementSpec
from policyeval.language.periods import StartOfYear
from policyeval.language.validation import Model, nearest, refuse
from policyeval.language.words import WORDS, Id, Span, Title
from policyeval.language.working_days import WorkingDays

FieldKind = Literal["text", "number", "boolean", "date", "list"]
BASE_FIELDS: dict[str, FieldKind] = {
    "id": "text",
    "unit": "text",
    "person": "text",
    "target": "text",
    "at": "date",
    "recorded_at": "date",
    "weekday": "text",
    "working_day": "boolean",
    "hour": "number",
}
"""The columns that every event has and conditions may use, with their kinds."""

RESERVED = (*BASE_FIELDS, "type", "replaces", "withdraws")


class FieldType(Model):
    """The type of a field: its kind and, where closed, its words."""

    kind: FieldKind
    words: tuple[str, ...] | None = None


def _field_type(value: Any) -> Any:
    if isinstance(value, FieldType):
        return value
    kinds = ["text", "number", "boolean", "date", "list"]
    if isinstance(value, str):
        if value not in kinds:
            raise refuse(f"`{value}` is no field type{nearest(value, kinds)}")
        return FieldType(kind=value)  # type: ignore[arg-type]
    if isinstance(value, dict) and len(value) == 1:
        key, words = next(iter(value.items()))
        if key in {"one_of", "list_of"} and isinstance(words, list) and words:
            if not all(isinstance(word, str) for word in words):
                raise refuse(f"`{key}` takes words; put numbers and dates in quotes")
            return FieldType(kind="text" if key == "one_of" else "list", words=tuple(words))
    raise refuse("expected text, number, boolean, date, list, {one_of: […]} or {list_of: […]}")


_FIELD_TYPE_SCHEMA = {
    "anyOf": [
        {"enum": ["text", "number", "boolean", "date", "list"]},
        *(
            {
                "type": "object",
                "properties": {key: WORDS},
                "required": [key],
                "additionalProperties": False,
            }
            for key in ("one_of", "list_of")
        ),
    ]
}
FieldTypeText = Annotated[
    FieldType, BeforeValidator(_field_type), WithJsonSchema(_FIELD_TYPE_SCHEMA)
]
"""A field type as it is written: `text`, `{one_of: [words]}`."""


class EventType(Model):
    """A kind of event and the fields that it carries."""

    title: Title | None = None
    fields: dict[Id, FieldTypeText] = {}


class Titled(Model):
    """Something that has only a title."""

    title: Title


class Post(Model):
    """A post, the kind of responsibility that it bears, and the post that stands above it."""

    title: Title
    responsibility: str | None = None
    above: str | None = None


class InForce(Span):
    """When the policy applies; it has a first day."""

    @model_validator(mode="after")
    def _has_first(self) -> InForce:
        if self.first is None:
            raise refuse("`from` is missing: since when is the plan in force?")
        return self

    @property
    def start(self) -> date:
        """The first day."""
        assert self.first is not None  # noqa: S101 - the validator above
        return self.first


class NotEvaluatedClause(Model):
    """A clause that is not evaluated, and why."""

    clause: str
    reason: Literal["qualitative", "out_of_scope"]
    note: Title | None = None


class ParameterValue(Model):
    """A parameter's value from a day on."""

    first: date = Field(alias="from")
    value: Any = Field(alias="is")


class AtLeast(Model):
    """`{at_least: n}`."""

    at_least: Annotated[int, Field(ge=1, strict=True)]


class EscalationWhen(Model):
    """So many different unmet duties of a severity in a year."""

    unmet: AtLeast
    severity: Literal["minor", "major"]
    per: Literal["year"] = "year"


class AddressedTo(Model):
    """The post that the facts are put before, and the body where they concern its holder."""

    post: str
    own_case: str | None = None


class EscalationSpec(Model):
    """When facts are put before somebody for review."""

    title: Title
    clause: str
    of: tuple[Literal["unit", "person"], ...]
    when: EscalationWhen
    addressed_to: AddressedTo


def _zone(value: Any) -> Any:
    if isinstance(value, str) and value not in available_timezones():
        hint = nearest(value, available_timezones())
        raise refuse(f"`{value}` is no time zone such as Asia/Shanghai{hint}")
    return value


@dataclass(frozen=True)
class Variant:
    """A version of a duty, and the days on which it is in force; None is open."""

    label: str
    name: str
    duty: Duty
    first: date | None
    last: date | None


def _variants(name: str, duty: DutySpec) -> Iterator[Variant]:
    """The duty itself up to its first version, then each version up to the next."""
    starts = [None, *(version.first for version in duty.versions)]
    lasts = [*(version.first - timedelta(days=1) for version in duty.versions), None]
    for each, first, last in zip((duty, *duty.versions), starts, lasts, strict=True):
        yield Variant(name if first is None else f"{name}@{first}", name, each, first, last)


def by_duty(variants: Iterable[Variant]) -> Iterable[list[Variant]]:
    """The versions of each duty."""
    found: dict[str, list[Variant]] = defaultdict(list)
    for each in variants:
        found[each.name].append(each)
    return found.values()


def _duties_elsewhere(schema: dict[str, Any]) -> None:
    """In `policy.yaml` itself the duties may be left out: they may stand in `duties/*.yaml`."""
    schema["required"] = [name for name in schema["required"] if name != "duties"]


class Policy(Model):
    """A plan, ready to be evaluated."""

    model_config = ConfigDict(json_schema_extra=_duties_elsewhere)

    policy: Id
    version: str
    title: Title | None = None
    source: dict[str, str] = {}
    in_force: InForce
    timezone: Annotated[str, BeforeValidator(_zone)]
    working_days: WorkingDays | None = None
    calendars: dict[Id, WorkingDays] = {}
    year_starts: StartOfYear = "01-01"
    responsibilities: dict[Id, Titled] = {}
    unit_kinds: dict[Id, Titled]
    unit_attributes: dict[Id, Literal["text", "number", "boolean", "date"]] = {}
    posts: dict[Id, Post] = {}
    bodies: dict[Id, Titled] = {}
    event_types: dict[Id, EventType]
    parameters: dict[Id, tuple[ParameterValue, ...]] = {}
    judgement: JudgementSpec | None = None
    duties: Annotated[dict[Id, DutySpec], Field(min_length=1)]
    not_evaluated: tuple[NotEvaluatedClause, ...] = ()
    escalations: dict[Id, EscalationSpec] = {}

    @cached_property
    def variants(self) -> dict[str, Variant]:
        """Every version of every duty, by a label of its own: the duty's id where it has one."""
        return {
            variant.label: variant
            for name, duty in self.duties.items()
            for variant in _variants(name, duty)
        }

    @property
    def fields(self) -> dict[str, FieldKind]:
        """Every declared field with its kind, over all event types."""
        return {
            name: field.kind
            for event_type in self.event_types.values()
            for name, field in event_type.fields.items()
        }
