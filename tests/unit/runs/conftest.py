"""A small version's documents, written for these tests, and a request to run on them."""

from dataclasses import replace

import pyarrow as pa
import pytest

from harness.core.schema import DOCUMENTS
from harness.evaluation.tasks import CorpusIdentity
from harness.workflows.run import RunRequest

SCHEMA = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
CORPUS = CorpusIdentity("tiny", "1.0.0", "c" * 64)

ARTICLES = [
    ("a1", "c1", "ar", "افتتاح مكتبة جديدة في المدينة", "افتتحت البلدية مكتبة عامة جديدة في وسط المدينة صباح اليوم.\nوتضم المكتبة قاعة للأطفال وأخرى للباحثين والطلاب."),
    ("a2", "c1", "ar", "المدينة تحتفل بمكتبتها", "احتفلت المدينة اليوم بافتتاح المكتبة العامة الجديدة في وسطها.\nوحضر الاحتفال جمع من الأطفال والطلاب والباحثين."),
    ("a3", "c3", "ar", "فريق الساحل يفوز بالبطولة", "فاز فريق الساحل ببطولة كرة القدم بعد مباراة طويلة انتهت بركلات الترجيح."),
    ("f1", "c4", "fa", "نمایشگاه گل در شیراز", "نمایشگاه گل و گیاه امروز در شهر شیراز آغاز به کار کرد و تا پایان هفته ادامه دارد."),
    ("e1", "c5", "en", "Bridge reopens after repairs", "The old bridge over the river was opened again on Monday after two years of repairs.\nDrivers had been asked to take another road."),
    ("e2", "c6", "en", None, "A short note without any headline, which still has its language declared by the feed."),
    ("e3", "c7", "en", "School orchestra wins prize", "The orchestra of the village school won the first prize at the national contest."),
]  # fmt: skip


def table_of(rows):
    """Make a documents table of partial rows; what they leave out is null."""
    return pa.Table.from_pylist(rows, schema=SCHEMA)


@pytest.fixture
def documents():
    """Seven documents in three languages; two share a cluster, one has no title."""
    splits = ["train", "train", "train", "train", "validation", "test", "test"]
    return table_of(
        [
            {
                "id": name,
                "cluster": cluster,
                "lang_declared": lang,
                "lang": lang,
                "title": title,
                "text": text,
                "source": "wire",
                "split": split,
            }
            for (name, cluster, lang, title, text), split in zip(ARTICLES, splits, strict=True)
        ]
    )


@pytest.fixture
def request_to_run(documents, tmp_path):
    """Give a function that makes a request to run on the documents, with any field replaced."""
    base = RunRequest(
        corpus=CORPUS,
        documents=documents,
        tasks_file=tmp_path / "tasks.toml",
        runs=tmp_path / "runs",
        task="language-id",
        system="pycld2",
    )
    return lambda **changed: replace(base, **changed)
