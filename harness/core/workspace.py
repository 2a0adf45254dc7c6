"""Where things lie: the user's corpora repository, and what the package itself brings."""

import os
from dataclasses import dataclass
from pathlib import Path

from harness.core.errors import ConfigurationError
from harness.core.fingerprints import fingerprint, sha256_of_file
from harness.core.settings import suggestion

_PACKAGE = Path(__file__).resolve().parent.parent
_BUNDLED = _PACKAGE / "_bundled"
_CACHE = ".cache"
WORKSPACE_VARIABLE = "HARNESS_WORKSPACE"


def shipped_root() -> Path:
    """Find what comes with harness (demo corpus, suites): inside an installation, or in the checkout."""
    return _BUNDLED if _BUNDLED.is_dir() else _PACKAGE.parent


def code_fingerprint() -> str | None:
    """Hash the code in a checkout, where it changes without any version saying so; None where it is installed."""
    if _BUNDLED.is_dir():
        return None
    files = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in {".py", ".toml"})
    return fingerprint([[path.relative_to(_PACKAGE).as_posix(), sha256_of_file(path)] for path in files])


@dataclass(frozen=True)
class Workspace:
    """A folder with `datasets/`, `expectations/` and `reports/` in it; what it lacks, the package lends."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> "Workspace":
        """Take HARNESS_WORKSPACE, else the nearest folder upwards that holds a recipe, else the start."""
        chosen = os.environ.get(WORKSPACE_VARIABLE)
        if chosen:
            return cls(Path(chosen).resolve())
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if any((folder / "datasets").glob("*/recipe.toml")):
                return cls(folder)
        return cls(here)

    def corpus(self, name: str) -> Path:
        """Find the folder with the recipe of a corpus, in the workspace or in what is shipped.

        Raises:
            ConfigurationError: Neither has it.
        """
        for root in (self.root, shipped_root()):
            folder = root / "datasets" / name
            if (folder / "recipe.toml").is_file():
                return folder
        raise ConfigurationError(
            f"no corpus is called '{name}'",
            where=str(self.root / "datasets"),
            remedy=suggestion(name, self.corpus_names()) + "; to build a folder of files, give its path",
        )

    def corpus_names(self) -> list[str]:
        """Name the corpora of the workspace and of the package."""
        roots = (self.root, shipped_root())
        return sorted(
            {path.parent.name for root in roots for path in (root / "datasets").glob("*/recipe.toml")}
        )

    def suite(self, name: str) -> Path:
        """Find a suite's file.

        Raises:
            ConfigurationError: Neither the workspace nor the package has it.
        """
        roots = (self.root, shipped_root())
        for root in roots:
            path = root / "expectations" / f"{name}.json"
            if path.is_file():
                return path
        known = sorted({path.stem for root in roots for path in (root / "expectations").glob("*.json")})
        raise ConfigurationError(
            f"no suite is called '{name}'",
            where=str(self.root / "expectations"),
            remedy=suggestion(name, known),
        )

    def builds(self, name: str) -> Path:
        """Where the versions of a corpus are built; never inside the installed package."""
        return self.root / "datasets" / name / "builds"

    def build_cache(self, name: str) -> Path:
        """Where builds of a corpus keep finished work: beside the versions, which share files with it."""
        return self.builds(name) / _CACHE

    def build_caches(self) -> list[Path]:
        """Find the caches of all corpora that were built here."""
        return sorted((self.root / "datasets").glob(f"*/builds/{_CACHE}"))

    def runs_folders(self) -> list[Path]:
        """Find the folders of runs of all corpora."""
        return sorted(path for path in (self.root / "datasets").glob("*/runs") if path.is_dir())

    def runs(self, name: str) -> Path:
        """Where the runs on a corpus are kept."""
        return self.root / "datasets" / name / "runs"

    def reports(self, name: str) -> Path:
        """Where what people read about a corpus is written."""
        return self.root / "reports" / name
