"""Formats that are known not to be text and are not read: told, instead of taken for an article."""

from collections.abc import Iterator

from harness.sources.raw_file import Block, RawError, RawFile, Reading

EXTENSIONS = (".7z", ".doc", ".docx", ".epub", ".odt", ".rar", ".xls", ".xlsx")


def refuse(file: RawFile, reading: Reading) -> Iterator[Block]:  # noqa: ARG001 - the protocol of readers
    """Report the file as one that cannot be read yet."""
    extension = file.name.rpartition(".")[2].lower()
    yield RawError(
        file.locator,
        "unsupported-format",
        f"files of kind .{extension} are not read; convert it to JSONL or text, or exclude it",
    )
