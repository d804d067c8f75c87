"""Where commands print what is more than a line."""

from __future__ import annotations

from rich.console import Console


class PlainConsole(Console):
    """A console that leaves it to `cli.ending` what happens when its reader leaves."""

    def on_broken_pipe(self) -> None:
        """Leave it to who prints."""
        raise BrokenPipeError
