"""`policyeval check`: is a policy valid, and does every situation get exactly one verdict?"""

from __future__ import annotations

from pathlib import Path

import click

from policyeval.errors import InvalidInputError, Problem, RuleEngineError
from policyeval.evaluation.results import thresholds
from policyeval.language.loading import load_policy
from policyeval.language.policy import Policy
from policyeval.rules import judgement_rules, prove


@click.command()
@click.argument("policies", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(policies: tuple[Path, ...]) -> None:
    """Check policy folders: every problem with its file, line and column.

    Example: policyeval check policy/bureau-responsibility-plan
    """
    problems: list[Problem] = []
    for path in policies:
        try:
            policy = load_policy(path)
        except InvalidInputError as error:
            problems += error.problems
            continue
        _prove(policy)
        click.echo(_summary(path, policy))
    if problems:
        raise InvalidInputError(problems)


def _prove(policy: Policy) -> None:
    flaws = prove(judgement_rules(), sorted(thresholds(policy)))
    if flaws:
        shown = "\n".join(f"  {flaw}" for flaw in flaws[:5])
        raise RuleEngineError(f"{len(flaws)} situations do not get exactly one verdict:\n{shown}")


def _summary(path: Path, policy: Policy) -> str:
    clauses = {duty.clause for duty in policy.duties.values()}
    assumed = sum(bool(duty.assumed) for duty in policy.duties.values())
    return (
        f"{path}: valid. {policy.policy} {policy.version}: {_n(len(policy.duties), 'duty')} of "
        f"{_n(len(clauses), 'clause')} (resting on assumptions: {assumed}), "
        f"{_n(len(policy.not_evaluated), 'clause')} not evaluated, "
        f"{_n(len(policy.escalations), 'escalation')}."
    )


def _n(number: int, word: str) -> str:
    many = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number} {word if number == 1 else many}"
