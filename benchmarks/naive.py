"""The naive way: a durable-rules rule per duty, and every event posted to them by itself.

python benchmarks/naive.py EVENTS.parquet HOW_MANY

It prints the seconds that posting took. A rule's action adds one to a counter in Python; a request
waits inside the engine for its answer. It judges nothing: only the matching is timed.
"""

from __future__ import annotations

import contextlib
import io
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
from durable.engine import MessageNotHandledException
from durable.lang import c, item, m, post, ruleset, when_all

counts: Counter[tuple[Any, ...]] = Counter()

# Per duty: what an event must look like, and the field that names the bearer.
COUNTED = {
    "yearly-review": (lambda: m.type == "review", "unit"),
    "planned-work": (
        lambda: (m.type == "plan") & ((m.topic == "safety") | (m.topic == "budget")),
        "unit",
    ),
    "half-year-report": (
        lambda: (m.type == "report") & (m.to == "board") & (m.form == "written"),
        "unit",
    ),
    "quarterly-filing": (
        lambda: (m.type == "filing") & (m.form == "written") & m.cc.anyItem(item == "archive"),
        "unit",
    ),
    "good-surveys": (lambda: (m.type == "survey") & (m.score >= 50), "unit"),
    "monthly-lecture": (lambda: m.type == "lecture", "unit"),
    "visits": (
        lambda: (
            (m.type == "visit")
            & ((m.topic == "safety") | (m.topic == "law") | (m.topic == "staff"))
        ),
        "unit",
    ),
    "training": (
        lambda: (m.type == "training") & ((m.form == "written") | (m.form == "mail")),
        "unit",
    ),
    "few-incidents": (lambda: (m.type == "incident") & (m.score <= 20), "unit"),
    "copied-audits": (
        lambda: (
            (m.type == "audit") & (m.cc.anyItem(item == "archive") | m.cc.anyItem(item == "legal"))
        ),
        "unit",
    ),
    "talks": (lambda: (m.type == "talk") & ((m.form != "oral") | (m.urgent == True)), "unit"),  # noqa: E712
    "expenses": (lambda: m.type == "expense", "unit"),
    "audits-or-briefings": (lambda: m.type == "briefing", "unit"),
    "june-and-december-check": (lambda: m.type == "self-check", "unit"),
    "head-interviews": (lambda: m.type == "interview", "person"),
    "head-tours": (lambda: m.type == "tour", "person"),
}
ANSWERED = {
    "urgent-request-answered": (lambda: (m.type == "request") & (m.urgent == True), "reply"),  # noqa: E712
    "request-answered": (lambda: (m.type == "request") & (m.urgent == False), "reply"),  # noqa: E712
    "complaint-answered": (lambda: m.type == "complaint", "answer"),
    "meeting-announced": (lambda: m.type == "meeting", "notice"),
}


def declare() -> None:
    with ruleset("naive"):
        for duty, (pattern, who) in COUNTED.items():
            _counted(duty, pattern, who)
        for duty, (pattern, answer) in ANSWERED.items():
            _answered(duty, pattern, answer)


def _counted(duty: str, pattern: Any, who: str) -> None:
    @when_all(pattern())
    def _(context: Any) -> None:
        counts[duty, getattr(context.m, who), context.m.month] += 1


def _answered(duty: str, pattern: Any, answer: str) -> None:
    @when_all(
        c.asked << pattern(),
        c.answered << (m.type == answer) & (m.case_no == c.asked.case_no),
    )
    def _(context: Any) -> None:
        counts[duty, context.asked.unit, context.asked.id] += 1


def run(file: Path, how_many: int) -> None:
    rows = duckdb.sql(
        f"""SELECT id, type, month("at" + INTERVAL 8 HOUR) AS month, unit, person, form, topic,
              "to", score, cc, case_no, urgent
            FROM '{file}' WHERE withdraws IS NULL LIMIT {how_many}"""
    )
    events = [
        {name: value for name, value in zip(rows.columns, row, strict=True) if value is not None}
        for row in rows.fetchall()
    ]
    declare()
    started = time.perf_counter()
    # An event that no rule asks for is an error to the engine, which prints as much.
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for event in events:
            with contextlib.suppress(MessageNotHandledException):
                post("naive", event)
    print(time.perf_counter() - started, len(events), counts.total())


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]))
