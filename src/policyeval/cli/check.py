"""`policyeval check`: is a policy valid, and does every situation get exactly one verdict?"""

from __future__ import annotations

from pathlib import Path

import click

from policyeval.cli.console import PlainConsole
from policyeval.cli.ending import reader_may_leave
from policyeval.errors import InvalidInputError, Problem
from policyeval.evaluation.results import thresholds
from policyeval.language.loading import load_policy
from policyeval.language.policy import Policy
from policyeval.reports.defaults import print_defaults
from policyeval.rules import proved_rules


@click.command()
@click.argument("policies", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--explain-defaults", is_flag=True, help="List the choices that each duty leaves open."
)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="en",
    show_default=True,
    help="Language of that list.",
)
def check(policies: tuple[Path, ...], explain_defaults: bool, lang: str) -> None:
    """Check policy folders: every problem with its file, line and column.

    Example: policyeval check policy/bureau-responsibility-plan
    """
    problems: list[Problem] = []
    for path in policies:
        try:
            policy = load_policy(path)
            proved_rules(policy, thresholds(policy), str(path))
        except InvalidInputError as error:
            problems += error.problems
            continue
        click.echo(_summary(path, policy))
        if explain_defaults:
            with reader_may_leave():
                print_defaults(policy, PlainConsole(), lang)
    if problems:
        raise InvalidInputError(problems)


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
