"""Evaluates a plan's recurring duties, written as declarative policy, against a year of events.

from policyeval import evaluate

with evaluate("policy/plan", organisation="org.yaml", events=["year.csv"]) as evaluation:
    for finding in evaluation.findings():
        print(finding.duty, finding.bearer.id, finding.verdict)
"""

from policyeval.api import Evaluation, evaluate
from policyeval.errors import (
    InvalidInputError,
    OutputError,
    PolicyEvalError,
    Problem,
    RuleEngineError,
)
from policyeval.findings.models import Finding, Report, Verdict
from policyeval.language.loading import load_policy
from policyeval.language.policy import Policy

__version__ = "0.1.0"

__all__ = [
    "Evaluation",
    "Finding",
    "InvalidInputError",
    "OutputError",
    "Policy",
    "PolicyEvalError",
    "Problem",
    "Report",
    "RuleEngineError",
    "Verdict",
    "evaluate",
    "load_policy",
]
