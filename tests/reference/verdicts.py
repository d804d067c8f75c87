"""From counts to a verdict: the sections "Verdicts" and "Judgement"."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from reference.exact import exact, is_number, plain_number
from reference.measures import turns
from reference.sources import World
from reference.words import days_of


def judge(world: World, obligation: dict) -> None:
    """Add the verdict and the counts that it rests on."""
    parts, spec = obligation["parts"], obligation["spec"]
    for part in parts:
        part["counted"] = plain_number(part["value"])
        part["late"] = plain_number(part["late_added"])
    if "all_of" in spec or "any_of" in spec:
        obligation["required"] = len(parts) if "all_of" in spec else 1
        obligation["counted"] = sum(part["enough"] for part in parts)
        obligation["late"] = sum(part["enough_late"] for part in parts)
    else:
        obligation["required"] = plain_number(parts[0]["required"])
        obligation["counted"] = parts[0]["counted"]
        obligation["late"] = parts[0]["late"]
    obligation["defective"] = sum(part["defective"] for part in parts)
    facts = facts_of(world, obligation)
    obligation["verdict"] = by_policy(world.policy, facts) or verdict_of(obligation)


def verdict_of(obligation: dict) -> str:
    """The verdict of the shipped rules."""
    if obligation["waived"] is not None:
        return "waived"
    needed = any if "any_of" in obligation["spec"] else all
    if obligation["closed"]:
        verdict = closed_verdict(obligation["parts"], needed)
    else:
        verdict = open_verdict(obligation["parts"], needed)
    if verdict in ("met", "late"):
        if obligation["review"] == "awaiting":
            return "needs_review"
        if obligation["review"] == "refused":
            return "unmet"
    return verdict


def open_verdict(parts: list[dict], needed: Any) -> str:
    """`needed` is all or any: how many of the parts it takes."""
    broken = [part["broken"] and not moves(part) and not part["may_mend"] for part in parts]
    if (needed is all and any(broken)) or all(broken):
        return "unmet"
    if needed(part["enough"] and part["high"] is None and not moves(part) for part in parts):
        return "met"
    return "pending"


def moves(part: dict) -> bool:
    """Whether a later event may turn it either way: the measure, or a share of what happens."""
    return turns(part["requires"]) or has_event_base(part["requires"])


def has_event_base(spec: Any) -> bool:
    """Whether a threshold, or anything in it, hangs on things that happen."""
    if isinstance(spec, list):
        return any(has_event_base(each) for each in spec)
    if not isinstance(spec, dict):
        return False
    for key in ("share_of", "of", "by"):
        base = spec.get(key)
        if isinstance(base, dict) and ("event" in base or "duty" in base):
            return True
    words = ("at_least", "at_most", "exactly", "more_than", "less_than")
    words += ("greater_of", "lesser_of", "sum_of", "bands", "is", "otherwise")
    cells = list(spec["table"].values()) if "table" in spec else []
    return any(has_event_base(each) for each in [*(spec.get(word) for word in words), *cells])


def closed_verdict(parts: list[dict], needed: Any) -> str:
    if needed(part["enough"] and not part["might_break"] for part in parts):
        return "met"
    if needed(part["enough"] for part in parts):
        return "undetermined"
    if needed(part["enough"] or part["enough_late"] for part in parts):
        return "late"
    if needed(p["enough"] or p["enough_late"] or p["might_be_enough"] for p in parts):
        return "undetermined"
    return "unmet"


# Rules of the policy


def facts_of(world: World, obligation: dict) -> dict:
    """What rules of judgement may ask about an obligation."""
    parts, spec = obligation["parts"], obligation["spec"]
    counted, with_late = obligation["counted"], None
    if "all_of" in spec or "any_of" in spec:
        broken = [part["broken"] for part in parts]
        is_broken = any(broken) if "all_of" in spec else all(broken)
        with_late = counted + obligation["late"]
    else:
        is_broken = parts[0]["broken"]
        with_late = plain_number(parts[0]["with_late"])
    return {
        "waived": obligation["waived"] or "nothing",
        "broken": is_broken,
        "closed": obligation["closed"],
        "review": obligation["review"],
        "required": obligation["required"] or 0,
        "counted": counted,
        "with_late": with_late,
        "working_days_late": working_days_late(world, obligation),
    }


def working_days_late(world: World, obligation: dict) -> int:
    """Working days after the closing day on which the requirement was reached; at most 30."""
    done, closes = obligation["completed"], obligation["closes"]
    if done is None or closes is None or not obligation["completed_late"]:
        return 0
    first, last = world.clock.day_of(closes), done["values"]["at"]["day"]
    days: list[date] = days_of(first, last)[1:]
    return min(30, sum(world.clock.is_working_day(day) for day in days))


def by_policy(policy: dict, facts: dict) -> str | None:
    """The verdict of the policy's own rules, where one of them speaks."""
    for rule in (policy.get("judgement") or {}).get("rules") or []:
        if all(fact_is(facts, name, wanted) for name, wanted in rule["when"].items()):
            return rule["then"]["verdict"]
    return None


def fact_is(facts: dict, name: str, wanted: Any) -> bool:
    """Whether a fact is as a rule wants it."""
    fact = facts[name]
    if isinstance(wanted, list):
        return fact in wanted
    if not isinstance(wanted, dict):
        return fact == wanted
    return all(compared(fact, word, amount(facts, n)) for word, n in wanted.items())


def amount(facts: dict, value: Any) -> Any:
    if isinstance(value, dict):
        value = facts[value["fact"]]
    return exact(value) if is_number(value) else value


def compared(fact: Any, word: str, value: Any) -> bool:
    if is_number(fact):
        fact = Fraction(exact(fact))
    if word in ("not", "is_not"):
        return fact != value
    return {
        "less_than": fact < value,
        "at_most": fact <= value,
        "more_than": fact > value,
        "at_least": fact >= value,
        "exactly": fact == value,
    }[word]
