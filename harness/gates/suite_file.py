"""A suite's file: read strictly as JSON, and asked where in it a rule stands."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from harness.core.errors import ConfigurationError
from harness.core.fingerprints import canonical_json


@dataclass(frozen=True)
class SuiteFile:
    """A suite's file, read.

    Args:
        where: Its path, for errors.
        name: Its name in results, which travel: never a path of this machine.
        content: The text.
        document: What the text says.
    """

    where: str
    name: str
    content: str
    document: dict[str, Any]

    @classmethod
    def read(cls, path: Path, root: Path | None) -> Self:
        """Read a file and name it from a folder, or by its name alone where it does not lie below.

        Raises:
            ConfigurationError: It cannot be read, or is no JSON object.
        """
        where = str(path)
        content = _read_text(path)
        return cls(where, _named_from(path, root), content, _parsed(content, where))

    def line_of(self, rule: str) -> int:
        """Find the line of a rule's code, from 1; 0 where it is written in an unusual way."""
        # A code stands once in a suite, and is of letters that JSON writes as they are.
        found = re.search(rf'"rule"\s*:\s*"{re.escape(rule)}"', self.content)
        return self.content.count("\n", 0, found.start()) + 1 if found else 0


def _named_from(path: Path, root: Path | None) -> str:
    resolved = path.resolve()
    if root is not None and resolved.is_relative_to(root.resolve()):
        return resolved.relative_to(root.resolve()).as_posix()
    return path.name


def _read_text(path: Path) -> str:
    where = str(path)
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            "there is no such suite", where=where, remedy="check the path, or the suite's name"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"the suite cannot be read: {error.strerror}", where=where) from error
    except ValueError as error:
        raise _no_json(error, where) from error


def _parsed(content: str, where: str) -> dict[str, Any]:
    try:
        document = json.loads(content, object_pairs_hook=_without_doubles, parse_constant=_refuse_constant)
        # Refuses what has no canonical form: numbers beyond the float's range, half a surrogate pair.
        canonical_json(document).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise _no_json(error, where) from error
    if not isinstance(document, dict):
        raise ConfigurationError(
            "a suite has to be a JSON object",
            where=where,
            remedy='write {"name": …, "meta": …, "expectations": […]}',
        )
    return document


def _no_json(error: Exception, where: str) -> ConfigurationError:
    return ConfigurationError(
        f"this is not JSON: {error}", where=where, remedy="correct the file at that place"
    )


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # JSON readers keep the last of two equal keys in silence: a second "severity" would win unseen.
    keys = [key for key, _ in pairs]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        raise ValueError(f"the key '{doubled[0]}' stands twice in one object")
    return dict(pairs)


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is no number in JSON")
