"""Makes the events: a year of them, the same for the same number, as Parquet and as CSV.

python benchmarks/generate.py FOLDER EVENTS
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import plan

SEED = 20250101
# Shanghai had no summer time in 2025: a local time is an instant and eight hours.
MIDNIGHT = "epoch_us(TIMESTAMPTZ '2025-01-01 00:00:00+08:00')"
HOUR = "3_600_000::BIGINT"
DAY = "86_400_000::BIGINT"

EVENTS = (
    """
WITH drawn AS (
  -- two neighbours are a pair: a request and its reply, or two events of one type
  SELECT i, i // 2 AS p, i % 2 = 1 AS second, (hash(i // 2, 1, $seed) % 1000)::INT AS k
  FROM range($n) r(i)
), paired AS (
  SELECT i, p, second, a, CASE WHEN second THEN b ELSE a END AS type, a <> b AS related,
    CASE WHEN a <> b THEN p ELSE i END AS own
  FROM drawn JOIN families USING (k)
), placed AS (
  SELECT *, (hash(own, 2, $seed) % $units)::INT AS u,
    CASE WHEN a = 'meeting' THEN 31 * DAY
        + (hash(own, 3, $seed) % (334 * DAY))::BIGINT
      ELSE (hash(own, 3, $seed) % (365 * DAY))::BIGINT END
    + CASE WHEN NOT (related AND second) THEN 0
      WHEN type = 'reply' THEN (hash(i, 4, $seed) % (130 * HOUR))::BIGINT
      WHEN type = 'answer' THEN (hash(i, 4, $seed) % (18 * DAY))::BIGINT
      ELSE -(hash(i, 4, $seed) % (10 * DAY))::BIGINT END AS ms
  FROM paired
)
SELECT
  printf('e%09d', i) AS id,
  type,
  make_timestamptz(MIDNIGHT + ms * 1000) AS "at",
  printf('u%05d', u) AS unit,
  CASE WHEN u < $offices OR u % 50 = 0 THEN NULL
    WHEN i % 3 = 0 AND type NOT IN ('interview', 'tour') THEN NULL
    WHEN u % 20 = 1 AND ms >= 181 * DAY THEN printf('q%05d', u)
    ELSE printf('p%05d', u) END AS person,
  NULL::VARCHAR AS target,
  NULL::VARCHAR AS replaces,
  NULL::VARCHAR AS withdraws,
  (['written', 'written', 'written', 'mail', 'mail', 'oral', NULL])
    [1 + (hash(i, 6, $seed) % 7)::INT] AS form,
  (['safety', 'budget', 'staff', 'law', 'other'])[1 + (hash(i, 7, $seed) % 5)::INT] AS topic,
  (['board', 'board', 'council', 'public'])[1 + (hash(i, 8, $seed) % 4)::INT] AS "to",
  (hash(i, 9, $seed) % 101)::INT AS score,
  ([NULL, ['archive'], ['archive', 'legal'], ['finance'], ['finance', 'archive'], ['legal']])
    [1 + (hash(i, 10, $seed) % 6)::INT] AS cc,
  CASE WHEN related AND second AND hash(i, 11, $seed) % 100 < 15 THEN printf('x%09d', p)
    WHEN related THEN printf('c%09d', p) END AS case_no,
  hash(i, 12, $seed) % 3 = 0 AS urgent
FROM placed ORDER BY i
""".replace("MIDNIGHT", MIDNIGHT)
    .replace("DAY", DAY)
    .replace("HOUR", HOUR)
)


def write(folder: Path, events: int) -> None:
    families = [pair for share, *pair in plan.FAMILIES for _ in range(share)]
    if len(families) != 1000:
        raise ValueError(f"the shares add up to {len(families)}, not 1000")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Shanghai'")
    connection.execute("CREATE TEMP TABLE families (k INT, a VARCHAR, b VARCHAR)")
    rows = [(k, a, b) for k, (a, b) in enumerate(families)]
    connection.executemany("INSERT INTO families VALUES (?, ?, ?)", rows)
    parameters = {
        "n": events,
        "seed": SEED,
        "units": plan.UNITS,
        "offices": plan.OFFICES,
    }
    parquet, text = folder / f"events-{events}.parquet", folder / f"events-{events}.csv"
    connection.execute(f"CREATE TEMP TABLE drawn_events AS {EVENTS}", parameters)
    # One row in two thousand stands in the export twice; one event in a thousand is taken back.
    connection.execute(
        "INSERT INTO drawn_events SELECT * FROM drawn_events WHERE hash(id, 13) % 2000 = 0"
    )
    connection.execute(
        """INSERT INTO drawn_events BY NAME
           SELECT DISTINCT 'w' || id[2:] AS id, id AS withdraws
           FROM drawn_events WHERE hash(id, 14) % 1000 = 0"""
    )
    connection.execute(f"COPY drawn_events TO '{parquet}' (FORMAT parquet)")
    connection.execute(
        f"""COPY (SELECT * REPLACE (
              strftime("at", '%Y-%m-%dT%H:%M:%S.%g+08:00') AS "at",
              array_to_string(cc, ';') AS cc)
            FROM drawn_events) TO '{text}' (FORMAT csv, HEADER)"""
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
