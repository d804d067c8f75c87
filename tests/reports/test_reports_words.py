"""The words of reports: every one in both languages, saying the same, and none without a use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policyeval import reports
from policyeval.findings.models import Verdict
from policyeval.language.duty import Duty
from policyeval.reports.wording import LETTERS, MEANINGS, VERDICTS, WORDS
from policyeval.reports.words import Words

BUILT = ("key_", "status_", "measure_", "kind_", "review_")
"""Words whose name is put together from what the data says."""
FOLDER = Path(reports.__file__).parent
SOURCES = [path for path in FOLDER.rglob("*.*") if path.name != "wording.py"]


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_fill_in_the_same(key: str) -> None:
    zh, en = WORDS[key]
    assert zh
    assert en
    assert set(re.findall(r"{\w*}", zh)) == set(re.findall(r"{\w*}", en))


def test_every_word_has_a_use() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in SOURCES if path.suffix in {".py", ".j2"}
    )
    named = {*re.findall(r"[\"'](\w+)[\"']", text), "major", "minor", "document", "issued_by"}
    named |= {"qualitative", "out_of_scope"}
    assert [key for key in WORDS if key not in named and not key.startswith(BUILT)] == []


def test_every_verdict_has_a_word_a_meaning_and_a_letter_of_its_own() -> None:
    names = [verdict.value for verdict in Verdict]
    assert list(VERDICTS) == list(MEANINGS) == list(LETTERS) == names
    for at in (0, 1):
        letters = [letter[at] for letter in LETTERS.values()]
        assert len(set(letters)) == len(names)
        assert all(len(letter) == 1 for letter in letters)


def test_every_key_of_a_duty_that_may_be_assumed_has_a_word() -> None:
    unsaid = {"title", "clause", "rationale", "assumed"}
    written = [field.alias or name for name, field in Duty.model_fields.items()]
    assert [key for key in written if key not in unsaid and f"key_{key}" not in WORDS] == []


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (2, None, "at least 2"),
        (None, 0, "at most 0"),
        (2, 2, "2"),
        (2, 3, "2 to 3"),
        (None, None, "at least 0"),
    ],
)
def test_what_is_required_in_words(low: int | None, high: int | None, said: str) -> None:
    assert Words("en").bounds(low, high) == said


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1"), (999, "999"), (1_999, "1k"), (99_999, "99k"), (100_000, "∞")]
)
def test_a_number_in_a_cell_of_the_map_stays_short(number: int, said: str) -> None:
    assert Words("en").short(number) == said


def test_a_text_in_one_language_only_is_better_than_none() -> None:
    assert Words("en").text({"zh": "专题研究"}) == "专题研究"
    assert Words("en").text({"en": "", "zh": "专题研究"}) == "专题研究"
    assert Words("en").text({}) == ""
