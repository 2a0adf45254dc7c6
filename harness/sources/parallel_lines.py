"""The source kind `parallel-lines`: one text file a language, and one file that says which document each line is of."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from harness.core.errors import HarnessError, InputError, raise_all
from harness.core.recipe import SourceSettings
from harness.curation.raw_parts import RawPart
from harness.sources.batching import stamped, tables_of
from harness.sources.charset import Charset, is_damaged, judge
from harness.sources.metadata import NO_SIDECAR, with_metadata
from harness.sources.naming import natural_key
from harness.sources.raw_file import Limits, RawFile, RawRecord, read_bounded
from harness.sources.remembering import Asked
from harness.text.detection import NotTextError


@dataclass(frozen=True)
class _Span:
    """The lines of one document, counted from 0, the end not included."""

    document: str
    start: int
    end: int


@dataclass(frozen=True)
class ParallelLinesSource:
    """A folder of line-aligned files: where it is, and how its lines fall into documents."""

    settings: SourceSettings
    folder: Path
    spans: tuple[_Span, ...]

    @classmethod
    def find(cls, settings: SourceSettings, root: Path) -> "ParallelLinesSource":
        """Check that all files are there and have as many lines as there are ids.

        Raises:
            InputError: They have not, or a document's lines do not stand together. Several mistakes come
                together.
        """
        folder = root / settings.path
        if not folder.is_dir():
            raise InputError(
                f"source '{settings.name}' has no such folder",
                where=str(folder),
                remedy="check the source's 'path', or give the folder with --source",
            )
        name = settings.document_ids or ""
        ids = [
            line.split(b"\t")[0].strip().decode("utf-8", "replace") for line in _lines_of(folder / name)[1]
        ]
        spans, errors = _spans_of(ids, str(folder / name))
        errors += _misaligned(settings, folder, len(ids))
        raise_all(errors)
        # The first line is the headline here, and taken off as it is read: to ask for it again would take the next.
        return cls(settings.model_copy(update={"title_in_first_line": False}), folder, spans)

    def read(self, asked: Asked) -> Iterator[RawPart]:
        """Read one document in one language after the other: by file, then by line."""
        for table in tables_of(self._records(), asked.limits.batch_bytes):
            records = with_metadata(table, NO_SIDECAR, self.settings)
            yield RawPart.of(stamped(records, asked.number, self.settings))

    def _records(self) -> Iterator[RawRecord]:
        for name in sorted(self.settings.languages, key=natural_key):
            charset, lines = _lines_of(self.folder / name)
            if len(lines) != self.spans[-1].end:
                raise InputError("the file has changed while it was read", where=str(self.folder / name))
            for span in self.spans:
                yield _record(
                    span, lines[span.start : span.end], name, (charset, self.settings.languages[name])
                )


def _record(span: _Span, lines: list[bytes], name: str, told: tuple[Charset, str]) -> RawRecord:
    charset, tag = told
    raw = b"\n".join(lines)
    headline, *text = [line.removesuffix(b"\r") for line in lines]
    payload = b"\n".join(text)
    outlet, dot, _ = span.document.rpartition(".")
    return RawRecord(
        f"{name}#L{span.start + 1}-L{span.end}",
        payload,
        hashlib.sha256(raw).hexdigest(),
        len(raw),
        encoding=charset.name,
        metadata={
            "id": f"{span.document}.{tag}",
            "title": _title(headline, charset),
            "source": outlet if dot else None,
            "lang_declared": tag,
        },
    )


def _title(line: bytes, charset: Charset) -> str:
    title = charset.decode(line).strip()
    return line.decode(charset.name, "replace").strip() if is_damaged(title) else title


def _spans_of(ids: list[str], where: str) -> tuple[tuple[_Span, ...], list[HarnessError]]:
    spans = []
    errors: list[HarnessError] = []
    begun: dict[str, int] = {}
    start = 0
    for document, run in groupby(ids):
        end = start + len(list(run))
        if not document:
            errors.append(InputError("the line names no document", where=f"{where}: line {start + 1}"))
        elif document in begun:
            errors.append(
                InputError(
                    f"the lines of document '{document}' do not stand together: some begin at line {begun[document]}",
                    where=f"{where}: line {start + 1}",
                    remedy="sort the lines of all files by document",
                )
            )
        begun.setdefault(document, start + 1)
        spans.append(_Span(document, start, end))
        start = end
    if not spans:
        errors.append(InputError("the file of document ids is empty", where=where))
    return tuple(spans), errors


def _misaligned(settings: SourceSettings, folder: Path, expected: int) -> list[HarnessError]:
    errors: list[HarnessError] = []
    for name in sorted(settings.languages, key=natural_key):
        try:
            count = len(_lines_of(folder / name)[1])
        except InputError as error:
            errors.append(error)
            continue
        if count != expected:
            errors.append(
                InputError(
                    f"the file has {count} lines, and there are {expected} document ids",
                    where=str(folder / name),
                    remedy=f"each line needs its id in {settings.document_ids}",
                )
            )
    return errors


def _lines_of(path: Path) -> tuple[Charset, list[bytes]]:
    """Read a file's lines without line feeds; a byte-order mark is none of the first line.

    Raises:
        InputError: The file is not there, cannot be read, is no text, too large, or in an encoding whose
            line feeds are no bytes.
    """
    try:
        charset = judge(RawFile(path.name, path.name, lambda: path.open("rb")))
        with path.open("rb") as stream:
            content = read_bounded(stream, Limits().document_bytes)
    except FileNotFoundError:
        raise InputError(
            "there is no such file", where=str(path), remedy="check 'languages' and 'document_ids'"
        ) from None
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    except NotTextError as error:
        raise InputError(error.what, where=str(path), remedy=error.remedy) from None
    if content is None:
        raise InputError("the file is larger than a gigabyte", where=str(path), remedy="cut it in parts")
    if charset.is_wide:
        raise InputError(f"the file is in {charset.name}", where=str(path), remedy="convert it to UTF-8")
    lines = content.removeprefix(charset.bom).split(b"\n")
    return charset, lines if lines[-1] else lines[:-1]
