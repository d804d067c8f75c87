"""The words of reports, in Chinese and English."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from policyeval.findings.models import Counts, Finding, Number, Text, Verdict
from policyeval.findings.phrases import day_said, deadline_said, moment_said, written
from policyeval.reports.wording import LETTERS, MEANINGS, VERDICTS, WORDS

WORST_FIRST = tuple(Verdict)
"""Verdicts, the worst first."""


class Words:
    """Words in one language.

    Args:
        lang: `zh` or `en`.

    Raises:
        ValueError: another language.
    """

    def __init__(self, lang: str) -> None:
        if lang not in {"zh", "en"}:
            raise ValueError(f"reports are written in `zh` or `en`, not `{lang}`")
        self.lang = lang
        self.tag = "zh-CN" if lang == "zh" else "en"
        self.verdicts = WORST_FIRST
        self._at = 0 if lang == "zh" else 1

    def __call__(self, key: str, **values: object) -> str:
        """The word for `key`, with `{name}` filled in from `values`; a KeyError if unknown."""
        word = WORDS[key][self._at]
        return word.format(**values) if values else word

    def known(self, key: str, default: str) -> str:
        """The word for `key`, or `default` where there is none."""
        return WORDS[key][self._at] if key in WORDS else default

    def verdict(self, verdict: str) -> str:
        """A verdict as a word."""
        return VERDICTS[verdict][self._at]

    def letter(self, verdict: str) -> str:
        """A verdict as one character."""
        return LETTERS[verdict][self._at]

    def meaning(self, verdict: str) -> str:
        """What a verdict means, in a sentence."""
        return MEANINGS[verdict][self._at]

    def text(self, text: Text | None) -> str:
        """A text in this language, or in whatever language there is."""
        if not text:
            return ""
        return text.get(self.lang) or next((each for each in text.values() if each), "")

    def day(self, day: date | None) -> str:
        """A day: `2025年6月30日`."""
        return self.text(day_said(day).text()) if day else ""

    def moment(self, at: datetime | None) -> str:
        """An instant, with its time unless it stands for the whole day."""
        return self.text(moment_said(at).text()) if at else ""

    def deadline(self, at: datetime | None) -> str:
        """A deadline, with its time unless it is the end of a day; or that it is not known yet."""
        return self.text(deadline_said(at).text()) if at else self("not_known")

    def due(self, at: datetime | None) -> str:
        """When something falls due, as a phrase: `Due 30 June 2025`."""
        return f"{self('due')} {self.deadline(at)}" if at else self("due_unknown")

    def span(self, first: date, last: date) -> str:
        """Two days as a span; one day where they are the same."""
        if first == last:
            return self.day(first)
        return self("range", first=self.day(first), last=self.day(last))

    def open_span(self, first: date | None, last: date | None) -> str:
        """A span of which a side may be open."""
        if first is not None and last is not None:
            return self.span(first, last)
        if first is not None:
            return self("from_day", day=self.day(first))
        return self("until_day", day=self.day(last)) if last is not None else self("no_end")

    def part(self, finding: Finding, name: str | None) -> str:
        """The title of a part of a finding, or its name."""
        titles = {each.name: self.text(each.title) for each in finding.parts}
        return titles.get(name or "") or name or ""

    def bounds(self, low: Number | None, high: Number | None) -> str:
        """What a part requires: `at least 2`."""
        if low is not None and high is not None:
            least, most = self.number(low), self.number(high)
            return (
                self("exactly", n=least) if low == high else self("between", low=least, high=most)
            )
        if high is not None:
            return self("at_most", n=self.number(high))
        return self("at_least", n=self.number(low or 0))

    def number(self, number: Number) -> str:
        """A number with its thousands set apart."""
        return f"{exact(number):,f}"

    def short(self, number: int) -> str:
        """A number in at most three characters, for a cell of the map."""
        if number < 1_000:
            return str(number)
        return f"{number // 1_000}k" if number < 100_000 else "∞"

    def cut(self, text: str | None, most: int = 120) -> str:
        """A value from a file, shortened if it is very long."""
        text = text or ""
        return text if len(text) <= most else f"{text[:most]}…"

    def files(self, names: tuple[str, ...]) -> str:
        """Where the full list of findings is: file names beside the report, if any."""
        if not names:
            return self("full_elsewhere")
        return self("same_folder", files=self("list_comma").join(names))


def exact(number: Number) -> Decimal:
    """A number with up to six decimal places, as it is written: `0.00005` and never `5e-05`."""
    return Decimal(written(number))


def count_of(counts: Counts, verdict: str) -> int:
    """How many findings of a verdict."""
    number: int = getattr(counts, verdict)
    return number


def total(counts: Counts) -> int:
    """How many findings in all."""
    return sum(count_of(counts, verdict) for verdict in WORST_FIRST)


def worst(counts: Counts) -> str | None:
    """The worst verdict among the findings; None if there are none."""
    return next((v.value for v in WORST_FIRST if count_of(counts, v)), None)
