"""Fixtures and settings for all tests."""

from __future__ import annotations

import gc
import os

from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

# Expressions are built and thrown away by the thousand; looking for cycles among what the imports
# left behind, each time, takes a fifth of all tests' time.
gc.freeze()
gc.set_threshold(50_000, 20, 100)

# Before the default one, from which it would take over that seeds are fixed and nothing is kept.
settings.register_profile(
    "nightly", max_examples=10_000, deadline=None, derandomize=False, suppress_health_check=SLOW
)
settings.register_profile(
    "default", max_examples=300, deadline=None, derandomize=True, suppress_health_check=SLOW
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
