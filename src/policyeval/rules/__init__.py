"""The durable-rules engine: the only package that imports `durable`.

`judge`, `answering` and `escalate` run the shipped rules; `judgement_rules` puts the rules of a
policy with them; `prove` shows that every situation gets exactly one verdict; `load_ruleset` reads
a rule file.
"""

from policyeval.language.judging import JudgingRuleSet
from policyeval.rules.attribution import Answer, PostState, answering, attribution_rules
from policyeval.rules.escalation import (
    EscalationCase,
    EscalationOutcome,
    escalate,
    escalation_rules,
)
from policyeval.rules.judgement import (
    Judgement,
    Situation,
    Verdict,
    judge,
    judgement_rules,
)
from policyeval.rules.loading import load_ruleset, parse_ruleset
from policyeval.rules.proving import Flaw, enumerate_situations, prove, proved_rules
from policyeval.rules.ruleset import ChainingRuleSet
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
    "proved_rules",
]
