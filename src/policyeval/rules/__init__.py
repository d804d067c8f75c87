"""The durable-rules engine: the only package that imports `durable`.

`judge`, `answering` and `escalate` run the shipped rules; `prove` shows that every situation gets
exactly one verdict; `load_ruleset` reads a rule file.
"""

from policyeval.rules.attribution import Answer, PostState, answering, attribution_rules
from policyeval.rules.escalation import (
    EscalationCase,
    EscalationOutcome,
    escalate,
    escalation_rules,
)
from policyeval.rules.judgement import (
    Flaw,
    Judgement,
    Situation,
    Verdict,
    enumerate_situations,
    judge,
    judgement_rules,
    prove,
)
from policyeval.rules.loading import load_ruleset, parse_ruleset
from policyeval.rules.ruleset import ChainingRuleSet, JudgingRuleSet
from policyeval.rules.running import Decision, Inference, decide, fired, infer

__all__ = [
    "Answer",
    "ChainingRuleSet",
    "Decision",
    "EscalationCase",
    "EscalationOutcome",
    "Flaw",
    "Inference",
    "Judgement",
    "JudgingRuleSet",
    "PostState",
    "Situation",
    "Verdict",
    "answering",
    "attribution_rules",
    "decide",
    "enumerate_situations",
    "escalate",
    "escalation_rules",
    "fired",
    "infer",
    "judge",
    "judgement_rules",
    "load_ruleset",
    "parse_ruleset",
    "prove",
]
