"""The adapter that owns durable-rules: one engine per rule set, one session per case.

durable-rules (2.0.28) is a small C extension with sharp edges, some of which end the process. Every
edge that is known is guarded here, and shown by a test in `tests/rules/test_rules_engine_*.py`.
No module but this one and `host.py` touches `durable`.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policyeval.errors import RuleEngineError
from policyeval.rules.host import durable, quiet_host

Value = str | int | bool
Fact = Mapping[str, Value]
"""A flat mapping with the key `is` (the kind of the fact) and the kind's properties."""
Definition = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rule name -> durable's `all` list: one mapping `alias -> {"$and": [...]}` for each pattern."""

MAX_PATTERNS = 500
"""From 512 alternatives under one node, durable's hash walk never ends (a busy core, for ever)."""
MAX_IDENTICAL = 250
"""From 256 rules with one and the same pattern, durable writes past a list and crashes."""
MAX_FACTS = 10_000
"""Facts in one case. durable knows an id by its 32-bit hash; up to here ours do not collide."""
MAX_TEXT = 10_000
"""Characters in a text. durable keeps lengths in 16 bits."""
MAX_NUMBER = 2**63 - 1

_SID = "case"
_WARM_UP = "$warm-up"


@dataclass(frozen=True)
class Firing:
    """One rule that fired, and the facts that it matched, by the pattern's name."""

    rule: str
    matched: Mapping[str, Fact]


@dataclass(frozen=True)
class Outcome:
    """What one case led to.

    Args:
        firings: every rule that fired, in the engine's order.
        derived: the facts that rules asserted, each once, in the order of their derivation.
        unmatched: the facts of the case that no pattern of any rule is about.
    """

    firings: tuple[Firing, ...]
    derived: tuple[Fact, ...]
    unmatched: tuple[Fact, ...]


React = Callable[[Firing], Iterable[Fact]]
"""What a rule that fired asserts."""


def nothing(_firing: Firing) -> tuple[Fact, ...]:
    """Assert nothing: for rule sets in which no rule follows from another."""
    return ()


def _refuse_too_big(name: str, definition: Definition) -> None:
    """Raise RuleEngineError for a rule set that durable would hang or crash on."""
    patterns = [json.dumps(body, sort_keys=True) for p in definition.values() for body in p]
    if len(patterns) > MAX_PATTERNS:
        raise RuleEngineError(
            f"rule set {name}: {len(patterns)} patterns, and the rule engine hangs beyond about"
            f" {MAX_PATTERNS}. (A list of alternatives counts once for each.) Write generic rules"
            " that compare properties of a fact, not one rule for each duty or unit."
        )
    bodies = Counter(
        json.dumps(body, sort_keys=True)
        for patterns in definition.values()
        for pattern in patterns
        for body in pattern.values()
    )
    body, count = bodies.most_common(1)[0]
    if count > MAX_IDENTICAL:
        raise RuleEngineError(
            f"rule set {name}: {count} patterns are the same ({body}), and the rule engine crashes"
            f" beyond about {MAX_IDENTICAL}."
        )


def _key(fact: Fact) -> str:
    return json.dumps(dict(fact), sort_keys=True, ensure_ascii=False)


class RuleEngine:
    """A compiled rule set, and the one session in which its cases are run one after another.

    Safe to share between threads: cases wait for each other.
    """

    def __init__(self, name: str, definition: Definition) -> None:
        """Compile.

        Args:
            name: what the rule set is called in errors.
            definition: rule name -> patterns, see `Definition`.

        Raises:
            RuleEngineError: durable is missing, or cannot take the rule set.
        """
        if not definition:
            raise RuleEngineError(f"rule set {name}: it has no rules")
        _refuse_too_big(name, definition)
        self.name = name
        self._lock = threading.Lock()
        self._begin(nothing)
        # A name can be registered only once in a host: ours is made from the content, and the host
        # is fresh, so that two versions of a rule set can live side by side.
        digest = hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()
        self._ruleset = f"{name}-{digest[:12]}"
        rules = {
            rule: {"all": [dict(p) for p in patterns], "run": self._action(rule)}
            for rule, patterns in definition.items()
        }
        rules[_WARM_UP] = {"all": [{"m": {"is": _WARM_UP}}], "run": self._action(_WARM_UP)}
        try:
            self._host = quiet_host()
            self._host.set_rulesets({self._ruleset: rules})
        except RuleEngineError:
            raise
        except Exception as error:
            raise self._broken("it could not be compiled", error) from error
        # durable frees an uninitialised pointer, and crashes, when a session is deleted in which
        # no action ever ran. An action in the first session initialises the slot that every later
        # session reuses.
        self.run([{"is": _WARM_UP}])

    def run(self, case: Iterable[Fact], react: React = nothing) -> Outcome:
        """Run one case, forget it, and say what it led to.

        The facts of a case are a set: their order and repetition change nothing.

        Args:
            case: the facts, each with the key `is`.
            react: called for every rule that fires; the facts that it returns are asserted in the
                same session, unless they are there already, and may fire further rules.

        Raises:
            RuleEngineError: the engine or `react` failed. Nothing of the case stays behind.
        """
        facts = {_key(f): f for f in case}
        if not facts:
            return Outcome((), (), ())
        with self._lock:
            self._begin(react, facts)
            try:
                for key in sorted(facts):
                    self._assert(facts[key])
                self._check_state()
            except RuleEngineError:
                raise
            except Exception as error:
                raise self._broken("it failed", error) from error
            finally:
                # One session at a time: at 1,025 live ones durable raises a bare MemoryError.
                if self._open:
                    self._host.delete_state(self._ruleset, _SID)
            return Outcome(tuple(self._firings), tuple(self._derived), tuple(self._unmatched))

    def _begin(self, react: React, known: Iterable[str] = ()) -> None:
        self._react = react
        self._open = False
        self._firings: list[Firing] = []
        self._derived: list[Fact] = []
        self._unmatched: list[Fact] = []
        self._facts: dict[str, Fact] = {}
        self._known = set(known)
        self._error: BaseException | None = None

    def _action(self, rule: str) -> Callable[[Any], None]:
        """Make durable's action for a rule. It never raises: durable would swallow it."""

        def fired(context: Any) -> None:
            if self._error is not None:
                return
            try:
                matched = {alias: self._facts[m["id"]] for alias, m in context._m.items()}
                firing = Firing(rule, matched)
                self._firings.append(firing)
                for fact in self._react(firing):
                    self._derive(fact)
            except BaseException as error:  # durable would swallow even Ctrl-C
                self._error = error

        return fired

    def _derive(self, fact: Fact) -> None:
        """Assert a fact that a rule derived, unless it is known; this is what makes cycles end."""
        key = _key(fact)
        if key in self._known:
            return
        self._known.add(key)
        self._derived.append(fact)
        try:
            self._host.get_ruleset(self._ruleset).assert_fact(self._message(fact))
        except durable().MessageNotHandledException:
            return  # no rule goes on from it: it is a result

    def _assert(self, fact: Fact) -> None:
        message = self._message(fact)
        self._open = True
        try:
            done = self._host.assert_fact(self._ruleset, message)
        except durable().MessageNotHandledException:
            self._unmatched.append(fact)
            return
        if isinstance(self._error, RuleEngineError):
            raise self._error
        if isinstance(self._error, Exception):
            raise self._broken("a rule's action failed", self._error) from self._error
        if self._error is not None:
            raise self._error
        # durable drops an action, and all that would follow, if it took over ten seconds by the
        # wall clock (a computer that slept); then it hands back its placeholder.
        if done == 0:
            raise self._broken("it was interrupted for more than ten seconds; please run again")

    def _message(self, fact: Fact) -> dict[str, Value]:
        """Give a fact an id of its own: without one, durable's hash of it may collide."""
        for name, value in fact.items():
            if not isinstance(value, str | int):
                raise RuleEngineError(f"rule set {self.name}: {name} is {value!r}, in {dict(fact)}")
            if isinstance(value, str) and len(value) > MAX_TEXT:
                raise RuleEngineError(
                    f"rule set {self.name}: {name} has over {MAX_TEXT} characters"
                )
            if isinstance(value, int) and abs(value) > MAX_NUMBER:
                raise RuleEngineError(f"rule set {self.name}: {name} is too large: {value}")
        if len(self._facts) >= MAX_FACTS:
            raise RuleEngineError(f"rule set {self.name}: a case has over {MAX_FACTS} facts")
        fact_id = f"f{len(self._facts)}"
        self._facts[fact_id] = fact
        return {**fact, "id": fact_id, "sid": _SID}

    def _check_state(self) -> None:
        """Raise what durable noted in the session's state instead of raising it."""
        swallowed = self._host.get_state(self._ruleset, _SID).get("exception")
        if swallowed:
            raise self._broken(f"a rule's action failed: {swallowed}")

    def _broken(self, what: str, error: BaseException | None = None) -> RuleEngineError:
        reason = f": {type(error).__name__} {error}".rstrip() if error is not None else ""
        return RuleEngineError(f"rule set {self.name}: the rule engine failed: {what}{reason}")
