"""The pages that a version keeps: held until records have ids, written, and found again by a record's id."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from harness.core.errors import InputError
from harness.core.fingerprints import sha256_of
from harness.core.manifest import FileEntry
from harness.core.pages import page_path
from harness.core.recipe import SourceSettings
from harness.core.schema import PAGES
from harness.curation.kept_pages import WAITING, named_pages, waiting_pages
from harness.store.versions import VersionFolder, write_row_groups


@dataclass(frozen=True)
class Page:
    """A page as a version keeps it: the file that has it, its bytes, and whether these are the record's raw bytes."""

    path: str
    content: bytes
    is_raw: bool


class PageSpool:
    """Holds pages on disk from when they are read until their records have ids.

    Args:
        folder: Where, until the build is over.
        sources: All sources of the recipe; those with `keep_pages` are looked at.
    """

    def __init__(self, folder: Path, sources: Sequence[SourceSettings]) -> None:
        self._names = {number: source.name for number, source in enumerate(sources) if source.keep_pages}
        self._files = {number: folder / f"pages-{number}.arrow" for number in self._names}
        self._writers: dict[int, pa.RecordBatchWriter] = {}

    def add(self, raw: pa.Table, start: int) -> None:
        """Hold the pages among raw records, of which the first has position `start` in the corpus.

        Raises:
            OSError: The disk is full.
        """
        for number, path in self._files.items():
            pages = waiting_pages(raw, start, number)
            if number not in self._writers:
                options = pa.ipc.IpcWriteOptions(compression="zstd")
                self._writers[number] = pa.ipc.new_stream(str(path), WAITING, options=options)
            self._writers[number].write_table(pages)

    def write(self, folder: Path, ids: pa.Array) -> dict[str, FileEntry]:
        """Write all pages into a version folder, a file for each source, and describe them by their paths.

        Args:
            folder: The version folder that is being written.
            ids: The id of every record of the corpus, in canonical order.

        Raises:
            OSError: The disk is full, or the folder may not be written.
        """
        for writer in self._writers.values():
            writer.close()
        return {
            path: write_row_groups(folder / path, PAGES, named_pages(self._waiting(number), ids))
            for number, path in ((number, page_path(name)) for number, name in self._names.items())
        }

    def _waiting(self, number: int) -> Iterator[pa.Table]:
        if number in self._writers:
            with pa.OSFile(str(self._files[number])) as file, pa.ipc.open_stream(file) as stream:
                yield from (pa.Table.from_batches([batch]) for batch in stream)


def find_page(version: VersionFolder, record_id: str) -> Page | None:
    """Find the page that a record was taken from; None where the version keeps none of it.

    Raises:
        InputError: A file of pages is missing or broken.
    """
    for source in version.manifest.recipe.sources:
        path = page_path(source.name)
        if source.keep_pages and path in version.manifest.files:
            rows = _rows_of(version.path / path, record_id)
            if rows:
                page: bytes = rows[0]["page"]
                return Page(path, page, is_raw=sha256_of(page) == rows[0]["raw_sha256"])
    return None


def _rows_of(path: Path, record_id: str) -> list[dict[str, Any]]:
    try:
        table = pq.read_table(
            path, columns=["id", "raw_sha256", "page"], filters=[("id", "==", record_id)], partitioning=None
        )
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            "the pages of the version cannot be read",
            where=str(path),
            remedy="build the version again; pages are not published unless the recipe states their licence",
        ) from error
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
