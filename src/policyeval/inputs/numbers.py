"""How an export writes numbers in its texts: `1234.5`, or as people do, `1.234,5`."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, model_validator

from policyeval.language.validation import Model, refuse

Decimal = Literal[".", ","]
Thousands = Literal[".", ",", "'", "’", " ", "\u00a0", "\u202f"]

_NAMES = {
    ".": "point",
    ",": "comma",
    "'": "apostrophe",
    "’": "curly_apostrophe",
    " ": "space",
    "\u00a0": "no_break_space",
    "\u202f": "narrow_no_break_space",
}
_BLANKS = {
    " ": ("普通空格", "a space"),
    "\u00a0": ("不间断空格 U+00A0", "a no-break space, U+00A0"),
    "\u202f": ("窄不间断空格 U+202F", "a narrow no-break space, U+202F"),
}
"""Separators that nobody can tell from each other on paper."""


def _decimal(value: Any) -> Any:
    if value not in get_args(Decimal):
        raise refuse('`decimal` is "." or ","')
    return value


def _thousands(value: Any) -> Any:
    if value is not None and value not in get_args(Thousands):
        raise refuse(
            '`thousands` is one of "." "," "\'" "’" " ", a no-break space ("\\u00a0") or a narrow '
            'one ("\\u202f")'
        )
    return value


class Numbers(Model):
    """What stands before decimals, and what between groups of three digits."""

    decimal: Annotated[Decimal, BeforeValidator(_decimal)] = "."
    thousands: Annotated[Thousands | None, BeforeValidator(_thousands)] = None

    @model_validator(mode="after")
    def _differ(self) -> Numbers:
        if self.decimal == self.thousands:
            other = "," if self.decimal == "." else "."
            raise refuse(
                f'`decimal` and `thousands` are both "{self.decimal}"; if that stands between '
                f'groups of three, say `decimal: "{other}"`'
            )
        return self

    @property
    def pattern(self) -> str:
        """Matches all of a number as it is written; its groups are well formed or it has none.

        The first group does not begin with 0, so that `0.125` is not taken for 125.
        """
        point, whole = re.escape(self.decimal), r"\d+"
        if self.thousands is not None:
            whole = rf"(\d+|[1-9]\d{{0,2}}({re.escape(self.thousands)}\d{{3}})+)"
        return rf"[+-]?({whole}({point}\d*)?|{point}\d+)([eE][+-]?\d{{1,3}})?"

    @property
    def reason(self) -> str:
        """The code of a cell that is no such number."""
        if self == PLAIN:
            return "no_number"
        between = "" if self.thousands is None else f"_{_NAMES[self.thousands]}"
        return f"no_number_{_NAMES[self.decimal]}{between}"

    @property
    def said(self) -> dict[str, str]:
        """What a cell that is no such number should be."""
        if self == PLAIN:
            return {"zh": "不是数字；请写成 12 或 3.5", "en": "no number; write it as 12 or 3.5"}
        groups = self.thousands or ""
        example = f"1{groups}234{self.decimal}5"
        zh, en = f"请写成 12 或 {example}", f"write it as 12 or {example}"
        if groups in _BLANKS:
            blank = _BLANKS[groups]
            zh, en = f"{zh}（每三位之间为{blank[0]}）", f"{en} ({blank[1]}, between the groups)"
        return {
            "zh": f"不是数字；{zh}，或更正导入配置的 numbers",
            "en": f"no number; {en}, or correct `numbers` in the import profile",
        }


PLAIN = Numbers()
"""Numbers as machines write them."""

NUMBER_REASONS = {
    numbers.reason: numbers.said
    for decimal in get_args(Decimal)
    for thousands in (None, *get_args(Thousands))
    if thousands != decimal
    for numbers in [Numbers(decimal=decimal, thousands=thousands)]
}
"""Code -> why, and what to do, for every way to write numbers."""
