"""From counts to a verdict: the section "Verdicts"."""

from __future__ import annotations


def judge(obligation: dict) -> None:
    """Add the verdict and the counts that it rests on."""
    parts = obligation["parts"]
    for part in parts:
        low, high = part["low"] or 0, part["high"]
        part["broken"] = high is not None and part["counted"] > high
        part["enough"] = part["counted"] >= low and not part["broken"]
        part["enough_late"] = (
            not part["enough"] and not part["broken"] and part["counted"] + part["late"] >= low
        )
        part["might_be_enough"] = part["may_mend"] > 0 if part["broken"] else reaches(part, low)
        part["might_break"] = high is not None and (
            part["may_break"] > 0
            if part["measure"] != "count"
            else part["counted"] + part["may_break"] > high
        )
    duty = obligation["spec"]
    if "all_of" in duty or "any_of" in duty:
        obligation["required"] = len(parts) if "all_of" in duty else 1
        obligation["counted"] = sum(part["enough"] for part in parts)
        obligation["late"] = sum(part["enough_late"] for part in parts)
    else:
        obligation["required"] = parts[0]["low"]
        obligation["counted"] = parts[0]["counted"]
        obligation["late"] = parts[0]["late"]
    obligation["defective"] = sum(part["defective"] for part in parts)
    if obligation["waived"]:
        obligation["verdict"] = "waived"
    elif obligation["closed"]:
        obligation["verdict"] = closed_verdict(parts, any if "any_of" in duty else all)
    else:
        obligation["verdict"] = open_verdict(parts, any if "any_of" in duty else all)


def reaches(part: dict, low: int) -> bool:
    """Whether the rows that could not be read might make a part enough."""
    if part["measure"] != "count":
        return part["may_reach"] > 0
    return part["counted"] + part["late"] + part["may_reach"] >= low


def open_verdict(parts: list[dict], needed: type) -> str:
    """`needed` is all or any: how many of the parts it takes."""
    broken = [part["broken"] for part in parts]
    if (needed is all and any(broken)) or all(broken):
        return "unmet"
    if needed(part["enough"] and part["high"] is None for part in parts):
        return "met"
    return "pending"


def closed_verdict(parts: list[dict], needed: type) -> str:
    if needed(part["enough"] and not part["might_break"] for part in parts):
        return "met"
    if needed(part["enough"] for part in parts):
        return "undetermined"
    if needed(part["enough"] or part["enough_late"] for part in parts):
        return "late"
    if needed(p["enough"] or p["enough_late"] or p["might_be_enough"] for p in parts):
        return "undetermined"
    return "unmet"
