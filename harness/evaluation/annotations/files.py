"""Annotation files as lines or JSON: what is missing is no gold, what is broken is told with its place."""

import json
from pathlib import Path
from typing import Any

from harness.core.errors import HarnessError, InputError, NoEvidenceError, raise_all
from harness.core.fingerprints import sha256_of

_MISTAKES_NAMED = 5


def read_bytes(path: Path) -> bytes:
    """Read an annotation file.

    Raises:
        NoEvidenceError: There is no such file: without annotations nothing is right or wrong.
        InputError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise NoEvidenceError(
            f"the annotations '{path.name}' are not there, so that nothing is known to be right",
            where=str(path),
            remedy="put the file there, or name another one in tasks.toml (paths start from its folder)",
        ) from None
    except OSError as error:
        raise InputError(
            f"the annotations cannot be read: {error.strerror}",
            where=str(path),
            remedy="check the path, and who may read it",
        ) from error


def read_text(path: Path) -> str:
    """Read an annotation file as UTF-8, without a byte-order mark.

    Raises:
        NoEvidenceError: There is no such file.
        InputError: It cannot be read, or is not UTF-8; the line is named.
    """
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(
            f"this is not UTF-8 (byte {error.start} of the file)",
            where=place_of(path, line),
            remedy="save the file as UTF-8",
        ) from error


def read_lines(path: Path) -> list[str]:
    """Read lines of text; line n is at n - 1. Only LF and CRLF end one: U+2028 and its kin may stand in a text."""
    lines = [line.removesuffix("\r") for line in read_text(path).split("\n")]
    return lines[:-1] if lines[-1] == "" else lines


def parse_json(text: str, where: str) -> Any:
    """Parse JSON; refused are NaN and infinities, which it does not have, and halves of surrogate pairs.

    Raises:
        InputError: This is not JSON.
    """
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
        json.dumps(content, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            "a text holds half of a surrogate pair, which is no character",
            where=where,
            remedy="write characters beyond U+FFFF whole, or as both halves of their pair",
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not JSON: {error}", where=where, remedy="mend it") from error
    return content


def place_of(path: Path, line: int) -> str:
    """Name a line of a file for people."""
    return f"{path}: line {line}"


def raise_first(errors: list[HarnessError], path: Path) -> None:
    """Raise the first few mistakes of a file together: one in another format would give one a line."""
    named = errors[:_MISTAKES_NAMED]
    if len(errors) > len(named):
        more = len(errors) - len(named)
        named.append(
            InputError(
                f"{more} further mistakes are in the file", where=str(path), remedy="mend those above first"
            )
        )
    raise_all(named)


def fingerprint_of(path: Path) -> str:
    """Hash an annotation file, or all files below a folder by their names: part of a task's identity.

    Raises:
        NoEvidenceError: There is no such file.
    """
    if not path.is_dir():
        return sha256_of(read_bytes(path))
    listed = [f"{file.relative_to(path).as_posix()} {sha256_of(read_bytes(file))}" for file in files_in(path)]
    return sha256_of("\n".join(listed))


def files_in(folder: Path) -> list[Path]:
    """List the files below a folder by their paths; hidden ones are left out."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(
        (path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)),
        key=lambda path: path.relative_to(folder).as_posix(),
    )


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
