"""What the benchmark promises: true labels in its corpora, and fair words about those who look for copies."""

import importlib
import itertools
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
needs_data = [
    pytest.mark.needs_data,
    pytest.mark.skipif(
        os.environ.get("HARNESS_DATA") is None, reason="HARNESS_DATA does not say where the real text lies"
    ),
]
DOCS = 1_500
COPIES = ("words", "spelling", "frame", "truncated", "exact")


def _generate(folder, *more, docs=DOCS, seed=101):
    command = [
        sys.executable,
        BENCHMARKS / "generator",
        "--docs",
        docs,
        "--seed",
        seed,
        "--out",
        folder,
        *more,
    ]
    subprocess.run(list(map(str, command)), check=True, capture_output=True)
    return folder


def _rows(folder):
    """Read rows by id, each with what is true of it."""
    read = pq.read_table(folder / "parquet").to_pylist()
    truth = {row["id"]: row for row in pq.read_table(folder / "part-truth.parquet").to_pylist()}
    return {row["id"]: row | truth[row["id"]] for row in read}


def _pairs(text):
    return set(itertools.pairwise(text.split()))


def _similarity(one, other):
    first, second = _pairs(one), _pairs(other)
    return len(first & second) / len(first | second)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Generate one corpus."""
    return _generate(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="module")
def rows(folder):
    """Read the corpus."""
    return _rows(folder)


class TestGenerator:
    """Each label is true of its text."""

    pytestmark = needs_data

    def test_a_template_about_another_event_shares_40_to_60_percent_of_its_pairs_of_words(self, rows):
        """The harder negatives, measured anew from the words; the label says the same."""
        related = [row for row in rows.values() if row["kind"] == "template"]
        assert len(related) == DOCS * 2 // 100
        for row in related:
            similarity = _similarity(row["text"], rows[row["related_to"]]["text"])
            assert 0.4 <= similarity <= 0.6
            assert similarity == pytest.approx(row["jaccard"])
            assert row["copy_of"] is None

    def test_copies_are_what_their_kind_says(self, rows):
        """An exact copy has the text, a frame holds it, a truncated one begins it, the others differ from it."""
        for row in rows.values():
            original = row["copy_of"] and rows[row["copy_of"]]["text"]
            match row["kind"]:
                case "exact":
                    assert row["text"] == original
                case "frame":
                    assert original in row["text"]
                    assert row["text"] != original
                case "truncated":
                    assert original.startswith(row["text"])
                    assert 0.48 <= len(row["text"].split()) / len(original.split()) <= 0.9
                case "words":
                    assert row["text"] != original
                    assert 0 < row["changed"] <= 0.1
                    assert _similarity(row["text"], original) > 0.65
                case "spelling":
                    assert row["text"] != original

    def test_every_kind_is_planted_in_its_share(self, rows):
        """A fifth of the rows are copies; their originals are no copies themselves."""
        kinds = [row["kind"] for row in rows.values()]
        shares = {kind: kinds.count(kind) / DOCS for kind in COPIES}
        assert shares == {"words": 0.1, "spelling": 0.04, "frame": 0.02, "truncated": 0.02, "exact": 0.02}
        roots = {row["copy_of"] for row in rows.values()} - {None}
        assert all(rows[root]["kind"] == "original" for root in roots)

    def test_an_original_has_a_source_and_the_earlier_date(self, rows):
        """A copy comes after its original, or has lost its date."""
        for row in rows.values():
            if row["kind"] == "original":
                assert row["source"].startswith("wire")
                assert datetime.fromisoformat(row["published"])
            elif row["copy_of"] and row["published"]:
                assert row["published"] > rows[row["copy_of"]]["published"]

    def test_a_seed_writes_the_same_rows_whatever_the_workers_and_the_files(self, folder, tmp_path):
        """One file by one process, and three by two."""
        again = _generate(tmp_path / "again", "--workers", 2, "--file-docs", DOCS // 3)
        (one,), three = (sorted((place / "jsonl").iterdir()) for place in (folder, again))
        assert len(three) == 3
        assert b"".join(path.read_bytes() for path in three) == one.read_bytes()

    def test_seeds_share_no_article(self, rows, tmp_path):
        """Another seed draws other texts."""
        others = _rows(_generate(tmp_path, docs=300, seed=102))
        assert not {row["text"] for row in rows.values()} & {row["text"] for row in others.values()}

    def test_no_sentence_recurs_where_words_are_substituted(self, tmp_path):
        """Each sentence of each original has another word: no paragraph is found twice outside of copies."""
        made = _rows(_generate(tmp_path, "--substitute", 0.2))
        texts = [row["text"] for row in made.values() if row["kind"] == "original"]
        paragraphs = [paragraph for text in texts for paragraph in text.split("\n\n")]
        assert len(set(paragraphs)) == len(paragraphs)


@pytest.fixture
def judge(monkeypatch, tmp_path):
    """Judge ids that were kept, against a cluster of an original and two copies, and a related text."""
    monkeypatch.syspath_prepend(BENCHMARKS / "contest")
    truth = [
        {"id": "o", "kind": "original", "copy_of": None, "related_to": None},
        {"id": "w", "kind": "words", "copy_of": "o", "related_to": None},
        {"id": "s", "kind": "spelling", "copy_of": "o", "related_to": None},
        {"id": "t", "kind": "template", "copy_of": None, "related_to": "o"},
    ]
    pq.write_table(pa.Table.from_pylist(truth), tmp_path / "part-truth.parquet")
    quality = importlib.import_module("quality")
    return lambda *kept, **more: quality.judge(tmp_path, kept, **more)


class TestJudge:
    """Quality from the ids that were kept."""

    def test_a_perfect_search_keeps_the_original_and_the_related_text(self, judge):
        """Everything found, nothing wrong."""
        found = judge("o", "t")
        assert (found.recall, found.precision, found.original_survives) == (1.0, 1.0, 1.0)
        assert found.refused_related == 0

    def test_a_copy_that_stands_in_for_its_original_is_found_and_the_original_does_not_survive(self, judge):
        """The likelier kind is taken to be the one that was matched."""
        found = judge("w", "s", "t")
        assert found.recall_by_kind == {"spelling": 0.0, "words": 1.0}
        assert (found.recall, found.original_survives) == (0.5, 0.0)

    def test_a_refused_related_text_is_wrong(self, judge):
        """It lowers precision, and is counted."""
        found = judge("o")
        assert found.precision == pytest.approx(2 / 3)
        assert found.refused_related == 1

    def test_a_cluster_that_was_refused_whole_lost_a_document(self, judge):
        """Of three refusals one is wrong."""
        assert judge("t").precision == pytest.approx(2 / 3)

    def test_nothing_refused_is_no_precision(self, judge):
        """Unknown, not one."""
        found = judge("o", "w", "s", "t")
        assert (found.recall, found.precision, found.original_survives) == (0.0, None, None)

    def test_what_was_refused_before_the_search_takes_no_part(self, judge):
        """A copy that a filter refused is neither found nor missed."""
        found = judge("o", "s", "t", considered={"o", "s", "t"})
        assert found.recall_by_kind == {"spelling": 0.0}


@pytest.fixture
def goals(monkeypatch):
    """The goals, each by the beginning of what it says, over a report."""
    monkeypatch.syspath_prepend(BENCHMARKS / "contest")
    module = importlib.import_module("goals")

    def found(report, what):
        (goal,) = (goal for goal in module.goals(module.measured_in(report)) if goal.what.startswith(what))
        return goal

    return found


def _grew(*sizes):
    return {"growth": [{"documents": size, "cpu_s": size / 1_000, "peak_mb": 900.0} for size in sizes]}


class TestGoals:
    """A goal is reached, not reached, or not judged for want of evidence."""

    def test_a_ratio_is_judged_by_documents_a_cpu_second(self, goals):
        """Twice the speed is no five times."""
        rates = {"harness near": 200.0, "rensa": 100.0, "Daft": 100.0}
        report = {"outcomes": [{"name": k, "docs_per_cpu_s": v, "failure": None} for k, v in rates.items()]}
        assert goals(report, "near copies, end to end, against rensa").reached is False
        assert goals(report, "near copies, end to end, against Daft").reached is True

    def test_a_peer_that_failed_leaves_the_goal_open_with_its_reason(self, goals):
        """A peer that did not run is no peer that was beaten."""
        outcomes = [
            {"name": "harness near", "docs_per_cpu_s": 200.0, "failure": None},
            {"name": "rensa", "docs_per_cpu_s": None, "failure": "not installed: no wheel"},
        ]
        goal = goals({"outcomes": outcomes}, "near copies, end to end, against rensa")
        assert (goal.reached, goal.measured) == (None, "rensa: not installed: no wheel")

    def test_growth_on_less_than_a_million_documents_is_told_and_not_judged(self, goals):
        """A small corpus is no evidence for a large one."""
        goal = goals(_grew(10_000, 100_000), "growth exponent")
        assert (goal.measured, goal.reached) == ("1.000", None)

    def test_growth_to_a_million_documents_is_judged(self, goals):
        """Cost that grows as the corpus does, in 0.9 GB."""
        report = _grew(10_000, 1_000_000)
        assert goals(report, "growth exponent").reached is True
        assert goals(report, "peak memory").reached is True

    def test_nothing_measured_is_not_judged(self, goals):
        """No evidence, no pass."""
        assert goals({}, "recall of planted copies").reached is None
