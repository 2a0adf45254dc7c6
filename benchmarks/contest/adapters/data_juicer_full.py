"""data-juicer: six filters and document_minhash_deduplicator through its default executor, one process, all defaults.

Two recipes, so that what the filters refuse and what the copies cost can be told apart. The filters are those of its operators that need no model and no word list of a language.
"""

import json
from pathlib import Path

from data_juicer.config import init_configs
from data_juicer.core import DefaultExecutor
from protocol import Answer, answer, ids_of

_FILTERS = (
    "text_length_filter",
    "words_num_filter",
    "alphanumeric_filter",
    "special_characters_filter",
    "character_repetition_filter",
    "word_repetition_filter",
)


def work(corpus: Path, scratch: Path) -> Answer:
    """Do the task."""
    considered = _processed(corpus / "jsonl", scratch / "filters", _FILTERS)
    kept = _processed(considered, scratch / "minhash", ("document_minhash_deduplicator",))
    return Answer(lambda: ids_of(kept), lambda: ids_of(considered))


def _processed(source: Path, out: Path, operators: tuple[str, ...]) -> Path:
    out.mkdir()
    recipe = {
        "project_name": "bench",
        "dataset_path": str(source),
        "export_path": str(out / "kept" / "kept.jsonl"),
        "work_dir": str(out / "work"),
        "np": 1,
        "process": [{name: {}} for name in operators],
    }
    path = out / "recipe.yaml"
    path.write_text(json.dumps(recipe), encoding="utf-8")
    DefaultExecutor(init_configs(["--config", str(path)])).run()
    return out / "kept" / "kept.jsonl"


if __name__ == "__main__":
    answer(work)
