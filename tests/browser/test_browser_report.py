"""The HTML report as a reader has it: opened from a file, filtered, narrow, printed."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from browser_page import Browser
from reports_bureau import bureau
from reports_hostile import TEXTS, hostile
from reports_wide import wide
from reports_world import World, large
from selenium.webdriver.common.keys import Keys

from policyeval.reports.html import write_html

pytestmark = pytest.mark.browser

FIRST = bureau().every[0]
"""The unmet half-year report of the party group."""


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_opens_from_a_file_without_a_complaint_or_a_request(
    browser: Browser, folder: Path, lang: str
) -> None:
    path = folder / lang / "report.html"
    browser.open(path)
    browser.click("#open-all")
    assert len(browser.shown()) == len(bureau().every)
    assert browser.complaints() == []
    assert browser.requests() == [path.as_uri()]


def test_it_filters_by_unit(page: Browser) -> None:
    page.choose("unit", "Bureau office")
    page.until(2)
    assert page.shown() == ["Bureau office: Topical study", "Bureau office: Account staffed"]
    assert page.status() == "2 of 13 findings shown"


def test_it_filters_by_several_verdicts(page: Browser) -> None:
    page.click("#filters [value=late]")
    page.until(1)
    page.click("#filters [value=waived]")
    page.until(2)
    assert {"Party group: Supervision of subordinate units"} == set(page.shown())


def test_it_filters_by_duty_person_and_text_together(page: Browser) -> None:
    page.choose("duty", "4. Public concern answered")
    page.until(5)
    page.choose("person", "李明")
    page.search("highway C-22")
    page.until(1)
    assert page.shown() == ["Highway station: Public concern answered"]


def test_the_search_finds_evidence_and_full_width_letters(page: Browser) -> None:
    page.search("ｒ-０６１１")
    page.until(1)


def test_it_says_when_nothing_matches_and_how_many_are_shown_is_announced(page: Browser) -> None:
    assert not page.find("#no-match").is_displayed()
    page.search("no such thing")
    page.until(0)
    assert page.find("#no-match").is_displayed()
    assert page.status() == "0 of 13 findings shown"
    assert page.find("#shown").get_attribute("aria-live") == "polite"
    page.click("#filters [type=reset]")
    page.until(13)
    assert not page.find("#no-match").is_displayed()


def test_a_cell_of_the_map_filters_by_its_unit_and_duty(page: Browser) -> None:
    page.click('.map a[aria-label^="Party group × Half-year report"]')
    page.until(2)
    assert set(page.shown()) == {"Party group: Half-year report"}


def test_a_person_leads_to_their_findings(page: Browser) -> None:
    page.click("#people .act a")
    page.until(4)


def test_a_finding_opens_by_keyboard_and_says_everything(page: Browser) -> None:
    summary = page.find(f"#f-{FIRST.id} summary")
    summary.send_keys(Keys.ENTER)
    said = page.find(f"#f-{FIRST.id} .body").text
    for text in ("Reason", "1 did not meet the conditions", "R-0611", "form = written"):
        assert text in said
    for text in ("张建国", "Secretary", "first responsible", "unmet-rule", "5 July 2025"):
        assert text in said


def test_a_link_to_a_finding_opens_it(browser: Browser, folder: Path) -> None:
    browser.open(folder / "en" / "report.html", hash_=f"#f-{FIRST.id}")
    assert browser.find(f"#f-{FIRST.id}").get_attribute("open")
    browser.wait_for(f"return document.activeElement.parentElement.id === 'f-{FIRST.id}'")


def test_a_link_to_a_finding_that_is_filtered_out_shows_it(page: Browser) -> None:
    page.choose("unit", "Bureau office")
    page.until(2)
    page.click(f'#escalations a[href="#f-{FIRST.id}"]')
    page.until(13)
    assert page.find(f"#f-{FIRST.id}").get_attribute("open")


def test_the_same_link_opens_the_finding_again(page: Browser) -> None:
    link = f'#escalations a[href="#f-{FIRST.id}"]'
    page.click(link)
    page.click("#close-all")
    page.click(link)
    assert page.find(f"#f-{FIRST.id}").get_attribute("open")


@pytest.mark.parametrize("name", [None, "long", "long chinese", "script"])
@pytest.mark.parametrize("width", [375, 320, 768])
def test_a_narrow_window_never_scrolls_sideways(
    browser: Browser, tmp_path: Path, width: int, name: str | None
) -> None:
    write_html(hostile(TEXTS[name]) if name else bureau(), tmp_path, "en")
    browser.open(tmp_path / "report.html", width=width)
    browser.run("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert browser.run("return document.documentElement.scrollWidth") <= width


def test_a_wide_map_scrolls_in_its_own_box(browser: Browser, tmp_path: Path) -> None:
    write_html(large(units=3, duties=26, evidence=0), tmp_path, "en")
    browser.open(tmp_path / "report.html", width=375)
    wide, box = browser.run(
        "const e = document.querySelector('.map');return [e.scrollWidth, e.clientWidth]"
    )
    assert wide > box
    assert browser.run("return document.documentElement.scrollWidth") <= 375


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_from_the_data_runs(browser: Browser, tmp_path: Path, name: str) -> None:
    write_html(hostile(TEXTS[name]), tmp_path, "en")
    path = tmp_path / "report.html"
    browser.open(path)
    browser.click("#open-all")
    browser.until(13)
    assert browser.run("return window.injected") is None
    assert browser.complaints() == []
    assert browser.requests() == [path.as_uri()]


CONTRAST = """
const part = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const light = (c) => part(c / 255);
const lum = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
const rgb = (s) => s.match(/[\\d.]+/g).map(Number);
const back = (e) => {
  for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c;
  }
  return [255, 255, 255];
};
document.querySelectorAll("details").forEach((e) => (e.open = true));
const bad = new Set();
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
  const e = walk.currentNode.parentElement;
  if (!walk.currentNode.textContent.trim() || !e.checkVisibility()) continue;
  const [a, b] = [lum(rgb(getComputedStyle(e).color)), lum(back(e))].sort((x, y) => y - x);
  if ((a + 0.05) / (b + 0.05) < 4.5) bad.add(e.outerHTML.slice(0, 120));
}
return [...bad];
"""


def test_all_text_has_enough_contrast(page: Browser) -> None:
    assert page.run(CONTRAST) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_decisions_and_open_deadlines_can_be_read_and_filtered(
    browser: Browser, tmp_path: Path, lang: str
) -> None:
    write_html(wide(), tmp_path, lang)
    browser.open(tmp_path / "report.html", width=375)
    assert browser.run(CONTRAST) == []
    assert browser.run("return document.documentElement.scrollWidth") <= 375
    browser.click("#filters [value=needs_review]")
    browser.until(3)
    assert browser.complaints() == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_prints_on_a4_with_every_finding_open(
    browser: Browser, folder: Path, tmp_path: Path, lang: str
) -> None:
    browser.open(folder / lang / "report.html")
    pdf = browser.pdf(tmp_path / "report.pdf")
    assert pdf.read_bytes().startswith(b"%PDF")
    assert not browser.find(f"#f-{FIRST.id}").get_attribute("open")
    if shutil.which("pdfinfo") is None or shutil.which("pdftotext") is None:
        return
    facts = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    assert "A4" in facts
    assert int(re.findall(r"Pages: +(\d+)", facts)[0]) > 1
    run = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    said = run.stdout.decode()
    for finding in bureau().every:
        assert finding.id in said
        assert all(each.event in said for each in (*finding.evidence, *finding.defective_evidence))
    hidden = {"en": "Clear filters", "zh": "清除筛选"}[lang]
    assert hidden not in said


def test_a_filtered_report_prints_what_is_shown_and_says_so(page: Browser, tmp_path: Path) -> None:
    page.choose("unit", "Bureau office")
    page.until(2)
    pdf = page.pdf(tmp_path / "report.pdf")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing: install poppler-utils")
    run = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True)
    said = run.stdout.decode()
    assert "2 of 13 findings shown" in said
    assert "M-0901" in said
    assert "R-0611" not in said


def test_it_can_be_read_and_printed_without_scripts(page: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_html(bureau(), tmp_path, "en")
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page.open(path)
        assert not page.find("#filters").is_displayed()
        assert page.find("#f-" + FIRST.id).is_displayed()
        pdf = page.pdf(tmp_path / "report.pdf")
    finally:
        page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    if shutil.which("pdftotext"):
        run = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True)
        assert "R-0611" in run.stdout.decode()


def test_thousands_of_findings_stay_usable(browser: Browser, tmp_path: Path) -> None:
    write_html(large(units=1_000, duties=5, evidence=3), tmp_path, "en")
    browser.open(tmp_path / "report.html")
    start = time.monotonic()
    browser.search("unit-00077")
    browser.until(5)
    assert time.monotonic() - start < 10  # it takes about a second


def test_an_empty_report_opens(browser: Browser, tmp_path: Path) -> None:
    write_html(World([]), tmp_path, "en")
    browser.open(tmp_path / "report.html")
    assert browser.complaints() == []
    assert browser.status() == "0 of 0 findings shown"
