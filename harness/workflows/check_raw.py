"""`check raw`: raw articles decoded and cleaned as a build would, to tell damage before it is committed."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.columns import whole
from harness.core.errors import NoEvidenceError
from harness.core.recipe import Recipe, SourceSettings
from harness.core.settings import read_toml
from harness.core.workspace import Workspace
from harness.sources import is_address, offers, read_raw, settings_for
from harness.store.versions import VersionFolder, built_versions
from harness.text import patterns
from harness.text.cleaning import RESIDUE_RULES, clean_batch
from harness.text.decoding import decode_batch

# What is held against the raw text, by the code of the gate that judges the same in a version.
_DAMAGE = (
    ("ENC001", "lost letters (U+FFFD)", patterns.REPLACEMENT_PATTERN),
    ("ENC004", "private-use characters", patterns.PRIVATE_USE_PATTERN),
    ("ENC005", "question marks inside of words", patterns.LOST_LETTER_PATTERN),
)
_MISREAD = ("ENC002", "lines that look misread")
_RESIDUE = "residue"
# A source's file by itself: chosen already, and its metadata do not matter.
_ALONE = {"include": ("**/*",), "exclude": (), "metadata": None}


@dataclass(frozen=True)
class RawFinding:
    """Something about one raw record: where it lies, what it is, and whether a build takes it away by itself."""

    place: str
    rule: str
    what: str
    is_mended: bool = False


@dataclass(frozen=True)
class RawChecked:
    """What was looked at, and what was found."""

    records: int
    findings: tuple[RawFinding, ...]
    unreadable: int
    passed_over: int = 0

    @property
    def damaged(self) -> int:
        """Count the findings that a build does not take away."""
        return sum(not finding.is_mended for finding in self.findings) - self.unreadable


def check_raw(
    workspace: Workspace, paths: Sequence[Path], known: AbstractSet[str] = frozenset()
) -> RawChecked:
    """Read raw files in whatever format and encoding, and tell what is damaged in them.

    A file of one of the workspace's corpora is read as its recipe says; what no source there reads (metadata,
    excluded files) is passed over. Pages are not extracted, so that a commit waits for no more than reading.

    Args:
        workspace: Where recipes are looked for.
        paths: Files and folders.
        known: Hashes of raw records (`raw_sha256`) to pass over, as those of `kept_before`.

    Raises:
        InputError: A path is not there.
        NoEvidenceError: There is no record in any of them.
    """
    findings: list[RawFinding] = []
    records = unreadable = passed_over = 0
    for settings, root in _sources(workspace, paths):
        folder = root / settings.path
        folder = folder.parent if folder.is_file() else folder
        for batch in read_raw((settings,), root):
            rows = pa.table(batch)
            new = rows.filter(pc.invert(pc.is_in(rows["raw_sha256"], pa.array(sorted(known), pa.string()))))
            found, lost = _of_batch(shown_folder(folder), new)
            findings += found
            unreadable += lost
            records += new.num_rows
            passed_over += rows.num_rows - new.num_rows
    if not records and not passed_over:
        raise NoEvidenceError(
            "no record was found to check", where=", ".join(map(str, paths[:5])), remedy="name raw articles"
        )
    return RawChecked(records, tuple(findings), unreadable, passed_over)


def kept_before(workspace: Workspace) -> frozenset[str]:
    """Collect the hashes of the raw records that the newest version of any corpus of the workspace kept.

    By content, never by a time stamp: a checkout sets those anew. What was refused is checked again.
    """
    known: set[str] = set()
    for name in sorted(path.parent.name for path in (workspace.root / "datasets").glob("*/recipe.toml")):
        built = built_versions(workspace.builds(name))
        if built:
            newest = VersionFolder.open(workspace.builds(name) / built[-1])
            known |= set(newest.documents(["raw_sha256"])["raw_sha256"].to_pylist())
    return frozenset(known)


def shown_folder(folder: Path) -> str:
    """Write a folder as people wrote it: relative to where they are, if it lies there."""
    here = Path.cwd().resolve()
    resolved = folder.resolve()
    below = resolved.relative_to(here).as_posix() if resolved.is_relative_to(here) else str(resolved)
    return "" if below == "." else f"{below}/"


def _sources(workspace: Workspace, paths: Sequence[Path]) -> Iterator[tuple[SourceSettings, Path]]:
    """Find how each file is to be read."""
    known = list(_known_sources(workspace))
    for path in paths:
        owners = [(source, root) for source, root in known if _lies_in(path, root / source.path)]
        if not owners:
            yield settings_for(path), path.parent if path.is_file() else path
        for source, root in owners:
            for file in sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]:
                if offers(source, root, file) and not _is_metadata(source, root, file):
                    yield source.model_copy(update={**_ALONE, "path": file.name}), file.parent


def _known_sources(workspace: Workspace) -> Iterator[tuple[SourceSettings, Path]]:
    for path in sorted((workspace.root / "datasets").glob("*/recipe.toml")):
        for source in read_toml(path, Recipe).sources:
            if source.kind == "files" and not is_address(source.path):
                yield source, path.parent


def _lies_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _is_metadata(source: SourceSettings, root: Path, file: Path) -> bool:
    return source.metadata is not None and (root / source.path / source.metadata).resolve() == file.resolve()


def _of_batch(folder: str, raw: pa.Table) -> tuple[list[RawFinding], int]:
    unread = raw.filter(pc.is_valid(raw["error"]))
    findings = list(_errors(folder, unread, unread["error"], unread["detail"]))
    rows = raw.filter(pc.is_null(raw["error"])).combine_chunks()
    if not rows.num_rows:
        return findings, len(findings)
    decoded = decode_batch(
        whole(rows["payload"]),
        encoding=whole(rows["encoding"]),
        declared=whole(rows["charset_declared"]),
        markup=pc.equal(whole(rows["media"]), "html"),
    )
    broken = pc.is_valid(decoded["error"])
    findings += _errors(
        folder, rows.filter(broken), decoded["error"].filter(broken), decoded["detail"].filter(broken)
    )
    unreadable = len(findings)
    readable = pc.invert(broken)
    locators = rows["locator"].filter(readable).to_pylist()
    findings += _damage(folder, locators, decoded["text"].filter(readable))
    return findings, unreadable


def _errors(folder: str, rows: pa.Table, errors: pa.Array, details: pa.Array) -> Iterator[RawFinding]:
    for locator, error, detail in zip(
        rows["locator"].to_pylist(), errors.to_pylist(), details.to_pylist(), strict=True
    ):
        yield RawFinding(folder + locator, error, detail or "")


def _damage(folder: str, locators: list[str], text: pa.Array) -> Iterator[RawFinding]:
    counted = {rule: pc.count_substring_regex(text, pattern).to_pylist() for rule, _, pattern in _DAMAGE}
    cleaned = clean_batch(text, "safe")
    residue = pc.is_in(cleaned.edits["rule"], pa.array(sorted(RESIDUE_RULES), pa.string()))
    with_residue = set(cleaned.edits["row"].filter(residue).to_pylist())
    for row, (locator, published) in enumerate(zip(locators, cleaned.text.to_pylist(), strict=True)):
        for rule, what, _ in _DAMAGE:
            if counted[rule][row]:
                yield RawFinding(folder + locator, rule, f"{counted[rule][row]} {what}")
        misread = sum(map(patterns.looks_like_mojibake, published.split("\n")))
        if misread:
            yield RawFinding(folder + locator, _MISREAD[0], f"{misread} {_MISREAD[1]}")
        if row in with_residue:
            yield RawFinding(folder + locator, _RESIDUE, "page residue, which a build cuts", is_mended=True)
