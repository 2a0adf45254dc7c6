"""How many planted copies are found, and what is refused wrongly, on articles recombined from real sentences.

Sentences of NTREX (Arabic) are drawn into articles of 10 to 25. Each sentence recurs in several articles, so
that unlike articles share some. Copies are planted in four ways, and two kinds of articles that are no copies:
some that share 30 to 50 % of their sentences with another, and some with so many words replaced that 40 to
60 % of the pairs of words are left (one template, another event).
"""

import itertools
import os
import random
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from harness.core.recipe import DuplicateSettings
from harness.curation.duplicates import find_clusters
from harness.curation.signatures import signatures

DATA = os.environ.get("HARNESS_DATA")
pytestmark = [
    pytest.mark.needs_data,
    pytest.mark.skipif(DATA is None, reason="HARNESS_DATA does not say where the real text lies"),
]
ORIGINALS = 600
PLANTED = {"words": 240, "spelling": 120, "frame": 60, "exact": 60, "half": 60, "template": 120}
COPIES = ("words", "spelling", "frame", "exact")


class Generator:
    """Articles and their copies from a seed."""

    def __init__(self, seed):
        path = Path(DATA) / "ntrex" / "newstest2019-ref.arb.txt"
        lines = path.read_text(encoding="utf-8-sig").split("\n")
        self.random = random.Random(seed)  # noqa: S311 - planted copies are no secret
        self.sentences = [line.strip() for line in lines if len(line.split()) >= 4]
        self.words = sorted({word for line in self.sentences for word in line.split()})

    def article(self):
        """Draw 10 to 25 sentences."""
        return self.random.sample(self.sentences, self.random.randint(10, 25))

    def words_changed(self, text, share):
        """Replace, drop or add a share of the words."""
        words = text.split(" ")
        for place in self.random.sample(range(len(words)), max(1, round(share * len(words)))):
            other = self.random.choice(self.words)
            words[place] = self.random.choice([other, other, "", f"{words[place]} {other}"])
        return " ".join(word for word in words if word)

    def respelt(self, text):
        """Write some letters, digits and stops as other writers do, with tatweel and vowel signs here and there."""
        table = str.maketrans(
            {"أ": "ا", "إ": "ا", "ة": "ه", "ى": "ي", "،": " ,"}
            | dict(zip("0123456789", "٠١٢٣٤٥٦٧٨٩", strict=True))
        )
        words = [word.translate(table) if self.random.random() < 0.4 else word for word in text.split(" ")]
        return " ".join(
            re.sub("([لمن])(?=[بتسك])", self.random.choice(["\\1", "\\1ـ", "\\1\u064e"]), word)
            for word in words
        )

    def made_from(self, sentences, kind):
        """Make an article of one kind from another one."""
        text = "\n\n".join(sentences)
        if kind == "words":
            return self.words_changed(text, self.random.uniform(0.01, 0.10))
        if kind == "spelling":
            return self.respelt(text)
        if kind == "frame":
            return f"اقرأ أيضا: {text}\n\nشارك هذا الخبر: فيسبوك تويتر واتساب"
        if kind == "half":
            kept = self.random.sample(sentences, round(len(sentences) * self.random.uniform(0.3, 0.5)))
            mixed = kept + self.random.sample(self.sentences, len(sentences) - len(kept))
            return "\n\n".join(self.random.sample(mixed, len(mixed)))
        return self.template(text) if kind == "template" else text

    def template(self, text):
        """Replace words until the pairs of words have a Jaccard similarity of 0.4 to 0.6 left."""
        words = text.split()
        goal = self.random.uniform(0.42, 0.58)
        share = 1 - (2 * goal / (1 + goal)) ** 0.5
        while not 0.4 <= _jaccard_of_pairs(text.split(), words) <= 0.6:
            words = text.split()
            for place in self.random.sample(range(len(words)), round(share * len(words))):
                words[place] = self.random.choice(self.words)
        return " ".join(words)


def _jaccard_of_pairs(one, other):
    first, second = set(itertools.pairwise(one)), set(itertools.pairwise(other))
    return len(first & second) / len(first | second)


@pytest.fixture(scope="module", params=[101, 202])
def outcome(request):
    """(kind planted, row of the original, clusters found) over one shuffled corpus in which originals rank first."""
    generator = Generator(request.param)
    originals = [generator.article() for _ in range(ORIGINALS)]
    rows = [("original", number, "\n\n".join(article)) for number, article in enumerate(originals)]
    for kind, count in PLANTED.items():
        for _ in range(count):
            number = generator.random.randrange(ORIGINALS)
            rows.append((kind, number, generator.made_from(originals[number], kind)))
    order = generator.random.sample(range(len(rows)), len(rows))
    place = {row: at for at, row in enumerate(order)}
    texts = pa.array([rows[row][2] for row in order])
    table = pa.Table.from_batches([signatures(texts, DuplicateSettings())])
    found = find_clusters(table, np.array(order), DuplicateSettings())
    kinds = np.array([rows[row][0] for row in order])
    sources = np.array([place[rows[row][1]] for row in order])
    return kinds, sources, found


@pytest.mark.parametrize(
    ("kind", "least"), [("words", 0.99), ("spelling", 1.0), ("frame", 1.0), ("exact", 1.0)]
)
def test_planted_copies_are_found_with_their_original_as_survivor(outcome, kind, least):
    """Recall by the kind of copy."""
    kinds, sources, found = outcome
    planted = kinds == kind
    assert np.mean((found.is_copy & (found.survivor == sources))[planted]) >= least


def test_nothing_but_copies_is_refused(outcome):
    """Precision, with articles that share half of their sentences or the template."""
    kinds, _, found = outcome
    wrong = found.is_copy & ~np.isin(kinds, COPIES)
    assert list(zip(kinds[wrong], found.similarity[wrong], strict=True)) == []


def test_one_template_with_another_event_lies_in_the_same_cluster_mostly(outcome):
    """Related texts are kept, and splits do not part most of them."""
    kinds, sources, found = outcome
    related = kinds == "template"
    assert np.mean(found.cluster[related] == found.cluster[sources[related]]) >= 0.75


def test_originals_survive(outcome):
    """No original is refused for its copy."""
    kinds, _, found = outcome
    assert not found.is_copy[kinds == "original"].any()
