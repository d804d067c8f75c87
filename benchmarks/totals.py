"""Prints the findings per duty and verdict of a report as JSON.

python benchmarks/totals.py REPORT_FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

if __name__ == "__main__":
    [file] = Path(sys.argv[1]).rglob("findings*.parquet")
    rows = duckdb.sql(f"SELECT duty, verdict, count(*) FROM '{file}' GROUP BY ALL ORDER BY ALL")
    print(json.dumps(rows.fetchall()))
