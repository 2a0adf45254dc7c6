"""`init`: a repository of one's own corpora, with everything that a job in CI needs, and nothing overwritten."""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

from harness import __version__
from harness.core.errors import ConfigurationError
from harness.core.files import write_atomically
from harness.core.recipe import NAME_PATTERN
from harness.core.settings import suggestion
from harness.core.workspace import shipped_root
from harness.systems.identifiers import default_identifier
from harness.workflows.schemas import SCHEMAS, schema_text

CIProvider = Literal["github", "gitlab", "none"]
CI_PROVIDERS: tuple[CIProvider, ...] = ("github", "gitlab", "none")

# Eight articles of the demo corpus without a defect, each with its headline in the first line.
_ARTICLES = (
    "2025-09/w-0043.txt", "2025-10/w-0036.txt", "2026-01/w-0001.txt", "2026-01/w-0005.txt",
    "2026-01/w-0056.txt", "2026-02/w-0013.txt", "2026-02/w-0015.txt", "2026-02/w-0018.txt",
)  # fmt: skip
_SCHEMA_LINE = '{\n  "$schema": "../schemas/suite.json",'
_CI_FILES = {
    "github": (".github/workflows/corpus.yml", "github.yml"),
    "gitlab": (".gitlab-ci.yml", "gitlab.yml"),
}


@dataclass(frozen=True)
class Started:
    """What `init` did, by paths below the folder.

    Args:
        folder: The repository.
        name: The corpus.
        written: Files that were not there.
        kept: Files that were there, and were left as they are.
    """

    folder: Path
    name: str
    written: tuple[str, ...]
    kept: tuple[str, ...]


def ci_provider(word: str) -> CIProvider:
    """Read the name of a provider.

    Raises:
        ConfigurationError: It is none.
    """
    for provider in CI_PROVIDERS:
        if provider == word:
            return provider
    raise ConfigurationError(
        f"no job can be written for '{word}'", where="--ci", remedy=suggestion(word, list(CI_PROVIDERS))
    )


def init(folder: Path, name: str, provider: CIProvider) -> Started:
    """Fill a folder with a corpus to begin with, its suites, their schemas, and a job for CI.

    Raises:
        ConfigurationError: The name is none that a recipe may have.
    """
    if NAME_PATTERN.fullmatch(name) is None:
        raise ConfigurationError(
            f"'{name}' is no name for a corpus",
            where="--name",
            remedy="write small letters, digits and dashes: my-news",
        )
    written, kept = [], []
    for path, content in sorted(_files(name, provider)):
        target = folder / path
        if target.exists():
            kept.append(path)
        else:
            write_atomically(target, content)
            written.append(path)
    return Started(folder, name, tuple(written), tuple(kept))


def _files(name: str, provider: CIProvider) -> Iterator[tuple[str, str | bytes]]:
    corpus = f"datasets/{name}"
    words = {
        "name": name,
        "title": name.replace("-", " ").replace("_", " ").capitalize(),
        "identifier": default_identifier(),
        "release": __version__,
    }
    yield f"{corpus}/recipe.toml", _starter("recipe.toml", words)
    yield f"{corpus}/card.md", _starter("card.md", words)
    yield ".gitignore", _starter("gitignore", words)
    yield ".pre-commit-config.yaml", _starter("pre-commit.yaml", words)
    if provider in _CI_FILES:
        path, source = _CI_FILES[provider]
        yield path, _starter(source, words)
    for kind in SCHEMAS:
        yield f"schemas/{kind}.json", schema_text(kind)
    shipped = shipped_root()
    for suite in sorted((shipped / "expectations").glob("*.json")):
        yield f"expectations/{suite.name}", suite.read_text(encoding="utf-8").replace("{", _SCHEMA_LINE, 1)
    for article in _ARTICLES:
        raw = shipped / "datasets" / "demo-news" / "raw" / "wire" / article
        yield f"{corpus}/raw/{article.replace('/', '-')}", raw.read_bytes()


def _starter(file: str, words: Mapping[str, str]) -> str:
    text = resources.files("harness.workflows").joinpath("starter", file).read_text(encoding="utf-8")
    return string.Template(text).substitute(words)
