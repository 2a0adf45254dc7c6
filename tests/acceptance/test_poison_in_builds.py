"""A build over records that its own code dies on: the version is that of the others, and the books tell which."""

import pyarrow.parquet as pq
import pytest
from support.packages import needs_pycld2
from support.poisoned_tasks import BUILD_TASK

from harness.core.recipe import Recipe
from harness.sources import settings_for
from harness.workflows.build import BuildRequest, build

pytestmark = needs_pycld2

_ARTICLES = {
    f"{number:02d}.txt": f"أعلنت بلدية وادي الزهر رقم {number} افتتاح مكتبة عامة جديدة في حي الميناء، "
    f"وتضم القاعة {number * 7} ألف كتاب و{number * 13} مقعدا للقراء."
    for number in range(12)
}
_POISON = {"03.txt": "raise <b>", "07.txt": "segfault"}


def built(folder, articles, *, workers):
    """Build articles with the task that follows their orders."""
    raw = folder / "raw"
    raw.mkdir(parents=True)
    for name, text in articles.items():
        (raw / name).write_text(text, encoding="utf-8")
    recipe = Recipe(name="poisoned", sources=(settings_for(raw),))
    build(BuildRequest(recipe, raw, folder / "out", workers=workers, chunk_bytes=1200), lambda _: None)
    return folder / "out"


def rows(version, table):
    """Read one table of a version."""
    return pq.read_table(version / table).to_pylist()


@pytest.fixture(autouse=True)
def _follow_orders(monkeypatch):
    monkeypatch.setattr("harness.workflows.intake.TASK", BUILD_TASK)


def test_a_version_has_all_but_the_poison_and_says_what_became_of_it(tmp_path):
    """Two of twelve records are errors with their stage, code and the kind of failure; no text of theirs."""
    version = built(tmp_path / "all", _ARTICLES | _POISON, workers=2)
    others = {name: text for name, text in _ARTICLES.items() if name not in _POISON}
    without = built(tmp_path / "others", others, workers=2)
    told = [
        tuple(row[name] for name in ("locator", "stage", "error", "detail"))
        for row in rows(version, "errors/00000.parquet")
    ]
    assert told == [
        ("03.txt", "process", "poison-record", "ValueError"),
        ("07.txt", "process", "worker-died", "SIGSEGV"),
    ]
    splits = sorted(path.relative_to(version) for path in version.glob("data/**/*.parquet"))
    assert splits
    assert all((version / path).read_bytes() == (without / path).read_bytes() for path in splits)


def test_inline_and_any_number_of_workers_give_the_same_version(tmp_path):
    """What was raised here, or in another process, is told alike."""
    articles = _ARTICLES | {"03.txt": "raise", "04.txt": "panic"}
    one, three = (built(tmp_path / str(count), articles, workers=count) for count in (1, 3))
    assert (one / "manifest.json").read_bytes() == (three / "manifest.json").read_bytes()
    assert (one / "errors/00000.parquet").read_bytes() == (three / "errors/00000.parquet").read_bytes()
