"""Arrow files between the steps of a build: written whole, read by memory map."""

from pathlib import Path

import pyarrow as pa

from harness.core.files import naming


def write_arrow(path: Path, table: pa.Table) -> None:
    """Write a table as an Arrow IPC file.

    Raises:
        OSError: The disk is full, or the folder may not be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        naming(path),
        pa.OSFile(str(path), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table)


def read_arrow(path: Path) -> pa.Table:
    """Read a table that `write_arrow` wrote; its columns stay on disk until they are used."""
    with pa.memory_map(str(path), "rb") as source:
        return pa.ipc.open_file(source).read_all()
