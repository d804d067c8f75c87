"""Every conformance case, by the reference evaluator and by the pipeline."""

from __future__ import annotations

import pytest

from reference import evaluator, harness
from reference.cases import Case, all_cases, check, run

CASES = all_cases()
BY_NAME = [pytest.param(case, id=case.name) for case in CASES]


@pytest.mark.parametrize("case", BY_NAME)
def test_reference(case: Case) -> None:
    problems = check(case, run(case, evaluator.evaluate), ignore=("rule",))
    assert not problems, "\n" + "\n".join(problems)


@pytest.mark.skipif(not harness.AVAILABLE, reason="the pipeline is not there yet")
@pytest.mark.parametrize("case", BY_NAME)
def test_pipeline(case: Case) -> None:
    problems = check(case, run(case, harness.evaluate))
    assert not problems, "\n" + "\n".join(problems)


def test_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
