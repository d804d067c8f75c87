"""The summary that a terminal shows after an evaluation; it reads well at 80 columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich import box
from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text as Rich

from policyeval.findings.models import Counts, DutySummary, UnitSummary
from policyeval.reports.data import ReportData
from policyeval.reports.words import WORST_FIRST, Words, count_of, total, worst

STYLES = {
    "unmet": "bold red",
    "undetermined": "magenta",
    "needs_review": "cyan",
    "late": "yellow",
    "pending": "blue",
    "waived": "bright_black",
    "met": "green",
}
SERIOUS = ("unmet", "undetermined", "needs_review", "late")
"""Verdicts that make a duty worth naming beside a unit."""

MOST_UNITS = 20
MOST_PEOPLE = 10
MOST_ESCALATIONS = 10
MOST_NOTICES = 10
NAME_WIDTH = 22
"""Terminal cells for the name of a unit or person; fewer where the numbers are very large."""
LEAST_NAME = 8
LEAST_ROOM = 12
"""Terminal cells below which the duties of a unit are left out."""


def print_summary(
    data: ReportData, console: Console, lang: str, written: Sequence[Path] = ()
) -> None:
    """Print what an evaluation found, the worst first.

    Args:
        data: the outcome of an evaluation.
        console: where to print; its width is kept to.
        lang: `zh` or `en`.
        written: the reports that were written.

    Raises:
        ValueError: an unknown language.
    """
    words = Words(lang)
    shown = [unit.unit for unit in data.header.units[:MOST_UNITS]]
    cells = {(unit, duty): counts for unit, duty, counts in data.cells(shown)}
    for part in _parts(data, cells, console.width, words):
        console.print(part)
    if written:
        console.print(_heading(words("written")))
    for path in written:  # Never broken, so that it can be copied.
        console.print(Rich(f"  {plain(path)}"), soft_wrap=True)


def plain(text: object) -> str:
    """A text from the data without anything that steers a terminal (escapes, direction marks)."""
    return "".join(
        " " if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp", "Cs"} else char
        for char in str(text)
    )


def _parts(
    data: ReportData,
    cells: dict[tuple[str, str], Counts],
    width: int,
    words: Words,
) -> Iterator[RenderableType]:
    header = data.header
    yield _title(data, width, words)
    yield _counts_lines(header.counts, width, words)
    if header.units:
        yield _heading(words("units"))
        yield _units(data, cells, width, words)
        yield from _matrix(data, cells, width, words)
    if header.people:
        yield _heading(words("people"))
        yield _people(data, width, words)
    if header.escalations:
        yield _heading(words("escalations"))
        yield _escalations(data, words)
    yield _heading(words("notices"))
    yield from _notes(data, words)


def _heading(text: str) -> Rich:
    return Rich(f"\n{text}", style="bold")


def _fit(text: object, width: int = NAME_WIDTH) -> str:
    """A text of at most so many terminal cells, with an ellipsis if it was longer."""
    flat = plain(text)
    return flat if cell_len(flat) <= width else set_cell_size(flat, width - 1).rstrip() + "…"


def _title(data: ReportData, width: int, words: Words) -> RenderableType:
    header = data.header
    title = Rich(plain(words.text(header.title)) or plain(header.policy), style="bold")
    since = words.day(header.since) if header.since else words("since_start")
    facts = [
        f"{plain(header.policy)} {words('version')} {plain(header.version)}",
        f"{words('since')} {since}",
        f"{words('as_of')} {words.day(header.as_of)}",
        *([f"{words('known_by')} {words.day(header.known_by)}"] if header.known_by else []),
        f"{words('events')} {header.events:,}",
    ]
    return Group(
        title, _flowed((Rich(fact, style="dim") for fact in facts), " · ", width), Rich("")
    )


def _counts_lines(counts: Counts, width: int, words: Words) -> Rich:
    """How many of each verdict, and in all; no line breaks inside one of them."""
    entries = [Rich(f"{words('total')} {total(counts):,}", style="bold")]
    for verdict in WORST_FIRST:
        number = count_of(counts, verdict)
        style = STYLES[verdict] if number else "dim"
        said = f"{words.letter(verdict)} {words.verdict(verdict)} {number:,}"
        entries.append(Rich(said, style=style))
    return _flowed(entries, "   ", width)


def _flowed(entries: Iterable[Rich], gap: str, width: int) -> Rich:
    """Entries one after the other in as few lines as they need; none is broken."""
    lines = [Rich()]
    for entry in entries:
        if lines[-1] and lines[-1].cell_len + len(gap) + entry.cell_len > width:
            lines.append(Rich())
        lines[-1].append(gap if lines[-1] else "", style="dim").append_text(entry)
    return Rich("\n").join(lines)


def _count_cells(counts: Counts) -> list[Rich]:
    numbers = ((verdict, count_of(counts, verdict)) for verdict in WORST_FIRST)
    return [Rich(f"{n:,}", style=STYLES[v]) if n else Rich("·", style="dim") for v, n in numbers]


def _count_columns(words: Words) -> list[Column]:
    return [
        Column(Rich(words.letter(v), style=STYLES[v]), justify="right", no_wrap=True)
        for v in WORST_FIRST
    ]


def _table(*columns: Column) -> Table:
    return Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), show_edge=False)


def _name_room(rows: Sequence[Counts], width: int) -> int:
    """Terminal cells for names beside these counts, so that no number is squeezed."""
    columns = zip(*(_count_cells(counts) for counts in rows), strict=True)
    used: int = sum(max(2, *(cell.cell_len for cell in column)) + _GAP for column in columns)
    return max(LEAST_NAME, min(NAME_WIDTH, width - used - _GAP))


_GAP = 3
"""Around each entry of a table: a blank at each side, and one between."""


def _units(
    data: ReportData, cells: dict[tuple[str, str], Counts], width: int, words: Words
) -> RenderableType:
    header = data.header
    shown = header.units[:MOST_UNITS]
    name = _name_room([unit.counts for unit in shown], width)
    rows = [
        [Rich(_fit(words.text(unit.title) or unit.unit, name)), *_count_cells(unit.counts)]
        for unit in shown
    ]
    columns = [Column(Rich(words("unit")), no_wrap=True), *_count_columns(words)]
    # The duties get what room is left: a table that is too wide would squeeze the numbers.
    used = sum(
        max(entry.cell_len for entry in column) + _GAP
        for column in zip([each.header for each in columns], *rows, strict=True)
    )
    room = width - used - 1
    with_duties = room >= LEAST_ROOM
    if with_duties:
        columns.append(Column(Rich(words("worst_duties")), no_wrap=True, max_width=room))
    table = _table(*columns)
    for unit, row in zip(shown, rows, strict=True):
        if with_duties:
            row.append(_troubled(unit, header.duties, cells, room, words))
        table.add_row(*row)
    return _with_rest(table, words, "units_left_out", len(header.units) - MOST_UNITS)


def _troubled(
    unit: UnitSummary,
    duties: Sequence[DutySummary],
    cells: dict[tuple[str, str], Counts],
    room: int,
    words: Words,
) -> Rich:
    """The duties of a unit with a serious verdict, or the worst and how many more there are."""
    found: list[tuple[int, int, DutySummary]] = []
    for duty in duties:
        verdict = worst(cells.get((unit.unit, duty.duty), Counts()))
        if verdict in SERIOUS:
            rank = SERIOUS.index(verdict)
            found.append((rank, -count_of(cells[unit.unit, duty.duty], verdict), duty))
    said = [
        Rich(plain(words.text(duty.title) or duty.duty), style=STYLES[SERIOUS[rank]])
        for rank, _, duty in sorted(found, key=lambda each: each[:2])
    ]
    every = Rich(words("list_comma")).join(said)
    if every.cell_len <= room:
        return every if said else Rich("–", style="dim")
    more = f" +{len(said) - 1}" if len(said) > 1 else ""
    said[0].truncate(room - len(more), overflow="ellipsis")
    return said[0].append(more, style="dim")


def _matrix(
    data: ReportData, cells: dict[tuple[str, str], Counts], width: int, words: Words
) -> Iterator[RenderableType]:
    """Units × duties as letters, two terminal cells each, with numbered duties."""
    header = data.header
    room = (width - NAME_WIDTH - 2) // 2
    order = sorted(header.duties, key=lambda duty: _badness(duty.counts))
    kept = {duty.duty for duty in order[: max(room, 0)]}
    duties = [(n, d) for n, d in enumerate(header.duties, 1) if d.duty in kept]
    if not duties:
        return
    yield _heading(words("map"))
    gap = " " * (NAME_WIDTH + 2)
    for power in (100, 10):
        if duties[-1][0] >= power:
            digits = (f"{n // power % 10 if n >= power else ' '} " for n, _ in duties)
            yield Rich(gap + "".join(digits).rstrip(), style="dim")
    yield Rich(gap + "".join(f"{n % 10} " for n, _ in duties).rstrip(), style="dim")
    for unit in header.units[:MOST_UNITS]:
        name = set_cell_size(_fit(words.text(unit.title) or unit.unit), NAME_WIDTH)
        line = Rich(f"{name}  ", no_wrap=True)
        for _, duty in duties:
            verdict = worst(cells.get((unit.unit, duty.duty), Counts()))
            letter = words.letter(verdict) if verdict else "·"
            style = STYLES[verdict] if verdict else "dim"
            line.append(set_cell_size(letter, 2), style=style)
        line.rstrip()
        yield line
    yield _legend(duties, width, words)
    if len(header.duties) > len(duties):
        left = len(header.duties) - len(duties)
        yield Rich(words("duties_left_out", n=left), style="dim")


def _badness(counts: Counts) -> tuple[int, ...]:
    return tuple(-count_of(counts, verdict) for verdict in WORST_FIRST)


def _legend(duties: Sequence[tuple[int, DutySummary]], width: int, words: Words) -> RenderableType:
    """What the numbers of duties stand for, in two columns."""
    wide = max((width - 4) // 2 - 5, 12)
    table = Table.grid(padding=(0, 1))
    entries = [
        [Rich(f"{n:>3}", style="dim"), Rich(_fit(words.text(d.title) or d.duty, wide))]
        for n, d in duties
    ]
    half = (len(entries) + 1) // 2
    for at in range(half):
        right = entries[at + half] if at + half < len(entries) else [Rich(""), Rich("")]
        table.add_row(*entries[at], *right)
    return Padding(table, (1, 0, 0, 0))


def _people(data: ReportData, width: int, words: Words) -> RenderableType:
    header = data.header
    shown = header.people[:MOST_PEOPLE]
    name = _name_room([person.counts for person in shown], width)
    table = _table(Column(Rich(words("person")), no_wrap=True), *_count_columns(words))
    for person in shown:
        table.add_row(Rich(_fit(person.name or person.person, name)), *_count_cells(person.counts))
    return _with_rest(table, words, "people_left_out", len(header.people) - MOST_PEOPLE)


def _with_rest(table: Table, words: Words, key: str, left: int) -> RenderableType:
    return Group(table, Rich(words(key, n=left), style="dim")) if left > 0 else table


def _bullets(lines: Iterable[str]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for line in lines:
        table.add_row(Rich("•", style="dim"), Rich(plain(line)))
    return Padding(table, (0, 0, 0, 1))


def _escalations(data: ReportData, words: Words) -> RenderableType:
    titles = {duty.duty: words.text(duty.title) for duty in data.header.duties}
    lines = []
    for each in data.header.escalations[:MOST_ESCALATIONS]:
        duties = words("list_comma").join(titles.get(duty, duty) for duty in each.duties)
        colon = words("colon")
        lines.append(
            f"{words.text(each.title)} · {words.text(each.subject_title)} · {each.year}{colon}"
            f"{duties} → {words.text(each.addressed_to_title)}"
        )
    left = len(data.header.escalations) - MOST_ESCALATIONS
    lines += [words("more_findings", n=left)] if left > 0 else []
    return Group(Rich(words("escalations_hint"), style="dim"), _bullets(lines))


def _notes(data: ReportData, words: Words) -> Iterator[RenderableType]:
    header, colon = data.header, words("colon")
    lines = [f"{words('rejected')}{colon}{header.rejected:,}"]
    lines += [words.text(notice.text) for notice in header.notices[:MOST_NOTICES]]
    left = len(header.notices) - MOST_NOTICES
    lines += [words("more_findings", n=left)] if left > 0 else []
    lines.append(f"{words('assumptions')}{colon}{len(header.assumptions)}")
    lines.append(f"{words('not_evaluated')}{colon}{len(header.not_evaluated)}")
    yield _bullets(lines)
