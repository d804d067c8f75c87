"""The commands: a thin face over the library.

Exit codes: 0 done; 1 findings at or above `--fail-on`; 2 invalid input or options, nothing was
evaluated; 3 rejected rows under `--strict`; 4 the evaluation or a report could not be finished.
"""

from __future__ import annotations

import sys

import click

from policyeval.cli.check import check
from policyeval.cli.completion import completion
from policyeval.cli.evaluate import evaluate
from policyeval.cli.schema import schema
from policyeval.errors import InvalidInputError, PolicyEvalError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="policyeval")
def cli() -> None:
    """Evaluate a plan's recurring duties against a year of events.

    Exit codes: 0 done; 1 findings at or above --fail-on; 2 invalid input or options, nothing was
    evaluated; 3 rejected rows under --strict; 4 the evaluation or a report could not be finished.
    """


for command in (check, evaluate, schema, completion):
    cli.add_command(command)


def main() -> None:
    """Run the command line; no traceback reaches a user for anything foreseen."""
    try:
        cli.main(standalone_mode=True)
    except InvalidInputError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        number = len(error.problems)
        found = f"{number} problem{'s' if number != 1 else ''}"
        click.echo(f"{found} found; nothing was evaluated.", err=True)
        sys.exit(2)
    except PolicyEvalError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(4)
    except BrokenPipeError:
        sys.exit(141)
