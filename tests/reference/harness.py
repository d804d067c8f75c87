"""The pipeline, called with the same mappings as the reference evaluator."""

from __future__ import annotations

import json
import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from reference.reading import column_kinds

try:
    import policyeval
except ImportError:
    AVAILABLE = False
else:
    AVAILABLE = hasattr(policyeval, "evaluate")


def evaluate(
    policy: dict,
    organisation: dict,
    waivers: list[dict] | None,
    events: list[dict],
    as_of: date,
    since: date | None = None,
    known_by: date | None = None,
) -> dict:
    """Write the files, run the pipeline, and give its findings as the reference does."""
    known = {} if known_by is None else {"known_by": known_by}
    with tempfile.TemporaryDirectory() as name:
        paths = written(Path(name), policy, organisation, waivers, events)
        with policyeval.evaluate(
            paths["policy"],
            organisation=paths["organisation"],
            waivers=paths["waivers"],
            events=[paths["events"]],
            as_of=as_of,
            since=since,
            options={"threads": 2},
            **known,
        ) as evaluation:
            findings = [plain(finding) for finding in evaluation.findings()]
            rows = sorted({row.row for row in evaluation.rejected_rows()})
            escalations = [escalation(policy, each) for each in evaluation.header.escalations]
    rejected = [{"id": events[row - 1].get("id"), "row": row} for row in rows]
    return {"findings": findings, "rejected": rejected, "escalations": escalations}


def written(
    folder: Path, policy: dict, organisation: dict, waivers: list[dict] | None, events: list[dict]
) -> dict[str, Path]:
    """The four files of a run."""
    paths = {
        "policy": folder / "policy.yaml",
        "organisation": folder / "organisation.yaml",
        "waivers": folder / "waivers.yaml",
        "events": folder / "events.jsonl",
    }
    for key, data in (
        ("policy", policy),
        ("organisation", organisation),
        ("waivers", {"waivers": waivers or []}),
    ):
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
        paths[key].write_text(text, encoding="utf-8")
    # Every column in every row: a column that is nowhere in a file is an error.
    columns = list(column_kinds(policy))
    extra = [key for event in events for key in event if key not in columns]
    lines = [
        json.dumps({c: as_json(event.get(c)) for c in [*columns, *extra]}, ensure_ascii=False)
        for event in events
    ]
    paths["events"].write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return paths


def as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def plain(finding: Any) -> dict:
    """A finding of the pipeline, as the reference gives it."""
    bearer = finding.bearer
    return {
        "duty": finding.duty,
        "bearer": bearer.id,
        "bearer_post": bearer.post,
        "bearer_unit": bearer.unit,
        "vacant": bearer.vacant,
        "target": finding.target.id if finding.target else None,
        "period": finding.period.label if finding.period else None,
        "trigger": finding.trigger.event if finding.trigger else None,
        "opens": finding.opens,
        "due": finding.due,
        "closes": finding.closes,
        "verdict": str(finding.verdict),
        "rule": finding.rule,
        "required": finding.required,
        "counted": finding.counted,
        "late": finding.late,
        "defective": finding.defective,
        "evidence": sorted({e.event for e in finding.evidence if e.status in ("counted", "late")}),
        "defective_evidence": {e.event: list(e.failed) for e in finding.defective_evidence},
        "cut": cut(finding),
        "accountable": [{"post": a.post, "person": a.person} for a in finding.accountable],
        "parts": {
            part.name: {"counted": part.counted, "late": part.late, "defective": part.defective}
            for part in finding.parts
        },
        "id": finding.id,
        "released_by": next((e.event for e in finding.evidence if e.status == "released"), None),
    }


def cut(finding: Any) -> list[str]:
    """Which lists of a finding show only the first fifty."""
    lists = {
        "evidence": finding.evidence_not_listed > 0,
        "defective_evidence": len(finding.defective_evidence) == 50,
    }
    return [word for word, shortened in lists.items() if shortened]


def escalation(policy: dict, each: Any) -> dict:
    spec = policy["escalations"][each.escalation]["addressed_to"]
    return {
        "escalation": each.escalation,
        "kind": each.kind,
        "id": each.subject,
        "year": each.year,
        "addressed": "post" if each.addressed_to == spec["post"] else "own_case",
        "duties": sorted(each.duties),
    }
