"""A corpus of one's own with annotations beside its recipe: built, asked, compared and scored anew by the command line."""

import json
import shutil
from pathlib import Path

import pytest
from support.command import harness_inside

from harness.core.errors import ExitCode

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "annotations"
RECIPE = """name = "desk"
version = "1.0.0"
title = "Desk"
description = "Articles that people annotated."
license = "CC0-1.0"
languages = ["ar"]

[splits]
train = 0.5
validation = 0.1
test = 0.4

[[reject]]
rule = "too-short"
when = "words < 5"

[[sources]]
name = "desk"
path = "annotations/articles.jsonl"
license = "CC0-1.0"
"""
TASKS = """[[tasks]]
kind = "ner"
annotations = "annotations/names.conll"

[[tasks]]
kind = "question-answering"
annotations = "annotations/questions.json"

[[tasks]]
kind = "similarity"
annotations = "annotations/pairs.tsv"

[[tasks]]
kind = "translation"
annotations = "annotations/english"
lang = "en"
unit = "line"
"""
METRICS = 'metrics = ["rouge-L", { metric = "bleu", tokeniser = "intl" }]\n'
KINDS = ("ner", "question-answering", "similarity", "translation")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Build the corpus and run every built-in system on its tasks."""
    root = tmp_path_factory.mktemp("annotated")
    folder = root / "datasets" / "desk"
    shutil.copytree(FIXTURES, folder / "annotations")
    (folder / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    (folder / "tasks.toml").write_text(TASKS, encoding="utf-8")
    for command in (("build", "desk", "--workers", "1"), ("run", "desk")):
        done = harness_inside(*command, cwd=root)
        assert done.code == ExitCode.DONE, done.stderr
    return root


def tasks_of(corpus):
    """List the corpus' tasks."""
    done = harness_inside("task", "list", "desk", "--format", "json", cwd=corpus)
    return {told["task"]: told for told in done.json}


def test_the_tasks_are_listed_with_what_could_not_be_asked(corpus):
    """The article that the build dropped is told by its rule, as are annotations of no document."""
    told = tasks_of(corpus)
    assert set(told) == set(KINDS)
    assert "documents that the build dropped (too-short)" in told["ner"]["notes"][0]
    assert told["translation"]["examples"] > 0
    shown = harness_inside("task", "show", "desk", "ner", cwd=corpus).stdout
    assert "annotated in names.conll (sha256 " in shown
    assert "  note         1 sentence left out" in shown


@pytest.mark.parametrize("kind", KINDS)
def test_systems_are_compared_on_each(corpus, kind):
    """With signature and verdict, from the runs that the command made."""
    done = harness_inside("compare", "desk", "--task", kind, "--format", "json", cwd=corpus)
    assert done.code == ExitCode.DONE
    told = done.json[0] if isinstance(done.json, list) else done.json
    assert len(told["runs"]) >= 2
    assert all("|v:1|" in score["signature"] for run in told["runs"] for score in run["scores"])


def test_the_same_answers_are_scored_by_other_metrics_without_asking_again(corpus):
    """`metrics` changes what is counted, not what is asked."""
    tasks = corpus / "datasets" / "desk" / "tasks.toml"
    tasks.write_text(TASKS + METRICS, encoding="utf-8")
    try:
        done = harness_inside("score", "desk", "--task", "translation", "--format", "json", cwd=corpus)
        assert done.code == ExitCode.DONE, done.stderr
        text = json.dumps(done.json)
        assert "norm:raw|tok:terms" in text
        assert "tok:intl.sacrebleu-" in text
    finally:
        tasks.write_text(TASKS, encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "code", "told"),
    [
        (('"annotations/names.conll"', '"annotations/none.conll"'), ExitCode.NO_EVIDENCE, "'none.conll' are not there"),
        (('annotations = "annotations/names.conll"\n', ""), ExitCode.WRONG_USE, "a key is missing"),
        (('"annotations/names.conll"', '"annotations/pairs.tsv"'), ExitCode.BAD_INPUT, "pairs.tsv: line 1"),
        (('conll"\n', 'conll"\nmetrics = ["chrf"]\n'), ExitCode.WRONG_USE, "are no texts"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_annotations_ends_with_its_own_exit_code(corpus, change, code, told):
    """No gold is 4, a broken file 3, a wrong key 2."""
    tasks = corpus / "datasets" / "desk" / "tasks.toml"
    tasks.write_text(TASKS.replace(*change), encoding="utf-8")
    try:
        done = harness_inside("run", "desk", "--task", "ner", cwd=corpus)
        assert (done.code, told in done.stderr) == (code, True), done.stderr
    finally:
        tasks.write_text(TASKS, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoilt", "code", "told"),
    [
        (None, ExitCode.DONE, ""),
        ("names.conll", ExitCode.BAD_INPUT, "continues no span"),
        ("questions.json", ExitCode.BAD_INPUT, "does not stand at"),
    ],
)
def test_broken_annotations_are_found_before_a_commit(corpus, tmp_path, spoilt, code, told):
    """`harness check config` reads them as a run would, without any version."""
    folder = tmp_path / "datasets" / "desk"
    shutil.copytree(corpus / "datasets" / "desk" / "annotations", folder / "annotations")
    (folder / "tasks.toml").write_text(TASKS, encoding="utf-8")
    if spoilt:
        path = folder / "annotations" / spoilt
        text = (
            path.read_text(encoding="utf-8")
            .replace("B-PER", "O")
            .replace('answer_start": 15', 'answer_start": 16')
        )
        path.write_text(text, encoding="utf-8")
    done = harness_inside("check", "config", str(folder / "tasks.toml"), cwd=tmp_path)
    assert (done.code, told in done.stderr) == (code, True), done.stderr
