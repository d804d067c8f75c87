"""`policyeval check`, `schema` and `completion`."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cli_world import POLICY, ROOT, make_world, run, run_process

from policyeval.cli.schema import MODELS

PLANS = sorted(path.parent for path in (ROOT / "policy").rglob("policy.yaml"))


def test_the_projects_plans_are_valid() -> None:
    result = run(["check", *map(str, PLANS)])
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert len(lines) == len(PLANS)
    assert all(f"{plan}: valid." in line for plan, line in zip(PLANS, lines, strict=True))


@pytest.mark.parametrize(("lang", "said"), [("en", "left open"), ("zh", "按默认处理")])
def test_the_defaults_that_a_policy_rests_on_are_listed(
    tmp_path: Path, lang: str, said: str
) -> None:
    world = make_world(tmp_path)
    result = run(["check", str(world.folder / "policy"), "--explain-defaults", "--lang", lang])
    assert (result.exit_code, result.stderr) == (0, "")
    assert said in result.stdout
    assert "part_period" in result.stdout


def test_every_problem_of_several_policies_is_said_at_once(tmp_path: Path) -> None:
    first, second, good = (make_world(tmp_path / name) for name in ("first", "second", "good"))
    first.put("policy/policy.yaml", POLICY.replace("when: {per: year}", "when: {per: yeer}"))
    second.put("policy/policy.yaml", POLICY.replace("unit: section}", "unit: sektion}"))
    second.put("policy/duties/more.yaml", "duties:\n  extra:\n    clause: 7\n")
    worlds = (first, second, good)
    result = run(["check", *(str(each.folder / "policy") for each in worlds), "nowhere"])
    assert result.exit_code == 2
    lines = result.stderr.splitlines()
    assert any("first" in line and "`yeer` is no period" in line for line in lines)
    assert any("more.yaml:3:13: expected text, found 7" in line for line in lines)
    assert any(line.startswith("nowhere: can't be read") for line in lines)
    assert lines[-1].endswith("problems found; nothing was evaluated.")
    assert "good" in result.stdout
    assert "2 duties of 2 clauses" in result.stdout


def test_a_policy_may_be_named_by_its_file(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    assert run(["check", str(world.folder / "policy" / "policy.yaml")]).exit_code == 0


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_schema_is_printed(name: str) -> None:
    result = run(["schema", name])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["$schema"].endswith("2020-12/schema")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_one_of_its_shell(shell: str, tmp_path: Path) -> None:
    done = run_process(["completion", shell])
    assert done.returncode == 0
    assert "_POLICYEVAL_COMPLETE" in done.stdout
    found = shutil.which(shell)
    if found is not None:
        script = tmp_path / "script"
        script.write_text(done.stdout, encoding="utf-8")
        assert subprocess.run([found, "-n", str(script)], check=False).returncode == 0


def test_completion_finds_the_commands() -> None:
    done = run_process(
        [], _POLICYEVAL_COMPLETE="bash_complete", COMP_WORDS="policyeval ev", COMP_CWORD="1"
    )
    assert done.stdout.split() == ["plain,evaluate"]


def test_the_version_is_said() -> None:
    assert run(["--version"]).stdout.startswith("policyeval, version ")
