"""Our own builds: the recipe, what was kept, growth with the corpus, and rebuilds after a change."""

import math
import os
import shutil
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from environments import ROOT
from measuring import Ended, measured
from outcome import Cost

_RECIPE = """\
name = "bench"
profile = "news-ar"
gates = []

[[sources]]
name = "articles"
path = "{corpus}/jsonl"

[[reject]]
rule = "too-short"
when = "words < {words}"

[[reject]]
rule = "unreadable"
when = "replacement_chars > 20"

[[reject]]
rule = "figures"
when = "digit_share > 0.3"

[[reject]]
rule = "mixed"
when = "lang_score < 0.4"
"""
_WORDS, _OTHER_WORDS = 30, 40
_LIMIT_S = 3 * 3600
_COPIES = "duplicates"


@dataclass(frozen=True)
class Change:
    """A rebuild after a change, against the full build of the same corpus."""

    what: str
    cpu_s: float
    full_cpu_s: float
    files_written: int
    files: int
    parquet_cpu_s: float

    @property
    def share(self) -> float:
        """Its CPU seconds over those of the full build."""
        return self.cpu_s / self.full_cpu_s

    @property
    def other_share(self) -> float:
        """The same without what a bare read and write of the Parquet files that it wrote anew costs."""
        return (self.cpu_s - self.parquet_cpu_s) / self.full_cpu_s


def build(corpus: Path, place: Path, *, cache: Path | None = None, words: int = _WORDS) -> Ended:
    """Build a corpus with one process for each core into `place`/version, by the command line."""
    place.mkdir(parents=True, exist_ok=True)
    recipe = place / "recipe.toml"
    recipe.write_text(_RECIPE.format(corpus=corpus.resolve(), words=words), encoding="utf-8")
    kept_work = ["--cache", cache] if cache else ["--no-cache"]
    command = [harness(), "build", recipe, "--out", place / "version", *kept_work, "--format", "quiet"]
    return measured(command, place / "log.txt", {"HF_HUB_OFFLINE": "1"}, _LIMIT_S)


def harness() -> Path:
    """The command beside the interpreter that runs the benchmark."""
    return ROOT / ".venv" / "bin" / "harness"


def cost_of(ended: Ended) -> Cost:
    """All that a command cost: nothing of its start-up is taken off."""
    return Cost(ended.cpu_s, 0.0, ended.wall_s, ended.peak_mb)


def kept_by(version: Path) -> tuple[set[str], set[str]]:
    """Read which ids a version keeps, and among which its search for copies went."""
    kept = {name for path in (version / "data").rglob("*.parquet") for name in _column(path, "id")}
    copies = {
        name
        for path in (version / "rejected").glob("*.parquet")
        for name, stage in zip(_column(path, "id"), _column(path, "stage"), strict=True)
        if stage == _COPIES
    }
    return kept, kept | copies


def sizes_to(limit: int) -> list[int]:
    """Sizes of the growing corpora: 10,000, then half a decade more each time, and the limit."""
    steps = [size for size in (10_000, 30_000, 100_000, 300_000, 1_000_000) if size < limit * 0.9]
    return [*steps, limit]


def exponent(points: Sequence[tuple[int, float]]) -> float | None:
    """Fit cost = a · documents^b; give b. None for a single point."""
    if len(points) < 2:
        return None
    sizes, costs = ([math.log(point[axis]) for point in points] for axis in (0, 1))
    return statistics.linear_regression(sizes, costs).slope


def changes(corpus: Path, more: Path, place: Path, python: Path) -> Iterator[Change]:
    """Build with a cache, then again with nothing changed, with one threshold changed, with 1 % more articles."""
    cache, version = place / "cache", place / "version"
    full = build(corpus, place, cache=cache)
    if full.code:
        raise RuntimeError(full.last_words)
    before = _inodes(version)
    for what in ("nothing changed", "one threshold changed", "1 % more articles"):
        if what.startswith("1 %"):
            for path in sorted((more / "jsonl").iterdir()):
                shutil.copyfile(path, corpus / "jsonl" / f"z-{path.name}")
        again = build(
            corpus, place, cache=cache, words=_WORDS if what.startswith("nothing") else _OTHER_WORDS
        )
        if again.code:
            raise RuntimeError(again.last_words)
        after = _inodes(version)
        written = [path for path, inode in after.items() if before.get(path) != inode]
        bare = _bare_cost(written, place, python)
        yield Change(what, again.cpu_s, full.cpu_s, len(written), len(after), bare)
        before = after


def _bare_cost(files: Sequence[Path], place: Path, python: Path) -> float:
    listed = place / "written.txt"
    listed.write_text("\n".join(map(str, files)), encoding="utf-8")
    adapter = Path(__file__).parent / "adapters" / "rewrite_parquet.py"
    ended = measured(
        [python, adapter, listed, place / "rewritten.parquet"], place / "log.txt", os.environ, _LIMIT_S
    )
    return ended.cpu_s


def _inodes(version: Path) -> dict[Path, tuple[int, int]]:
    return {
        path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in sorted(version.rglob("*.parquet"))
    }


def _column(path: Path, name: str) -> list[str]:
    return pq.ParquetFile(path).read(columns=[name])[name].to_pylist()
