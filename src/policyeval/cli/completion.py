"""`policyeval completion`: the line that switches shell completion on."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script for a shell.

    Example, for bash: eval "$(policyeval completion bash)"
    """
    made = get_completion_class(shell)
    if made is None:  # pragma: no cover - click has all three
        raise click.ClickException(f"no completion for {shell}")
    root = context.find_root()
    click.echo(made(root.command, {}, "policyeval", "_POLICYEVAL_COMPLETE").source())
