"""Loading durable-rules: only when it is needed, quietly, and without its threads."""

from __future__ import annotations

import importlib
import logging
import warnings
from functools import cache
from typing import Any

from policyeval.errors import RuleEngineError

COMPILER_ADVICE = (
    "The rule engine durable-rules could not be loaded ({error}). It has no ready-made wheels: its"
    " C extension is compiled when it is installed, which needs a C compiler. Debian and Ubuntu:"
    " `apt install gcc python3-dev`; Fedora: `dnf install gcc python3-devel`; macOS:"
    " `xcode-select --install`; Windows: the Build Tools for Visual Studio. Then:"
    " `pip install --force-reinstall --no-cache-dir durable-rules`."
)


@cache
def durable() -> Any:
    """Import `durable.engine` when it is first needed.

    Raises:
        RuleEngineError: the C extension is missing; says how to get a C compiler.
    """
    try:
        engine = importlib.import_module("durable.engine")
    except ImportError as error:
        raise RuleEngineError(COMPILER_ADVICE.format(error=error)) from error
    # durable logs exceptions that we raise ourselves anyway; without a handler of its own,
    # Python's last resort would print them to stderr.
    logger = logging.getLogger("durable")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    # Its clock uses utcfromtimestamp, deprecated from Python 3.12.
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"durable\.")
    return engine


def quiet_host() -> Any:
    """Make a `Host` without durable's background threads.

    They look for actions five times a second for as long as the process lives, and would run ours
    in the middle of another case.
    """
    host_class = type("QuietHost", (durable().Host,), {"_run": lambda _self: None})
    return host_class()
