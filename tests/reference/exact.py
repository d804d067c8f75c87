"""Numbers without rounding, and the parts (`2/3`, `0.5`, `40%`) that a policy takes of them."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

SIX_PLACES = Decimal("0.000001")
LARGEST = 10**15


def exact(value: Any) -> Fraction:
    """A number of a YAML file or an export, as what is written there says."""
    if isinstance(value, Fraction):
        return value
    return Fraction(Decimal(str(value)))


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal | Fraction) and not isinstance(value, bool)


def part(value: Any) -> Fraction:
    """A part: `2/3`, `0.5`, `40%`."""
    text = str(value).strip()
    if text.endswith("%"):
        return exact(text[:-1]) / 100
    if "/" in text:
        above, below = text.split("/")
        return exact(above.strip()) / exact(below.strip())
    return exact(text)


def six_places(value: Fraction) -> Fraction:
    """Rounded to six decimal places, half up."""
    return Fraction(math.floor(value * 1_000_000 + Fraction(1, 2)), 1_000_000)


def plain_number(value: Fraction | int | None) -> int | float | None:
    """An int if it is whole, else a float of six places."""
    if value is None:
        return None
    value = Fraction(value)
    if value.denominator == 1:
        return int(value)
    return float(Decimal(int(six_places(value) * 1_000_000)) * SIX_PLACES)
