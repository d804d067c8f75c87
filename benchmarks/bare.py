"""Reads every column that the plan uses, and does nothing with them but add up their hashes.

python benchmarks/bare.py EVENTS_FILE
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

USED = (
    'id, type, "at", unit, person, replaces, withdraws, '
    'form, topic, "to", score, cc, case_no, urgent'
)


def run(file: Path) -> None:
    connection = duckdb.connect(config={"memory_limit": "1500MB"})
    source = f"'{file}'" if file.suffix == ".parquet" else f"read_csv('{file}', all_varchar = true)"
    print(connection.execute(f"SELECT count(*), bit_xor(hash({USED})) FROM {source}").fetchone())


if __name__ == "__main__":
    run(Path(sys.argv[1]))
