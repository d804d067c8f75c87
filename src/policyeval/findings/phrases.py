"""Days, numbers and measures in words, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from policyeval.findings.models import Number, Part

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True)
class Said:
    """The same words in both languages."""

    zh: str
    en: str

    def text(self) -> dict[str, str]:
        """By language code, as the models hold it."""
        return {"zh": self.zh, "en": self.en}


def day_said(day: date) -> Said:
    """A day: `2025年6月30日`, `30 June 2025`."""
    return Said(
        f"{day.year}年{day.month}月{day.day}日", f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    )


def moment_said(at: datetime) -> Said:
    """An instant: its local day, and the time unless that is the day's first or last."""
    day = day_said(at.date())
    if (at.hour, at.minute, at.second) in {(0, 0, 0), (23, 59, 59)}:
        return day
    return Said(f"{day.zh}{at:%H:%M}", f"{day.en}, {at:%H:%M}")


def deadline_said(at: datetime | None) -> Said:
    """A deadline: its local day, and the time unless that is the day's end."""
    if at is None:
        return Said("尚未确定的期限", "a date that is not known yet")
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        day = day_said(at.date())
        return Said(f"{day.zh}00:00", f"{day.en}, 00:00")
    return moment_said(at)


def joined(said: Iterable[Said | None]) -> Said:
    """Several phrases as one; None is left out."""
    every = [each for each in said if each is not None]
    return Said("".join(each.zh for each in every), " ".join(each.en for each in every))


def span_said(first: date | None, last: date | None) -> Said:
    """From when until when; nothing for an open side."""
    starts = Said(f"自{day_said(first).zh}", f" from {day_said(first).en}") if first else None
    ends = Said(f"至{day_said(last).zh}", f" to {day_said(last).en}") if last else None
    zh = "".join(each.zh for each in (starts, ends) if each)
    en = "".join(each.en for each in (starts, ends) if each)
    return Said(f"（{zh}）" if zh else "", en)


def bound_said(part: Part) -> Said:
    """What a part requires, as a phrase."""
    low, high = part.at_least, part.at_most
    if part.measure == "longest_gap":
        if not high:
            return Said("该状态不得中断", "no gap in the state")
        return Said(
            f"该状态连续中断不超过{written(high)}天",
            f"no gap in the state longer than {number_said(high, 'day')}",
        )
    word, unit, about = _measured(part)
    if low is not None and high is not None:
        least, most = written(low), number_said(high, word)
        amount = Said(least, f"exactly {most}")
        if low != high:
            amount = Said(f"{least}至{written(high)}", f"{least} to {most}")
        return Said(f"{about.zh}{amount.zh}{unit.zh}", f"{amount.en}{about.en}")
    if high is not None:
        return Said(
            f"{about.zh}不超过{written(high)}{unit.zh}",
            f"no more than {number_said(high, word)}{about.en}",
        )
    low = low or 0
    return Said(
        f"{about.zh}至少{written(low)}{unit.zh}", f"at least {number_said(low, word)}{about.en}"
    )


_MEASURED = {
    "count": ("", Said("次", ""), Said("", "")),
    "days_held": ("day", Said("天", ""), Said("该状态累计保持", " held")),
    "longest_gap": ("day", Said("天", ""), Said("", "")),
    "sum": ("", Said("", ""), Said("合计", " in total")),
    "distinct": ("", Said("种", ""), Said("不同的", " different ones")),
    "average": ("", Said("", ""), Said("平均", " on average")),
    "largest": ("", Said("", ""), Said("最大", " at the highest")),
    "smallest": ("", Said("", ""), Said("最小", " at the lowest")),
    "buckets": ("", Said("组", ""), Said("达标的", " groups that suffice")),
}


def _measured(part: Part) -> tuple[str, Said, Said]:
    """The unit's word in English, the unit in both languages, and what is measured."""
    return _MEASURED[part.measure]


def unit_said(part: Part) -> Said:
    """The unit of a part's measure."""
    word, unit, _about = _measured(part)
    return Said(unit.zh, word)


def number_said(number: Number, word: str) -> str:
    """`1 day`, `2 days`; just the number without a word."""
    said = written(number)
    return f"{said} {word}{'' if number == 1 else 's'}" if word else said


def written(number: Number) -> str:
    """A number of up to six decimal places: `0.00005`, never `5e-05`."""
    return f"{number:.6f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)


def less(number: Number, taken: Number) -> Number:
    """What is left of a number: of 10.3 less 10.1 it is 0.2, whatever binary fractions say."""
    left = round(number - taken, 6)
    return int(left) if left == int(left) else left


def amount_said(part: Part) -> Said:
    """What was counted for a part, as a phrase."""
    if part.measure == "longest_gap":
        if not part.counted:
            return Said("未发生中断", "no gap")
        return Said(
            f"最长连续中断{written(part.counted)}天",
            f"the longest gap was {number_said(part.counted, 'day')}",
        )
    if part.measure == "days_held":
        return Said(
            f"累计保持{written(part.counted)}天", f"held on {number_said(part.counted, 'day')}"
        )
    _word, unit, about = _measured(part)
    zh = [f"期限内有效{about.zh}{written(part.counted)}{unit.zh}"]
    en = [f"{written(part.counted)}{about.en} counted in time"]
    if part.late:
        zh.append(f"逾期{written(part.late)}{unit.zh}")
        en.append(f"{written(part.late)} late")
    if part.defective:
        zh.append(f"不符合条件{part.defective}次")
        en.append(f"{part.defective} did not meet the conditions")
    return Said("，".join(zh), ", ".join(en))


def name_said(part: Part) -> Said:
    """A part's title, or its id where a language has none."""
    either = next(iter(part.title.values()), part.name)
    return Said(part.title.get("zh", either), part.title.get("en", either))
