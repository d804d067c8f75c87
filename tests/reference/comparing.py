"""Two results, finding by finding."""

from __future__ import annotations

from typing import Any

from reference.cases import comparable

KEYS = ("duty", "bearer", "bearer_post", "bearer_unit", "target", "period", "trigger")
COMPARED = (
    "verdict",
    "required",
    "counted",
    "late",
    "defective",
    "opens",
    "due",
    "closes",
    "evidence",
    "defective_evidence",
    "accountable",
    "parts",
)


def key(finding: dict) -> tuple:
    """What makes a finding the finding it is; the unit of a vacant post does not."""
    return tuple(
        None if name == "bearer_unit" and finding["vacant"] else finding[name] for name in KEYS
    )


def differing(ours: dict, theirs: dict, rows: bool = True) -> list[str]:
    """A line for each difference between two results."""
    problems = []
    mine = {key(finding): finding for finding in ours["findings"]}
    other = {key(finding): finding for finding in theirs["findings"]}
    problems += [f"only the first has {k}: {mine[k]['verdict']}" for k in mine.keys() - other]
    problems += [f"only the second has {k}: {other[k]['verdict']}" for k in other.keys() - mine]
    for name in (k for k in mine if k in other):
        for word in COMPARED:
            one, two = (seen(word, each[name]) for each in (mine, other))
            # The reference lists everything, the pipeline the first fifty.
            if "cut" not in mine[name] and word in other[name].get("cut", ()):
                one = [event for event in one if event in two]
            if one != two:
                problems.append(f"{name} {word}: {one} / {two}")
    columns = ("id", "row") if rows else ("id",)
    rejected = [
        sorted(str([row[column] for column in columns]) for row in result["rejected"])
        for result in (ours, theirs)
    ]
    if rejected[0] != rejected[1]:
        problems.append(f"rejected: {rejected[0]} / {rejected[1]}")
    raised = [sorted(str(sorted(e.items())) for e in r["escalations"]) for r in (ours, theirs)]
    if raised[0] != raised[1]:
        problems.append(f"escalations: {raised[0]} / {raised[1]}")
    return problems


def seen(word: str, finding: dict) -> Any:
    value = finding[word]
    if word == "required" and value is None:
        return 0
    if word == "parts":
        return sorted((name, tuple(part.values())) for name, part in value.items())
    if word == "accountable":
        return sorted(set(comparable(word, value)))
    return comparable(word, value)
