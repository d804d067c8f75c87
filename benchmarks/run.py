"""One command, one table: the whole evaluation beside three other ways to the same numbers.

    python benchmarks/run.py                   # 1 and 10 million events
    python benchmarks/run.py --events 20000    # a quick try

Each measurement is a process of its own: wall time from its start to its end, and the most memory
that it ever held. The totals of the hand-written SQL and of the pipeline must be the same, or the
run fails.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import plan
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
DEFAULT = Path("out/bench")
SLICE = 20_000
MAX_RATIO = 2.0
MAX_MEGABYTES = 2_000
COLUMNS = ("events", "from", "what", "seconds", "peak MB", "x (a)", "x (b)")


@dataclass(frozen=True)
class Measured:
    """What a process took."""

    seconds: float
    megabytes: float
    output: str


class MeasuredError(Exception):
    """A process that failed; says which and why."""


def measure(command: list[str], repeat: int = 1) -> Measured:
    """Run a command so many times; the fastest counts."""
    return min((_measure(command) for _ in range(repeat)), key=lambda each: each.seconds)


def _measure(command: list[str]) -> Measured:
    # The peak that the system reports begins with that of the process that forked. This one
    # imports nothing large, so that it does not matter.
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        lines = [line for line in output.splitlines() if line.strip()]
        raise MeasuredError(f"{shlex.join(command[:2])} …: {' / '.join(lines[-1:])}")
    unit = 1 if platform.system() == "Darwin" else 1024
    return Measured(seconds, usage.ru_maxrss * unit / 1e6, output)


def script(name: str, *arguments: object) -> list[str]:
    return [sys.executable, str(HERE / f"{name}.py"), *map(str, arguments)]


def prepare(folder: Path, sizes: list[int]) -> None:
    """Write what is missing, or all of it if the code that writes it has changed."""
    folder.mkdir(parents=True, exist_ok=True)
    code = b"".join((HERE / f"{name}.py").read_bytes() for name in ("plan", "generate"))
    stamp, version = folder / "generated-by.txt", hashlib.sha256(code).hexdigest()
    if not stamp.exists() or stamp.read_text() != version:
        for old in folder.glob("events-*"):
            old.unlink()
        plan.write(folder)
        stamp.write_text(version)
    for size in sizes:
        if not (folder / f"events-{size}.csv").exists():
            measure(script("generate", folder, size))


def pipeline(folder: Path, file: Path, report: Path, repeat: int) -> Measured:
    shutil.rmtree(report, ignore_errors=True)
    command = [
        str(Path(sys.executable).parent / "policyeval"),
        *("evaluate", str(folder / "policy"), "--organisation", str(folder / "organisation.yaml")),
        *("--events", str(file), "--as-of", plan.AS_OF.isoformat()),
        *("--out", str(report), "--format", "parquet", "--quiet"),
    ]
    return measure(command, repeat)


def same_totals(report: Path, by_hand: Measured) -> None:
    found = json.loads(measure(script("totals", report)).output)
    wanted = json.loads(by_hand.output)
    if sorted(found) != sorted(wanted):
        ours, theirs = ({tuple(row) for row in rows} for rows in (found, wanted))
        raise MeasuredError(
            f"the verdicts differ; pipeline only: {sorted(ours - theirs)}; "
            f"by hand only: {sorted(theirs - ours)}"
        )


class Bench:
    """Takes the measurements and keeps the rows of the table."""

    def __init__(self, folder: Path, repeat: int, console: Console) -> None:
        self.folder = folder
        self.repeat = repeat
        self.console = console
        self.rows: list[tuple[str, ...]] = []
        self.notes: list[str] = []
        self.failed = False

    def size(self, events: int) -> None:
        for kind in ("parquet", "csv"):
            self._file(events, kind, self.folder / f"events-{events}.{kind}")

    def _file(self, events: int, kind: str, file: Path) -> None:
        self.console.print(f"{events:,} events from {kind} …", style="dim")
        bare = measure(script("bare", file), self.repeat)
        by_hand = measure(
            script("handwritten", self.folder, file, self.folder / "by-hand.parquet"), self.repeat
        )
        about = (f"{events:,}", kind)
        self._row(*about, "(a) bare read", bare)
        self._row(*about, "(b) SQL by hand", by_hand, bare)
        report = self.folder / "report"
        try:
            whole = pipeline(self.folder, file, report, self.repeat)
            same_totals(report, by_hand)
        except MeasuredError as error:
            self.failed = True
            self.rows.append((*about, "policyeval", "failed", "", "", ""))
            self.notes.append(f"Failed: {error}")
            return
        self._row(*about, "policyeval", whole, bare, by_hand)
        ratio = whole.seconds / by_hand.seconds
        if kind == "parquet":
            verdict = "yes" if ratio <= MAX_RATIO and whole.megabytes <= MAX_MEGABYTES else "NO"
            self.notes.append(
                f"{events:,} from Parquet: {ratio:.2f} times (b), {whole.megabytes:,.0f} MB; "
                f"within {MAX_RATIO:g} times and {MAX_MEGABYTES:,} MB: {verdict}."
            )

    def naive(self, sizes: list[int]) -> None:
        file = self.folder / f"events-{max(sizes)}.parquet"
        measured = measure(script("naive", file, min(SLICE, max(sizes))))
        seconds, events, _ = measured.output.split()
        each = float(seconds) / int(events)
        self._row(f"{int(events):,}", "parquet", "(c) naive", measured)
        for size in sizes:
            text = f"~{each * size:,.1f}"
            self.rows.append((f"{size:,}", "", "(c) naive", text, "", "", ""))

    def organisation(self) -> None:
        measured = measure(script("organisation", self.folder), self.repeat)
        self._row(f"{plan.UNITS:,} units", "yaml", "policy, organisation", measured)

    def _row(
        self,
        events: str,
        kind: str,
        what: str,
        measured: Measured,
        bare: Measured | None = None,
        by_hand: Measured | None = None,
    ) -> None:
        ratios = (
            f"{measured.seconds / each.seconds:.2f}" if each else "" for each in (bare, by_hand)
        )
        numbers = (f"{measured.seconds:.2f}", f"{measured.megabytes:,.0f}")
        self.rows.append((events, kind, what, *numbers, *ratios))

    def write(self) -> None:
        compared = (
            "Not every measurement succeeded."
            if self.failed
            else "(b) and policyeval gave the same number of findings for every duty and verdict."
        )
        notes = [
            f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}.",
            f"{plan.UNITS:,} units, 20 duties, as of {plan.AS_OF}.",
            compared,
            "(b) lists no evidence, names nobody who answers and explains nothing.",
            "(c) has a rule per duty, posts each event by itself and counts; ~ is extrapolated.",
            *self.notes,
        ]
        table = Table(*COLUMNS)
        for column in table.columns[3:]:
            column.justify = "right"
        for row in self.rows:
            table.add_row(*row)
        self.console.print(table)
        for note in notes:
            self.console.print(note, highlight=False, markup=False)
        lines = ["| " + " | ".join(COLUMNS) + " |", "|---|---|---|---:|---:|---:|---:|"]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        target = self.folder / "table.md"
        target.write_text("\n".join([*lines, "", *notes]) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--dir", type=Path, default=DEFAULT, help="where the data is kept")
    parser.add_argument("--repeat", type=int, default=1, help="the fastest of so many runs counts")
    options = parser.parse_args()
    console = Console()
    console.print("Preparing …", style="dim")
    prepare(options.dir, options.events)
    bench = Bench(options.dir, options.repeat, console)
    for events in options.events:
        bench.size(events)
    bench.naive(options.events)
    try:
        bench.organisation()
    except MeasuredError as error:
        bench.failed = True
        bench.notes.append(f"Failed: {error}")
    bench.write()
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
