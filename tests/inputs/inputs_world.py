"""A small policy and organisation, and events read from a file, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policyeval.engine import connect
from policyeval.inputs.events import read_events
from policyeval.inputs.noticing import Noticed
from policyeval.inputs.organisation import load_organisation
from policyeval.inputs.profile import load_profile
from policyeval.language.loading import load_policy

POLICY = """\
policy: inputs
version: "1"
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
unit_kinds: {section: {title: Section}}
event_types:
  report:
    fields:
      form: {one_of: [written, oral]}
      topics: list
      pages: number
      signed: boolean
      sent: date
  visit: {fields: {pages: number}}
duties:
  reports:
    clause: "1"
    bearer: {unit: section}
    when: {per: year}
    evidence: {event: report}
"""

ORGANISATION = """\
organisation: inputs
units: [{id: 宣传股, kind: section}, {id: s2, kind: section}]
people: [{id: p1, name: 张三}]
"""


@dataclass(frozen=True)
class Read:
    """What was read: events and rejected rows by id, and notices by code."""

    events: dict[str, dict[str, Any]]
    rejected: list[tuple[int, list[tuple[str, str | None, str]]]]
    rows: int
    notices: dict[str, Noticed]


def read(
    folder: Path,
    *files: Path,
    profile: str | None = None,
    zone: str = "Asia/Shanghai",
    known_by: date | None = None,
) -> Read:
    """Read files by an import profile."""
    (folder / "policy.yaml").write_text(POLICY.replace("Asia/Shanghai", zone), encoding="utf-8")
    (folder / "organisation.yaml").write_text(ORGANISATION, encoding="utf-8")
    policy = load_policy(folder / "policy.yaml")
    organisation = load_organisation(folder / "organisation.yaml", policy)
    mapped = None
    if profile is not None:
        (folder / "profile.yaml").write_text(f"profile: inputs\n{profile}", encoding="utf-8")
        mapped = load_profile(folder / "profile.yaml", policy)
    engine = connect({"threads": 2})
    with TemporaryDirectory() as scratch:
        found = read_events(
            engine, list(files), policy, organisation, mapped, Path(scratch), known_by
        )
        events = engine.to_pyarrow(found.events).to_pylist()
        rejected = engine.to_pyarrow(found.rejected.order_by("file", "row")).to_pylist()
    engine.disconnect()
    return Read(
        events={event["id"]: event for event in events},
        rejected=[
            (row["row"], [(p["column"], p["value"], p["reason"]) for p in row["problems"]])
            for row in rejected
        ],
        rows=sum(file.rows for file in found.files),
        notices={notice.code: notice for notice in found.notices},
    )


def csv_file(folder: Path, text: str, encoding: str = "utf-8", name: str = "events.csv") -> Path:
    """A CSV file with these lines."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path
