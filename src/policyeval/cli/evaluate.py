"""`policyeval evaluate`: the main job."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from policyeval import api
from policyeval.cli.console import PlainConsole
from policyeval.cli.ending import reader_may_leave
from policyeval.findings.models import Verdict
from policyeval.reports import FORMATS, write_reports
from policyeval.reports.terminal import print_summary

_STEPS = {
    "policy": "Reading policy and organisation",
    "events": "Reading events",
    "obligations": "Working out obligations",
    "evidence": "Matching evidence",
    "judgement": "Judging",
    "accountability": "Finding who answers",
    "reports": "Writing reports",
}
_WORST_FIRST = [verdict.value for verdict in Verdict]
_FILE = click.Path(path_type=Path)


_SIZE = re.compile(r"[1-9]\d*(\.\d+)? ?([KMGT]i?B)", re.IGNORECASE)


def _day(_context: click.Context, _option: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day only
    except ValueError:
        raise click.BadParameter(f"{value} is no day such as 2025-12-31") from None


def _size(_context: click.Context, _option: click.Parameter, value: str) -> str:
    if not _SIZE.fullmatch(value):
        raise click.BadParameter(f"{value} is no size such as 1500MB or 4GB")
    return value


@click.command()
@click.argument("policy", type=_FILE)
@click.option("--organisation", required=True, type=_FILE, help="Units, people, appointments.")
@click.option(
    "--events", required=True, multiple=True, type=_FILE, help="CSV, JSONL, Parquet or XLSX."
)
@click.option("--waivers", type=_FILE, help="Waivers.")
@click.option("--profile", type=_FILE, help="Import profile that maps a foreign export.")
@click.option(
    "--as-of", callback=_day, metavar="DAY", help="Last day looked at; today if left out."
)
@click.option(
    "--since", callback=_day, metavar="DAY", help="Leave out what closed before this day."
)
@click.option(
    "--known-by", callback=_day, metavar="DAY", help="Leave out what was recorded after this day."
)
@click.option(
    "--out", type=_FILE, default=Path("policyeval-report"), show_default=True, help="Folder."
)
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(sorted(FORMATS)),
    default=("html", "json", "csv"),
    show_default=True,
    help="What to write; may be given several times.",
)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="en",
    show_default=True,
    help="Language of the summary and the HTML report.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["unmet", "undetermined", "needs_review", "late", "pending"]),
    help="Exit with 1 if a finding is this bad or worse.",
)
@click.option("--strict", is_flag=True, help="Exit with 3 if rows were rejected.")
@click.option("--threads", type=click.IntRange(1), help="Processor threads; all if left out.")
@click.option(
    "--memory",
    default="1500MB",
    show_default=True,
    callback=_size,
    metavar="SIZE",
    help="Memory of the data engine.",
)
@click.option("--quiet", is_flag=True, help="Print no summary.")
def evaluate(
    policy: Path,
    organisation: Path,
    events: tuple[Path, ...],
    waivers: Path | None,
    profile: Path | None,
    as_of: date | None,
    since: date | None,
    known_by: date | None,
    out: Path,
    formats: tuple[str, ...],
    lang: str,
    fail_on: str | None,
    strict: bool,
    threads: int | None,
    memory: str,
    quiet: bool,
) -> None:
    """Evaluate a policy against an export of events, and write reports.

    \b
    Example:
      policyeval evaluate policy/plan --organisation org.yaml \\
        --events year.csv --profile profile.yaml --as-of 2025-12-31 --out report
    """
    options: dict[str, object] = {"memory_limit": memory}
    if threads is not None:
        options["threads"] = threads
    with _progress(quiet) as tell:
        evaluation = api.evaluate(
            policy,
            organisation=organisation,
            events=events,
            waivers=waivers,
            profile=profile,
            as_of=as_of,
            since=since,
            known_by=known_by,
            on_step=tell,
            options=options,
        )
        tell("reports")
        with evaluation:
            written = write_reports(evaluation, out, list(dict.fromkeys(formats)), lang)
            tell("")
            if not quiet:
                with reader_may_leave():
                    print_summary(evaluation, PlainConsole(), lang, written)
            code = _exit_code(evaluation, fail_on, strict)
    sys.exit(code)


def _exit_code(evaluation: api.Evaluation, fail_on: str | None, strict: bool) -> int:
    if strict and evaluation.rejected:
        return 3
    if fail_on is None:
        return 0
    bad = _WORST_FIRST[: _WORST_FIRST.index(fail_on) + 1]
    return 1 if any(getattr(evaluation.counts, verdict) for verdict in bad) else 0


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A progress bar over the steps, on a terminal's standard error."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _step: None
        return
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(_STEPS))

        def tell(step: str) -> None:
            if step:
                done = list(_STEPS).index(step)
                progress.update(task, description=_STEPS[step], completed=done)
            else:
                progress.stop()

        yield tell
