"""The two pictures of the HTML report: the bar of verdicts and the map of units and duties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policyeval.findings.models import Counts, DutySummary, UnitSummary
from policyeval.reports.data import ReportData
from policyeval.reports.html_parts import Cell, MapRow, MapTable, Segment
from policyeval.reports.words import WORST_FIRST, Words, count_of, total, worst

BAR_WIDTH = 1000
"""Width of the bar of verdicts, in its own units."""
MOST_COLUMNS = 26
"""How many duties stand side by side: on A4 each still has room for a letter and a number."""


def bar(counts: Counts) -> tuple[Segment, ...]:
    """The bar of verdicts, the worst at the left; verdicts without findings take no room."""
    every = total(counts)
    segments: list[Segment] = []
    x = 0.0
    for verdict in WORST_FIRST:
        number = count_of(counts, verdict)
        if number:
            width = BAR_WIDTH * number / every
            segments.append(Segment(verdict.value, number, round(x, 2), round(width, 2)))
            x += width
    return tuple(segments)


def maps(
    data: ReportData, units: Sequence[UnitSummary], anchors: Mapping[str, str], words: Words
) -> tuple[MapTable, ...]:
    """The map of units and duties, cut into tables of about as many duties each.

    Args:
        data: what the cells are read from.
        units: the units shown, one row each.
        anchors: what a unit's section is linked by, for units that have one.
        words: the report's language.
    """
    numbered = list(enumerate(data.header.duties, 1))
    if not numbered or not units:
        return ()
    found = {(unit, duty): c for unit, duty, c in data.cells([each.unit for each in units])}
    tables = -(-len(numbered) // MOST_COLUMNS)
    wide = -(-len(numbered) // tables)
    return tuple(
        MapTable(
            duties=tuple(numbered[at : at + wide]),
            rows=tuple(
                _row(unit, numbered[at : at + wide], found, anchors.get(unit.unit, ""), words)
                for unit in units
            ),
        )
        for at in range(0, len(numbered), wide)
    )


def _row(
    unit: UnitSummary,
    duties: Sequence[tuple[int, DutySummary]],
    found: Mapping[tuple[str, str], Counts],
    anchor: str,
    words: Words,
) -> MapRow:
    title = words.text(unit.title) or unit.unit
    cells = tuple(
        _cell(title, number, duty, found.get((unit.unit, duty.duty), Counts()), words)
        for number, duty in duties
    )
    return MapRow(anchor, title, cells)


def _cell(unit: str, number: int, duty: DutySummary, counts: Counts, words: Words) -> Cell:
    verdict = worst(counts)
    if verdict is None:
        return Cell(f"d{number}", None, 0, words("no_obligations"))
    said = words("list_comma").join(
        f"{words.verdict(each)} {count_of(counts, each)}"
        for each in WORST_FIRST
        if count_of(counts, each)
    )
    label = f"{unit} × {words.text(duty.title) or duty.duty}{words('colon')}{said}"
    return Cell(f"d{number}", verdict, count_of(counts, verdict), label)
