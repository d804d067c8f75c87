"""Every exit code, as a user meets it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from cli_world import EVENTS, World, make_world, run

from policyeval.cli.evaluate import _exit_code
from policyeval.errors import RuleEngineError
from policyeval.evaluation import judgement
from policyeval.findings.models import Counts

LEVELS = ("pending", "late", "needs_review", "undetermined", "unmet")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("exit"))


def quick(*more: str) -> tuple[str, ...]:
    return ("--format", "parquet", "--quiet", *more)


@pytest.mark.parametrize("level", [level for level in LEVELS if level in EVENTS])
def test_findings_as_bad_as_fail_on_give_1(world: World, level: str) -> None:
    assert run(world.args(level, *quick("--fail-on", level))).exit_code == 1


def test_findings_that_are_all_met_give_0(world: World) -> None:
    result = run(world.args("met", *quick("--fail-on", "pending", "--strict")))
    assert (result.exit_code, result.output) == (0, "")


def test_rejected_rows_give_3_under_strict_before_any_1(world: World) -> None:
    more = quick("--fail-on", "undetermined", "--strict")
    assert run(world.args("undetermined", *more)).exit_code == 3
    assert (world.out / "findings.parquet").exists()


def test_a_waiver_and_a_profile_are_read(world: World) -> None:
    theirs = "编号,事项,日期,单位,形式,案号\nr1,报告,2025年3月1日,s1,oral,\n"
    events = world.put("theirs.csv", theirs)
    waivers, profile = (str(world.folder / f"{each}.yaml") for each in ("waivers", "profile"))
    more = quick("--waivers", waivers, "--profile", profile, "--fail-on", "pending")
    assert run(world.args(events, *more)).exit_code == 0


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("verdict", [*LEVELS, "waived", "met"])
def test_worse_findings_count_too_and_better_ones_do_not(verdict: str, level: str) -> None:
    evaluation = SimpleNamespace(rejected=0, counts=Counts(**{verdict: 1}))
    worse = verdict in LEVELS and LEVELS.index(verdict) >= LEVELS.index(level)
    assert _exit_code(evaluation, level, strict=False) == int(worse)
    assert _exit_code(evaluation, None, strict=False) == 0


INVALID = {
    "policy/policy.yaml": ("clause: ", "claus: ", "policy.yaml:15:5: unknown key `claus`"),
    "organisation.yaml": (
        "kind: section",
        "kind: sektion",
        "organisation.yaml:3:20: unknown unit kind",
    ),
    "waivers.yaml": ("bearer: s1", "bearer: s9", "waivers.yaml:2:35: unknown bearer"),
    "profile.yaml": ("form: 形式", "from: 形式", "profile.yaml:2:47: unknown column `from`"),
}


@pytest.mark.parametrize("name", list(INVALID))
def test_an_invalid_file_gives_2_with_its_place(tmp_path: Path, name: str) -> None:
    world = make_world(tmp_path)
    right, wrong, message = INVALID[name]
    text = (tmp_path / name).read_text(encoding="utf-8").replace(right, wrong, 1)
    world.put(name, text)
    waivers, profile = str(tmp_path / "waivers.yaml"), str(tmp_path / "profile.yaml")
    result = run(world.args("met", "--waivers", waivers, "--profile", profile))
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.rstrip().endswith("found; nothing was evaluated.")
    assert not world.out.exists()


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("no.csv", "id,type\nr1,report\n", "no.csv: the column `at` is missing"),
        ("no.xls", "", "no.xls: can't be read by its ending `.xls`"),
        ("no.parquet", "no", "no.parquet"),
        ("no.xlsx", "no", "no.xlsx"),
        ("empty.csv", "", "empty.csv"),
    ],
)
def test_an_unreadable_export_gives_2(world: World, name: str, text: str, message: str) -> None:
    result = run(world.args(world.put(name, text), *quick()))
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert "found; nothing was evaluated." in result.stderr


def test_every_problem_of_several_exports_is_said(world: World) -> None:
    more = ("--events", str(world.folder / "gone.csv"), "--events", str(world.folder))
    result = run(world.args(world.folder / "no-file.csv", *more))
    assert result.exit_code == 2
    assert "3 problems found" in result.stderr


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--as-of", "31.12.2025", "31.12.2025 is no day such as 2025-12-31"),
        ("--since", "2025-02-30", "2025-02-30 is no day"),
        ("--memory", "much", "much is no size such as 1500MB"),
        ("--threads", "0", "0 is not in the range"),
        ("--format", "pdf", "'pdf' is not one of"),
        ("--fail-on", "met", "'met' is not one of"),
        ("--lang", "fr", "'fr' is not one of"),
        ("--colour", "red", "No such option"),
    ],
)
def test_a_bad_option_gives_2(world: World, option: str, value: str, said: str) -> None:
    result = run([*world.args(), option, value])
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize("args", [["evaluate"], ["evaluat"], ["check"], ["schema", "nothing"]])
def test_a_command_that_is_not_whole_gives_2(args: list[str]) -> None:
    assert run(args).exit_code == 2


@pytest.mark.parametrize("formats", ["csv", "duckdb"])
def test_a_folder_that_cannot_be_written_gives_4(tmp_path: Path, formats: str) -> None:
    world = make_world(tmp_path)
    world.out.write_text("a file where the folder should be", encoding="utf-8")
    result = run(world.args("met", "--format", formats, "--quiet"))
    assert result.exit_code == 4
    assert result.stderr.startswith("Error: ")
    assert "could not be written" in result.stderr
    assert world.out.read_text(encoding="utf-8").startswith("a file")


def test_a_judgement_that_fails_gives_4(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ambiguous(*_given: object) -> None:
        raise RuleEngineError("two rules fire")

    monkeypatch.setattr(judgement, "judge", ambiguous)
    world = make_world(tmp_path)
    result = run(world.args())
    assert (result.exit_code, result.stderr) == (4, "Error: two rules fire\n")
    assert not world.out.exists()


def test_help_names_every_exit_code() -> None:
    text = " ".join(run(["--help"]).stdout.split())
    for code in range(5):
        assert f"{code} " in text
