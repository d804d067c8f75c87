"""`report.html`: one file that opens offline, can be mailed, filtered and printed.

It asks for nothing outside itself: styles and script stand in it, and its content security policy
lets only those two run, by their hashes. Everything from the data is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from policyeval.reports.data import ReportData
from policyeval.reports.html_parts import Limits
from policyeval.reports.html_view import page
from policyeval.reports.words import Words
from policyeval.reports.writing import text_file

NAME = "report.html"

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, lone surrogates, and marks that change the direction of what follows."""


def write_html(
    data: ReportData,
    out: Path,
    lang: str,
    *,
    full_lists: tuple[str, ...] = (),
    limits: Limits | None = None,
) -> list[Path]:
    """Write `report.html` into the folder `out`.

    Args:
        data: what to write.
        out: the folder.
        lang: `zh` or `en`.
        full_lists: files beside the report that hold every finding, if it leaves some out.
        limits: how much of each list is shown.

    Returns:
        The path written.

    Raises:
        OutputError: it could not be written.
        ValueError: an unknown language.
    """
    path = out / NAME
    pieces = rendered(data, lang, full_lists=full_lists, limits=limits)
    with text_file(path) as stream:
        stream.writelines(pieces)
    return [path]


def rendered(
    data: ReportData,
    lang: str,
    *,
    full_lists: tuple[str, ...] = (),
    limits: Limits | None = None,
) -> Iterator[str]:
    """The text of the report, piece by piece; arguments as for `write_html`."""
    words = Words(lang)
    style, script = _asset("report.css"), _asset("report.js")
    template = _environment().get_template("report.html.j2")
    stream = template.stream(
        w=words,
        page=page(data, words, limits or Limits(), full_lists),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=(
            f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
            "base-uri 'none'; form-action 'none'"
        ),
    )
    stream.enable_buffering(200)
    return stream


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("policyeval.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: object) -> object:
    """What is put in the page: text from the data can't turn the line around it, nor hide in it."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", value)
    return value


@cache
def _asset(name: str) -> str:
    text = files("policyeval.reports").joinpath("templates", name).read_text(encoding="utf-8")
    return text.strip()


def _hash(text: str) -> str:
    """A content security policy's source for an inline style or script."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
