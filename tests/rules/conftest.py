"""A bare durable-rules host, to show what the engine does without our guards."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from policyeval.rules.host import quiet_host


class Bare:
    """durable itself, without background threads (they would outlive the test)."""

    def __init__(self, rules: dict[str, Any]) -> None:
        self.fired: list[str] = []
        self.host = quiet_host()
        definition = {
            name: {"all": patterns, "run": self._run(name)} for name, patterns in rules.items()
        }
        self.host.set_rulesets({"bare": definition})

    def _run(self, name: str) -> Callable[[Any], None]:
        def run(_context: Any) -> None:
            self.fired.append(name)

        return run

    def add(self, fact: dict[str, Any]) -> Any:
        return self.host.assert_fact("bare", fact)


@pytest.fixture
def bare() -> Callable[[dict[str, Any]], Bare]:
    return Bare


@pytest.fixture
def python() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run code in a process of its own, which may crash or hang."""

    def run(code: str, *arguments: str, timeout: float = 30) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            env={**os.environ, "MALLOC_PERTURB_": "165"},  # fresh memory is never zero
        )

    return run
