"""Writes docs/schemas/*.json from the models."""

from __future__ import annotations

from pathlib import Path

from policyeval.cli.schema import MODELS, schema_text

FOLDER = Path(__file__).parent.parent / "docs" / "schemas"


def main() -> None:
    """Write one file per format."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in MODELS:
        (FOLDER / f"{name}.schema.json").write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    main()
