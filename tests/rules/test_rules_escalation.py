"""Which totals are raised and to whom: every case, against plain Python."""

from __future__ import annotations

from itertools import product

import pytest

from policyeval.errors import RuleEngineError
from policyeval.rules import EscalationCase, EscalationOutcome, escalate, escalation_rules
from policyeval.rules import escalation as escalation_module

CASES = [
    EscalationCase(kind, unmet, at_least, own)
    for kind, at_least, unmet, own in product(("unit", "person"), range(6), range(6), (False, True))
    if unmet <= at_least
]


def meaning(case: EscalationCase) -> EscalationOutcome | None:
    if case.unmet < case.at_least:
        return None
    if case.kind == "unit":
        return EscalationOutcome("post", ("threshold-reached", "unit-to-post"))
    if case.own:
        return EscalationOutcome("own_case", ("threshold-reached", "own-case"))
    return EscalationOutcome("post", ("threshold-reached", "person-to-post"))


def test_every_case() -> None:
    assert escalate(CASES) == [meaning(case) for case in CASES]
    assert escalate([*reversed(CASES), *CASES]) == [meaning(c) for c in [*reversed(CASES), *CASES]]
    assert escalate([]) == []


def test_raised_but_addressed_to_nobody_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = escalation_rules()
    fewer = rules.model_copy(update={"rules": [r for r in rules.rules if r.rule != "own-case"]})
    monkeypatch.setattr(escalation_module, "escalation_rules", lambda: fewer)
    with pytest.raises(RuleEngineError, match="raised and addressed to nobody"):
        escalate([EscalationCase("person", 2, 2, True)])
