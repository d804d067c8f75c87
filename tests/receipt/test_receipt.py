"""The example on a real event log, against a count in plain Python that shares no code with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import plain_counts
import pytest

import policyeval
from policyeval import Evaluation, Finding

ROOT = Path(__file__).parents[2]
PLAN = ROOT / "policy" / "examples" / "permit-receipt"
LOG = ROOT / "fixtures" / "permit-receipt" / "receipt.csv"
LAST_DAY = date(2012, 1, 23)
DAYS = [
    date(2010, 10, 4),  # few events yet
    date(2010, 12, 27),  # just after Christmas
    date(2011, 3, 27),  # the clocks go forward
    date(2011, 4, 26),  # just after Easter
    date(2011, 10, 30),  # the clocks go back
    LAST_DAY,
    date(2012, 12, 31),  # nothing is open any more
]


def evaluated(as_of: date) -> Evaluation:
    return policyeval.evaluate(
        PLAN,
        organisation=PLAN / "organisation.yaml",
        events=[LOG],
        profile=PLAN / "profile.yaml",
        as_of=as_of,
    )


@pytest.fixture(scope="module")
def evaluation() -> Iterator[Evaluation]:
    with evaluated(LAST_DAY) as opened:
        yield opened


def trigger(finding: Finding) -> str:
    assert finding.trigger is not None
    return finding.trigger.event


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_every_verdict_is_that_of_the_plain_count(as_of: date) -> None:
    with evaluated(as_of) as evaluation:
        findings = list(evaluation.findings())
    found = {
        (finding.duty, trigger(finding)): plain_counts.Judged(
            finding.verdict.value,
            finding.bearer.id,
            *(one.person or "vacant" for one in finding.accountable),
            finding.counted,
            finding.late,
        )
        for finding in findings
    }
    assert len(found) == len(findings)
    assert found == plain_counts.judge(LOG, as_of)


def test_verdicts_on_the_last_day_are_those_of_the_readme(evaluation: Evaluation) -> None:
    duties = {
        duty.duty: {verdict: n for verdict, n in duty.counts.model_dump().items() if n}
        for duty in evaluation.header.duties
    }
    assert duties == {
        "confirmation-sent": {"met": 1152, "late": 148, "unmet": 131, "pending": 3},
        "check-before-determination": {"met": 1307},
        "determination-before-sending": {"met": 1299, "unmet": 1},
    }


@pytest.mark.parametrize(("table", "of"), [("department", "units"), ("responsible", "people")])
def test_summaries_add_up_to_the_plain_count(evaluation: Evaluation, table: str, of: str) -> None:
    expected = plain_counts.counts(plain_counts.judge(LOG, LAST_DAY))[table]
    found = {
        getattr(row, "unit" if of == "units" else "person"): +Counter(row.counts.model_dump())
        for row in getattr(evaluation.header, of)
    }
    assert found == dict(expected)


def test_no_row_of_the_log_is_rejected(evaluation: Evaluation) -> None:
    assert list(evaluation.rejected_rows()) == []
    assert evaluation.header.rejected == 0
    [file] = evaluation.header.files
    assert file.rows == 8577


def test_the_one_letter_without_a_determination(evaluation: Evaluation) -> None:
    [finding] = [
        each
        for each in evaluation.findings()
        if each.duty == "determination-before-sending" and each.verdict == "unmet"
    ]
    assert trigger(finding) == "task-30353"
    assert [one.person for one in finding.accountable] == ["Resource11"]
