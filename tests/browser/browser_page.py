"""A report in a browser, as its tests see it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait


class Browser:
    """One window; each `open` forgets what was there before."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, path: Path, width: int = 1200, hash_: str = "") -> None:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(path.as_uri() + hash_)

    def run(self, script: str, *values: Any) -> Any:
        return self.driver.execute_script(script, *values)

    def find(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def click(self, css: str) -> None:
        """Click by the page's own means, wherever it stands."""
        self.run("arguments[0].click()", self.find(css))

    def choose(self, name: str, label: str) -> None:
        Select(self.find(f"#filters [name={name}]")).select_by_visible_text(label)

    def search(self, text: str) -> None:
        field = self.find("#filters [name=text]")
        field.clear()
        field.send_keys(text)

    def shown(self) -> list[str]:
        """The titles of the findings that can be seen, and of which unit."""
        return self.run(
            """return [...document.querySelectorAll("details.finding")]
            .filter(e => e.checkVisibility())
            .map(e => e.closest("section").querySelector("h3 bdi").textContent + ": "
              + e.querySelector(".what bdi").textContent)"""
        )

    def until(self, number: int) -> None:
        """Wait until so many findings can be seen."""
        WebDriverWait(self.driver, 15).until(
            lambda _: len(self.shown()) == number, f"{number} findings should be seen"
        )

    def wait_for(self, script: str) -> None:
        """Wait until a script gives true."""
        WebDriverWait(self.driver, 15).until(lambda _: self.run(script), script)

    def status(self) -> str:
        return self.find("#shown").text

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Every address that was asked for since the page was opened."""
        events = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        return [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def pdf(self, path: Path) -> Path:
        """Print on the paper that the page asks for."""
        options = {"preferCSSPageSize": True, "printBackground": True}
        printed = self.driver.execute_cdp_cmd("Page.printToPDF", options)
        path.write_bytes(base64.b64decode(printed["data"]))
        return path
