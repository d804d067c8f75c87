"""Limits and habits of durable-rules: what it does by itself, and what the adapter makes of it."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import policyeval
from policyeval.errors import RuleEngineError
from policyeval.rules import host as host_module
from policyeval.rules.engine import Firing, Outcome, RuleEngine

ANY_CASE = [{"m": {"$and": [{"is": "case"}]}}]

BareMaker = Callable[[dict[str, Any]], Any]
Python = Callable[..., subprocess.CompletedProcess[str]]


# Rule sets that are too big

HANG = """
import sys
from policyeval.rules.host import quiet_host
size = int(sys.argv[1])
host = quiet_host()
rules = {f"r{i}": {"all": [{"m": {"n": i}}], "run": lambda c: None} for i in range(size)}
host.set_rulesets({"r": rules})
host.assert_fact("r", {"is": "case", "n": 1, "id": "1", "sid": "s"})
print("done")
"""


def test_trap_512_alternatives_never_end(python: Python) -> None:
    # The rules' first tests stand in one hash table of 512 places, which durable walks until it
    # finds an empty one. At 511 there is one left; 1,000 rules hang while they are compiled.
    assert python(HANG, "511").stdout == "done\n"
    with pytest.raises(subprocess.TimeoutExpired):
        python(HANG, "512", timeout=1.5)


def test_guard_500_rules_work_and_more_are_refused() -> None:
    def rules(size: int) -> dict[str, Any]:
        return {f"r{n}": [{"m": {"$and": [{"is": "case"}, {"n": n}]}}] for n in range(size)}

    engine = RuleEngine("big", rules(500))
    assert [f.rule for f in engine.run([{"is": "case", "n": 499}]).firings] == ["r499"]
    with pytest.raises(RuleEngineError, match=r"rule set big: 501 patterns.*generic"):
        RuleEngine("big", rules(501))


IDENTICAL = """
import sys
from policyeval.rules.host import quiet_host
host = quiet_host()
rules = {f"r{i}": {"all": [{"m": {"is": "case"}}], "run": lambda c: None} for i in range(256)}
host.set_rulesets({"r": rules})
host.assert_fact("r", {"is": "case", "id": "1", "sid": "s"})
"""


def test_trap_256_identical_patterns_crash(python: Python) -> None:
    # It writes beyond its memory: whether that is noticed hangs on what lies there.
    assert any(python(IDENTICAL).returncode != 0 for _ in range(5))


def test_guard_identical_patterns_are_refused() -> None:
    engine = RuleEngine("same", {f"r{n}": ANY_CASE for n in range(250)})
    assert len(engine.run([{"is": "case"}]).firings) == 250
    with pytest.raises(RuleEngineError, match="251 patterns are the same"):
        RuleEngine("same", {f"r{n}": ANY_CASE for n in range(251)})


def test_guard_too_many_tests_that_hold_at_once_are_an_error() -> None:
    rules = {f"r{n}": [{"m": {"$and": [{"is": "case"}, {"$gte": {"n": n}}]}}] for n in range(65)}
    engine = RuleEngine("stack", rules)
    assert len(engine.run([{"is": "case", "n": 63}]).firings) == 64
    with pytest.raises(RuleEngineError, match="303"):
        engine.run([{"is": "case", "n": 65}])
    assert len(engine.run([{"is": "case", "n": 3}]).firings) == 4


def test_guard_no_rules_at_all_are_an_error() -> None:
    with pytest.raises(RuleEngineError, match="no rules"):
        RuleEngine("empty", {})


def test_guard_what_durable_cannot_compile_is_an_error() -> None:
    with pytest.raises(RuleEngineError, match=r"rule set wrong: .*could not be compiled"):
        RuleEngine("wrong", {"any": [{"m": {"$and": {"is": "case"}}}]})


# Joins that are lost after an alternative


def test_trap_an_or_inside_an_and_loses_the_join_after_it(bare: BareMaker) -> None:
    alternatives = {"$or": [{"colour": "red"}, {"colour": "blue"}]}
    pattern = {"$and": [{"is": "post"}, alternatives, {"post": {"asked": "post"}}]}
    host = bare({"join": [{"asked": {"is": "asked"}}, {"post": pattern}]})
    host.add({"is": "asked", "post": "a", "id": "1", "sid": "s"})
    host.add({"is": "post", "colour": "red", "post": "b", "id": "2", "sid": "s"})
    assert host.fired == ["join"]  # although a is not b; the guard is in compiling.py


# Properties of one fact


def test_two_properties_of_a_fact_are_compared_rightly_by_durable_itself(bare: BareMaker) -> None:
    rules = {
        operator: [{"m": {"$and": [{"is": "case"}, {operator: {"a": {"$m": "b"}}}]}}]
        for operator in ("$gte", "$lte", "$gt", "$lt", "$neq", "$eq")
    }
    host = bare(rules)
    numbers = [*range(-3, 12), 99, 100, 10**9, -(10**9), 2**62]
    for a, b in product(numbers, repeat=2):
        host.fired.clear()
        host.add({"is": "case", "a": a, "b": b, "id": "1", "sid": "s"})
        host.host.delete_state("bare", "s")
        expected = {
            operator
            for operator, holds in {
                "$gte": a >= b, "$lte": a <= b, "$gt": a > b,
                "$lt": a < b, "$neq": a != b, "$eq": a == b,
            }.items()
            if holds
        }  # fmt: skip
        assert set(host.fired) == expected, (a, b)


def test_trap_true_equals_one(bare: BareMaker) -> None:
    host = bare({"one": [{"m": {"n": 1}}]})
    host.add({"n": True, "id": "1", "sid": "s"})
    assert host.fired == ["one"]  # the guard is in checking.py: only declared types pass


@pytest.mark.parametrize(
    ("value", "message"),
    [(None, "n is None"), (1.5, "n is 1.5"), (2**63, "too large"), ("x" * 10_001, "10000 char")],
)
def test_guard_values_that_durable_mistakes_are_refused(value: Any, message: str) -> None:
    engine = RuleEngine("values", {"any": ANY_CASE})
    with pytest.raises(RuleEngineError, match=message):
        engine.run([{"is": "case", "n": value}])
    assert engine.run([{"is": "case", "n": 2**63 - 1, "t": "x" * 10_000}]).firings


# Threads, output and a missing extension


def test_trap_a_host_starts_threads_that_never_end(python: Python) -> None:
    code = """
import threading, durable.engine
before = threading.active_count()
host = durable.engine.Host({"r": {"any": {"all": [{"m": {"is": "a"}}], "run": lambda c: None}}})
print(threading.active_count() - before)
"""
    assert python(code).stdout == "2\n"


def test_guard_no_threads() -> None:
    before = threading.active_count()
    RuleEngine("threads", {"any": ANY_CASE}).run([{"is": "case"}])
    assert threading.active_count() == before


def test_guard_threads_may_share_an_engine() -> None:
    engine = RuleEngine("shared", {"any": ANY_CASE})
    wrong: list[Outcome] = []

    def work(thread: int) -> None:
        for number in range(200):
            fact = {"is": "case", "n": number, "thread": thread}
            outcome = engine.run([fact])
            if outcome.firings != (Firing("any", {"m": fact}),):
                wrong.append(outcome)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_guard_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    engine = RuleEngine("quiet", {"any": ANY_CASE})
    engine.run([{"is": "case"}, {"is": "other"}])
    with pytest.raises(RuleEngineError):
        engine.run([{"is": "case"}], lambda _: [{"is": "case", "text": "\ud800"}])
    host_module.durable().logger.error("what durable logs")
    assert capfd.readouterr() == ("", "")


def test_guard_importing_policyeval_does_not_import_durable(python: Python) -> None:
    code = "import sys, policyeval.rules; print(any(m.startswith('durable') for m in sys.modules))"
    assert python(code).stdout == "False\n"


def test_guard_a_missing_extension_says_how_to_get_a_compiler(python: Python) -> None:
    code = """
import sys
sys.modules["durable_rules_engine"] = None
from policyeval.errors import PolicyEvalError
from policyeval.rules import judge, Situation
try:
    judge([Situation("nothing", True, False, False, 1, 1, 1, False)])
except PolicyEvalError as error:
    print(type(error).__name__, error)
"""
    printed = python(code).stdout
    assert printed.startswith("RuleEngineError The rule engine durable-rules could not be loaded")
    assert "apt install gcc" in printed
    assert "pip install" in printed


def test_guard_nobody_else_imports_durable() -> None:
    source = Path(policyeval.__file__).parent
    importers = [
        path.name
        for path in source.rglob("*.py")
        if any(
            line.lstrip().startswith(("import durable", "from durable"))
            or 'import_module("durable' in line
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    ]
    assert importers == ["host.py"]
