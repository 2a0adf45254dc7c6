"""Publishing a version: every check before the first request, then the commit and the tag."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

from harness.core.errors import (
    ConfigurationError,
    ExitCode,
    GateFailedError,
    InputError,
    NoEvidenceError,
    named,
)
from harness.core.fingerprints import sha256_of_file
from harness.core.pages import withheld_files
from harness.core.publication import Plan, PlannedFile, Published
from harness.core.verdict import SuiteIdentity, Verdict, lack_of_evidence
from harness.hub.publish import hub_token, publish_to_hub
from harness.hub.rights import require_rights
from harness.store.versions import CARD, GATES, MANIFEST, VersionFolder
from harness.workflows.validate import read_verdict

# The Hub's own rule: letters, digits, `-`, `_` and `.`, at most 96 characters a name, no `--` and `..`.
_REPO_NAME = re.compile(r"(?!.*(?:--|\.\.))(?![-.])[A-Za-z0-9._-]{1,96}(?<![-.])")


def plan_publication(
    version: VersionFolder, suites: Sequence[SuiteIdentity], repo_id: str, *, private: bool = False
) -> Plan:
    """Check whether a version may be published, and say what would be; no network, no token.

    Args:
        version: The version.
        suites: The suites of the recipe's `gates`, as their files are now.
        repo_id: The dataset repository, `organisation/name`.
        private: Whether the repository must not be public.

    Raises:
        InputError: A file is not what the manifest says, or cannot be read.
        NoEvidenceError: The gates were never judged, or for another content or other suites, or in part.
        GateFailedError: A critical gate failed.
        ConfigurationError: A source or the recipe states no licence, or the repository's name is none.
    """
    _require_unaltered(version)
    verdict = _require_passed(version, suites)
    recipe = version.manifest.recipe
    require_rights(recipe)
    _require_repo_id(repo_id)
    return Plan(
        repo_id=repo_id,
        reference=version.manifest.reference,
        name=version.manifest.name,
        tag=version.manifest.version,
        title=recipe.title or recipe.name,
        license=recipe.license or "",
        content_hash=version.manifest.content_hash,
        gates=_in_one_line(verdict),
        folder=version.path,
        files=_files(version),
        private=private,
        withheld=tuple(sorted(withheld_files(recipe) & version.manifest.files.keys())),
    )


def publish(plan: Plan, progress: Callable[[str], None]) -> Published:
    """Put a planned version on the Hub with the user's token.

    Raises:
        InputError: There is no token or no network, or the Hub refuses, or holds other content under the tag.
        ConfigurationError: The repository holds another dataset.
    """
    return publish_to_hub(plan, hub_token(), progress)


def _require_unaltered(version: VersionFolder) -> None:
    outside = [name for name in version.manifest.files if _leads_outside(name)]
    altered = outside or version.altered_files()
    if altered:
        raise InputError(
            f"the version is not what its manifest says: {named(altered)}",
            where=str(version.path),
            remedy=f"build it again: harness build {version.manifest.name}",
        )


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name


def _require_passed(version: VersionFolder, suites: Sequence[SuiteIdentity]) -> Verdict:
    where = str(version.path / GATES)
    remedy = f"harness validate {version.path}"
    verdict = read_verdict(version)
    lack = lack_of_evidence(verdict, version.manifest.content_hash, suites)
    if lack or verdict is None:
        raise NoEvidenceError(lack or "there is no verdict", where=where, remedy=remedy)
    if verdict.exit_code == ExitCode.GATE_FAILED:
        remedy += " shows the findings; mend the data or the recipe and build again"
        raise GateFailedError(
            f"the version failed its gates: {_blocking(verdict)}", where=where, remedy=remedy
        )
    if not verdict.passed:
        raise NoEvidenceError(f"gates could not be judged: {_blocking(verdict)}", where=where, remedy=remedy)
    return verdict


def _blocking(verdict: Verdict) -> str:
    return named(gate.rule for gate in verdict.gates if gate.blocks)


def _require_repo_id(repo_id: str) -> None:
    parts = repo_id.split("/")
    if len(parts) != 2 or not all(_REPO_NAME.fullmatch(part) for part in parts) or repo_id.endswith(".git"):
        raise ConfigurationError(
            "this is no name of a dataset repository",
            where=f"--to {repo_id}",
            remedy="give ORGANISATION/NAME, as in --to acme/arabic-news",
        )


def _in_one_line(verdict: Verdict) -> str:
    suites = ", ".join(suite.name for suite in verdict.suites)
    warned = verdict.counted("failed")
    return (
        f"{verdict.counted('passed')} passed"
        + (f", {warned} with a warning" if warned else "")
        + f" ({suites})"
    )


def _files(version: VersionFolder) -> tuple[PlannedFile, ...]:
    withheld = withheld_files(version.manifest.recipe)
    known = [
        PlannedFile(name, entry.bytes, entry.sha256)
        for name, entry in version.manifest.files.items()
        if name not in withheld
    ]
    others = [_described(version.path, name) for name in (CARD, MANIFEST, GATES)]
    return tuple(sorted([*known, *others], key=lambda file: file.path))


def _described(folder: Path, name: str) -> PlannedFile:
    path = folder / name
    if not path.is_file():
        raise InputError(f"the version has no {name}", where=str(folder), remedy="build the version again")
    return PlannedFile(name, path.stat().st_size, sha256_of_file(path))
