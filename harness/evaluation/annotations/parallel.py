"""The other side of a parallel corpus: a folder of files, JSON lines, or lines beside the lines of a second file."""

from dataclasses import dataclass
from pathlib import Path

from harness.core.errors import HarnessError, InputError, NoEvidenceError
from harness.evaluation.annotations.binding import NAMES, Anchor
from harness.evaluation.annotations.files import (
    files_in,
    parse_json,
    place_of,
    raise_first,
    read_lines,
    read_text,
)


@dataclass(frozen=True)
class Rendering:
    """A text in the other language.

    Args:
        anchor: Which document it says that it renders.
        text: The text itself.
        source: What it renders, where the file says so; else the whole document.
    """

    anchor: Anchor
    text: str
    source: str = ""


def read_folder(path: Path) -> list[Rendering]:
    """Read a folder with one text file a document, called like the document's id, or lying where its source lies.

    Raises:
        NoEvidenceError: The folder holds no file.
        InputError: A file is not UTF-8, or blank.
    """
    found = files_in(path)
    if not found:
        raise NoEvidenceError(
            "the folder of translations is empty",
            where=str(path),
            remedy="put one file a document there, called ID.txt",
        )
    errors: list[HarnessError] = []
    renderings = []
    for file in found:
        name = file.relative_to(path).as_posix()
        text = read_text(file).replace("\r\n", "\n").strip()
        if not text:
            errors.append(
                InputError("this translation is blank", where=str(file), remedy="fill it, or remove it")
            )
            continue
        names = {"id": name.removesuffix(file.suffix), "locator": name}
        renderings.append(Rendering(Anchor(f"{path.name}/{name}", names), text))
    raise_first(errors, path)
    return renderings


def read_json_lines(path: Path) -> list[Rendering]:
    """Read objects one a line: `text`, and `id`, `locator`, `raw_sha256` or `source`, the text that it renders.

    Raises:
        NoEvidenceError: There is no such file.
        InputError: A line is no such object; mistakes come together.
    """
    errors: list[HarnessError] = []
    renderings = []
    for line, content in enumerate(read_lines(path), start=1):
        if not content.strip():
            continue
        try:
            renderings.append(_of_object(parse_json(content, place_of(path, line)), path, line))
        except InputError as error:
            errors.append(error)
    raise_first(errors, path)
    return renderings


def _of_object(entry: object, path: Path, line: int) -> Rendering:
    told = entry if isinstance(entry, dict) else {}
    names = {name: told[name] for name in NAMES if isinstance(told.get(name), str) and told[name]}
    source = told.get("source", "")
    text = told.get("text")
    if not isinstance(text, str) or not text.strip() or not isinstance(source, str) or not (names or source):
        raise InputError(
            "this line is no translation of anything",
            where=place_of(path, line),
            remedy='write {"id": the document\'s, "text": its translation}, or "source" with the text that it renders',
        )
    return Rendering(Anchor(place_of(Path(path.name), line), names, source), text.strip(), source.strip())


def read_line_pairs(source: Path, target: Path) -> list[Rendering]:
    """Read two files of which each line renders the same line of the other; pairs with a blank side are left out.

    Raises:
        NoEvidenceError: One of them is not there.
        InputError: They have different numbers of lines, or a line is blank on one side alone.
    """
    sides = {path: read_lines(path) for path in (source, target)}
    first, second = sides[source], sides[target]
    if len(first) != len(second):
        raise InputError(
            f"the sides are not aligned: {len(first):,} lines here, {len(second):,} in {target.name}",
            where=str(source),
            remedy="bring the same sentence to the same line of both, blank lines included",
        )
    errors: list[HarnessError] = []
    renderings = []
    for line, (text, rendered) in enumerate(
        zip(map(str.strip, first), map(str.strip, second), strict=True), 1
    ):
        if bool(text) != bool(rendered):
            blank, full = (source, target) if rendered else (target, source)
            errors.append(
                InputError(
                    f"this line is blank, and its other side in {full.name} is not",
                    where=place_of(blank, line),
                    remedy="fill it, or empty both sides",
                )
            )
        elif text:
            place = place_of(Path(target.name), line)
            renderings.append(Rendering(Anchor(place, text=text), rendered, text))
    raise_first(errors, source)
    return renderings
