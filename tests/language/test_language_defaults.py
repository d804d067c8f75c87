"""Which defaults a duty rests on: only the choices that it leaves open and that concern it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from language_world import policy
from rich.cells import cell_len
from rich.console import Console

from policyeval.language.defaults import CHOICES, defaults
from policyeval.reports.defaults import print_defaults
from policyeval.reports.defaults_wording import CHOICES as SAID
from policyeval.reports.defaults_wording import VALUES

AFTER = """\
d:
  clause: "1"
  bearer: {unit: office}
  when: {after: {event: case}}
  within: 5 days
  evidence: {event: answer, matching: case_no, who: unit}
  late: counts
  double_use: allowed
"""
YEARLY = """\
d:
  clause: "1"
  bearer: {post: head}
  when: {per: year}
  evidence: {event: drill}
"""


def open_choices(folder: Path, duty: str) -> dict[str, str]:
    return {each.choice: each.value for each in defaults(policy(folder, duty))}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", {"first_day": "excluded", "day_off": "stays"}),
        ("5 days", "72 hours", {"day_off": "stays"}),
        ("5 days", "{of: 72 hours, to: next working day}", {"calendar": "monday_to_friday"}),
        ("5 days", "5 working days", {"first_day": "excluded", "calendar": "monday_to_friday"}),
        ("5 days", "{of: 5 working days, first_day: included, calendar: bank-days}", {}),
        ("5 days", "3 months", {"first_day": "excluded", "month_end": "last_day", "day_off": "stays"}),
        ("5 days", "{of: 1 year, first_day: included, month_end: kept, to: end of month}", {"day_off": "stays"}),
        ("5 days", "{earlier_of: [{of: 1 day, first_day: included}, 1 hour], to: previous working day}", {"calendar": "monday_to_friday"}),
        ("5 days", "{of: 2 hours, extended: [{on: {event: answer}, by: 1 hour}]}", {"day_off": "stays", "in_time": "true", "matching_in_clock": "unit"}),
        ("5 days", "{until: {event: case, matching: case_no}}", {}),
        ("matching: case_no, ", "", {"first_day": "excluded", "day_off": "stays", "matching": "nothing"}),
        ("matching: case_no, who: unit}\n  late: counts", "who: unit}", {"first_day": "excluded", "day_off": "stays", "late": "until_again", "matching": "nothing"}),
        (", who: unit", "", {"first_day": "excluded", "day_off": "stays", "who": "unit"}),
        ("  late: counts\n", "", {"first_day": "excluded", "day_off": "stays", "late": "counts"}),
        ("  double_use: allowed\n", "", {"first_day": "excluded", "day_off": "stays", "double_use": "allowed"}),
        ("  late: counts\n", "  late: counts\n  grace: 2 working days\n", {"first_day": "excluded", "day_off": "stays", "calendar": "monday_to_friday"}),
    ],
)  # fmt: skip
def test_of_a_clock(tmp_path: Path, old: str, new: str, expected: dict[str, str]) -> None:
    assert open_choices(tmp_path, AFTER.replace(old, new, 1)) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", {"both_ends": "both", "late": "does_not_count", "part_period": "at_end", "who": "person"}),
        ("{per: year}", "{in_each: [{month: 6}]}", {"both_ends": "both", "late": "until_next", "part_period": "at_end", "who": "person"}),
        ("{event: drill}", "{event: drill}\n  requires: {at_most: 3}", {"both_ends": "both", "part_period": "at_end", "who": "person"}),
        ("{per: year}", "{in_any: 90 days}", {"both_ends": "both", "who": "person"}),
        ("{per: year}", "{per: month}\n  part_period: full", {"both_ends": "both", "late": "does_not_count", "who": "person"}),
        ("{per: year}", "{since_last: {}}\n  within: 72 hours", {"day_off": "stays", "late": "counts", "next_from": "evidence", "who": "person"}),
        ("{per: year}", "{since_last: {next_from: due}}\n  within: 72 hours", {"day_off": "stays", "late": "counts", "who": "person"}),
        ("{per: year}", "{since_last: {next_from: {due: 5 working days}}}\n  within: 72 hours", {"day_off": "stays", "calendar": "monday_to_friday", "late": "counts", "next_from_late": "due", "who": "person"}),
        ("{per: year}", "{since_last: {next_from: {due: 0 days, late: due}}}\n  within: 72 hours", {"day_off": "stays", "late": "counts", "who": "person"}),
        ("{per: year}", "{per: year}\n  of_each: {unit: overseen}", {"both_ends": "both", "late": "does_not_count", "part_period": "at_end", "double_use": "allowed", "who": "person"}),
        ("{per: year}", "{per: year}\n  versions: [{from: 2026-01-01, severity: major}]", {"both_ends": "both", "late": "does_not_count", "part_period": "at_end", "straddles": "start", "who": "person"}),
        ("{event: drill}", "{event: drill, reached: 3}", {"both_ends": "both", "late": "does_not_count", "part_period": "at_end", "who": "person", "counted_apart": "unit"}),
        ("{event: drill}", "{event: drill, reached: {at: 3, by: person}}", {"both_ends": "both", "late": "does_not_count", "part_period": "at_end", "who": "person"}),
        ("{event: drill}", "{event: drill, where: {working_day: true}}", {"calendar": "monday_to_friday", "both_ends": "both", "late": "does_not_count", "part_period": "at_end", "who": "person"}),
    ],
)  # fmt: skip
def test_of_a_period(tmp_path: Path, old: str, new: str, expected: dict[str, str]) -> None:
    assert open_choices(tmp_path, YEARLY.replace(old, new, 1)) == expected


def test_what_is_judged_by_itself_leaves_nothing_open(tmp_path: Path) -> None:
    duty = YEARLY.replace("{per: year}", "{for_each: {event: drill}}")
    assert open_choices(tmp_path, duty.replace("{event: drill}\n", "{must: {kind: fire}}\n")) == {}


def test_every_choice_can_be_said_in_both_languages() -> None:
    assert set(SAID) == set(CHOICES) == {choice for choice, _ in VALUES}
    assert all(text for texts in (*SAID.values(), *VALUES.values()) for text in texts)


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "工作日以何为准"), ("en", "Monday to Friday, without holidays")]
)
def test_it_is_printed_within_80_columns(tmp_path: Path, lang: str, said: str) -> None:
    out = StringIO()
    console = Console(file=out, width=80)
    print_defaults(policy(tmp_path, AFTER.replace("5 days", "5 working days")), console, lang)
    assert said in out.getvalue()
    assert max(cell_len(line.rstrip()) for line in out.getvalue().splitlines()) <= 80


def test_it_says_so_if_nothing_is_left_open(tmp_path: Path) -> None:
    out = StringIO()
    duty = AFTER.replace("5 days", "{until: {event: case, matching: case_no}}")
    print_defaults(policy(tmp_path, duty), Console(file=out, width=80), "en")
    assert out.getvalue() == "The policy rests on no default.\n"
