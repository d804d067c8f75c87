"""What must hold of every policy, organisation and log."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from worlds import World, worlds
from worlds_duties import duties, linked_duties
from worlds_logs import rows
from worlds_monotone import is_monotone
from worlds_sources import Earlier
from worlds_words import PEOPLE, days

from reference import evaluator, harness
from reference.clock import Clock
from reference.comparing import differing, key
from reference.reading import read_moment

EXAMPLES = settings().max_examples
VERDICTS = ("met", "late", "unmet", "pending", "waived", "needs_review", "undetermined")
WORSE_TO_BETTER = ("unmet", "undetermined", "late", "met")

needs_pipeline = pytest.mark.skipif(not harness.AVAILABLE, reason="the pipeline is not there yet")


def by_reference(world: World) -> dict:
    return evaluator.evaluate(*world.arguments)


def by_pipeline(world: World) -> dict:
    return harness.evaluate(*world.arguments)


def several(share: float) -> settings:
    """Part of the examples: an example holds dozens of obligations, and takes its time."""
    return settings(max_examples=max(1, int(EXAMPLES * share)))


TOGETHER = 1 if settings().derandomize else 4
"""How many examples are compared at once, as organisations beside one another."""

RUN_LENGTH = 10
"""Many short runs, each from a seed of its own: from its eleventh example on a run varies those
that it has."""


@needs_pipeline
@pytest.mark.parametrize("chunk", range(max(1, EXAMPLES // TOGETHER // RUN_LENGTH)))
@settings(max_examples=RUN_LENGTH)
@given(world=worlds(number=TOGETHER))
def test_pipeline_agrees_with_reference(chunk: int, world: World) -> None:
    ours = by_reference(world)
    # Where nothing counts there is little to differ in; one chunk looks at such worlds, too.
    assume(chunk == 0 or any(finding["evidence"] for finding in ours["findings"]))
    problems = differing(ours, by_pipeline(world))
    assert not problems, "\n" + "\n".join(problems)


@needs_pipeline
@several(0.05 / TOGETHER)
@given(worlds(linked_duties, number=TOGETHER))
def test_pipeline_agrees_with_reference_on_what_follows_from_duties(world: World) -> None:
    problems = differing(by_reference(world), by_pipeline(world))
    assert not problems, "\n" + "\n".join(problems)


@several(0.1)
@given(worlds())
def test_every_obligation_has_one_verdict(world: World) -> None:
    findings = by_reference(world)["findings"]
    assert all(finding["verdict"] in VERDICTS for finding in findings)
    assert len({key(finding) for finding in findings}) == len(findings)


@several(0.1)
@given(worlds(), st.randoms(use_true_random=False))
def test_order_of_rows_never_matters(world: World, random: object) -> None:
    shuffled = list(world.events)
    random.shuffle(shuffled)
    ours, theirs = by_reference(world), by_reference(replace(world, events=shuffled))
    assert not differing(ours, theirs, rows=False)


@needs_pipeline
@several(0.05 / TOGETHER)
@given(worlds(number=TOGETHER), st.randoms(use_true_random=False))
def test_order_of_rows_never_matters_to_the_pipeline(world: World, random: object) -> None:
    shuffled = list(world.events)
    random.shuffle(shuffled)
    ours, theirs = by_pipeline(world), by_pipeline(replace(world, events=shuffled))
    assert not differing(ours, theirs, rows=False)
    ids = [finding["id"] for finding in ours["findings"]]
    assert len(set(ids)) == len(ids)
    assert sorted(ids) == sorted(finding["id"] for finding in theirs["findings"])


def monotone(earlier: Earlier) -> st.SearchStrategy[dict]:
    return duties({}).filter(is_monotone)


@several(0.1)
@given(worlds(duty=monotone), rows())
def test_more_evidence_never_worsens_a_lower_bound(world: World, row: dict) -> None:
    more = replace(world, events=[*world.events, {"id": "more", **row}])
    before = {key(f): f["verdict"] for f in by_reference(world)["findings"]}
    after = {key(f): f["verdict"] for f in by_reference(more)["findings"]}
    for obligation, verdict in before.items():
        if verdict in WORSE_TO_BETTER:
            now = after[obligation]
            assert WORSE_TO_BETTER.index(now) >= WORSE_TO_BETTER.index(verdict)
        elif verdict == "pending":
            assert after[obligation] in ("pending", "met")
        else:
            assert after[obligation] == verdict


@several(0.1)
@given(worlds(spoil=False), days)
def test_what_was_known_is_what_was_recorded(world: World, known_by: date) -> None:
    clock = Clock(world.policy)
    recorded = [
        row
        for row in world.events
        if read_moment(clock, row.get("recorded_at") or row["at"])["day"] <= known_by
    ]
    then = by_reference(replace(world, known_by=known_by))
    assert not differing(then, by_reference(replace(world, events=recorded, known_by=None)))


@several(0.1)
@given(worlds(), rows())
def test_an_event_and_its_withdrawal_leave_no_trace(world: World, row: dict) -> None:
    both = [*world.events, {"id": "more", **row}, {"id": "no-more", "withdraws": "more"}]
    assert not differing(by_reference(world), by_reference(replace(world, events=both)))


@several(0.1)
@given(worlds())
def test_since_only_leaves_out(world: World) -> None:
    without = by_reference(replace(world, since=None))["findings"]
    for finding in by_reference(world)["findings"]:
        # A failure that still goes on is found from that day on.
        if "in_any" not in world.policy["duties"][finding["duty"]]["when"]:
            assert finding in without


def unlinked(earlier: Earlier) -> st.SearchStrategy[dict]:
    """Duties on whose obligations no others hang."""
    return duties({}).filter(lambda duty: not {"double_use", "escalation"} & mentioned(duty))


def mentioned(value: object) -> set[str]:
    if isinstance(value, list):
        return set().union(*[mentioned(each) for each in value])
    if not isinstance(value, dict):
        return set()
    return set(value).union(*[mentioned(each) for each in value.values()])


@several(0.1)
@given(worlds(duty=unlinked))
def test_without_waivers_only_waived_verdicts_change(world: World) -> None:
    with_waivers = {key(f): f["verdict"] for f in by_reference(world)["findings"]}
    without = {key(f): f["verdict"] for f in by_reference(replace(world, waivers=[]))["findings"]}
    assert with_waivers.keys() == without.keys()
    assert all(
        verdict in ("waived", without[obligation]) for obligation, verdict in with_waivers.items()
    )


@several(0.1)
@given(worlds(), st.sampled_from(PEOPLE))
def test_nobody_answers_who_never_held_a_post(world: World, person: str) -> None:
    appointments = [a for a in world.organisation["appointments"] if a["person"] != person]
    organisation = {**world.organisation, "appointments": appointments}
    for finding in by_reference(replace(world, organisation=organisation))["findings"]:
        assert person not in [answer["person"] for answer in finding["accountable"]]
