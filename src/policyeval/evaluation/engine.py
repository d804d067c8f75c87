"""The few functions that Ibis does not name, by the data engine's own name.

Another engine needs these, and nothing else, said in its words.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir


@ibis.udf.scalar.builtin(name="regexp_full_match")  # type: ignore[untyped-decorator]
def _regexp_full_match(text: str, pattern: str) -> bool:  # type: ignore[empty-body]
    """RE2: linear in the length of the text."""


def full_match(text: ir.StringValue, pattern: str) -> ir.BooleanValue:
    """Whether the whole text matches a regular expression (RE2 syntax, linear time)."""
    return _regexp_full_match(text, pattern)


@ibis.udf.scalar.builtin(name="sha256")  # type: ignore[untyped-decorator]
def _sha256(text: str) -> str:  # type: ignore[empty-body]
    """Lower-case hexadecimal SHA-256 of the UTF-8 text."""


def digest(text: ir.StringValue) -> ir.StringValue:
    """The first 16 hexadecimal digits of the text's SHA-256."""
    return _sha256(text).substr(0, 16)
