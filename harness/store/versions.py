"""Version folders: what a build promises, written whole, read back with checks."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import ValidationError

from harness.core.errors import ConfigurationError, InputError
from harness.core.files import naming, write_atomically
from harness.core.fingerprints import canonical_json, sha256_of_file
from harness.core.manifest import FileEntry, Manifest, ledger_path, split_path
from harness.core.schema import documents_schema, ledger_schema
from harness.core.settings import suggestion
from harness.core.workspace import Workspace

MANIFEST = "manifest.json"
GATES = "gates.json"
CARD = "README.md"
# What shapes a table's bytes, beside its rows: part of the names under which finished shards are kept.
WRITER_OPTIONS: dict[str, Any] = {
    "compression": "zstd",
    "use_content_defined_chunking": True,
    "store_schema": True,
}

# The column that is large; the rows that Arrow reads at a time where nobody says how many; what Arrow counts for the place
# of each text.
_TEXT = "text"
_BATCH_ROWS = 1 << 16
_OFFSET_BYTES = 4


@dataclass(frozen=True)
class VersionFolder:
    """A finished version on disk."""

    path: Path
    manifest: Manifest

    @classmethod
    def open(cls, path: Path) -> "VersionFolder":
        """Read a version's manifest.

        Raises:
            InputError: The folder is none, or its manifest cannot be read.
        """
        manifest_path = path / MANIFEST
        try:
            return cls(path, Manifest.model_validate_json(manifest_path.read_bytes()))
        except FileNotFoundError:
            raise InputError(
                "this folder holds no version", where=str(manifest_path), remedy="build one: harness build"
            ) from None
        except (OSError, ValidationError) as error:
            raise InputError(
                "the manifest cannot be read",
                where=str(manifest_path),
                remedy=f"build the version again ({_first_line(error)})",
            ) from error

    def documents(self, columns: list[str] | None = None) -> pa.Table:
        """Read the kept documents of all splits, in split and canonical order, with a column `split`.

        Raises:
            InputError: A file is missing or is not what this version of harness writes.
        """
        parts = []
        columns = columns or documents_schema(self.manifest.own_signals).names
        for split in self.manifest.splits:
            table = self._read(self.manifest.split_files(split), columns)
            parts.append(table.append_column("split", pa.array([split] * table.num_rows, pa.string())))
        return pa.concat_tables(parts)

    def table(self, name: str) -> pa.Table:
        """Read one of the ledger tables, such as `records` or `metrics`.

        Raises:
            InputError: The file is missing or is not what this version of harness writes.
        """
        schema = ledger_schema(name, self.manifest.own_signals)
        return self._read(self.manifest.ledger_files(name), schema.names)

    def gates(self) -> dict[str, Any] | None:
        """Read what `validate` last wrote, or None where it never ran.

        Raises:
            InputError: The file is there and is no JSON object.
        """
        path = self.path / GATES
        if not path.is_file():
            return None
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise InputError(
                "the gates' result cannot be read", where=str(path), remedy="run harness validate again"
            ) from error

    def write_gates(self, verdict: Mapping[str, Any]) -> Path:
        """Write a verdict beside the manifest, in one form for one content."""
        return _write_json(self.path / GATES, verdict)

    def altered_files(self) -> list[str]:
        """Name the files that are not what the manifest says: missing, or other bytes."""
        altered = []
        for name, entry in self.manifest.files.items():
            path = self.path / name
            if not path.is_file() or sha256_of_file(path) != entry.sha256:
                altered.append(name)
        return altered

    def _read(self, names: Iterable[str], columns: list[str]) -> pa.Table:
        return pa.concat_tables([self._read_file(self.path / name, columns) for name in names])

    def _read_file(self, path: Path, columns: list[str]) -> pa.Table:
        try:
            lacking = sorted(set(columns) - set(pq.read_schema(path).names))
            if lacking:
                raise InputError(
                    f"the table has no column {', '.join(map(repr, lacking))}",
                    where=str(path),
                    remedy="another version of harness wrote it, or someone changed it: build it again",
                )
            return pq.read_table(path, columns=columns, partitioning=None)
        except (OSError, pa.ArrowException) as error:
            raise InputError(
                f"a table of the version cannot be read: {_first_line(error)}",
                where=str(path),
                remedy="build the version again",
            ) from error


@dataclass(frozen=True)
class VersionContent:
    """What a build hands over to be written.

    Args:
        splits: Documents per split in canonical order, schema DOCUMENTS.
        ledger: Ledger tables by name, schemas LEDGER_TABLES.
    """

    splits: Mapping[str, pa.Table]
    ledger: Mapping[str, pa.Table]


def write_tables(folder: Path, content: VersionContent) -> dict[str, FileEntry]:
    """Write the tables of a version into a folder and describe each file.

    Raises:
        OSError: The disk is full, or the folder may not be written.
    """
    named = {split_path(split): table for split, table in content.splits.items()}
    named |= {ledger_path(name): table for name, table in content.ledger.items()}
    return {name: write_table(folder / name, table) for name, table in named.items()}


def write_table(path: Path, table: pa.Table) -> FileEntry:
    """Write a table of a version as a Parquet file, and describe it.

    Raises:
        OSError: The disk is full, or the folder may not be written.
    """
    return write_row_groups(path, table.schema, iter((table,)))


def write_row_groups(path: Path, schema: pa.Schema, groups: Iterator[pa.Table]) -> FileEntry:
    """Write a Parquet file of one row group for each table, holding one of them at a time, and describe it.

    The bytes hang on the rows of each group alone, and on the version of pyarrow.

    Raises:
        OSError: The disk is full, or the folder may not be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    texts: list[int | None] = []
    with naming(path), pq.ParquetWriter(path, schema, **WRITER_OPTIONS) as writer:
        for group in groups:
            # One contiguous chunk: the bytes of a row group depend on how its input was chunked.
            table = group.cast(schema).combine_chunks()
            writer.write_table(table, row_group_size=max(table.num_rows, 1))
            texts.append(_text_bytes(table))
    rows, arrow_bytes = _read_back(path, texts)
    return FileEntry(
        sha256=sha256_of_file(path), bytes=path.stat().st_size, rows=rows, arrow_bytes=arrow_bytes
    )


def _text_bytes(table: pa.Table) -> int | None:
    """Count the bytes of a table's texts; None where it has none, or lacks some."""
    if _TEXT not in table.column_names or table[_TEXT].null_count:
        return None
    return pc.sum(pc.binary_length(table[_TEXT])).as_py() or 0


def _read_back(path: Path, texts: list[int | None]) -> tuple[int, int]:
    """Count the rows of a file, and the bytes that they take in memory.

    What the manifest counts is then known to be readable, and the size is the one that `load_dataset` finds,
    whatever the buffers held that were written. Texts, most of what would be unpacked, are left out where their
    size is plain: in a single batch.
    """
    known = [size for size in texts if size is not None]
    with pq.ParquetFile(path) as parquet:
        rows, names = parquet.metadata.num_rows, parquet.schema_arrow.names
        is_plain = len(known) == len(texts) and sum(known) > 0 and rows <= _BATCH_ROWS
        read = [name for name in names if name != _TEXT or not is_plain]
        arrow_bytes = sum(batch.nbytes for batch in parquet.iter_batches(_BATCH_ROWS, columns=read))
    return rows, arrow_bytes + (sum(known) + _OFFSET_BYTES * rows if is_plain else 0)


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """Write the manifest, last of all: a folder with a manifest is a finished version."""
    return _write_json(folder / MANIFEST, manifest.model_dump(mode="json"))


def foreign_entry(folder: Path) -> str | None:
    """Name something in a folder that no build wrote there, or None where a build may replace the folder.

    That is so where nothing is there, where the folder is empty, and where it is a version with nothing added.
    """
    try:
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
        found |= {folder.name} if folder.is_file() else set()
        known = {MANIFEST, GATES, CARD, *VersionFolder.open(folder).manifest.files} if found else set()
    except InputError:
        known = set()
    return min(found - known, default=None)


def find_version(workspace: Workspace, reference: str) -> VersionFolder:
    """Open a version by name, `name@1.2.0`, `name@latest`, or the path of its folder.

    A bare name means the newest version that was built.

    Raises:
        ConfigurationError: No corpus of that name is known.
        InputError: The corpus is known, and no such version of it was built.
    """
    path = Path(reference)
    if (path / MANIFEST).is_file():
        return VersionFolder.open(path)
    if path.is_dir() and ("/" in reference or path.is_absolute()):
        return VersionFolder.open(path)
    name, _, version = reference.partition("@")
    built = built_versions(workspace.builds(name))
    if version in ("", "latest") and built:
        return VersionFolder.open(workspace.builds(name) / built[-1])
    if version in built:
        return VersionFolder.open(workspace.builds(name) / version)
    if not built and name not in workspace.corpus_names():
        raise ConfigurationError(
            f"no corpus or version folder is called '{reference}'",
            where=str(workspace.root / "datasets"),
            remedy=suggestion(name, workspace.corpus_names()),
        )
    raise InputError(
        f"version '{version or 'latest'}' of '{name}' has not been built",
        where=str(workspace.builds(name)),
        remedy=f"harness build {name}" + (f"; built are: {', '.join(built)}" if built else ""),
    )


def built_versions(builds: Path) -> list[str]:
    """List the finished versions of a corpus, oldest number first."""
    names = [path.parent.name for path in builds.glob(f"*/{MANIFEST}")]
    return sorted((name for name in names if _number(name)), key=_number)


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split("."))) if re.fullmatch(r"\d+\.\d+\.\d+", version) else ()


def _write_json(path: Path, content: Mapping[str, Any]) -> Path:
    # Indented for people who read diffs; canonical in order, so that equal content is equal bytes.
    text = json.dumps(json.loads(canonical_json(content)), indent=1, sort_keys=True, ensure_ascii=False)
    write_atomically(path, text + "\n")
    return path


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
