"""What is about to be published, and what was: between the workflow that decides and the rooms that do and tell."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from harness.core.fingerprints import fingerprint


@dataclass(frozen=True)
class PlannedFile:
    """One file to publish: its path in the version folder and in the repository, its size and hash."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Plan:
    """A publication that every check has allowed.

    Args:
        repo_id: The dataset repository, `organisation/name`.
        reference: The version, `name@1.0.0`.
        name: The corpus; a repository that holds another one is refused.
        tag: The tag to set: the version's number.
        title: What the card calls the corpus.
        license: The licence that the recipe states for the whole.
        content_hash: The version's content hash.
        gates: The gates' outcome in one line.
        folder: The version folder.
        files: What is uploaded, by path.
        private: Whether the repository must not be public.
        withheld: Files of the version that are not uploaded: pages whose licence the recipe does not state.
    """

    repo_id: str
    reference: str
    name: str
    tag: str
    title: str
    license: str
    content_hash: str
    gates: str
    folder: Path
    files: tuple[PlannedFile, ...]
    private: bool = False
    withheld: tuple[str, ...] = ()

    @property
    def total_bytes(self) -> int:
        """Size of all files together."""
        return sum(file.bytes for file in self.files)

    @property
    def fingerprint(self) -> str:
        """Hash of what would be in the repository: every path with its content."""
        return fingerprint([[file.path, file.sha256] for file in self.files])

    def as_json(self) -> dict[str, Any]:
        """Give the plan as a JSON object."""
        return {**asdict(self), "folder": str(self.folder), "files": [asdict(file) for file in self.files]}


@dataclass(frozen=True)
class Published:
    """A version on the Hub, read back and found to be what was planned.

    Args:
        plan: What was planned.
        commit: The commit that the tag names.
        url: Where people find it.
        was_there: Whether the tag was there before, with this very content, so that nothing was done.
    """

    plan: Plan
    commit: str
    url: str
    was_there: bool

    def as_json(self) -> dict[str, Any]:
        """Give the outcome as a JSON object."""
        return {
            "repo_id": self.plan.repo_id,
            "reference": self.plan.reference,
            "tag": self.plan.tag,
            "content_hash": self.plan.content_hash,
            "commit": self.commit,
            "url": self.url,
            "was_there": self.was_there,
        }
