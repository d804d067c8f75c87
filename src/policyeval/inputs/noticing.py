"""What was noticed in the input that does not stop an evaluation, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_NAMED = 8


@dataclass(frozen=True)
class Noticed:
    """Something that was noticed: what (`code`), how often, and in words by language code."""

    code: str
    count: int
    text: dict[str, str]


def unknown_columns(file: str, names: Sequence[str]) -> Noticed:
    """Columns of a file that the policy does not know."""
    said = _named(names)
    return Noticed(
        "unknown-columns",
        len(names),
        {
            "zh": f"{file}：{len(names)} 列不在方案中，未读取：{said}。",
            "en": f"{file}: {_n(names, 'column')} not known to the policy and not read: {said}.",
        },
    )


def duplicates(number: int) -> Noticed:
    """Rows that stand in the export more than once and say the same."""
    return Noticed(
        "duplicates",
        number,
        {
            "zh": f"{number} 行与编号相同的另一行内容一致，只计一次。",
            "en": f"{number} rows say the same as another row with their id; each counts once.",
        },
    )


def unlisted_types(number: int) -> Noticed:
    """Rows of types that the policy does not have, where the profile says to leave them."""
    return Noticed(
        "unlisted-types",
        number,
        {
            "zh": f"{number} 行的事项类别不在方案中，按导入配置未读取。",
            "en": f"{number} rows are of types that the policy does not have; the profile says so.",
        },
    )


def recorded_later(known_by: date, number: int) -> Noticed:
    """Rows that were recorded after the day by which the run knows."""
    return Noticed(
        "known-by",
        number,
        {
            "zh": f"{known_by} 之后登记（未填登记时间的：此后发生）的 {number} 行未计入。",
            "en": (
                f"Rows left out because they were recorded after {known_by} (without "
                f"`recorded_at`: happened after it): {number}."
            ),
        },
    )


def dangling(ids: Sequence[str], number: int) -> Noticed:
    """Corrections of events that are not in the export."""
    said = _named(ids, number)
    return Noticed(
        "dangling-corrections",
        number,
        {
            "zh": f"{number} 条更正或撤回所指的事项不在导出中：{said}。",
            "en": f"{number} corrections name an event that is not in the export: {said}.",
        },
    )


def _named(names: Sequence[str], number: int | None = None) -> str:
    more = (len(names) if number is None else number) > MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (" …" if more else "")


def _n(names: Sequence[str], word: str) -> str:
    return f"{len(names)} {word}{' is' if len(names) == 1 else 's are'}"
