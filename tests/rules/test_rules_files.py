"""Rule files: what they may say, and what is said about everything that is wrong in one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from policyeval.errors import InvalidInputError
from policyeval.rules import (
    ChainingRuleSet,
    JudgingRuleSet,
    attribution_rules,
    escalation_rules,
    judgement_rules,
    load_ruleset,
    parse_ruleset,
)

JUDGING = """\
ruleset: test
kind: judging
case: {colour: {one_of: [red, blue]}, n: number, m: number, open: boolean, name: text}
gives: {verdict: {one_of: [yes-please, no-thanks]}}
rules:
  - rule: first
    when: WHEN
    then: {verdict: yes-please}
"""

CHAINING = """\
ruleset: test
kind: chaining
facts: {node: {name: text, n: number}, edge: {start: text, end: text}, done: {}}
rules:
  - rule: first
    when:
      - one: {is: edge}
      - two: TWO
    then: {assert: ASSERT}
"""


def messages(text: str) -> list[str]:
    with pytest.raises(InvalidInputError) as caught:
        parse_ruleset(text, "rules.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    "when",
    [
        "{}",
        "{colour: red, n: 3, open: true, name: any text}",
        "{colour: [red, blue], n: [1, 2]}",
        "{n: {at_least: 1, at_most: 3}, m: {more_than: {fact: n}}}",
        "{n: {not: 3}, colour: {not: red}, m: {fact: n}}",
    ],
)
def test_what_a_judging_rule_may_say(when: str) -> None:
    assert isinstance(parse_ruleset(JUDGING.replace("WHEN", when), "rules.yaml"), JudgingRuleSet)


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("{size: 3}", "7:12: rules.when.size: `size` is unknown; known: colour, m, n, name, open"),
        ("{colour: green}", "`colour` can never be `green`; known: blue, red"),
        ("{open: 1}", "`open` is a boolean, so it can never be `1`"),
        ("{n: true}", "`n` is a number, so it can never be `true`"),
        ("{n: '3'}", '`n` is a number, so it can never be `"3"`'),
        (
            "{n: 1.5}",
            "rules.when.n: expected a word, a whole number, `true` or `false`, found `1.5`",
        ),
        ("{n: [1, 1]}", "a value is listed twice"),
        ("{n: []}", "List should have at least 1 item"),
        ("{colour: [red, green]}", "`colour` can never be `green`; known: blue, red"),
        ("{n: {}}", "say at_least, at_most, more_than, less_than or not"),
        ("{n: {atleast: 3}}", "7:16: rules.when.n.atleast: Extra inputs are not permitted"),
        (
            "{n: {at_least: '3'}}",
            'rules.when.n.at_least: expected a whole number or `{fact: name}`, found `"3"`',
        ),
        ("{open: {at_least: 3}}", "only a number can be at least or at most something"),
        ("{open: {not: 3}}", "`open` is a boolean, so it can never be `3`"),
        ("{n: {at_least: {fact: k}}}", "`k` is unknown; known: colour, m, n"),
        ("{n: {fact: open}}", "`n` is a number and `open` is a boolean: they can't be compared"),
        ("{n: {fact: case.m}}", "`case.m`: no pattern above is called `case`"),
        ("{n: 1, n: 2}", "7:18: rules.when.n: n is given twice: keep one"),
    ],
)
def test_what_is_wrong_in_a_judging_rule(when: str, message: str) -> None:
    found = messages(JUDGING.replace("WHEN", when))
    assert any(message in m for m in found), found
    assert all(m.startswith("rules.yaml:7:") for m in found)


@pytest.mark.parametrize(
    ("two", "asserted"),
    [
        ("{is: node, name: {fact: one.end}}", "{is: node, name: {fact: one.start}, n: 3}"),
        ("{is: edge, start: {fact: one.end}}", "{is: done}"),
        ("{is: node, n: {at_least: {fact: n}}}", "{is: edge, start: a, end: {fact: two.name}}"),
    ],
)
def test_what_a_chaining_rule_may_say(two: str, asserted: str) -> None:
    text = CHAINING.replace("TWO", two).replace("ASSERT", asserted)
    assert isinstance(parse_ruleset(text, "rules.yaml"), ChainingRuleSet)


@pytest.mark.parametrize(
    ("two", "asserted", "message"),
    [
        (
            "{name: a}",
            "{is: done}",
            "`is` must name a kind of fact, not ``; known: done, edge, node",
        ),
        (
            "{is: nod}",
            "{is: done}",
            "`is` must name a kind of fact, not `nod`; did you mean `node`?",
        ),
        ("{is: node, end: a}", "{is: done}", "`end` is unknown; known: n, name"),
        (
            "{is: node, name: {fact: on.end}}",
            "{is: done}",
            "no pattern above is called `on`; did you mean `one`?",
        ),
        ("{is: node, n: {fact: one.end}}", "{is: done}", "they can't be compared"),
        ("{is: node}", "{is: don}", "`is` must name a kind of fact; did you mean `done`?"),
        (
            "{is: node}",
            "{is: node, n: 1}",
            "`node` must be asserted with name, n, and nothing else",
        ),
        ("{is: node}", "{is: node, name: 1, n: 1}", "`name` is a text, not `1`"),
        ("{is: node}", "{is: node, name: {fact: end}, n: 1}", "say of which pattern"),
        ("{is: node}", "{is: node, name: {fact: two.n}, n: 1}", "they can't be compared"),
        ("{is: node}", "{is: node, name: {fact: six.n}, n: 1}", "no pattern above is called `six`"),
    ],
)
def test_what_is_wrong_in_a_chaining_rule(two: str, asserted: str, message: str) -> None:
    found = messages(CHAINING.replace("TWO", two).replace("ASSERT", asserted))
    assert any(message in m for m in found), found


def test_everything_wrong_is_reported_at_once() -> None:
    text = JUDGING.replace("WHEN", "{size: 1, open: 3}").replace(": yes-please}", ": perhaps}")
    found = messages(text + text[text.index("  - rule") :].replace("size", "sighs"))
    assert len([m for m in found if "perhaps" in m]) == 2
    assert any("there are two rules `first`" in m for m in found)
    assert any("`size` is unknown" in m for m in found)
    assert any("`sighs` is unknown" in m for m in found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "rules.yaml: "),
        ("[", "not YAML"),
        ("ruleset: x\nkind: guessing\n", "rules.yaml:2:1: kind: "),
        (JUDGING.replace("WHEN", "{}").replace("name: text", "id: text"), "cannot be called `id`"),
        (JUDGING.replace("WHEN", "{}").replace("rule: first", "rule: First!"), "rules.rule: "),
        (JUDGING.replace("WHEN", "{}").replace("{verdict: y", "{verdct: y"), "must give `verdict`"),
        (CHAINING.replace("TWO", "{is: node}").replace("two:", "one:"), "two patterns are called"),
    ],
)
def test_what_is_wrong_in_a_file(text: str, message: str) -> None:
    found = messages(text.replace("ASSERT", "{is: done}"))
    assert any(message in m for m in found), found


def test_a_rule_file_is_loaded_from_a_path(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    with pytest.raises(InvalidInputError, match="cannot be read"):
        load_ruleset(path)
    path.write_text(JUDGING.replace("WHEN", "{}"), encoding="utf-8")
    assert load_ruleset(path).ruleset == "test"


def test_every_shipped_rule_has_a_title_in_both_languages() -> None:
    for ruleset in (judgement_rules(), attribution_rules(), escalation_rules()):
        for rule in ruleset.rules:
            assert isinstance(rule.title, dict)
            assert set(rule.title) == {"en", "zh"}


def test_a_ruleset_survives_a_round_trip() -> None:
    ruleset = judgement_rules()
    text = yaml.safe_dump(ruleset.model_dump(by_alias=True, exclude_none=True), sort_keys=False)
    assert parse_ruleset(text, "again.yaml") == ruleset
