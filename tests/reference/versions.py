"""The section "Versions": which rule is judged by on which day."""

from __future__ import annotations

from datetime import date
from typing import Any

from reference.clock import ONE_DAY, as_date
from reference.words import EVER, NEVER


def spec_on(policy: dict, duty: dict, day: date) -> dict:
    """A duty as it reads on a day: its versions up to then, and the parameters' values."""
    spec = {key: value for key, value in duty.items() if key != "versions"}
    for version in duty.get("versions") or []:
        if as_date(version["from"]) <= day:
            spec.update({key: value for key, value in version.items() if key != "from"})
    return with_parameters(policy, spec, day)


def with_parameters(policy: dict, value: Any, day: date) -> Any:
    """The same, with the value that each parameter has on a day in its place."""
    if isinstance(value, list):
        return [with_parameters(policy, each, day) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"parameter"}:
        return parameter(policy, value["parameter"], day)
    return {key: with_parameters(policy, each, day) for key, each in value.items()}


def parameter(policy: dict, name: str, day: date) -> Any:
    """The value that a parameter has on a day; before its first day the first."""
    dated = policy["parameters"][name]
    before = [each for each in dated if as_date(each["from"]) <= day]
    return (before or dated[:1])[-1]["is"]


def parameters_in(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*[parameters_in(each) for each in value])
    if not isinstance(value, dict):
        return set()
    if set(value) == {"parameter"}:
        return {value["parameter"]}
    return set().union(*[parameters_in(each) for each in value.values()])


def stretches(policy: dict, duty: dict) -> list[tuple[date, date, dict]]:
    """(first day, last day, how the duty reads then), for all time."""
    starts = {EVER} | {as_date(version["from"]) for version in duty.get("versions") or []}
    for name in parameters_in(duty):
        starts |= {as_date(each["from"]) for each in policy["parameters"][name]}
    ordered = sorted(starts)
    ends = [start - ONE_DAY for start in ordered[1:]] + [NEVER]
    return [
        (first, last, spec_on(policy, duty, first))
        for first, last in zip(ordered, ends, strict=True)
    ]
