"""Shares: `2/3`, `0.5`, `40%`, exactly."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from policyeval.language.validation import refuse

_SHARE = re.compile(r"(\d{1,6})/(\d{1,6})|(\d{1,3}(?:\.\d{1,6})?)%|(\d(?:\.\d{1,9})?)")


def share(value: Any) -> Any:
    """A share as it is written: `2/3`, `0.5`, `40%`.

    Raises:
        PydanticCustomError: it is none.
    """
    if isinstance(value, Fraction):
        return value
    match = _SHARE.fullmatch(str(value)) if not isinstance(value, bool) else None
    if match is None or (match[2] and int(match[2]) == 0):
        raise refuse(f"expected a share such as 2/3, 0.5 or 40%, found `{value}`")
    if match[1]:
        return Fraction(int(match[1]), int(match[2]))
    return Fraction(match[3]) / 100 if match[3] else Fraction(match[4])


ShareText = Annotated[
    Fraction,
    BeforeValidator(share),
    WithJsonSchema({"anyOf": [{"type": "string", "examples": ["2/3", "40%"]}, {"type": "number"}]}),
]
"""A share."""


def is_share(text: str) -> bool:
    """Whether a text is written as a share."""
    return _SHARE.fullmatch(text) is not None
