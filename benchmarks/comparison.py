"""Comparing systems: resampling beside sacrebleu and scikit-learn, and what many systems cost.

Usage: python benchmarks/comparison.py [texts] [ratio] [shell] [many] [--write]; without a word, all four (`many` takes
some minutes). With `--write` into docs/statistics.md. Everything is generated from seeds. Times are CPU seconds of
this process, but for `shell`, which also gives the wall clock of the command as a user runs it.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from page import DOCS, publish, table, versions

from harness.evaluation.compatible import CompatibleResult, sacrebleu_bootstrap
from harness.evaluation.duels import Measured, Resampling, judged_duels
from harness.evaluation.metrics import label_counts, label_metrics, macro_f1
from harness.evaluation.resampling import cluster_totals, resampled_totals
from harness.evaluation.results import RunResult, Subject, SystemIdentity
from harness.evaluation.scoring import Answered, score
from harness.evaluation.texts.bleu import bleu
from harness.evaluation.texts.chrf import chrf
from harness.evaluation.texts.edits import translation_error_rate
from harness.evaluation.texts.reading import Reading, TextMetric
from harness.store.runs import ITEMS, RunManifest, write_run

_LABELS = np.array(["ar", "ckb", "en", "fa", "ps", "ur"])
_MOST_MB = 2_000
_MOST_WALL_S = 1.5
_PEER_SHARE = 20  # of the resamples, the peer's loop is timed on one in so many, and multiplied


def _answers(systems: int, items: int) -> tuple[np.ndarray, list[np.ndarray]]:
    random = np.random.default_rng(7)
    references = random.choice(_LABELS, p=[0.5, 0.1, 0.1, 0.1, 0.1, 0.1], size=items)
    said = [
        np.where(random.random(items) < 0.75 + 0.02 * place, references, random.choice(_LABELS, size=items))
        for place in range(systems)
    ]
    return references, said


Row = tuple[str, ...]
_HEADER = ("work", "peer", "theirs, s", "ours, s", "times as fast", "goal", "reached", "largest difference")
_ROUNDS = 3


def texts(systems: int = 4, segments: int = 2_000, resamples: int = 1_000) -> Iterator[str]:
    """Do sacrebleu's paired bootstrap test of systems, once through its code and once through ours.

    Statistics were extracted before, on both sides; draws, p-values, means and intervals are the same.
    """
    from sacrebleu.metrics import BLEU, CHRF, TER  # noqa: PLC0415 - the peer

    right, said = _texts(systems, segments)
    work = f"{systems} systems x {segments:,} segments x {resamples:,} resamples"
    rows = [
        _text_row(f"{name}, {work}", peer, ours, (right, said, resamples), goal)
        for name, peer, ours, goal in (
            ("BLEU", BLEU(tokenize="13a"), bleu(Reading(tokeniser="13a")), 15.0),
            ("chrF", CHRF(), chrf(Reading()), 30.0),
            ("TER", TER(), translation_error_rate(Reading(tokeniser="space", case="lower")), 15.0),
        )
    ]
    yield from table(_HEADER, rows)


def _text_row(name: str, peer: object, ours: TextMetric, of: tuple, goal: float) -> Row:
    right, said, resamples = of
    extracted = [peer._extract_corpus_statistics(one, [right]) for one in said]  # type: ignore[attr-defined] # noqa: SLF001 - so that it is not timed
    statistics = [ours.statistics(right, one) for one in said]
    theirs, wanted = _timed(lambda: _sacrebleu_test(peer, extracted, resamples), rounds=1)
    spent, found = _timed(
        lambda: sacrebleu_bootstrap(statistics, ours.formula, resamples=resamples), rounds=_ROUNDS
    )
    return _row(name, "sacrebleu", (theirs, spent, goal), _largest_difference(found, wanted))


def _sacrebleu_test(peer: object, extracted: list, resamples: int) -> list:
    """Run sacrebleu's test over statistics that it extracted before: hypotheses are their own places."""
    from sacrebleu.significance import PairedTest  # noqa: PLC0415 - the peer

    by_place = {f"{place}": one for place, one in enumerate(extracted)}
    peer._extract_corpus_statistics = lambda said, _references: by_place[said[0]]  # type: ignore[attr-defined] # noqa: SLF001 - see above
    try:
        named = [(place, [place] * len(one)) for place, one in by_place.items()]
        _, told = PairedTest(named, {"metric": peer}, None, test_type="bs", n_samples=resamples)()
    finally:
        del peer._extract_corpus_statistics  # type: ignore[attr-defined] # noqa: SLF001 - see above
    return next(results for label, results in told.items() if label != "System")


def _largest_difference(found: list[CompatibleResult], wanted: list) -> float:
    """Require equal p-values, and give how far scores, means and intervals lie apart, in the metric's unit."""
    if [one.p for one in found] != [one.p_value for one in wanted]:
        raise AssertionError(f"p-values differ: {found} {wanted}")
    pairs = [
        (mine, told / 100)
        for one, other in zip(found, wanted, strict=True)
        for mine, told in ((one.score, other.score), (one.mean, other.mean), (one.half_width, other.ci))
    ]
    largest = max(abs(mine - told) for mine, told in pairs)
    if largest > 1e-5:  # sacrebleu resamples in single precision
        raise AssertionError(f"results differ by {largest}")
    return largest


def _row(name: str, peer: str, times: tuple[float, float, float], apart: float) -> Row:
    theirs, ours, goal = times
    ratio = theirs / ours
    reached = "yes" if ratio >= goal else "**no**"
    return (
        name,
        peer,
        f"{theirs:.2f}",
        f"{ours:.3f}",
        f"{ratio:.0f}",
        f">= {goal:g}",
        reached,
        f"{apart:.0e}",
    )


def _timed(work: Callable[[], list], *, rounds: int) -> tuple[float, list]:
    """Give the least CPU time of some rounds, and the last result."""
    spent, result = [], []
    for _ in range(rounds):
        began = time.process_time()
        result = work()
        spent.append(time.process_time() - began)
    return min(spent), result


def _texts(systems: int, segments: int) -> tuple[list[str], list[list[str]]]:
    """Make references of 8 to 30 words, and answers of systems of which each is a little worse."""
    chance = random.Random(9)  # noqa: S311 - no secret
    words = [f"{stem}{ending}" for stem in ("bridg", "wheat", "counc", "school") for ending in "abcdefghijk"]
    right = [" ".join(chance.choices(words, k=chance.randint(8, 30))) for _ in range(segments)]
    said = [
        [
            " ".join(word if chance.random() > share else chance.choice(words) for word in text.split())
            for text in right
        ]
        for share in np.linspace(0.2, 0.3, systems).tolist()
    ]
    return right, said


def ratio(systems: int = 4, items: int = 10_000, resamples: int = 1_000) -> Iterator[str]:
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
    if equal > 1e-12:
        raise AssertionError(f"macro F1 differs by {equal}")
    name = f"macro F1, {systems} systems x {items:,} items x {resamples:,} resamples"
    told = f"scikit-learn, {len(drawn)} resamples timed"
    yield from table(_HEADER, [_row(name, told, (peer, spent, 50.0), equal)])


def many(
    systems: int = 20, items: int = 100_000, metrics: int = 10, resamples: int = 10_000
) -> Iterator[str]:
    """Judge every pair of many systems by many metrics, with tests and intervals; goal: 2 GB, growth linear in items."""
    random = np.random.default_rng(8)
    rows = []
    for share in (4, 2, 1):
        n = items // share
        measured = [Measured(random.random((n, systems, 1))) for _ in range(metrics)]
        pairs = [(a, b) for a in range(systems) for b in range(a)]
        began = time.process_time()
        judged_duels(measured, pairs, np.arange(n), Resampling(seed=1, resamples=resamples))
        spent = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        reached = "yes" if peak <= _MOST_MB else "**no**"
        rows.append((f"{n:,}", f"{len(pairs) * metrics:,}", f"{spent:.0f}", f"{peak:,.0f}", reached))
    yield f"{systems} systems, {metrics} metrics, {resamples:,} resamples; at most 2 GB, growth linear in items:\n"
    yield from table(("items", "tests", "CPU, s", "peak, MB", "within 2 GB"), rows)


def shell(items: int = 10_000) -> Iterator[str]:
    """Compare two stored runs from the shell; nothing of the libraries that build and judge is imported."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(path) for path in _stored_runs(Path(folder), items)]
        command = [sys.executable, "-m", "harness", "compare", *paths, "--format", "json"]
        for _ in range(3):
            began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            wall = time.perf_counter() - began
            reached = "yes" if wall <= _MOST_WALL_S else "**no**"
            rows.append((f"2 x {items:,}", f"{wall:.2f}", f"{cpu:.2f}", f"<= {_MOST_WALL_S}", reached))
    yield "`harness compare` of two stored runs from the shell, slices by both metrics included, three times:\n"
    yield from table(("items", "wall, s", "CPU, s", "goal, wall", "reached"), rows)


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


_PARTS = {"texts": texts, "ratio": ratio, "shell": shell, "many": many}


def main() -> None:
    """Measure and print, part by part; with `--write` into the page too."""
    for name in [word for word in sys.argv[1:] if word != "--write"] or _PARTS:
        told = versions("numpy", "sacrebleu", "scikit-learn")
        publish(f"comparison-{name}", [f"{told}.\n", *_PARTS[name]()], to=DOCS / "statistics.md")


if __name__ == "__main__":
    main()
