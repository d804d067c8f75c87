"""Every trap of durable-rules, twice: what it does by itself, and what the adapter makes of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from policyeval.errors import RuleEngineError
from policyeval.rules import engine as engine_module
from policyeval.rules import host as host_module
from policyeval.rules.engine import MAX_FACTS, Firing, Outcome, RuleEngine

ANY_CASE = [{"m": {"$and": [{"is": "case"}]}}]

BareMaker = Callable[[dict[str, Any]], Any]
Python = Callable[..., subprocess.CompletedProcess[str]]


def fnv(text: str) -> int:
    """durable's 32-bit hash."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


# More than 1,024 live sessions


def test_trap_the_1025th_session_is_a_bare_memory_error(bare: BareMaker) -> None:
    host = bare({"any": ANY_CASE})
    for number in range(1024):
        host.add({"is": "case", "id": "1", "sid": str(number)})
    with pytest.raises(MemoryError):
        host.add({"is": "case", "id": "1", "sid": "1024"})


def test_guard_one_session_for_any_number_of_cases() -> None:
    engine = RuleEngine("sessions", {"any": ANY_CASE})
    for number in range(1500):
        assert len(engine.run([{"is": "case", "number": number}]).firings) == 1


def test_guard_a_bare_memory_error_becomes_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = RuleEngine("memory", {"any": ANY_CASE})

    def out_of_memory(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(engine._host, "assert_fact", out_of_memory)
        patched.setattr(engine._host, "delete_state", lambda *_: None)
        with pytest.raises(RuleEngineError, match=r"rule set memory: .*MemoryError"):
            engine.run([{"is": "case"}])
    assert engine.run([{"is": "case"}]).firings


# Deleting a session in which no action ran

CRASH = """
from policyeval.rules.host import quiet_host, durable
host = quiet_host()
host.set_rulesets({"r": {"any": {"all": [{"m": {"is": "case"}}], "run": lambda c: None}}})
try:
    host.assert_fact("r", {"is": "other", "id": "1", "sid": "s"})
except durable().MessageNotHandledException:
    print("unmatched", flush=True)
host.delete_state("r", "s")
print("deleted", flush=True)
"""

GUARDED = """
from policyeval.rules.engine import RuleEngine
engine = RuleEngine("r", {"any": [{"m": {"$and": [{"is": "case"}]}}]})
for number in range(50):
    assert engine.run([{"is": "other", "number": number}]).unmatched
    assert engine.run([{"is": "case"}]).firings
print("deleted")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="MALLOC_PERTURB_ is glibc's")
def test_trap_deleting_a_session_without_an_action_crashes_the_process(python: Python) -> None:
    result = python(CRASH)
    assert result.stdout == "unmatched\n"
    assert result.returncode != 0


def test_guard_a_first_action_initialises_the_session_that_is_reused(python: Python) -> None:
    result = python(GUARDED)
    assert (result.returncode, result.stdout) == (0, "deleted\n"), result.stderr


# Facts that are taken for one another


def test_trap_distinct_facts_without_an_id_collide(bare: BareMaker) -> None:
    host = bare({"any": [{"m": {"$gte": {"n": 0}}}]})
    host.add({"n": 9559, "sid": "s"})
    with pytest.raises(host_module.durable().MessageObservedException):
        host.add({"n": 59952, "sid": "s"})


def test_trap_even_distinct_ids_collide(bare: BareMaker) -> None:
    host = bare({"any": ANY_CASE})
    assert fnv("f6059") == fnv("f264602")
    host.add({"is": "case", "id": "f6059", "sid": "s"})
    with pytest.raises(host_module.durable().MessageObservedException):
        host.add({"is": "case", "id": "f264602", "sid": "s"})


def test_guard_our_ids_do_not_collide_and_no_case_needs_more() -> None:
    ids = {f"f{number}" for number in range(MAX_FACTS)} | {f"sid-{engine_module._SID}", "$pulse"}
    assert len({fnv(i) for i in ids}) == len(ids)
    engine = RuleEngine("ids", {"any": [{"m": {"$gte": {"n": 0}}}]})
    facts = [{"is": "case", "n": number} for number in (9559, 59952)]
    assert len(engine.run(facts).firings) == 2


def test_guard_a_case_with_too_many_facts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = RuleEngine("many", {"any": ANY_CASE})
    monkeypatch.setattr(engine_module, "MAX_FACTS", 3)
    with pytest.raises(RuleEngineError, match="rule set many: a case has over 3 facts"):
        engine.run([{"is": "case", "number": n} for n in range(4)])
    assert len(engine.run([{"is": "case", "number": n} for n in range(3)]).firings) == 3


# Exceptions in actions


def test_trap_an_exception_in_an_action_is_swallowed_into_the_state() -> None:
    host = host_module.quiet_host()

    def fails(_context: Any) -> None:
        raise KeyboardInterrupt

    host.set_rulesets({"r": {"any": {"all": ANY_CASE, "run": fails}}})
    host.assert_fact("r", {"is": "case", "id": "1", "sid": "s"})
    assert "exception caught" in host.get_state("r", "s")["exception"]


def test_guard_an_exception_in_an_action_is_raised_and_the_next_case_is_clean() -> None:
    engine = RuleEngine("actions", {"any": ANY_CASE})

    def fails(_firing: Firing) -> list[Any]:
        raise ValueError("no")

    with pytest.raises(RuleEngineError, match=r"rule set actions: .*ValueError no") as caught:
        engine.run([{"is": "case"}], fails)
    assert isinstance(caught.value.__cause__, ValueError)
    assert engine.run([{"is": "case"}]).firings


def test_guard_ctrl_c_in_an_action_gets_through() -> None:
    engine = RuleEngine("ctrl-c", {"any": ANY_CASE})

    def interrupted(_firing: Firing) -> list[Any]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.run([{"is": "case"}], interrupted)
    assert engine.run([{"is": "case"}]).firings


def test_guard_what_durable_itself_notes_in_the_state_is_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine = RuleEngine("state", {"any": ANY_CASE})
    monkeypatch.setattr(engine._host, "get_state", lambda *_: {"exception": "timeout expired"})
    with pytest.raises(RuleEngineError, match="timeout expired"):
        engine.run([{"is": "case"}])


# Actions that are dropped after ten seconds of wall clock


def sleepy_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every look at durable's clock be an hour after the one before."""
    times = iter(range(0, 10**9, 3600))
    monkeypatch.setattr(host_module.durable(), "_unix_now", lambda: next(times))


def test_trap_actions_after_ten_seconds_are_dropped_in_silence(
    bare: BareMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = bare({"one": ANY_CASE, "two": ANY_CASE})
    sleepy_clock(monkeypatch)
    host.add({"is": "case", "id": "1", "sid": "s"})
    assert host.fired == ["one"]


def test_guard_a_dropped_action_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = RuleEngine("slow", {"one": ANY_CASE, "two": ANY_CASE})
    with monkeypatch.context() as patched:
        sleepy_clock(patched)
        with pytest.raises(RuleEngineError, match="more than ten seconds"):
            engine.run([{"is": "case"}])
    assert len(engine.run([{"is": "case"}]).firings) == 2


# Facts that no rule is about


def test_trap_an_unmatched_fact_raises(bare: BareMaker) -> None:
    host = bare({"any": ANY_CASE})
    with pytest.raises(host_module.durable().MessageNotHandledException):
        host.add({"is": "other", "id": "1", "sid": "s"})


def test_guard_an_unmatched_fact_is_named() -> None:
    outcome = RuleEngine("unmatched", {"any": ANY_CASE}).run([{"is": "other", "colour": "red"}])
    assert outcome == Outcome((), (), ({"is": "other", "colour": "red"},))


def test_guard_a_derived_fact_that_no_rule_goes_on_from_is_a_result() -> None:
    engine = RuleEngine("derived", {"any": ANY_CASE})
    outcome = engine.run([{"is": "case"}], lambda _: [{"is": "result"}])
    assert outcome.derived == ({"is": "result"},)
    assert outcome.unmatched == ()


# Names of rule sets


def test_trap_a_name_can_be_registered_only_once(bare: BareMaker) -> None:
    host = bare({"any": ANY_CASE}).host
    with pytest.raises(Exception, match="already registered"):
        host.set_rulesets({"bare": {"any": {"all": ANY_CASE, "run": lambda _: None}}})


def test_guard_versions_of_a_rule_set_live_side_by_side() -> None:
    one = RuleEngine("same", {"one": ANY_CASE})
    two = RuleEngine("same", {"two": ANY_CASE})
    again = RuleEngine("same", {"one": ANY_CASE})
    for engine, rule in ((one, "one"), (two, "two"), (again, "one")):
        assert [f.rule for f in engine.run([{"is": "case"}]).firings] == [rule]


# A case is a set of facts


def test_the_order_and_repetition_of_facts_change_nothing() -> None:
    engine = RuleEngine("order", {"any": ANY_CASE})
    facts = [{"is": "case", "n": n} for n in range(5)]
    outcome = engine.run(facts)
    assert engine.run([*reversed(facts), facts[2]]) == outcome
    assert sorted(str(f.matched["m"]["n"]) for f in outcome.firings) == list("01234")
    assert engine.run([]) == Outcome((), (), ())


def test_a_circle_of_derivations_ends() -> None:
    engine = RuleEngine("circle", {"any": ANY_CASE})

    def next_one(firing: Firing) -> list[Any]:
        number = firing.matched["m"]["n"]
        assert isinstance(number, int)
        return [{"is": "case", "n": (number + 1) % 7}]

    outcome = engine.run([{"is": "case", "n": 3}], next_one)
    assert [f["n"] for f in outcome.derived] == [4, 5, 6, 0, 1, 2]
    assert len(outcome.firings) == 7
