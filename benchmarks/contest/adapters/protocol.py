"""How an adapter is called and what it answers; the standard library alone, since it runs in every peer's environment.

ADAPTER CORPUS SCRATCH ANSWER: the corpus has jsonl/ and parquet/ with the same rows, SCRATCH is an empty folder, and
ANSWER is written as JSON: the CPU seconds spent before the work began (imports), the ids that are kept, and the ids
that came as far as the search for copies (all, if nothing was refused before).
"""

import gzip
import json
import resource
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """What became of the documents.

    Args:
        kept: Gives the ids of the documents that are kept; asked after the clock has stopped.
        considered: Gives the ids of those in which copies were looked for; None for all.
    """

    kept: Callable[[], Iterable[str]] | None = None
    considered: Callable[[], Iterable[str]] | None = None


def answer(work: Callable[[Path, Path], Answer]) -> None:
    """Do the work with the paths of the command line and write the answer."""
    corpus, scratch, out = map(Path, sys.argv[1:4])
    started = _cpu_s()
    found = work(corpus, scratch)
    finished = _cpu_s()
    out.write_text(
        json.dumps(
            {
                "start_cpu_s": started,
                "work_cpu_s": finished - started,
                "kept": None if found.kept is None else sorted(found.kept()),
                "considered": None if found.considered is None else sorted(found.considered()),
            }
        ),
        encoding="utf-8",
    )


def ids_of(place: Path) -> list[str]:
    """Read the ids of a file of JSON lines, or of all such files in a folder, gzipped or not."""
    found = []
    for path in [place] if place.is_file() else sorted(place.rglob("*.jsonl*")):
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            found.extend(json.loads(line)["id"] for line in lines)
    return found


def grouped(groups: Iterable[Iterable[int]], count: int) -> list[int]:
    """Join overlapping groups; give for each of `count` members the least one that it hangs together with."""
    parent = list(range(count))

    def root(member: int) -> int:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for group in groups:
        first, *others = sorted(map(root, group))
        for other in others:
            low, high = sorted((root(first), root(other)))
            parent[high] = low
    return [root(member) for member in range(count)]


def _cpu_s() -> float:
    """CPU seconds of this process and of its children that have ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
