"""Loads the policy and the organisation file alone: the part that does not grow with events.

python benchmarks/organisation.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from policyeval.inputs.organisation import load_organisation
from policyeval.language.loading import load_policy

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    print(
        len(load_organisation(folder / "organisation.yaml", load_policy(folder / "policy")).units)
    )
