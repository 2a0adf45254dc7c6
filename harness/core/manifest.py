"""The manifest of a version: what it is made from, what it consists of, and where that lies in its folder."""

from pydantic import Field, field_validator

from harness.core.frozen import Frozen
from harness.core.recipe import SPLIT_NAMES, Recipe
from harness.core.signals import SIGNAL_NAME, Signal, SignalKind

# 2: tables in several files, and a content hash over digests of documents.
_FORMAT = 2


class FileEntry(Frozen):
    """One file of a version: its hash, its size, and its rows and size as Arrow reads it where it is a table."""

    sha256: str
    bytes: int
    rows: int | None = None
    arrow_bytes: int | None = None


class InputEntry(Frozen):
    """One source as it was read: how many records and bytes, and a hash over all of their raw hashes."""

    source: str
    records: int
    bytes: int
    sha256: str


class SignalEntry(Frozen):
    """A signal of the user's own, so that a version can be read and judged without the package that measured it."""

    name: str = Field(pattern=f"^{SIGNAL_NAME.pattern}$")
    kind: SignalKind
    meaning: str
    version: str


class Counts(Frozen):
    """The balance of a build: `read = kept + rejected + errors`, and what each rule and error took."""

    read: int
    kept: int
    rejected: int
    errors: int
    rejected_by: dict[str, int]
    errors_by: dict[str, int]
    edits_by: dict[str, int]


class Manifest(Frozen):
    """What a version is made from and consists of. No clock, no host and no absolute path is in it."""

    format: int = _FORMAT
    name: str
    version: str
    content_hash: str
    recipe: Recipe
    stages: dict[str, str]  # stage -> version
    identifier: str  # name and version of the language identifier
    made_with: dict[str, str]  # packages that shape bytes, not content
    inputs: tuple[InputEntry, ...]
    counts: Counts
    splits: dict[str, int]  # split -> documents
    languages: dict[str, int]  # measured language -> documents
    tables: dict[str, int]  # ledger table -> rows
    files: dict[str, FileEntry]  # path inside the folder -> entry; the manifest, card and gates apart
    signals: tuple[SignalEntry, ...] = ()  # the user's own, in the order of their columns

    @field_validator("splits")
    @classmethod
    def _splits_are_known(cls, splits: dict[str, int]) -> dict[str, int]:
        # They become paths, and a manifest can come from anywhere.
        if not set(splits) <= set(SPLIT_NAMES):
            raise ValueError(f"the splits are {', '.join(SPLIT_NAMES)}")
        # In the one order that documents are read in: the file's own is that of the alphabet.
        return {split: splits[split] for split in SPLIT_NAMES if split in splits}

    @property
    def reference(self) -> str:
        """The version as people name it: `name@version`."""
        return f"{self.name}@{self.version}"

    @property
    def own_signals(self) -> tuple[Signal, ...]:
        """The columns that the user's own signals have in `documents` and `records`."""
        return tuple(Signal(one.name, one.kind, one.meaning) for one in self.signals)

    @property
    def data_files(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Say which files feed which split of which config; tables without rows are left out.

        An empty Parquet file makes `load_dataset` raise, so it stays in the folder but out of the card.
        """
        configs = {"default": {split: self.split_files(split) for split, rows in self.splits.items() if rows}}
        tables = {name: {"train": self.ledger_files(name)} for name, rows in self.tables.items() if rows}
        return configs | tables

    def split_files(self, split: str) -> tuple[str, ...]:
        """Name the files of a split's documents inside the version folder, in order."""
        return self._files_in(split_path(split))

    def ledger_files(self, table: str) -> tuple[str, ...]:
        """Name the files of a ledger table inside the version folder, in order."""
        return self._files_in(ledger_path(table))

    def _files_in(self, first: str) -> tuple[str, ...]:
        folder = first.rpartition("/")[0]
        shards = (name for name in self.files if name.rpartition("/")[0] == folder)
        # Where the manifest lists none, reading the first one says what is missing.
        return tuple(sorted(shards)) or (first,)


def split_path(split: str, shard: int = 0) -> str:
    """Name a file of a split's documents inside a version folder."""
    assert split in SPLIT_NAMES, split  # noqa: S101 - splits come from the recipe model
    return f"data/{split}/{shard:05d}.parquet"


def ledger_path(table: str, shard: int = 0) -> str:
    """Name a file of a ledger table inside a version folder."""
    return f"{table}/{shard:05d}.parquet"
