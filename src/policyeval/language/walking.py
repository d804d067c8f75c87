"""Goes through everything that a duty says, model by model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyeval.language.source import Path_
from policyeval.language.validation import Model


def nodes(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Model]]:
    """Every model within a model, with its place as it is written; not the versions of a duty."""
    if isinstance(value, Model):
        yield path, value
        fields = type(value).model_fields
        for name in fields:
            if name in value.model_fields_set and name != "versions":
                yield from nodes(getattr(value, name), (*path, fields[name].alias or name))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from nodes(each, (*path, key))
    elif isinstance(value, tuple):
        for n, each in enumerate(value):
            yield from nodes(each, (*path, n))
