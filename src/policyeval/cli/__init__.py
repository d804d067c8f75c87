"""The commands: a thin face over the library.

Exit codes: 0 done; 1 findings at or above `--fail-on`; 2 invalid input or options, nothing was
evaluated; 3 rejected rows under `--strict`; 4 the evaluation or a report could not be finished.
Beside these, as for any program: 130 it was interrupted; 141 the reader of its output left.
"""

from __future__ import annotations

import click

from policyeval.cli.check import check
from policyeval.cli.completion import completion
from policyeval.cli.ending import Commands
from policyeval.cli.evaluate import evaluate
from policyeval.cli.schema import schema


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="policyeval")
def cli() -> None:
    """Evaluate a plan's recurring duties against a year of events.

    Exit codes: 0 done; 1 findings at or above --fail-on; 2 invalid input or options, nothing was
    evaluated; 3 rejected rows under --strict; 4 the evaluation or a report could not be finished.
    """


for command in (check, evaluate, schema, completion):
    cli.add_command(command)


def main() -> None:
    """Run the command line."""
    cli.main(prog_name="policyeval")
