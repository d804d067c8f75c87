"""In the JSON Schema of a policy: `{parameter: id}` may stand for any value in a duty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

NAME = "ParameterUse"
_REF = {"$ref": f"#/$defs/{NAME}"}
_USE = {
    "additionalProperties": False,
    "description": "Stands for a parameter of the policy.",
    "properties": {"parameter": {"type": "string"}},
    "required": ["parameter"],
    "title": NAME,
    "type": "object",
}


def with_parameters(schema: dict[str, Any], duty: str) -> dict[str, Any]:
    """The schema, with a use of a parameter beside every value within the model `duty`."""
    definitions = schema.get("$defs", {})
    if duty not in definitions:
        return schema
    inside = set(_reached(definitions, duty))
    changed = {
        name: _changed(each) if name in inside else each for name, each in definitions.items()
    }
    return {**schema, "$defs": {**changed, NAME: _USE}}


def _reached(definitions: dict[str, Any], start: str) -> Iterator[str]:
    seen, queue = {start}, [start]
    for name in queue:
        yield name
        for other in _references(definitions[name]):
            if other not in seen:
                seen.add(other)
                queue.append(other)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix("#/$defs/")
        for each in schema.values():
            yield from _references(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _references(each)


def _changed(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema, its values opened to parameters."""
    changed = dict(schema)
    if "properties" in schema:
        changed["properties"] = {name: _value(each) for name, each in schema["properties"].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            changed[key] = _value(schema[key])
    for key in ("anyOf", "oneOf"):
        if key in schema:
            changed[key] = [_changed(each) for each in schema[key]]
    return changed


def _value(schema: dict[str, Any]) -> dict[str, Any]:
    changed = _changed(schema)
    if "anyOf" in changed:
        return {**changed, "anyOf": [*changed["anyOf"], _REF]}
    return {"anyOf": [changed, _REF]}
