"""Comparing systems: resampling against a loop over a peer's metric, and what many systems cost.

Usage: python benchmarks/comparison.py [ratio] [many] [shell]; without a word, all three. Everything is generated
from seeds. Times are CPU seconds of this process, but for `shell`, which also gives the wall clock of the
command as a user runs it.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from harness.evaluation.duels import Measured, Resampling, judged_duels
from harness.evaluation.metrics import label_counts, label_metrics, macro_f1
from harness.evaluation.resampling import cluster_totals, resampled_totals
from harness.evaluation.results import RunResult, Subject, SystemIdentity
from harness.evaluation.scoring import Answered, score
from harness.store.runs import ITEMS, RunManifest, write_run

_LABELS = np.array(["ar", "ckb", "en", "fa", "ps", "ur"])
_PEER_SHARE = 20  # of the resamples, the peer's loop is timed on one in so many, and multiplied


def _answers(systems: int, items: int) -> tuple[np.ndarray, list[np.ndarray]]:
    random = np.random.default_rng(7)
    references = random.choice(_LABELS, p=[0.5, 0.1, 0.1, 0.1, 0.1, 0.1], size=items)
    said = [
        np.where(random.random(items) < 0.75 + 0.02 * place, references, random.choice(_LABELS, size=items))
        for place in range(systems)
    ]
    return references, said


def ratio(systems: int = 4, items: int = 10_000, resamples: int = 1_000) -> None:
    """Resample macro F1 of each system: the same draws, through sums and through scikit-learn."""
    from sklearn.metrics import f1_score  # noqa: PLC0415 - the peer

    references, said = _answers(systems, items)
    counts = [label_counts(references.tolist(), answers.tolist()) for answers in said]
    began = time.process_time()
    totals, _ = cluster_totals(np.hstack(counts), np.arange(items))
    sums = resampled_totals(totals, seed=1, resamples=resamples)
    ours = np.column_stack([macro_f1(part) for part in np.split(sums, systems, axis=1)])
    spent = time.process_time() - began

    # The draws that `resampled_totals` makes, drawn again for the peer.
    random = np.random.default_rng((1, 1))
    height = max(1, (1 << 20) // items)
    drawn = random.integers(items, size=(min(height, resamples // _PEER_SHARE), items))
    began = time.process_time()
    theirs = [
        [f1_score(references[rows], answers[rows], average="macro", labels=_LABELS) for answers in said]
        for rows in drawn
    ]
    peer = (time.process_time() - began) * resamples / len(drawn)
    equal = np.abs(ours[: len(drawn)] - np.array(theirs)).max()
    print(
        f"macro F1, {systems} systems x {items:,} items x {resamples:,} resamples: ours {spent:.2f} s, "
        f"scikit-learn {peer:.1f} s ({len(drawn)} resamples timed), ratio {peer / spent:.0f}, "
        f"largest difference {equal:.1e}"
    )


def many(systems: int = 20, items: int = 100_000, metrics: int = 10, resamples: int = 10_000) -> None:
    """Judge every pair of many systems by many metrics, with tests and intervals."""
    random = np.random.default_rng(8)
    for share in (4, 1):
        n = items // share
        measured = [Measured(random.random((n, systems, 1))) for _ in range(metrics)]
        pairs = [(a, b) for a in range(systems) for b in range(a)]
        began = time.process_time()
        judged_duels(measured, pairs, np.arange(n), Resampling(seed=1, resamples=resamples))
        spent = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{systems} systems x {n:,} items x {metrics} metrics x {resamples:,} resamples, "
            f"{len(pairs) * metrics:,} tests: {spent:.1f} s CPU, {peak:,.0f} MB at most"
        )


def shell(items: int = 10_000) -> None:
    """Compare two stored runs from the shell; nothing of the libraries that build and judge is imported."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(path) for path in _stored_runs(Path(folder), items)]
        command = [sys.executable, "-m", "harness", "compare", *paths, "--format", "json"]
        for _ in range(3):
            began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(
                f"harness compare, 2 runs x {items:,} items: {time.perf_counter() - began:.2f} s wall, {cpu:.2f} s CPU"
            )


def _stored_runs(folder: Path, items: int) -> list[Path]:
    references, said = _answers(2, items)
    clusters = [f"c{row // 2:06}" if row % 5 == 0 else f"s{row:06}" for row in range(items)]
    subject = Subject(
        task="language-id",
        kind="language-id",
        dataset="made",
        version="1.0.0",
        content_hash="00" * 32,
        task_fingerprint="11" * 32,
        gold="made",
        splits=("test",),
        items=items,
        clusters=len(set(clusters)),
    )
    metrics = label_metrics("macrolanguage")
    return [
        _stored_run(folder, place, subject, (references.tolist(), answers.tolist(), clusters), metrics)
        for place, answers in enumerate(said)
    ]


def _stored_run(folder: Path, place: int, subject: Subject, told: tuple, metrics: tuple) -> Path:
    references, answers, clusters = told
    scored = score(Answered(references, answers, clusters), metrics, on_missing="fail", seed=0)
    rows = {name: [""] * len(references) for name in ITEMS.names}
    rows |= {
        "item_id": [f"d{row:06}#L1" for row in range(len(references))],
        "document_id": [f"d{row:06}" for row in range(len(references))],
        "cluster": clusters,
        "lang": references,
        "input": [f"line {row} " * (1 + row % 30) for row in range(len(references))],
        "reference": references,
        "output": answers,
        "failure": [None] * len(references),
    }
    table = pa.table(rows, schema=ITEMS)
    for name, column in scored.by_item.items():
        table = table.append_column(f"score:{name}", pa.array(column))
    identity = SystemIdentity(uri=f"made:{place}", name=f"made {place}", version="1", fingerprint="aa" * 32)
    run_id = f"language-id--made-{place}--{place:012x}"
    manifest = RunManifest(
        run_id=run_id,
        subject=subject,
        system=identity,
        on_missing="fail",
        seed=0,
        packages={},
        signatures=tuple(metric.signature for metric in metrics),
    )
    result = RunResult(run_id=run_id, system=identity, scores=scored.scores, failures={})
    return write_run(folder / run_id, manifest, result, table, counts=scored.counts).path


_PARTS = {"ratio": ratio, "many": many, "shell": shell}

if __name__ == "__main__":
    for name in sys.argv[1:] or _PARTS:
        _PARTS[name]()
