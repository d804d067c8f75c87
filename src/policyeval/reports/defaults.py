"""The defaults that a policy rests on, as a terminal shows them; readable at 80 columns."""

from __future__ import annotations

from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policyeval.language.defaults import Default, defaults
from policyeval.language.policy import Policy
from policyeval.reports.defaults_wording import CHOICES, HEADINGS, VALUES
from policyeval.reports.terminal import plain

_CHOICE_WIDTH = 30
_VALUE_WIDTH = 44


def print_defaults(policy: Policy, console: Console, lang: str) -> None:
    """Print, duty by duty, each choice that is left open and what holds instead.

    Args:
        policy: the policy.
        console: where to print; its width is kept to.
        lang: `zh` or `en`.
    """
    at = 0 if lang == "zh" else 1
    found = defaults(policy)
    console.print(Text(HEADINGS["title" if found else "none"][at], style="bold"))
    for duty, those in groupby(found, key=lambda each: each.duty):
        console.print(Text(f"\n{_title(policy, duty, lang)}", style="bold"))
        console.print(Padding(_table(list(those), at), (0, 0, 0, 2)))


def _title(policy: Policy, duty: str, lang: str) -> str:
    titles = policy.duties[duty].title or {}
    title = titles.get(lang) or next(iter(titles.values()), "")
    return plain(f"{duty}  {title}" if title else duty)


def _table(found: list[Default], at: int) -> Table:
    table = Table.grid(padding=(0, 2), expand=False)
    table.add_column(width=_CHOICE_WIDTH)
    table.add_column(max_width=_VALUE_WIDTH)
    for each in found:
        value = Text(VALUES[each.choice, each.value][at])
        if each.key:
            value.append(f"\n{each.key}", style="dim")
        table.add_row(Text(CHOICES[each.choice][at]), value)
    return table
