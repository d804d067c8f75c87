"""Rules of judgement that a policy adds, and shipped ones that it takes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from policyeval.cli import cli
from policyeval.errors import RuleEngineError
from policyeval.language.judging import JudgementSpec
from policyeval.language.lint_judging import judgement_problems
from policyeval.language.source import parse_source
from policyeval.language.validation import checked, validated
from policyeval.rules import Judgement, Situation, judge, judgement_rules, prove

LATE = (
    "waived: nothing, broken: false, closed: true, review: REVIEW,"
    " counted: {less_than: {fact: required}}, with_late: {at_least: {fact: required}}"
)
ONE_DAY_LATE = f"""\
instead_of: [enough-but-late]
rules:
  - rule: one-day-late
    title: At most one working day late
    when: {{{LATE}, working_days_late: {{at_most: 1}}}}
    then: {{verdict: met}}
  - rule: more-days-late
    title: {{en: More than one working day late, zh: 逾期一个工作日以上}}
    when: {{{LATE}, working_days_late: {{more_than: 1}}}}
    then: {{verdict: late}}
"""
UNREVIEWED = ONE_DAY_LATE.replace("REVIEW", "none")
REVIEWED = ONE_DAY_LATE.replace("REVIEW", "[none, accepted]")

POLICY = """\
policy: plan
version: "1"
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
unit_kinds: {office: {title: Office}}
event_types:
  report: {title: Report}
duties:
  reports:
    clause: "1"
    bearer: {unit: office}
    when: {in_each: [{month: 6}]}
    evidence: {event: report}
MOREjudgement:
"""
REVIEW = "    review: {asks: Good?, decision: {event: report}}\n"
UNLESS = "    unless: {event: report}\n"


def spec(text: str) -> JudgementSpec:
    return validated(JudgementSpec, parse_source(text, "judgement.yaml"))


def problems(text: str) -> list[str]:
    """What is wrong, with line and column."""
    source = parse_source(text, "p")
    found, flaws = checked(JudgementSpec, source)
    if found is not None:
        flaws = [source.problem(path, message) for path, message in judgement_problems(found)]
    return [str(each) for each in flaws]


def late(days: int, review: str = "none") -> Situation:
    return Situation("nothing", True, False, False, 2, 1, 2, False, review, days)  # type: ignore[arg-type]


def check(folder: Path, judgement: str, more: str = "") -> Result:
    text = "".join(f"  {line}\n" for line in judgement.splitlines())
    path = folder / "policy.yaml"
    path.write_text(POLICY.replace("MORE", more) + text, encoding="utf-8")
    return CliRunner().invoke(cli, ["check", str(folder)])


def test_one_working_day_late_may_be_in_time() -> None:
    ruleset = judgement_rules(spec(UNREVIEWED))
    assert judge([late(0), late(1), late(2), late(30)], ruleset) == [
        Judgement("met", "one-day-late"),
        Judgement("met", "one-day-late"),
        Judgement("late", "more-days-late"),
        Judgement("late", "more-days-late"),
    ]
    assert judge([late(2)]) == [Judgement("late", "enough-but-late")]
    assert prove(ruleset, [0, 1, 2, 5], has_review=False) == []


def test_the_shipped_rules_of_review_stay_beside_added_ones() -> None:
    ruleset = judgement_rules(spec(REVIEWED))
    assert prove(ruleset, [0, 1, 2]) == []
    assert [each.rule for each in judge([late(1, "awaiting"), late(1, "accepted")], ruleset)] == [
        "late-awaiting-review",
        "one-day-late",
    ]


def test_facts_that_are_looked_at_are_known() -> None:
    assert "working_days_late" in spec(UNREVIEWED).facts
    assert "required" in spec(UNREVIEWED).facts
    assert "unreadable" not in spec(UNREVIEWED).facts
    assert spec("{}").facts == frozenset()
    text = "rules: [{rule: a, when: {counted: {at_most: {fact: with_late}}}, then: {verdict: met}}]"
    assert spec(text).facts == {"counted", "with_late"}


def test_a_policy_without_rules_of_its_own_has_the_shipped_ones() -> None:
    assert judgement_rules(spec("{}")) == judgement_rules() == judgement_rules(None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "instead_of: [enough-but-lat]",
            "p:1:14: `enough-but-lat` is no shipped rule; did you mean `enough-but-late`?",
        ),
        (
            "instead_of: [not-enough, not-enough]",
            "p:1:26: `not-enough` stands here twice; keep one",
        ),
        ("insted_of: []", "p:1:1: unknown key `insted_of`; did you mean `instead_of`?"),
        ("instead_of: not-enough", "p:1:13: expected a list, found `not-enough`"),
    ],
)
def test_what_is_wrong_in_what_is_taken_out(text: str, message: str) -> None:
    assert problems(text) == [message]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            "{rule: a, when: {waved: nothing}, then: {verdict: met}}",
            "p:2:29: `waved` is unknown; did you mean `waived`?",
        ),
        (
            "{rule: a, when: {waived: waver}, then: {verdict: met}}",
            "p:2:30: `waived` can never be `waver`; did you mean `waiver`?",
        ),
        (
            "{rule: a, when: {closed: 1}, then: {verdict: met}}",
            "p:2:30: `closed` is a boolean, so it can never be `1`",
        ),
        (
            "{rule: a, when: {counted: {at_least: {fact: requird}}}, then: {verdict: met}}",
            "p:2:31: `requird` is unknown; did you mean `required`?",
        ),
        (
            "{rule: a, when: {counted: {at_least: required}}, then: {verdict: met}}",
            'p:2:42: expected a whole number or `{fact: name}`, found `"required"`',
        ),
        (
            "{rule: a, when: {counted: {at_most: 1.5}}, then: {verdict: met}}",
            "p:2:41: expected a whole number or `{fact: name}`, found `1.5`",
        ),
        (
            "{rule: a, when: {counted: 2025-01-01}, then: {verdict: met}}",
            "p:2:31: expected a word, a whole number, `true` or `false`, found `2025-01-01`",
        ),
        (
            "{rule: a, when: {counted: {atleast: 1}}, then: {verdict: met}}",
            "p:2:32: unknown key `atleast`; did you mean `at_least`?",
        ),
        (
            "{rule: a, when: {counted: {not: 9999999999}}, then: {verdict: met}}",
            "p:2:37: 9999999999 is too large; a rule may say numbers up to 1000000000",
        ),
        (
            "{rule: a, when: {closed: {at_least: 1}}, then: {verdict: met}}",
            "p:2:30: `closed` is a boolean: only a number can be at least or at most something",
        ),
        (
            "{rule: a, when: {is: case}, then: {verdict: met}}",
            f"p:2:26: `is` is unknown; known: {', '.join(sorted(judgement_rules().case))}",
        ),
        (
            "{rule: a, when: {}, then: {verdict: needs-review}}",
            "p:2:41: `verdict` can never be `needs-review`; did you mean `needs_review`?",
        ),
        (
            "{rule: a, when: {}, then: {verdct: met}}",
            "p:2:31: a rule must give `verdict`; add it",
        ),
        ("{rule: a, when: {}}", "p:2:5: `then` is missing; add it"),
        (
            "{rule: Late!, when: {}, then: {verdict: met}}",
            (
                "p:2:12: `Late!` is no id: use lower-case letters (a to z) and digits, a letter "
                "first; single hyphens (in names of fields also underscores) stand between them"
            ),
        ),
        (
            "{rule: not-enough, when: {}, then: {verdict: met}}",
            "p:2:12: a shipped rule is called `not-enough`; choose another name",
        ),
    ],
)
def test_what_is_wrong_in_an_added_rule(rule: str, message: str) -> None:
    assert problems(f"rules:\n  - {rule}\n")[0] == message


def test_two_rules_of_one_name_and_everything_else_are_told_at_once() -> None:
    rule = "{rule: a, when: {waved: nothing}, then: {verdict: met}}"
    found = problems(f"instead_of: [nothing-like-it]\nrules:\n  - {rule}\n  - {rule}\n")
    assert len(found) == 4
    assert "p:4:12: there are two rules `a`; give one another name" in found


def test_a_specification_that_was_not_checked_is_refused_by_the_engine() -> None:
    with pytest.raises(RuleEngineError, match="`nowhere` is no shipped rule"):
        judgement_rules(JudgementSpec(instead_of=("nowhere",)))


def test_check_accepts_the_rules_of_the_reference(tmp_path: Path) -> None:
    for judgement, more in ((UNREVIEWED, ""), (REVIEWED, REVIEW + UNLESS)):
        result = check(tmp_path, judgement, more)
        assert (result.exit_code, result.stderr) == (0, "")


def test_check_refuses_a_gap_and_shows_the_situation(tmp_path: Path) -> None:
    for judgement, more in ((UNREVIEWED, REVIEW), ("instead_of: [released-by-event]", UNLESS)):
        result = check(tmp_path, judgement, more)
        assert result.exit_code == 2
        assert f"{tmp_path}: judgement: " in result.stderr
        assert "no rule applies to {waived: " in result.stderr
        assert result.stdout == ""


def test_check_refuses_an_ambiguity_and_shows_the_situation(tmp_path: Path) -> None:
    result = check(tmp_path, UNREVIEWED.replace("instead_of: [enough-but-late]\n", ""))
    assert result.exit_code == 2
    assert "enough-but-late and one-day-late apply to {waived: nothing" in result.stderr
    assert "working_days_late: 1}" in result.stderr


def test_check_says_where_a_name_is_unknown(tmp_path: Path) -> None:
    result = check(tmp_path, UNREVIEWED.replace("enough-but-late", "enough-but-lat"))
    assert result.exit_code == 2
    line = POLICY.count("\n") + 1
    said = f"{tmp_path / 'policy.yaml'}:{line}:16: `enough-but-lat` is no shipped rule"
    assert said in result.stderr
