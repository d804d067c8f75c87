"""Writes requirements.lock and requirements-dev.lock: exact versions, no registry address."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def frozen(extra: str, without: frozenset[str] = frozenset()) -> list[str]:
    """What a fresh environment with the project (and an extra) holds."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(Path(folder, "bin", "python"))
        pip = [python, "-m", "pip", "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, "install", f"{ROOT}{extra}"], check=True)
        out = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout
    lines = [line for line in out.splitlines() if "==" in line]
    return sorted(set(lines) - without, key=str.lower)


def main() -> None:
    """Write both files."""
    runtime = frozen("")
    dev = frozen("[dev]", frozenset(runtime))
    head = "# Written by `make lock`.\n"
    Path(ROOT, "requirements.lock").write_text(head + "\n".join(runtime) + "\n", encoding="utf-8")
    Path(ROOT, "requirements-dev.lock").write_text(head + "\n".join(dev) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
