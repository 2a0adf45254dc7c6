"""Many Arrow files read as one table by memory map, with the pages that were read given back on request."""

import mmap
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from harness.core.files import naming


class MappedTable:
    """The files of a table in order; its columns stay on disk until they are used.

    Pages of a mapped file that were read once stay in the memory that the process is said to hold until somebody
    asks for them. `release` gives them back: the arrays stay valid, and what is read again is mapped again.
    """

    def __init__(self, paths: Iterable[Path], schema: pa.Schema) -> None:
        """Map files that `harness.store.arrow_files.write_arrow` wrote.

        Args:
            paths: The files.
            schema: Of all of them; also where there is no file.

        Raises:
            OSError: A file cannot be read.
            pyarrow.ArrowInvalid: A file is no Arrow file, or of another schema.
        """
        self._maps = [_mapped(path) for path in paths]
        parts = [pa.ipc.open_file(pa.py_buffer(one)).read_all() for one in self._maps]
        self.table = pa.concat_tables([schema.empty_table(), *parts])

    def release(self) -> None:
        """Give back the pages that were read so far, where the system knows how to."""
        advice = getattr(mmap, "MADV_DONTNEED", None)  # not on Windows
        if advice is not None:
            for one in self._maps:
                one.madvise(advice)


def spilled(parts: Iterator[pa.Table], path: Path) -> MappedTable:
    """Write parts of a table behind each other into a file, holding one at a time, and map it.

    Args:
        parts: At least one, all of one schema.
        path: The file; whoever calls takes it away once nobody uses the table.

    Raises:
        OSError: The disk is full, or the folder may not be written.
    """
    first = next(parts)
    with (
        naming(path),
        pa.OSFile(str(path), "wb") as sink,
        pa.ipc.new_file(sink, first.schema) as writer,
    ):
        writer.write_table(first)
        for part in parts:
            writer.write_table(part)
    return MappedTable([path], first.schema)


def _mapped(path: Path) -> mmap.mmap:
    with naming(path), path.open("rb") as file:
        # Read only and shared: what is given back can always be read from the file again.
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
