"""Noise on tasks: what each noise does, that the reference stays, and what it costs a system."""

import json
import unicodedata

import pyarrow as pa
import pytest

from harness.core.errors import ConfigurationError, NoEvidenceError
from harness.evaluation.draws import Draws
from harness.evaluation.results import RunResult, Score, SystemIdentity
from harness.evaluation.robustness import drops
from harness.evaluation.tasks import CorpusIdentity, derive, read_tasks
from harness.evaluation.tasks.noise import spoil
from harness.workflows.run import run

CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)
LINE = "افتتحت البلدية مكتبة جديدة في 12 آذار وقالت إن The Library مفتوحة"
NOISES = ("mojibake", "presentation-forms", "ocr-dots", "typing", "diacritics", "digits")


def spoilt(noise, text=LINE, share=1.0):
    """Put a noise into a text."""
    return spoil(text, noise, Draws(0, "x", noise), share)


@pytest.mark.parametrize("noise", NOISES)
def test_noise_is_drawn_by_seed_and_leaves_lines_as_they_are(noise):
    """The same each time; no line is added or lost, since answers may name lines."""
    text = f"{LINE}\n\n{LINE}"
    assert spoilt(noise, text) == spoilt(noise, text) != text
    assert spoilt(noise, text).count("\n") == 2


def test_each_noise_does_what_its_name_says():
    """Undone by what undoes it."""
    assert spoilt("mojibake").startswith("Ø§Ù\x81ØªØªØ\xadØª")
    assert unicodedata.normalize("NFKC", spoilt("presentation-forms")) == LINE
    assert spoilt("digits") == LINE.replace("12", "١٢")
    bare = "".join(sign for sign in spoilt("diacritics") if not unicodedata.combining(sign))
    assert bare == "".join(sign for sign in LINE if not unicodedata.combining(sign))
    dotted = spoilt("ocr-dots")
    assert len(dotted) == len(LINE)
    apart = sum(one != other for one, other in zip(dotted, LINE, strict=True))
    assert 5 <= apart <= len(LINE.split())


def test_noise_stays_inside_the_texts_of_an_input_in_json():
    """A pair is still a pair."""
    pair = json.dumps([LINE, LINE], ensure_ascii=False)
    one, other = json.loads(spoilt("digits", pair))
    assert one == other == spoilt("digits")
    assert spoilt("digits", "[12") == "[١٢"


def noisy(tmp_path, documents, entry):
    """Derive language identification with noise."""
    path = tmp_path / "tasks.toml"
    path.write_text(f'[[tasks]]\nkind = "language-id"\n{entry}', encoding="utf-8")
    return derive(read_tasks(path)["language-id"], documents, CORPUS)


def test_every_item_is_asked_clean_and_with_each_noise_that_changes_it(documents, tmp_path):
    """With the same reference and cluster; digits change only lines that have some."""
    task = noisy(tmp_path, documents, 'noise = ["typing", "digits"]\nnoise_share = 1.0\n')
    rows = {row["item_id"]: row for row in task.items.to_pylist()}
    clean = [row for row in rows.values() if row["variant"] == "clean"]
    assert len(clean) == 10
    for row in clean:
        typed = rows[f"{row['item_id']}~typing"]
        assert (typed["reference"], typed["cluster"]) == (row["reference"], row["cluster"])
        assert typed["input"] != row["input"]
    assert not [row for row in rows.values() if row["variant"] == "digits"]
    assert task.subject.items == 20


def test_without_noise_a_task_is_what_it_was(documents, tmp_path):
    """Its fingerprint does not know of noise; with noise it is another."""
    plain = noisy(tmp_path, documents, "")
    assert plain.subject == noisy(tmp_path, documents, "noise_share = 0.5\n").subject
    other = noisy(tmp_path, documents, 'noise = ["typing"]\n')
    assert other.subject.task_fingerprint != plain.subject.task_fingerprint


def test_noise_that_changes_nothing_is_no_evidence(documents, tmp_path):
    """A task that calls itself noisy and is not would show that noise costs nothing."""
    with pytest.raises(NoEvidenceError, match="none of digits changes an item"):
        noisy(tmp_path, documents, 'noise = ["digits"]\n')


def test_a_task_about_the_text_itself_bears_no_noise(tmp_path):
    """A tokenizer that spells the noisy text would be called wrong."""
    path = tmp_path / "tasks.toml"
    path.write_text('[[tasks]]\nkind = "tokenizer"\nnoise = ["typing"]\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match="with noise something else would be right"):
        read_tasks(path)


def test_the_drop_is_told_item_by_item():
    """Noisy less clean on the items that the noise changed; items without a score are passed over."""
    identity = SystemIdentity(uri="s", name="s", version="", fingerprint="f")
    score = Score(
        metric="accuracy", value=0.5, n=6, clusters=3, low=None, high=None, confidence=0.95, signature="a|v:1"
    )
    rows = [("a", "clean", 1.0), ("b", "clean", 1.0), ("c", "clean", 0.0), ("a~typing", "typing", 0.0),
            ("b~typing", "typing", 1.0), ("c~typing", "typing", None)]  # fmt: skip
    table = pa.table(
        {
            "item_id": [row[0] for row in rows],
            "cluster": [row[0][0] for row in rows],
            "variant": [row[1] for row in rows],
            "score:accuracy": [row[2] for row in rows],
        }
    )
    (drop,) = drops(RunResult(run_id="r", system=identity, scores=(score,), failures={}), table, seed=0)
    assert (drop.noise, drop.clean, drop.noisy, drop.difference, drop.n) == ("typing", 1.0, 0.5, -0.5, 2)


def test_mojibake_costs_an_identifier_its_arabic(documents, request_to_run, tmp_path):
    """A run on a noisy task is a run like any other, and says what the noise cost."""
    (tmp_path / "tasks.toml").write_text(
        '[[tasks]]\nkind = "language-id"\nnoise = ["mojibake"]\n', encoding="utf-8"
    )
    folder = run(request_to_run(system="py3langid"))
    (drop,) = drops(folder.result, folder.items(), seed=0)
    assert drop.noise == "mojibake"
    assert drop.difference < -0.5
