"""What there is: corpora, versions and runs of a workspace. Nothing is derived, and a damaged one is named as such."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from harness.core.errors import ConfigurationError, HarnessError
from harness.core.settings import suggestion
from harness.core.workspace import Workspace
from harness.store.runs import RunFolder, run_paths
from harness.store.versions import VersionFolder, built_versions


@dataclass(frozen=True)
class Listed:
    """One row of a list.

    Args:
        name: What commands call it.
        facts: What there is to say of it, in order; empty where it is damaged.
        damage: Why it cannot be read; "" where it can.
    """

    name: str
    facts: dict[str, Any]
    damage: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give the row as a JSON object."""
        return asdict(self)


def list_corpora(workspace: Workspace) -> list[Listed]:
    """List the corpora that have a recipe, or of which something was built."""
    return [
        Listed(
            name,
            {"versions": len(built_versions(workspace.builds(name))), "runs": len(_runs(workspace, name))},
        )
        for name in _names(workspace)
    ]


def list_versions(workspace: Workspace, corpus: str | None = None) -> list[Listed]:
    """List the versions that were built, of one corpus or of all.

    Raises:
        ConfigurationError: There is no such corpus.
    """
    return [
        _version(workspace, name, version)
        for name in _chosen(workspace, corpus)
        for version in built_versions(workspace.builds(name))
    ]


def list_all_runs(workspace: Workspace, corpus: str | None = None) -> list[Listed]:
    """List the runs that were made, on one corpus or on all, by name.

    Raises:
        ConfigurationError: There is no such corpus.
    """
    return [row for name in _chosen(workspace, corpus) for row in _runs(workspace, name)]


def _names(workspace: Workspace) -> list[str]:
    built = {
        path.name for path in (workspace.root / "datasets").glob("*") if _has_anything(workspace, path.name)
    }
    return sorted(built | set(workspace.corpus_names()))


def _has_anything(workspace: Workspace, name: str) -> bool:
    return bool(built_versions(workspace.builds(name))) or bool(run_paths(workspace.runs(name)))


def _chosen(workspace: Workspace, corpus: str | None) -> list[str]:
    names = _names(workspace)
    if corpus is None:
        return names
    if corpus not in names:
        raise ConfigurationError(
            f"no corpus is called '{corpus}'",
            where=str(workspace.root / "datasets"),
            remedy=suggestion(corpus, names),
        )
    return [corpus]


def _version(workspace: Workspace, name: str, version: str) -> Listed:
    try:
        manifest = VersionFolder.open(workspace.builds(name) / version).manifest
    except HarnessError as error:
        return Listed(f"{name}@{version}", {}, error.what)
    facts = {
        "kept": manifest.counts.kept,
        "rejected": manifest.counts.rejected,
        "errors": manifest.counts.errors,
        "content_hash": manifest.content_hash,
    }
    return Listed(manifest.reference, facts)


def _runs(workspace: Workspace, name: str) -> list[Listed]:
    return list(_read_runs(workspace, name))


def _read_runs(workspace: Workspace, name: str) -> Iterator[Listed]:
    for path in run_paths(workspace.runs(name)):
        try:
            folder = RunFolder.open(path)
        except HarnessError as error:
            yield Listed(path.name, {}, error.what)
            continue
        subject, (first, *_) = folder.manifest.subject, folder.result.scores
        yield Listed(
            folder.run_id,
            {
                "on": f"{subject.dataset}@{subject.version}",
                "task": subject.task,
                "system": folder.result.system.name,
                "metric": first.metric,
                "value": first.value,
                "low": first.low,
                "high": first.high,
                "n": first.n,
                "failures": dict(folder.result.failures),
                "on_missing": folder.manifest.on_missing,
            },
        )
