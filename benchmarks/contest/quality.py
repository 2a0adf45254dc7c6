"""Quality against the truth of a generated corpus, by which ids were kept: every contender can tell that much."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from pathlib import Path

import pyarrow.parquet as pq
from outcome import Quality

_LIKENESS = ("exact", "frame", "words", "truncated", "spelling")


def judge(corpus: Path, kept: Collection[str], considered: Collection[str] | None = None) -> Quality:
    """Measure what was refused as a copy.

    A planted copy is found if it was refused; where its original was refused instead, the kept member that is most like
    it stands in for the original, and is counted as found. Refused rightly is what has a kept member
    in its cluster; of a cluster that was refused whole, one was refused wrongly.

    Args:
        corpus: Folder with the truth files.
        kept: Ids that stay.
        considered: Ids among which copies were looked for; the others take no part. None for all.
    """
    rows = [row for row in _truth(corpus) if considered is None or row["id"] in considered]
    kept = set(kept)
    clusters: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        clusters[row["copy_of"] or row["id"]].append(row)
    found: dict[str, list[bool]] = defaultdict(list)
    refused = wrong = touched = survived = 0
    for root, members in clusters.items():
        staying = [row for row in members if row["id"] in kept]
        refused += len(members) - len(staying)
        wrong += not staying
        if len(members) == 1 or all(row["copy_of"] for row in members):
            continue  # a copy whose original takes no part has nothing to be found by
        stand_in = _stand_in(staying) if staying and root not in kept else None
        for row in members:
            if row["copy_of"]:
                found[row["kind"]].append(row["id"] not in kept or row["id"] == stand_in)
        if len(staying) < len(members):
            touched += 1
            survived += root in kept
    flags = [flag for kind in found.values() for flag in kind]
    return Quality(
        recall=_share(flags),
        recall_by_kind={kind: _share(found[kind]) for kind in sorted(found)},
        precision=1 - wrong / refused if refused else None,
        original_survives=survived / touched if touched else None,
        refused_related=sum(row["related_to"] is not None and row["id"] not in kept for row in rows),
    )


def _stand_in(staying: list[dict]) -> str:
    """Choose who stands in for a refused original: the one most like it, since it is likeliest the reason."""
    return min(staying, key=lambda row: _LIKENESS.index(row["kind"]))["id"]


def exact_only(quality: Quality) -> Quality:
    """Count the exact copies alone, for a contender that looks for nothing else."""
    exact = quality.recall_by_kind.get("exact")
    return Quality(
        exact, {"exact": exact}, quality.precision, quality.original_survives, quality.refused_related
    )


def _truth(corpus: Path) -> Iterable[dict]:
    for path in sorted(corpus.glob("*-truth.parquet")):
        yield from pq.read_table(path, columns=["id", "kind", "copy_of", "related_to"]).to_pylist()


def _share(flags: Collection[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None
