"""A headless Chromium, and reports to open in it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

sys.path.append(str(Path(__file__).parents[1] / "reports"))  # the outcomes made by hand

from browser_page import Browser
from reports_bureau import bureau

from policyeval.reports.html import write_html

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _found(*names: str) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    chromium, chromedriver = _found(*BROWSERS), _found("chromedriver")
    if chromium is None or chromedriver is None:
        missing = "Chromium" if chromium is None else "chromedriver"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{missing} is missing, and CI must open reports in it")
        pytest.skip(f"{missing} is missing: install chromium and chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for option in (*OPTIONS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(chromedriver))
    yield started
    started.quit()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small bureau's report, in `en` and `zh`."""
    folder = tmp_path_factory.mktemp("reports")
    for lang in ("en", "zh"):
        write_html(bureau(), folder / lang, lang)
    return folder


@pytest.fixture
def browser(driver: webdriver.Chrome) -> Browser:
    return Browser(driver)


@pytest.fixture
def page(browser: Browser, folder: Path) -> Browser:
    """The English report, just opened."""
    browser.open(folder / "en" / "report.html")
    return browser
