"""datatrove's local executor with one task and one worker: the steps of its examples, for Arabic.

MinHash is the four stages of examples/minhash_deduplication.py with the default configuration. The quality filter is
Gopher's with its default limits but for the stop words, which are English ones; the tokeniser is the one that it
assigns to Arabic (spaCy's).
"""

from pathlib import Path

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
)
from datatrove.pipeline.filters import GopherQualityFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

_LANGUAGE = "arb_Arab"


def gopher(source: Path, out: Path) -> None:
    """Refuse what the quality filter refuses."""
    quality = GopherQualityFilter(min_stop_words=None, language=_LANGUAGE)
    _run([JsonlReader(str(source)), quality, JsonlWriter(str(out))], out)


def minhash(source: Path, out: Path) -> None:
    """Keep one of each cluster."""
    config = MinhashConfig()
    stages = [str(out / name) for name in ("signatures", "buckets", "removed")]
    signatures, buckets, removed = stages
    _run([JsonlReader(str(source)), MinhashDedupSignature(signatures, config, _LANGUAGE)], out / "1")
    _run([MinhashDedupBuckets(signatures, buckets, config=config)], out / "2", tasks=config.num_buckets)
    _run([MinhashDedupCluster(buckets, removed, config=config)], out / "3")
    _run(
        [JsonlReader(str(source)), MinhashDedupFilter(removed), JsonlWriter(str(out / "kept"))],
        out / "4",
    )


def _run(pipeline: list, place: Path, tasks: int = 1) -> None:
    LocalPipelineExecutor(
        pipeline, tasks=tasks, workers=1, logging_dir=str(place.with_name(f"{place.name}-logs"))
    ).run()
