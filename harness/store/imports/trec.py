"""TREC runs with their judgements: rankings by topic, scored here."""

from collections import defaultdict
from pathlib import Path

from harness.core.errors import ConfigurationError
from harness.core.fingerprints import fingerprint
from harness.evaluation.metrics import ranking_metrics
from harness.store.imports.model import Imported, ImportedItem
from harness.store.imports.reading import broken, lines_of, number_of

_TOP_K = 10
_RUN_FIELDS, _QRELS_FIELDS = 6, 4


def read_trec(path: Path, qrels: Path | None) -> Imported:
    """Read a run (`topic Q0 document rank score tag`) and score it by its judgements.

    As trec_eval does, documents are ordered by score, and equal ones by id, backwards; ranks are not read. A
    judged topic that the run lacks scores 0; relevance above 0 counts, graded or not.

    Args:
        path: The run.
        qrels: The judgements: `topic 0 document relevance`.

    Raises:
        ConfigurationError: There are no judgements.
        InputError: A line does not have the form, or a document is ranked twice for a topic.
    """
    if qrels is None:
        raise ConfigurationError(
            "a TREC run needs its judgements", where=str(path), remedy="name them: --qrels FILE"
        )
    relevant = _relevant(qrels)
    rankings, tag = _rankings(path)
    metrics = ranking_metrics(_TOP_K)
    items = []
    for topic, documents in relevant.items():
        ranked = rankings.get(topic, ())
        statistics = {
            metric.name: metric.statistics([tuple(sorted(documents))], [tuple(ranked)]) for metric in metrics
        }
        items.append(
            ImportedItem(
                item_id=topic,
                scores={name: float(columns[0, 0]) for name, columns in statistics.items()},
                reference=" ".join(sorted(documents))[:300],
                output=" ".join(ranked[:3])[:300],
            )
        )
    return Imported(
        tool="trec",
        system=tag or path.stem,
        task="ranking",
        items=tuple(items),
        signatures={metric.name: metric.signature for metric in metrics},
        version=fingerprint([[topic, sorted(documents)] for topic, documents in relevant.items()])[:12],
    )


def _relevant(qrels: Path) -> dict[str, set[str]]:
    relevant: dict[str, set[str]] = defaultdict(set)
    for number, line in lines_of(qrels):
        fields = line.split()
        if len(fields) != _QRELS_FIELDS or not fields[3].lstrip("-").isdigit():
            raise broken(qrels, f"line {number} is not 'topic 0 document relevance'")
        if int(fields[3]) > 0:
            relevant[fields[0]].add(fields[2])
    return dict(sorted(relevant.items()))


def _rankings(path: Path) -> tuple[dict[str, list[str]], str]:
    scored: dict[str, dict[str, float]] = defaultdict(dict)
    tag = ""
    for number, line in lines_of(path):
        fields = line.split()
        try:
            score = number_of(float(fields[4])) if len(fields) == _RUN_FIELDS else None
        except ValueError:
            score = None
        if score is None:
            raise broken(path, f"line {number} is not 'topic Q0 document rank score tag'")
        if fields[2] in scored[fields[0]]:
            raise broken(path, f"line {number} ranks a document a second time")
        scored[fields[0]][fields[2]] = score
        tag = fields[5]
    ranked = {
        topic: sorted(sorted(documents, reverse=True), key=lambda one: -documents[one])
        for topic, documents in scored.items()
    }
    return ranked, tag[:200]
