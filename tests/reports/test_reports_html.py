"""`report.html`: one file, safe with any data, the same each time, and never too large."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from reports_bureau import bureau
from reports_hostile import TEXTS, hostile
from reports_world import World, answers, finding, large

from policyeval.reports.html import rendered, write_html
from policyeval.reports.html_parts import Limits

VOID = {"meta", "link", "input", "rect", "br", "img"}


def text_of(world: World, lang: str = "en", **more: object) -> str:
    return "".join(rendered(world, lang, **more))  # type: ignore[arg-type]


class Outline(HTMLParser):
    """The elements of a page with the names of their attributes; it fails if they don't nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.values: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            self.values.setdefault(name, []).append(value or "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("harm", TEXTS.values(), ids=TEXTS)
def test_no_text_from_the_data_changes_the_page(harm: str, lang: str) -> None:
    assert Outline(text_of(hostile(harm), lang)).elements == Outline(text_of(bureau())).elements


@pytest.mark.parametrize("name", ["script", "quotes", "template", "comment", "hebrew"])
def test_what_the_data_says_is_shown_as_it_is(name: str) -> None:
    assert TEXTS[name] in html.unescape(text_of(hostile(TEXTS[name])))


@pytest.mark.parametrize("name", ["direction", "controls", "surrogate"])
def test_characters_that_hide_or_turn_text_are_made_visible(name: str) -> None:
    page = text_of(hostile(TEXTS[name]))
    assert "\N{REPLACEMENT CHARACTER}" in page
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page
    )


def test_only_our_style_and_script_may_run() -> None:
    page = text_of(bureau())
    [rules] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    rules = html.unescape(rules)
    assert rules.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        [inline] = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in rules


def test_the_page_asks_for_nothing_outside_itself() -> None:
    found = Outline(text_of(bureau()))
    assert "src" not in found.values
    assert "style" not in found.values
    assert not [name for name in found.values if name.startswith("on")]
    assert all(link.startswith("#") for link in found.values["href"])
    assert not re.search(r"url\(|@import|fetch\(|XMLHttp|innerHTML|eval\(", text_of(bureau()))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_id_is_used_once_and_every_link_leads_somewhere(lang: str) -> None:
    found = Outline(text_of(bureau(), lang))
    ids = found.values["id"]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in found.values["href"]} <= set(ids)
    assert set(found.values["aria-labelledby"]) <= set(ids)


def test_a_link_to_a_finding_holds_for_the_next_report() -> None:
    one, other = finding(1, "met"), finding(2, "unmet")
    assert f'id="f-{one.id}"' in text_of(World([one]))
    assert f'id="f-{one.id}"' in text_of(World([other, one]))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_of_the_outcome_is_in_the_page(lang: str) -> None:
    page = html.unescape(text_of(bureau(), lang))
    for each in bureau().findings():
        assert each.reason[lang] in page
        assert each.title[lang] in page
        assert each.rule in page
        assert each.clause in page
        said = [*(e.event for e in each.evidence), *(d.event for d in each.defective_evidence)]
        said += [label for d in each.defective_evidence for label in d.failed]
        said += [part.name for part in each.parts]
        said += [each.waiver.reason, each.waiver.approved_by] if each.waiver else []
        said += [each.remedy.text[lang]] if each.remedy else []
        said += [a.post_title[lang] for a in each.accountable]
        assert [text for text in said if text not in page] == []
    header = bureau().header
    for notice in header.notices:
        assert notice.text[lang] in page
    for clause in header.not_evaluated:
        assert clause.clause in page
    for row in bureau().rows:
        assert row.reason[lang] in page
    for raised in header.escalations:
        assert raised.addressed_to_title[lang] in page


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_says_its_language(lang: str, tag: str) -> None:
    assert f'<html lang="{tag}">' in text_of(bureau(), lang)


def test_every_cell_of_the_map_has_a_letter_and_a_label() -> None:
    page = text_of(bureau())
    cells = re.findall(r'<td class="v-(\w+)"><a [^>]*aria-label="([^"]*)"><b>(.)</b>', page)
    assert ("unmet", "Party group × Half-year report: unmet 1, met 1", "U") in cells
    assert len(cells) == len({(f.bearer.unit, f.duty) for f in bureau().every})


def test_units_and_people_stand_in_the_order_given() -> None:
    page = text_of(bureau())
    shown = re.findall(
        r'<section class="(?:unit|person)".*?<h3[^>]*><bdi>(.*?)</bdi>', page, re.DOTALL
    )
    header = bureau().header
    assert shown == [*(u.title["en"] for u in header.units), *(p.name for p in header.people)]


def test_a_plan_without_findings_still_gives_a_page() -> None:
    page = text_of(World([]))
    Outline(page)
    assert page.count('<p class="none">None</p>') >= 5


def test_people_of_the_same_name_can_be_told_apart_in_the_filter() -> None:
    every = [
        finding(1, "unmet", accountable=(answers(person="a", name="王芳", vacant=False),)),
        finding(2, "unmet", accountable=(answers(person="b", name="王芳", vacant=False),)),
    ]
    page = text_of(World(every))
    assert ">王芳 (a)</option>" in page
    assert ">王芳 (b)</option>" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_outcome_gives_the_same_bytes(tmp_path: Path, lang: str) -> None:
    first = write_html(bureau(), tmp_path / "a", lang)[0].read_bytes()
    assert first == write_html(bureau(), tmp_path / "b", lang)[0].read_bytes()


def test_what_is_left_out_is_said_and_where_it_is() -> None:
    limits = Limits(findings=5, units=2, people=1, per_person=1, rejected=1, evidence=1)
    page = text_of(bureau(), limits=limits, full_lists=("report.json",))
    assert "There are 13 findings. The worst 5 are shown here and 8 are left out." in page
    assert "report.json in the same folder" in page
    assert "2 more units are left out." in page
    assert "2 more people are left out." in page
    assert "Only the first 1 are listed here" in page
    assert "findings are not in this page" in page


def test_evidence_beyond_the_pages_share_is_counted() -> None:
    world = large(units=1, duties=1, evidence=50)
    page = text_of(world, limits=Limits(evidence=10))
    assert page.count("EV-0000") == 20  # ten of each kind
    assert "990 more not listed" in page  # of 50 listed and 950 more
    assert "40 more not listed" in page


def test_a_report_of_twenty_thousand_units_stays_small() -> None:
    world = large(units=1_700, duties=3, evidence=50)
    units = world.header.units
    more = tuple(units[0].model_copy(update={"unit": f"more-{n}"}) for n in range(18_300))
    page = text_of(world.but(units=(*units, *more)))
    assert page.count('<details class="finding"') == 5_000
    assert "19,850 more units are left out." in page
    assert len(page.encode()) < 15_000_000


def test_a_plan_of_many_duties_has_its_map_in_several_tables() -> None:
    page = text_of(large(units=2, duties=60, evidence=0))
    numbers = re.findall(r'aria-label="Units and duties ([^"]*)"', page)
    assert numbers == ["1–20", "21–40", "41–60"]
