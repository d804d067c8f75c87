"""Every problem in a policy is reported at once, with file, line, column and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyeval import InvalidInputError, load_policy

GOOD = """\
policy: plan
version: "1"
in_force: {from: 2025-01-01}
timezone: Asia/Shanghai
working_days: {country: CN}
unit_kinds: {group: {title: 组}, station: {title: 站}}
unit_attributes: {size: number}
responsibilities: {first: {title: 第一责任}}
posts:
  head: {title: 站长, responsibility: first, above: chief}
  chief: {title: 局长}
bodies: {committee: {title: 上级}}
event_types:
  report: {title: 汇报, fields: {to: text, form: {one_of: [written, oral]}, cc: list, n: number}}
  concern: {fields: {concern_id: text, by: text}}
duties:
  reports:
    clause: 二(四)
    bearer: {unit: group}
    when: {in_each: [{month: 6}, {from: "12-01", to: "12-31"}]}
    evidence:
      event: report
      where: {to: committee, any: [{n: {at_least: 2}}, {cc: {has: office}}]}
      must: {form: written}
    accountable: [head, {post: chief}]
    assumed: [requires]
  answers:
    clause: 三(三)
    bearer: {unit: station}
    when: {after: {event: concern}}
    within: 5 working days
    evidence: {event: report, who: anyone}
"""


def problems(tmp_path: Path, *changes: tuple[str, str], duties: str | None = None) -> list[str]:
    text = GOOD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    if duties is not None:
        (folder / "duties").mkdir()
        (folder / "duties" / "more.yaml").write_text(duties, encoding="utf-8")
    try:
        load_policy(folder)
    except InvalidInputError as error:
        return [str(problem).removeprefix(f"{folder}/") for problem in error.problems]
    return []


def test_a_good_policy_has_no_problems(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


def test_a_no_break_space_in_a_duration_is_a_space(tmp_path: Path) -> None:
    assert problems(tmp_path, ("5 working days", "5\u00a0working\u00a0days")) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("clause: 二(四)", "clause: 二(四)\n    sevrity: major", "policy.yaml:19:5: unknown key `sevrity`; did you mean `severity`?"),
        ('version: "1"', "version: 1", "policy.yaml:2:10: expected text, found 1; put it in quotes"),
        ("Asia/Shanghai", "Asia/Shangai", "policy.yaml:4:11: `Asia/Shangai` is no time zone such as Asia/Shanghai; did you mean `Asia/Shanghai`?"),
        ("{unit: group}", "{unit: grop}", "policy.yaml:19:20: unknown unit kind `grop`; did you mean `group`?"),
        ("event: report\n      where", "event: reprot\n      where", "policy.yaml:22:14: unknown event type `reprot`; did you mean `report`?"),
        ("must: {form: written}", "must: {form: writen}", "policy.yaml:24:20: `writen` is not one of the field's words; did you mean `written`?"),
        ("must: {form: written}", "must: {from: written}", "policy.yaml:24:20: the event type `report` has no field `from`; did you mean `form`?"),
        ("n: {at_least: 2}", "n: {has: 2}", "policy.yaml:23:46: `has` does not fit `n`, which is a number; fitting: at_least, at_most, equals, one_of, present"),
        ("n: {at_least: 2}", "to: {matches: '(a'}", "is no regular expression (RE2)"),
        ("{month: 6}", "{month: 13}", "policy.yaml:20:30: Input should be less than or equal to 12, found 13"),
        ('version: "1"', 'version: "1"\nyear_starts: "02-29"', "most years have no 29 February; let the year start on 02-28 or 03-01"),
        ("head: {title: 站长,", "head: {title: {en: Head, of station},", "expected text, found nothing; text with a comma or a colon stands in quotes"),
        ("{n: {at_least: 2}}", '{n: {at_least: "2"}}', "found the text `2`; write it without quotes"),
        ('from: "12-01"', 'from: "13-01"', 'expected a day of the year such as "06-30", found `13-01`'),
        ('version: "1"', "version: 2025-01-01", "policy.yaml:2:10: expected text, found 2025-01-01; put it in quotes"),
        ('version: "1"', "version: 1.10", "policy.yaml:2:10: expected text, found a number; put it in quotes"),
        ("{n: {at_least: 2}}", "{n: {at_least: 08}}", "found the text `08`; write 8"),
        ("{n: {at_least: 2}}", "{n: {at_least: 18:30}}", "found the text `18:30`; write hours as a number: 18.5"),
        ("{month: 6}", "{month: June}", "policy.yaml:20:30: expected a number, found the text `June`"),
        ("  answers:", "  an--swers:", "a letter first; single hyphens (in names of fields also underscores) stand between them"),
        ("    within:", "\twithin:", "policy.yaml:31:1: this is not valid YAML: found character that cannot start any token; the line is indented by a tab; use spaces"),
        ("5 working days", "5 working days\n    to: end of month", "policy.yaml:32:5: unknown key `to`; it belongs in `within`"),
        ("who: anyone}", "who: anyone}\n    matching: n", "unknown key `matching`; it belongs in `evidence`"),
        ("5 working days", "{of: 5 days, grace: 1 day}", "unknown key `grace`; it belongs beside `within`"),
        ("{after: {event: concern}}", "{after: {event: concern}, reached: 3}", "unknown key `reached`; it belongs in `after`"),
        ("5 working days", "5 workdays", "policy.yaml:31:13: expected a duration such as `5 working days`"),
        ("    within: 5 working days\n", "", "`when: {after: …}` needs `within`: by when is it due?"),
        ("{after: {event: concern}}", "{afer: {event: concern}}", "`when` takes exactly one kind of occasion; did you mean `after`?"),
        ("above: chief", "above: boss", "policy.yaml:10:51: unknown post `boss`"),
        ("chief: {title: 局长}", "chief: {title: 局长, above: head}", "`above` leads round in a circle"),
        ("assumed: [requires]", "assumed: [within]", "unknown key of this duty `within`"),
        ("country: CN", "country: ZZ", "policy.yaml:5:25: no calendar for `ZZ`"),
        ("{post: chief}", "{post: chief, named_in: by}", "this duty has no trigger"),
        ("who: anyone", "who: n", "unknown column `n`"),
        ("bodies:", "judgement: {instead_of: [enough-bt-late]}\nbodies:", "is no shipped rule"),
        ("bodies:", "calendars: {bank: {country: ZZ}}\nbodies:", "no calendar for `ZZ`"),
        ("concern_id: text", "concern_id: text, parameter: text", "`{parameter: …}` stands for a policy's parameter; choose another name"),
        ("concern_id: text", "concern_id: text, hour: text", "every event has `hour`; choose another name"),
        ("from: 2025-01-01", "from: 2025-13-01", "policy.yaml:3:18: 2025-13-01 is no day of the calendar"),
    ],
)  # fmt: skip
def test_each_problem_says_where_and_what_to_do(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    found = problems(tmp_path, (old, new))
    assert len(found) == 1, found
    assert expected in found[0]


PARAMETERS = """\
parameters:
  least: [{from: 2025-01-01, is: 2}]
  time: [{from: 2025-01-01, is: 30 days}]
"""


def test_a_parameter_that_no_duty_uses_is_told_at_its_name(tmp_path: Path) -> None:
    [found] = problems(
        tmp_path,
        ("duties:\n", f"{PARAMETERS}duties:\n"),
        ("within: 5 working days", "within: {parameter: time}"),
    )
    assert found.startswith("policy.yaml:17:3: no duty uses the parameter `least`: it does nothing")
    assert "write `{parameter: least}` where its value holds, or remove it" in found


def test_a_parameter_may_be_used_in_another_file_or_by_a_later_version_alone(
    tmp_path: Path,
) -> None:
    change = ("duties:\n", f"{PARAMETERS}duties:\n")
    duties = """\
duties:
  more:
    clause: "4"
    bearer: {unit: group}
    when: {per: year}
    evidence: {event: report}
    requires: {at_least: {parameter: least}}
    versions: [{from: 2026-01-01, grace: {parameter: time}}]
"""
    assert problems(tmp_path, change, duties=duties) == []


def test_a_parameter_whose_name_is_misspelt_is_not_unused_besides(tmp_path: Path) -> None:
    [found] = problems(
        tmp_path,
        ("duties:\n", f"{PARAMETERS}duties:\n"),
        ("within: 5 working days", "within: {parameter: tiem}"),
    )
    assert "unknown parameter `tiem`; did you mean `time`?" in found


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        ("Asia/Shanghai", "Asia/Shangai"),
        ("country: CN", "contry: CN"),
        duties="duties:\n  reports: {clause: x}\n  more: {clause: x, beaerer: {unit: group}}\n",
    )
    assert [line.split(": ")[0] for line in found] == [
        "duties/more.yaml:2:3",
        "duties/more.yaml:3:9",
        "duties/more.yaml:3:9",
        "duties/more.yaml:3:21",
        "policy.yaml:4:11",
        "policy.yaml:5:16",
    ]
    assert "the duty `reports` is also in" in found[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\na: 2\n", ":2:1: the key `a` stands here twice; keep one"),
        ("a: [1, 2\n", "this is not valid YAML"),
        ("a: !!python/object/apply:os.system [ls]\n", "the tag"),
        ("a: !!binary aGk=\n", "is not allowed; write plain values"),
        ("", "the file is empty"),
        ("a: " + "[" * 60 + "]" * 60, "nested too deeply"),
        ("a: &x [1]\nb: [" + ", ".join(["*x"] * 101) + "]\n", "more than 100 aliases"),
    ],
)
def test_yaml_is_read_safely(tmp_path: Path, text: str, expected: str) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError) as caught:
        load_policy(file)
    assert expected in str(caught.value)


def test_aliases_that_multiply_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    file = tmp_path / "policy.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InvalidInputError, match="aliases make this file too large"):
        load_policy(file)


def test_words_that_yaml_1_1_reads_as_booleans_stay_text(tmp_path: Path) -> None:
    assert problems(tmp_path, ("country: CN", "country: NO")) == []


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="can't be read: No such file"):
        load_policy(tmp_path / "policy.yaml")
