"""The source kind `files`: a folder or one file, each file read by its extension."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.fingerprints import fingerprint
from harness.core.recipe import SourceSettings
from harness.curation.raw_parts import RawPart
from harness.sources.batching import gathered, stamped
from harness.sources.file_runs import FileRun, Told, cut_runs, parts_of_run
from harness.sources.formats import read_file
from harness.sources.listing import Listed, Problem
from harness.sources.metadata import NO_SIDECAR, Sidecar, read_sidecar, with_metadata
from harness.sources.naming import compile_patterns, is_hidden
from harness.sources.places import LocalPlace, Place, find_place, is_address
from harness.sources.raw_file import Block, RawError, RawFile, Reading, Segment
from harness.sources.remembering import Asked, remembered_part

# Of a source's settings, what says where its files lie and nothing of the records in them.
_ONLY_PLACES = {"path", "include", "exclude", "metadata"}
_NOTHING_MATCHED = Problem("nothing-matched", "no file has a name of this pattern")


@dataclass(frozen=True)
class FilesSource:
    """What was found at the source's place: the files to read, in order, and their metadata."""

    settings: SourceSettings
    place: Place
    listed: tuple[Listed, ...]
    sidecar: Sidecar

    @classmethod
    def find(cls, settings: SourceSettings, root: Path) -> "FilesSource":
        """List the files that the patterns choose.

        Raises:
            InputError: The place is not there, or the file of metadata is wrong.
            ConfigurationError: A pattern is none, or nothing that is installed reads the address.
        """
        place = find_place(settings, root)
        sidecar = _sidecar_of(settings, place)
        chosen = place.listed if place.is_single else _chosen(settings, place)
        return cls(settings, place, tuple(chosen), sidecar)

    def read(self, asked: Asked) -> Iterator[RawPart]:
        """Read all files; those that nobody touched since they were read are not opened, nor remembered lines parsed.

        Raises:
            InputError: The metadata names a member or line that turned out not to be there.
        """
        reading = self._reading(asked)
        if asked.memory is not None and reading.shaped_by is not None and isinstance(self.place, LocalPlace):
            for files in cut_runs(self.listed):
                run = FileRun(files, partial(self._parts, files, reading, asked, set()), reading.shaped_by)
                yield from parts_of_run(run, asked.memory, asked.number)
            return
        seen: set[str] = set()
        yield from (part for part, _ in self._parts(self.listed, reading, asked, seen))
        self._refuse_unseen(seen)

    def _parts(
        self, files: Sequence[Listed], reading: Reading, asked: Asked, seen: set[str]
    ) -> Iterator[Told]:
        """Read some files, and note which parts of them the metadata names."""
        for block in gathered(self._blocks(files, reading), asked.limits.batch_bytes):
            if isinstance(block, Segment):
                yield remembered_part(block, partial(self._finished, asked.number), asked), block
                continue
            seen.update(_named_parts(block, self.sidecar))
            yield RawPart.of(self._finished(asked.number, block)), None

    def _reading(self, asked: Asked) -> Reading:
        """Say how files are read: at once where metadata may name their lines by number."""
        shaped_by = None
        if asked.memory is not None and not self.sidecar.said:
            told = self.settings.model_dump(mode="json", exclude=_ONLY_PLACES)
            shaped_by = fingerprint([told, asdict(asked.limits)])
        return Reading(self.settings.fields, asked.limits, read_file, shaped_by)

    def _finished(self, number: int, batch: pa.Table) -> pa.Table:
        return stamped(with_metadata(batch, self.sidecar, self.settings), number, self.settings)

    def _blocks(self, files: Sequence[Listed], reading: Reading) -> Iterator[Block]:
        for listed in files:
            if listed.problem is not None:
                yield RawError(listed.locator, listed.problem.code, listed.problem.detail)
            else:
                yield from read_file(
                    RawFile(listed.locator, listed.locator, partial(self.place.open, listed.path)), reading
                )

    def _refuse_unseen(self, seen: set[str]) -> None:
        """Refuse metadata for parts of files that were read; a file in error may have lost the part."""
        read = {listed.locator for listed in self.listed}
        unseen = [name for name in self.sidecar.lines if name not in seen]
        self.sidecar.refuse_unknown(
            name
            for name in unseen
            if any(outer in read and outer not in seen for outer in _outer_names(name))
        )


def offers(settings: SourceSettings, root: Path, path: Path) -> bool:
    """Tell whether a source would read a file, were it there.

    Args:
        settings: The source, of any kind; one that names its files one by one offers no other.
        root: Folder that the source's path is relative to.
        path: The file.
    """
    if is_address(settings.path):
        return False
    inside = os.path.relpath(os.path.realpath(path), os.path.realpath(root / settings.path))
    if settings.kind != "files" or inside.startswith("..") or is_hidden(inside):
        return False
    locator = inside.replace(os.sep, "/")
    include, exclude = compile_patterns(settings.include), compile_patterns(settings.exclude)
    return include.fullmatch(locator) is not None and not exclude.fullmatch(locator)


def _chosen(settings: SourceSettings, place: Place) -> Iterator[Listed]:
    """Give the files that the patterns choose; a pattern that finds none is told, under itself as its place."""
    for pattern in settings.include:
        found = compile_patterns((pattern,)).fullmatch
        if not any(found(one.locator) for one in place.listed):
            yield Listed(pattern, pattern, _NOTHING_MATCHED)
    include = compile_patterns(settings.include)
    exclude = compile_patterns(settings.exclude)
    metadata = place.path_of(settings.metadata) if settings.metadata else None
    for one in place.listed:
        # Of a folder that cannot be entered nobody knows what the patterns would have chosen in it.
        included = (one.problem and one.problem.of_folder) or include.fullmatch(one.locator)
        wanted = included and not exclude.fullmatch(one.locator)
        if wanted and not (metadata and place.is_same(one.path, metadata)):
            yield one


def _sidecar_of(settings: SourceSettings, place: Place) -> Sidecar:
    """Read the metadata, and refuse at once what names a file that is not there."""
    if settings.metadata is None:
        return NO_SIDECAR
    opened = partial(place.open, place.path_of(settings.metadata))
    sidecar = read_sidecar(opened, f"source '{settings.name}': {settings.metadata}")
    there = {one.locator for one in place.listed}
    sidecar.refuse_unknown(
        name for name in sidecar.lines if name not in there and there.isdisjoint(_outer_names(name))
    )
    return sidecar


def _outer_names(locator: str) -> list[str]:
    """Name the files that a member, line or element could lie in: `x.zip!a.jsonl#L1` in two."""
    return [locator[:place] for place, char in enumerate(locator) if char in "!#"]


def _named_parts(batch: pa.Table, sidecar: Sidecar) -> list[str]:
    """Give the locators that the metadata names, and those of errors: what lay in those is not known."""
    if not sidecar.lines:
        return []
    failed: list[str] = batch.filter(pc.is_valid(batch["error"]))["locator"].to_pylist()
    return [name for name in batch["locator"].to_pylist() if name in sidecar.lines] + failed
