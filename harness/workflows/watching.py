"""What is noted of raw records as they pass from their sources to the work on them."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.manifest import FileEntry
from harness.core.recipe import SourceSettings
from harness.curation.raw_parts import RawPart
from harness.store.pages import PageSpool


class RawWatch:
    """Looks at raw records without changing them.

    Args:
        sources: Of the recipe.
        scratch: Folder for the pages that are to be kept, until they are written.
    """

    def __init__(self, sources: Sequence[SourceSettings], scratch: Path) -> None:
        self._pages = PageSpool(scratch, sources)
        self._keeps_pages = any(source.keep_pages for source in sources)
        self._readers: set[str] = set()

    def passing(self, parts: Iterable[RawPart]) -> Iterator[RawPart]:
        """Give on all parts, which come in canonical order."""
        position = 0
        for part in parts:
            self._readers.update(part.told["reader"].unique().drop_null().to_pylist())
            if self._keeps_pages and pc.any(pc.equal(part.told["media"], "html")).as_py():
                self._pages.add(part.records, position)
            position += part.told.num_rows
            yield part

    @property
    def stages(self) -> dict[str, str]:
        """Name the libraries that took text out of files, where there were such files: they shaped the version."""
        return {"read": "; ".join(sorted(self._readers))} if self._readers else {}

    def write_pages(self, folder: Path, ids: pa.ChunkedArray) -> dict[str, FileEntry]:
        """Write the pages that the recipe keeps into a version folder.

        Args:
            folder: The version folder that is being written.
            ids: The id of every record, in canonical order.

        Raises:
            OSError: The disk is full.
        """
        return self._pages.write(folder, ids.combine_chunks())
