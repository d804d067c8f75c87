"""The same counts and verdicts, as somebody would write them by hand in SQL for DuckDB.

python benchmarks/handwritten.py FOLDER EVENTS_FILE OUT.parquet

It knows this plan and nothing else: no rows that can't be read, no rule engine, nobody who answers
for a finding, no list of the evidence, no explanation. It writes duty, bearer, trigger or period,
counts and verdict, and prints the number of findings per duty and verdict as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import holidays
import plan

COLUMNS = {
    "id": "VARCHAR",
    "type": "VARCHAR",
    "at": "TIMESTAMPTZ",
    "unit": "VARCHAR",
    "person": "VARCHAR",
    "target": "VARCHAR",
    "replaces": "VARCHAR",
    "withdraws": "VARCHAR",
    "form": "VARCHAR",
    "topic": "VARCHAR",
    "to": "VARCHAR",
    "score": "INTEGER",
    "cc": "VARCHAR",
    "case_no": "VARCHAR",
    "urgent": "BOOLEAN",
}

# The end of the as-of day, and local midnight of 1 January: Shanghai is eight hours ahead of UTC.
SCRIPT = """
SET TimeZone = 'UTC';
CREATE MACRO now() AS TIMESTAMPTZ '2025-12-15 16:00:00+00';
CREATE MACRO local(instant) AS make_timestamp(epoch_us(instant) + 8 * 3_600_000_000);

-- Rows whose id stands there twice, and events that were taken back.
CREATE TEMP TABLE twice AS
  SELECT id FROM {events} GROUP BY id HAVING count(*) > 1;
CREATE TEMP TABLE withdrawn AS
  SELECT DISTINCT withdraws AS id FROM {events} WHERE withdraws IS NOT NULL;

CREATE TEMP TABLE meant (type VARCHAR, duty UTINYINT);
INSERT INTO meant VALUES
  ('review', 1), ('plan', 2), ('report', 3), ('filing', 4), ('survey', 5), ('lecture', 6),
  ('visit', 7), ('training', 8), ('incident', 9), ('audit', 10), ('talk', 11), ('expense', 12),
  ('audit', 13), ('briefing', 13), ('self-check', 14), ('interview', 19), ('tour', 20),
  ('request', 0), ('reply', 0), ('complaint', 0), ('answer', 0), ('meeting', 0), ('notice', 0);

CREATE TEMP TABLE again AS
  FROM (SELECT DISTINCT * FROM {events} WHERE id IN (FROM twice))
  QUALIFY count(*) OVER (PARTITION BY id) = 1;  -- else they differ, and none counts
CREATE TEMP TABLE set_aside AS
  FROM twice UNION FROM withdrawn;

CREATE TEMP VIEW usable AS
  SELECT * FROM (
    SELECT * FROM {events} WHERE id NOT IN (FROM set_aside)
    UNION ALL
    SELECT * FROM again WHERE id NOT IN (FROM withdrawn)
  )
  WHERE withdraws IS NULL AND "at" < now();

-- The requests and their answers as they are; all else is counted, in one pass.
CREATE TEMP TABLE cases AS
  SELECT id, type, "at", unit, case_no, form, urgent FROM usable
  WHERE type IN ('request', 'reply', 'complaint', 'answer', 'meeting', 'notice');

CREATE TEMP TABLE counts AS
  SELECT duty, bearer, period,
    count(*) FILTER (good)::INT AS counted, count(*) FILTER (NOT good)::INT AS defective
  FROM (
    SELECT duty,
      CASE WHEN duty >= 19 THEN person ELSE unit END AS bearer,
      CASE
        WHEN duty IN (1, 2, 5, 9, 10, 12, 13) THEN 0
        WHEN duty IN (3, 8, 11) THEN (month - 1) // 6
        WHEN duty IN (4, 7, 20) THEN (month - 1) // 3
        WHEN duty = 6 THEN month - 1
        WHEN duty = 14 THEN CASE WHEN month = 6 THEN 0 WHEN month = 12 THEN 1
          WHEN month BETWEEN 7 AND 11 THEN 10 END  -- late for June
        WHEN duty = 19 THEN (month - 1) // 6  -- a head may change in July
      END::TINYINT AS period,
      CASE duty
        WHEN 3 THEN form = 'written'
        WHEN 4 THEN form = 'written' AND {cc_has_archive}
        WHEN 8 THEN form IN ('written', 'mail')
        WHEN 10 THEN {cc_has_archive} OR {cc_has_legal}
        ELSE true
      END IS TRUE AS good
    FROM (SELECT *, month(local("at")) AS month FROM usable)
    JOIN meant USING (type)
    WHERE CASE duty
        WHEN 0 THEN false
        WHEN 2 THEN topic IN ('safety', 'budget')
        WHEN 3 THEN "to" = 'board'
        WHEN 5 THEN score >= 50
        WHEN 7 THEN topic IN ('safety', 'law', 'staff')
        WHEN 9 THEN score <= 20
        WHEN 11 THEN form <> 'oral' OR urgent
        ELSE true
      END
  )
  WHERE bearer IS NOT NULL AND period IS NOT NULL
  GROUP BY ALL;

CREATE TEMP TABLE units AS FROM read_csv('{folder}/units.csv', all_varchar = true);
CREATE TEMP TABLE heads AS
  SELECT person, unit, last = '2025-06-30' AS leaves, first = '2025-07-01' AS comes
  FROM read_csv('{folder}/appointments.csv', all_varchar = true, nullstr = '-')
  WHERE post = 'head';

-- Every obligation of a period: how many it takes, and whether it has closed by 15 December.
CREATE TEMP TABLE obligations (
  duty UTINYINT, period TINYINT, at_least INT, at_most INT, closed BOOLEAN);
INSERT INTO obligations
  SELECT duty, period, at_least, at_most, period + 1 < periods OR (duty = 14 AND period = 0)
  FROM (VALUES
    (1, 1, 1, NULL), (2, 1, 4, NULL), (3, 2, 2, NULL), (4, 4, 1, NULL), (5, 1, 3, NULL),
    (6, 12, 1, NULL), (7, 4, 2, NULL), (8, 2, 2, NULL), (9, 1, NULL, 2), (10, 1, 2, NULL),
    (11, 2, 4, NULL), (12, 1, NULL, 5), (13, 1, 4, NULL), (14, 2, 1, NULL), (20, 4, 2, NULL)
  ) d(duty, periods, at_least, at_most), range(periods) r(period);

CREATE TEMP TABLE owed AS
  SELECT duty, unit AS bearer, period, at_least, at_most, closed
  FROM units, obligations
  WHERE duty < 19 AND (kind = 'section' OR duty = 1)
  UNION ALL
  SELECT duty, person, period, at_least, at_most, closed
  FROM heads, obligations
  WHERE duty = 20 AND NOT (leaves AND period >= 2) AND NOT (comes AND period < 2);

CREATE TEMP TABLE recurring AS
  SELECT o.duty, o.bearer, o.period, coalesce(c.counted, 0) AS counted,
    coalesce(late.counted, 0) AS late, coalesce(c.defective, 0) AS defective,
    CASE
      WHEN o.at_most IS NOT NULL THEN CASE
        WHEN coalesce(c.counted, 0) > o.at_most THEN 'unmet'
        WHEN closed THEN 'met' ELSE 'pending' END
      WHEN coalesce(c.counted, 0) >= o.at_least THEN 'met'
      WHEN NOT closed THEN 'pending'
      WHEN coalesce(c.counted, 0) + coalesce(late.counted, 0) >= o.at_least THEN 'late'
      ELSE 'unmet' END AS verdict
  FROM owed o
  LEFT JOIN counts c USING (duty, bearer, period)
  LEFT JOIN counts late
    ON o.duty = 14 AND o.period = 0
    AND late.duty = 14 AND late.period = 10 AND late.bearer = o.bearer
  UNION ALL BY NAME
  -- Who leaves in June does not owe the year; who comes in July owes it from then on.
  SELECT 19 AS duty, person AS bearer, 0 AS period, n AS counted, 0 AS late, 0 AS defective,
    CASE WHEN leaves THEN 'waived' WHEN n >= 3 THEN 'met' ELSE 'pending' END AS verdict
  FROM (
    SELECT person, leaves, coalesce(sum(counted) FILTER (
        (period = 0 OR NOT leaves) AND (period = 1 OR NOT comes)), 0)::INT AS n
    FROM heads LEFT JOIN counts ON duty = 19 AND bearer = person
    GROUP BY ALL
  );

-- What answers a case: the deadline is worked out per day of the year, in `deadlines`.
CREATE TEMP TABLE triggers AS
  SELECT d.duty, t.id, t.unit, t.case_no, t."at",
    CASE WHEN d.duty = 15 THEN t."at" + INTERVAL 72 HOUR ELSE due END AS due,
    CASE WHEN d.duty = 18 THEN TIMESTAMPTZ '2024-12-31 16:00:00+00' ELSE t."at" END AS opens,
    answer
  FROM cases t
  JOIN units u ON u.unit = t.unit AND u.kind = 'section'
  JOIN (VALUES ('request', 15, true, 'reply'), ('request', 16, false, 'reply'),
      ('complaint', 17, NULL, 'answer'), ('meeting', 18, NULL, 'notice')
    ) d(type, duty, urgent, answer)
    ON d.type = t.type AND (d.urgent IS NULL OR d.urgent = t.urgent)
  LEFT JOIN deadlines dl
    ON dl.duty = d.duty AND dl.day = local(t."at")::DATE;

CREATE TEMP TABLE triggered AS
  SELECT t.duty, t.unit AS bearer, t.id AS trigger,
    count(e.id) FILTER ((e.written OR t.duty <> 16) AND e."at" <= due)::INT AS counted,
    count(e.id) FILTER ((e.written OR t.duty <> 16) AND e."at" > due)::INT AS late,
    count(e.id) FILTER (NOT e.written AND t.duty = 16)::INT AS defective,
    CASE WHEN counted > 0 THEN 'met' WHEN any_value(due) > now() THEN 'pending'
      WHEN late > 0 THEN 'late' ELSE 'unmet' END AS verdict
  FROM triggers t
  LEFT JOIN (
    SELECT *, coalesce(form = 'written', false) AS written FROM cases
  ) e ON e.type = t.answer AND e.unit = t.unit AND e.case_no = t.case_no AND e."at" >= t.opens
  GROUP BY ALL;
"""


def script(folder: Path, events: Path, *, lists: bool) -> str:
    """The script for a Parquet file whose lists are lists, or text."""
    return SCRIPT.format(
        folder=folder,
        events=f"'{events}'",
        cc_has_archive=_has("archive", lists),
        cc_has_legal=_has("legal", lists),
    )


def _has(word: str, lists: bool) -> str:
    split = "cc" if lists else "string_split(cc, ';')"
    return f"list_contains({split}, '{word}')"


def deadlines() -> list[tuple[int, date, datetime]]:
    """(duty, day of the trigger, due) for the clocks in working days."""
    calendar = holidays.country_holidays("CN", years=range(2024, 2027))
    found = []
    for n in range(365):
        start = date(2025, 1, 1) + timedelta(days=n)
        for duty, step, number in ((16, 1, 5), (17, 1, 10), (18, -1, 3)):
            day, left = start, number
            while left:
                day += timedelta(days=step)
                left -= calendar.is_working_day(day)
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
            found.append((duty, start, midnight - timedelta(hours=8, microseconds=1)))
    return found


def run(folder: Path, file: Path, out: Path) -> None:
    connection = duckdb.connect(config={"memory_limit": "1500MB"})
    connection.execute("CREATE TEMP TABLE deadlines (duty INT, day DATE, due TIMESTAMPTZ)")
    rows = ", ".join(f"({duty}, '{day}', '{due.isoformat()}')" for duty, day, due in deadlines())
    connection.execute(f"INSERT INTO deadlines VALUES {rows}")
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
        events, lists = file, file.suffix == ".parquet"
        if not lists:  # A text file is parsed once: the script looks at the events several times.
            events = Path(scratch) / "events.parquet"
            columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
            connection.execute("SET preserve_insertion_order = false")
            connection.execute(
                f"""COPY (FROM read_csv('{file}', header = true, columns = {{{columns}}}))
                    TO '{events}' (FORMAT parquet)"""
            )
        connection.execute(script(folder, events, lists=lists))
    connection.execute(
        f"COPY (FROM recurring UNION ALL BY NAME FROM triggered) TO '{out}' (FORMAT parquet)"
    )
    totals = connection.execute(
        """SELECT duty, verdict, count(*) FROM (
             SELECT duty, verdict FROM recurring UNION ALL SELECT duty, verdict FROM triggered)
           GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    names = [line[2:-1] for line in plan.DUTIES.splitlines() if _is_duty(line)]
    print(json.dumps([(names[duty - 1], verdict, n) for duty, verdict, n in totals]))


def _is_duty(line: str) -> bool:
    return line.startswith("  ") and line[2] != " "


if __name__ == "__main__":
    run(*map(Path, sys.argv[1:]))
