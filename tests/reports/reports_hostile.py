"""The small bureau again, with every text from outside replaced by one that means harm."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel
from reports_bureau import bureau
from reports_world import World

TEXTS = {
    "script": "<script>window.injected=1</script>",
    "end of script": "</script><script>window.injected=1</script>",
    "end of style": "</style><script>window.injected=1</script>",
    "picture": "<img src=x onerror=window.injected=1>",
    "quotes": "\"' onmouseover='window.injected=1' x=\"`",
    "template": "{{ 7*7 }}{% raw %}{# x #}",
    "comment": "<!-- --><![CDATA[ ]]>&lt;&#60;",
    "address": "javascript:window.injected=1//#'",
    "direction": "abc\N{RIGHT-TO-LEFT OVERRIDE}def\N{RIGHT-TO-LEFT ISOLATE}ghi",
    "controls": "a\x00b\x1b[31mc\x07d\te\r\nf\x85g",
    "surrogate": "a\ud800b",
    "hebrew": "\N{RIGHT-TO-LEFT MARK}תחבורה",
    "long": "x" * 3_000,
    "long chinese": "局" * 600,
    "formula": '=HYPERLINK("http://example.org","x")',
}

_OURS = {"verdict", "kind", "status", "measure", "severity", "format", "state"}
"""Fields that hold words of ours, which no file can change."""

M = TypeVar("M", bound=BaseModel)


def hostile(text: str, world: World | None = None) -> World:
    """A world (left out: the bureau) with `text` in every field; different values stay so."""
    names: dict[str, str] = {}
    world = world or bureau()

    def harm(model: M) -> M:
        return type(model).model_validate(_replaced(model.model_dump(), text, names))

    every = [harm(finding) for finding in world.every]
    header = harm(world.header)
    changes = {name: getattr(header, name) for name in type(header).model_fields}
    return World(every, [harm(row) for row in world.rows], changes=changes)


def _replaced(value: Any, text: str, names: dict[str, str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _replaced(v, text, names, k) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(_replaced(each, text, names, key) for each in value)
    if isinstance(value, str) and value and key not in _OURS:
        return names.setdefault(value, f"{text}{len(names)}")
    return value
