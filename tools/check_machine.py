"""Can this machine build policyeval? Says what is missing and how to get it."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from pathlib import Path

ADVICE = """\
  Debian, Ubuntu:  sudo apt-get install build-essential python3-dev python3-venv
  Fedora, RHEL:    sudo dnf install gcc python3-devel
  Arch:            sudo pacman -S base-devel
  macOS:           xcode-select --install
  Windows:         "Desktop development with C++" of the Visual Studio Build Tools\
"""


def problems() -> list[str]:
    """What is missing, in words."""
    found = []
    if sys.version_info < (3, 11):
        version = ".".join(map(str, sys.version_info[:3]))
        found.append(f"Python 3.11 or newer is needed, this is {version}: make PYTHON=python3.11 …")
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if not any(shutil.which(name) for name in (compiler, "cc", "gcc", "clang", "cl")):
        found.append("no C compiler was found; the rule engine durable-rules is built with one.")
    elif not Path(sysconfig.get_path("include"), "Python.h").exists():
        found.append("Python's header files (Python.h) were not found; durable-rules needs them.")
    return found


def main() -> int:
    """Print what is missing; 1 if anything is."""
    found = problems()
    if not found:
        return 0
    print("policyeval can't be set up here:", file=sys.stderr)
    for problem in found:
        print(f"- {problem}", file=sys.stderr)
    print("To install a C compiler and Python's headers:", file=sys.stderr)
    print(ADVICE, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
