"""Articles recombined from real sentences, with planted copies of five kinds and related texts that are no copies.

HARNESS_DATA=... python benchmarks/generator --docs 50000 --seed 7041 --out FOLDER

Writes FOLDER/jsonl/*.jsonl and FOLDER/parquet/*.parquet (the same rows), FOLDER/truth.parquet and
FOLDER/about.json. Every row is a function of seed and number of rows: any number of workers writes the same
bytes. What it can and cannot show: docs/benchmarks.md.
"""

import argparse
import json
import multiprocessing
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from parts import Corpus, write_part

ROWS_A_FILE = 25_000
# With 1,900 sentences a language, each would recur in more than 800 articles beyond this number of them.
_MANY = 100_000
_SUBSTITUTED = 0.2


def main() -> None:
    """Write a corpus."""
    options = _options()
    data = os.environ.get("HARNESS_DATA")
    if data is None:
        sys.exit("HARNESS_DATA does not say where the sentences lie: a folder with ntrex/ in it")
    share = options.substitute
    if share is None:
        share = _SUBSTITUTED if options.docs > _MANY else 0.0
    corpus = Corpus(Path(data) / "ntrex", options.seed, options.docs, share)
    for name in ("jsonl", "parquet"):
        (options.out / name).mkdir(parents=True, exist_ok=True)
    truth = pa.concat_tables(_written(corpus, options))
    pq.write_table(truth, options.out / f"{options.stem}-truth.parquet", compression="zstd")
    about = _about(corpus, options.out, options.stem)
    (options.out / f"{options.stem}-about.json").write_text(json.dumps(about, indent=2) + "\n")
    print(json.dumps(about))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--docs", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--stem", default="part", help="how the files' names begin")
    parser.add_argument("--substitute", type=float, help="share of words that are other ones in each article")
    parser.add_argument("--file-docs", type=int, default=ROWS_A_FILE, help="documents in each file")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _written(corpus: Corpus, options: argparse.Namespace) -> Iterator[pa.Table]:
    step = options.file_docs
    bounds = [(at, min(at + step, corpus.rows)) for at in range(0, corpus.rows, step)]
    work = partial(write_part, corpus, options.out, options.stem)
    if options.workers == 1 or len(bounds) == 1:
        yield from map(work, bounds)
        return
    with multiprocessing.get_context("spawn").Pool(min(options.workers, len(bounds))) as pool:
        yield from pool.imap(work, bounds)


def _about(corpus: Corpus, folder: Path, stem: str) -> dict[str, object]:
    files = sorted((folder / "parquet").glob(f"{stem}-*.parquet"))
    text_bytes = sum(
        int(pa.compute.sum(pa.compute.binary_length(pq.read_table(file, columns=["text"])["text"])).as_py())
        for file in files
    )
    return {
        "seed": corpus.seed,
        "documents": corpus.rows,
        "words_substituted": corpus.substituted,
        "text_bytes": text_bytes,
        "jsonl_bytes": sum(file.stat().st_size for file in (folder / "jsonl").glob(f"{stem}-*.jsonl")),
        "parquet_bytes": sum(file.stat().st_size for file in files),
    }


def _text_bytes(file: Path) -> int:
    return int(pc.sum(pc.binary_length(pq.read_table(file, columns=["text"])["text"])).as_py())


if __name__ == "__main__":
    main()
