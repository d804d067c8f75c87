"""Counts the verdicts of policy/examples/permit-receipt by hand, in plain Python.

It shares no code with the project and reads nothing of it but the event log: the duties are
written out once more below. `test_receipt.py` holds the pipeline against it, finding by finding.

    python tests/receipt/plain_counts.py fixtures/permit-receipt/receipt.csv 2012-01-20
"""

import csv
import sys
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Europe/Amsterdam")
UTC = ZoneInfo("UTC")
HOLIDAYS = holidays.country_holidays("NL", years=range(2010, 2014))
RECEIPT = "Confirmation of receipt"
CHECK = "T02 Check confirmation of receipt"
DETERMINATION = "T04 Determine confirmation of receipt"
SENDING = "T05 Print and send confirmation of receipt"


class Row(NamedTuple):
    id: str
    activity: str
    at: datetime
    application: str
    department: str
    responsible: str


class Judged(NamedTuple):
    verdict: str
    department: str
    responsible: str
    in_time: int
    late: int


def read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            Row(
                row["concept:instance"],
                row["concept:name"],
                datetime.fromisoformat(row["time:timestamp"]).astimezone(UTC),
                row["case:concept:name"],
                row["case:department"],
                row["case:responsible"],
            )
            for row in csv.DictReader(lines)
        ]


def end_of(day: date) -> datetime:
    """The first instant after a local day."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=ZONE).astimezone(UTC)


def working_days_after(day: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in HOLIDAYS:
            number -= 1
    return day


def judge(file: Path, as_of: date) -> dict[tuple[str, str], Judged]:
    """(duty, id of the trigger) -> what became of it."""
    now = end_of(as_of)
    applications = defaultdict(list)
    for row in read(file):
        if row.at < now:
            applications[row.application].append(row)
    judged = {}
    for rows in applications.values():
        for row in rows:
            if row.activity == RECEIPT:
                judged["confirmation-sent", row.id] = _sent(row, rows, now)
            if row.activity == DETERMINATION:
                judged["check-before-determination", row.id] = _preceded(row, CHECK, rows)
            if row.activity == SENDING:
                judged["determination-before-sending", row.id] = _preceded(row, DETERMINATION, rows)
    return judged


def _sent(receipt: Row, rows: list[Row], now: datetime) -> Judged:
    due = end_of(working_days_after(receipt.at.astimezone(ZONE).date(), 5))
    times = [row.at for row in rows if row.activity == SENDING and row.at >= receipt.at]
    in_time = sum(at < due for at in times)
    late = len(times) - in_time
    if in_time:
        verdict = "met"
    elif due > now:
        verdict = "pending"
    else:
        verdict = "late" if late else "unmet"
    return Judged(verdict, receipt.department, receipt.responsible, in_time, late)


def _preceded(trigger: Row, activity: str, rows: list[Row]) -> Judged:
    times = [row.at for row in rows if row.activity == activity]
    in_time = sum(at <= trigger.at for at in times)
    late = len(times) - in_time
    verdict = "met" if in_time else "late" if late else "unmet"
    return Judged(verdict, trigger.department, trigger.responsible, in_time, late)


def counts(judged: dict[tuple[str, str], Judged]) -> dict[str, dict[str, Counter]]:
    """Verdicts per duty, per department and per responsible person."""
    tables: dict[str, dict[str, Counter]] = {
        "duty": defaultdict(Counter),
        "department": defaultdict(Counter),
        "responsible": defaultdict(Counter),
    }
    for (duty, _), one in judged.items():
        tables["duty"][duty][one.verdict] += 1
        tables["department"][one.department][one.verdict] += 1
        tables["responsible"][one.responsible][one.verdict] += 1
    return tables


def main() -> None:
    file, as_of = Path(sys.argv[1]), date.fromisoformat(sys.argv[2])
    for title, table in counts(judge(file, as_of)).items():
        print(title)
        for name, counter in sorted(table.items()):
            print(f"  {name:32}", *(f"{verdict} {n:5}" for verdict, n in sorted(counter.items())))


if __name__ == "__main__":
    main()
