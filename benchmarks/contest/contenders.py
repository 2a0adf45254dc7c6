"""Who takes part, in which environment, and near which of its documented defaults."""

from dataclasses import dataclass

FULL, NEAR, EXACT, READ = "full chain", "near copies", "exact copies", "read"
OURS = "harness"


@dataclass(frozen=True)
class Contender:
    """One way to do one task.

    Args:
        name: As the tables say it.
        task: What it does.
        adapter: Module in `adapters/`; None for our command line.
        packages: What is installed for it, by pinned version; nothing means our own environment.
        options: How it was set, and where its documentation says so.
        most_docs: It runs on no more documents than this: below 500 documents a second a run takes too long.
    """

    name: str
    task: str
    adapter: str | None
    packages: tuple[str, ...] = ()
    options: str = ""
    most_docs: int | None = None

    @property
    def environment(self) -> str | None:
        """Name of its environment; None for our own."""
        return self.packages[0].split("=")[0].split("[")[0] if self.packages else None

    @property
    def is_ours(self) -> bool:
        """Whether it is the harness."""
        return self.name.startswith(OURS)


_SLOW = 10_000
_DATATROVE = ("datatrove[processing,io]==0.10.1", "spacy==3.8.18")

CONTENDERS = (
    Contender(f"{OURS} build", FULL, None, options="JSON lines to Parquet and ledger, profile news-ar, four rules"),
    Contender(
        "data-juicer", FULL, "data_juicer_full", ("py-data-juicer==1.6.1", "aiohttp==3.14.5"),
        "six filters that need no model or word list of a language, then document_minhash_deduplicator, all with "
        "their defaults (docs/Operators.md); default executor, np = 1",
        _SLOW,
    ),
    Contender(
        "datatrove", FULL, "datatrove_full", _DATATROVE,
        "GopherQualityFilter without its English stop words, then MinHash in four stages with the default "
        "configuration (examples/minhash_deduplication.py); Arabic tokeniser; one worker",
        _SLOW,
    ),
    Contender(f"{OURS} near", NEAR, "harness_near", options="signatures and find_clusters, default settings"),
    Contender(
        "Daft", NEAR, "daft_near", ("daft==0.7.26",),
        "64 hashes by xxhash of runs of 5 words, 8 bands of 8 for a threshold of 0.7 (its tutorial "
        "MinHash Deduplication on Common Crawl); groups joined in Python",
    ),
    Contender(
        "rensa", NEAR, "rensa_near", ("rensa==0.5.0", "pyarrow==26.0.1"),
        "RMinHashDeduplicator(0.8, 128, use_lsh=True) over words (README, Keep unique documents)",
    ),
    Contender(
        "datasketch", NEAR, "datasketch_near", ("datasketch==2.0.0", "xxhash==4.1.0", "pyarrow==26.0.1"),
        "MinHash of 128 slots by xxhash, MinHashLSH (its documentation); runs of 5 words, threshold 0.7",
    ),
    Contender(
        "text-dedup", NEAR, "text_dedup_near", ("text-dedup==0.4.0",),
        "python -m text_dedup.minhash, defaults, one process (README)",
    ),
    Contender(f"{OURS} exact", EXACT, "harness_exact", options="128-bit hash of the bytes where Arrow has them"),
    Contender("SHA-256 of each string", EXACT, "sha256_strings", options="hashlib over Python strings"),
    Contender("Parquet, zstd", READ, "read_parquet", options="pyarrow, two columns, its defaults"),
    Contender("JSON lines, json", READ, "read_json", options="json.loads of each line"),
    Contender("JSON lines, pyarrow", READ, "read_json_arrow", options="pyarrow.json, its defaults"),
)  # fmt: skip
