"""Decisions, open deadlines, decimals and any target, in the reports that people read."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

import pytest
from reports_hostile import TEXTS, hostile
from reports_wide import wide

from policyeval.findings.explain import explained
from policyeval.findings.models import Counts, Finding, Verdict
from policyeval.findings.summaries import badness
from policyeval.reports.csv import write_csv
from policyeval.reports.html import rendered
from policyeval.reports.words import Words, exact

EVERY = {int(each.id, 16): each for each in wide().every}


def cards(lang: str) -> dict[int, str]:
    """What the page says of each finding, by number."""
    page = "".join(rendered(wide(), lang))
    found = re.findall(r'<details class="finding" id="f-(\w+)"(.*?)</details>', page, re.DOTALL)
    return {int(name, 16): html.unescape(re.sub(r"<[^>]*>", "", text)) for name, text in found}


def table(lang: str, out: Path) -> dict[int, dict[str, str]]:
    path = next(path for path in write_csv(wide(), out, lang) if path.name == "findings.csv")
    rows = csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig")))
    name = {"zh": "编号", "en": "id"}[lang]
    return {int(row[name], 16): row for row in rows}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_what_a_person_is_asked_and_what_they_decided(lang: str) -> None:
    found = cards(lang)
    said = {
        "zh": {1: "尚未判定", 2: "已认可", 3: "已否定", 5: "尚未判定"},
        "en": {1: "not decided yet", 2: "accepted", 3: "refused", 5: "not decided yet"},
    }[lang]
    word = {"zh": "人工判定", "en": "Review"}[lang]
    for number, state in said.items():
        review = EVERY[number].review
        assert review is not None
        assert f"{word} {review.asks[lang]} {state}" in found[number]
    assert word not in found[30]


def test_what_is_asked_is_said_once_more_but_not_twice() -> None:
    """The box says it and the reason; the remedy would say the same again."""
    assert cards("en")[1].count("Were the measures appropriate?") == 2
    assert "What is still needed" not in cards("en")[1]


@pytest.mark.parametrize(
    ("lang", "verdict", "letter"), [("zh", "待人工判定", "审"), ("en", "needs review", "R")]
)
def test_the_verdict_has_a_chip_a_cell_and_a_place_in_the_legend(
    lang: str, verdict: str, letter: str
) -> None:
    page = "".join(rendered(wide(), lang))
    badge = (
        f'<span class="badge v-needs_review"><b aria-hidden="true">{letter}</b> {verdict}</span>'
    )
    assert f'<input type="checkbox" name="verdict" value="needs_review">{badge}' in page
    assert f"<dt>{badge}" in page
    assert re.search(rf'<td class="v-needs_review"><a [^>]*><b>{letter}</b></a></td>', page)
    assert '<rect class="v-needs_review"' in page
    assert ".v-needs_review {" in page


@pytest.mark.parametrize(("lang", "said"), [("zh", "期限未定"), ("en", "Due not known yet")])
def test_a_deadline_that_is_not_known_yet_is_said(lang: str, said: str) -> None:
    for number in (10, 11):
        assert said in cards(lang)[number]
        assert "None" not in cards(lang)[number]
    assert Words(lang).deadline(None) in said


def test_what_became_of_deciding_and_releasing_events_is_said() -> None:
    found = cards("zh")
    assert "判定为认可" in found[2]
    assert "判定为否定" in found[3]
    assert "解除义务" in found[11]


def test_amounts_are_written_as_people_write_them() -> None:
    found = cards("en")
    for text in ("sum", "at least 1,234.5", "1,020.25", "0.00005", "214.25 short"):
        assert text in found[20]
    assert "average" in found[21]
    assert "0.2 over" in found[21]


def test_a_person_is_told_by_name_and_id_and_a_word_by_itself() -> None:
    found = cards("en")
    assert re.search(r"About\s*陈静 person p-07", found[31])
    assert "About夜班Period" in found[30]


@pytest.mark.parametrize("harm", TEXTS.values(), ids=TEXTS)
def test_no_text_from_the_data_changes_the_page(harm: str) -> None:
    tags = re.compile(r"</?\w+")
    page, plain = ("".join(rendered(world, "en")) for world in (hostile(harm, wide()), wide()))
    assert tags.findall(page) == tags.findall(plain)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_spreadsheets_have_an_empty_cell_for_what_is_not_known(lang: str, tmp_path: Path) -> None:
    due, closes = {"zh": ("期限", "截止（含宽限）"), "en": ("due", "closes")}[lang]
    found = table(lang, tmp_path)
    assert (found[10][due], found[10][closes]) == ("", "")
    assert found[30][due].startswith("2025-12-31T23:59:59")


def test_spreadsheets_have_decimals_decisions_and_targets(tmp_path: Path) -> None:
    found = table("en", tmp_path)
    amounts = [found[20][name] for name in ("required", "counted", "late")]
    assert amounts == ["1234.5", "1020.25", "0.00005"]
    assert found[1]["verdict"] == "needs_review"  # the name in the JSON report
    assert (found[1]["review"], found[1]["review_state"]) == (
        "Were the measures appropriate?",
        "not decided yet",
    )
    assert (found[30]["review"], found[30]["target_kind"]) == ("", "value")
    assert (found[31]["target_kind"], found[31]["target"]) == ("person", "p-07")


def test_the_chinese_spreadsheet_is_in_chinese(tmp_path: Path) -> None:
    found = table("zh", tmp_path)
    assert (found[1]["结论"], found[1]["判定情况"]) == ("待人工判定", "尚未判定")
    assert (found[31]["对象类型"], found[32]["主体类型"]) == ("人员", "职务")


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (100, "100"), (1_000_000, "1,000,000"), (2.5, "2.5"), (5e-05, "0.00005")],
)
def test_a_number_in_words(number: float, said: str) -> None:
    assert Words("en").number(number) == said
    assert str(exact(number)) == said.replace(",", "")


def test_nothing_is_asked_of_a_person_where_not_enough_was_shown() -> None:
    assert "decide" not in EVERY[5].reason["en"]


def test_what_is_missing_has_no_noise_of_binary_fractions() -> None:
    part = EVERY[20].parts[0].model_copy(update={"at_least": 10.3, "counted": 10.1, "late": 0})
    changes = {"verdict": Verdict.pending, "required": 10.3, "counted": 10.1, "parts": (part,)}
    made: Finding = explained(EVERY[20].model_copy(update=changes))
    assert made.remedy is not None
    assert made.remedy.missing == 0.2
    assert "0.2 more" in made.remedy.text["en"]


def test_what_needs_review_is_worse_than_late_and_better_than_undetermined() -> None:
    order = [Counts(**{verdict: 1}) for verdict in Verdict]
    assert sorted(order[4::-1], key=badness) == order[:5]
