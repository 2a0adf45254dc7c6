"""A repository made by `harness init`, and its job in CI run step by step as a runner would run it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml
from support.command import harness, harness_inside

_ROOT = Path(__file__).resolve().parents[2]
_SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
_NAME = "test-news"
# Every character that stands here was a letter; a feed that is decoded wrongly leaves articles like this one.
_DAMAGED = "خبر من مدينة بعيدة\n\n" + " ".join(["عاد الهد\ufffdء إلى الشو\ufffdرع"] * 30) + ".\n"


@pytest.fixture
def repository(tmp_path):
    """Begin a repository, under version control as a checkout is."""
    started = harness_inside("init", str(tmp_path), "--name", _NAME, cwd=tmp_path)
    assert started.code == 0, started.stderr
    _git(tmp_path, "init", "--quiet", ".")
    _git(tmp_path, "add", ".")
    return tmp_path


def _git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def _environment(folder):
    """Give what a runner gives: harness on the path, and a file for the job's summary."""
    scripts = folder / ".runner"
    scripts.mkdir(exist_ok=True)
    command = scripts / "harness"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m harness "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HARNESS_", "HF_"))}
    return {
        **kept,
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(folder / "summary.md"),
        "HF_HUB_OFFLINE": "1",
    }


def _run_job(folder):
    """Run the steps of the job but for its installation; stop at the first that fails, as a runner does."""
    workflow = yaml.safe_load((folder / ".github" / "workflows" / "corpus.yml").read_text(encoding="utf-8"))
    job = workflow["jobs"]["gates"]
    said = []
    for step in job["steps"]:
        if "run" not in step or step["name"] == "Install":
            continue
        done = subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=folder,
            env=_environment(folder) | job["env"],
            capture_output=True,
            text=True,
            check=False,
        )
        said.append(done.stdout)
        if done.returncode:
            break
    return done.returncode, "".join(said)


def test_the_job_passes_on_what_it_begins_with(repository):
    """Nobody has to explain a red job on the first day."""
    code, said = _run_job(repository)
    assert code == 0, said
    assert "::error" not in said
    assert (repository / "reports" / "gates.xml").is_file()
    assert "passed its gates" in (repository / "summary.md").read_text(encoding="utf-8")


def test_a_planted_regression_fails_the_job_at_the_article(repository):
    """Exit 1, and one annotation a rule, on the file that is to blame."""
    article = repository / "datasets" / _NAME / "raw" / "damaged.txt"
    article.write_text(_DAMAGED, encoding="utf-8")
    code, said = _run_job(repository)
    assert code == 1
    assert re.search(
        rf"^::error file=datasets/{_NAME}/raw/damaged\.txt,line=1,title=ENC001 ", said, re.MULTILINE
    )
    assert "did not pass" in (repository / "summary.md").read_text(encoding="utf-8")


def test_an_emptied_suite_is_an_error_of_its_own(repository):
    """A suite that lost its expectations could only pass: exit 4, not 0 and not 1."""
    path = repository / "expectations" / "encoding.json"
    suite = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(suite | {"expectations": []}), encoding="utf-8")
    assert _run_job(repository)[0] == 4


def test_nothing_that_is_there_is_overwritten(repository):
    """A second `init` finds all of it, and says so."""
    recipe = repository / "datasets" / _NAME / "recipe.toml"
    recipe.write_text("# mine\n", encoding="utf-8")
    again = harness_inside("init", str(repository), "--name", _NAME, "--format", "json", cwd=repository)
    assert again.json["written"] == []
    assert recipe.read_text(encoding="utf-8") == "# mine\n"


def test_wrong_names_are_refused_before_anything_is_written(tmp_path):
    """With what would do."""
    for wrong in (["--name", "My News"], ["--ci", "githab"]):
        refused = harness_inside("init", str(tmp_path / "new"), *wrong, cwd=tmp_path)
        assert refused.code == 2
        assert not (tmp_path / "new").exists()


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
class TestHooks:
    """The same through pre-commit, on what a commit changes."""

    def _hooks(self, repository):
        _git(repository, "add", ".")
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--all-files"],
            cwd=repository,
            env=_environment(repository) | {"PRE_COMMIT_HOME": str(repository / ".cache" / "pre-commit")},
            capture_output=True,
            text=True,
            check=False,
        )

    def test_a_good_repository_passes(self, repository):
        """Both hooks run."""
        done = self._hooks(repository)
        assert done.returncode == 0, done.stdout
        assert done.stdout.count("Passed") == 2

    def test_damage_and_a_misspelt_severity_fail_their_own_hook(self, repository):
        """And name the file."""
        article = repository / "datasets" / _NAME / "raw" / "damaged.txt"
        article.write_text(_DAMAGED, encoding="utf-8")
        path = repository / "expectations" / "encoding.json"
        path.write_text(
            path.read_text(encoding="utf-8").replace('"critical"', '"crtical"', 1), encoding="utf-8"
        )
        done = self._hooks(repository)
        assert done.returncode == 1
        assert done.stdout.count("Failed") == 2
        assert f"datasets/{_NAME}/raw/damaged.txt: ENC001" in done.stdout
        assert "crtical" in done.stdout


def test_only_what_changed_is_checked_by_its_content(repository):
    """Whatever the time stamps say: records that a version kept are passed over, a changed one is not."""
    raw = f"datasets/{_NAME}/raw"
    harness("build", _NAME, cwd=repository)
    article = min((repository / raw).iterdir())
    for path in (repository / raw).iterdir():
        os.utime(path)
    unchanged = harness_inside("check", "raw", raw, "--select", "changed", cwd=repository)
    assert unchanged.code == 0
    assert "in 0 records; 8 are" in unchanged.stdout
    article.write_text(_DAMAGED, encoding="utf-8")
    changed = harness_inside("check", "raw", raw, "--select", "changed", cwd=repository)
    assert changed.code == 1
    assert "in 1 records; 7 are" in changed.stdout


def test_checking_files_needs_neither_the_evaluator_nor_a_second(repository):
    """It is what stands between a person and a commit."""
    code = (
        "import sys, time, resource\n"
        "from harness.cli.app import main\n"
        "assert main(['check', 'config']) == 0\n"
        "heavy = {'great_expectations', 'datasets', 'pandas', 'numba'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "assert used.ru_utime + used.ru_stime < 1.5, used\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=repository, check=True)


def test_the_action_and_the_hooks_are_what_their_hosts_read():
    """By their published schemas; the action uses no other, and no input becomes text of a script."""
    action = yaml.safe_load((_ROOT / "action.yml").read_text(encoding="utf-8"))
    jsonschema.validate(action, json.loads((_SCHEMAS / "github-action.json").read_text(encoding="utf-8")))
    hooks = yaml.safe_load((_ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    jsonschema.validate(hooks, json.loads((_SCHEMAS / "pre-commit-hooks.json").read_text(encoding="utf-8")))
    for step in action["runs"]["steps"]:
        assert "uses" not in step
        assert "${{" not in step["run"]


def test_the_steps_of_the_action_end_as_the_gates_do(repository):
    """Run in a shell with a runner's variables, a path with a quote and a semicolon in it included."""
    action = yaml.safe_load((_ROOT / "action.yml").read_text(encoding="utf-8"))
    scripts = _environment(repository)
    temporary = repository / "temp"
    (temporary / "harness" / "bin").mkdir(parents=True)
    shutil.copy(repository / ".runner" / "harness", temporary / "harness" / "bin" / "harness")
    outputs = temporary / "outputs"
    runner = scripts | {"RUNNER_TEMP": str(temporary), "GITHUB_OUTPUT": str(outputs)}
    steps = {step["name"]: step["run"] for step in action["runs"]["steps"]}
    inputs = {"HARNESS_CORPUS": _NAME, "HARNESS_WORKSPACE": ".", "HARNESS_STRICT": "true"}
    for name in ("Build", "Validate"):
        done = subprocess.run(["bash", "-c", steps[name]], cwd=repository, env=runner | inputs, check=False)
        assert done.returncode == 0
    assert "exit-code=0" in outputs.read_text(encoding="utf-8")
    hostile = inputs | {"HARNESS_CORPUS": '"; touch pwned; "'}
    done = subprocess.run(
        ["bash", "-c", steps["Validate"]], cwd=repository, env=runner | hostile, check=False
    )
    assert done.returncode == 2
    assert not (repository / "pwned").exists()
