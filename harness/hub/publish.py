"""Publishing a version to the Hugging Face Hub: one commit, one tag, both read back."""

import contextlib
import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from harness.core.errors import ConfigurationError, InputError, named
from harness.core.fingerprints import sha256_of
from harness.core.publication import Plan, PlannedFile, Published
from harness.hub.retrying import persistently

if TYPE_CHECKING:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi
    from huggingface_hub.hf_api import RepoFile

Result = TypeVar("Result")
_MANIFEST = "manifest.json"
# What the Hub itself puts into a new repository.
_MADE_BY_THE_HUB = frozenset({".gitattributes", "README.md"})


def hub_token() -> str:
    """Find the user's token: HF_TOKEN, or the login that the Hub's own client keeps.

    Raises:
        InputError: There is none, it cannot be one, or the client is told to stay offline.
    """
    from huggingface_hub import constants, get_token  # noqa: PLC0415 - heavy, and only for publishing

    if constants.HF_HUB_OFFLINE:
        raise InputError(
            "the Hub's client is told to stay offline",
            where="HF_HUB_OFFLINE",
            remedy="unset it to publish, or look at the plan with --dry-run",
        )
    token = get_token()
    if not token:
        raise InputError(
            "there is no token to write to the Hub with",
            where="HF_TOKEN",
            remedy="set HF_TOKEN, or log in once with: hf auth login",
        )
    if not (token.isascii() and token.isprintable()) or " " in token:
        # It would fail as a header, deep in the client, in a message that may quote it.
        raise InputError(
            "the token holds characters that no token has",
            where="HF_TOKEN, or the login of the Hub's client",
            remedy="copy it again, without blanks or quotation marks",
        )
    return token


def publish_to_hub(
    plan: Plan,
    token: str,
    progress: Callable[[str], None],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> Published:
    """Put a planned version on the Hub; doing it again changes nothing.

    The tag is set only on a commit that was read back, so that it never names anything else than what was
    planned. Whatever goes wrong before leaves the repository at its old tags.

    Raises:
        ConfigurationError: The repository holds another dataset, or is public and should not be.
        InputError: The tag is there with other content; the Hub refuses or cannot be reached; what it
            holds is not what was sent.
    """
    from huggingface_hub import HfApi  # noqa: PLC0415 - heavy, and only for publishing

    def wait(seconds: float, why: str) -> None:
        progress(f"{why}; trying again in {seconds:g} s")
        pause(seconds)

    with _quiet_client():
        hub = _Repository(HfApi(token=token, library_name="corpus-harness"), plan, wait)
        _require_address(hub.api.endpoint)
        progress(f"opening {plan.repo_id}")
        hub.open()
        tagged = hub.tagged_commit()
        if tagged is not None:
            return hub.published(hub.require_planned_content(tagged), was_there=True)
        progress(f"uploading {len(plan.files)} files, {plan.total_bytes:,} bytes")
        commit = hub.commit()
        progress("reading back")
        hub.require_sent(commit)
        return hub.published(hub.tag(commit), was_there=False)


@dataclass(frozen=True)
class _Repository:
    """The dataset repository that a plan is for."""

    api: "HfApi"
    plan: Plan
    wait: Callable[[float, str], None]

    @property
    def where(self) -> str:
        return f"{self.api.endpoint}/datasets/{self.plan.repo_id}"

    def open(self) -> None:
        """Make the repository, or find it."""
        self._persistently(
            lambda: self.api.create_repo(
                self.plan.repo_id, repo_type="dataset", private=self.plan.private or None, exist_ok=True
            )
        )
        if self.plan.private and not self._persistently(self._info).private:
            raise ConfigurationError(
                "the repository is public, and --private was asked for",
                where=self.where,
                remedy="make it private there, or publish without --private",
            )

    def tagged_commit(self) -> str | None:
        """Find the commit that the version's tag names."""
        refs = self._persistently(lambda: self.api.list_repo_refs(self.plan.repo_id, repo_type="dataset"))
        return next((ref.target_commit for ref in refs.tags if ref.name == self.plan.tag), None)

    def require_planned_content(self, commit: str) -> str:
        """Accept a tag that is there already, if it names the planned content."""
        different = self._different(commit)
        if different:
            raise InputError(
                f"the tag '{self.plan.tag}' is there with other content ({named(different, at_most=3)})",
                where=self.where,
                remedy="a published version does not change: raise 'version' in the recipe and build again",
            )
        return commit

    def commit(self) -> str:
        """Write all files in one commit; a commit of ours that is there already is not repeated."""
        return self._persistently(self._commit_what_is_left)

    def require_sent(self, commit: str) -> None:
        """Compare what the Hub holds at a commit with what was planned."""
        different = self._different(commit)
        if different:
            raise InputError(
                f"what the Hub holds is not what was sent ({named(different, at_most=3)}), so it was not tagged",
                where=f"{self.where} at {commit}",
                remedy="publish again; if a file of the version changed meanwhile, build it again first",
            )

    def tag(self, commit: str) -> str:
        """Set the version's tag; give the commit that it names then."""
        return self._persistently(lambda: self._tag_if_none(commit))

    def published(self, commit: str, *, was_there: bool) -> Published:
        return Published(self.plan, commit, f"{self.where}/tree/{self.plan.tag}", was_there)

    def _persistently(self, step: Callable[[], Result]) -> Result:
        return persistently(step, where=self.where, pause=self.wait)

    def _info(self) -> Any:
        return self.api.repo_info(self.plan.repo_id, repo_type="dataset")

    def _commit_what_is_left(self) -> str:
        mark = f"Files: sha256:{self.plan.fingerprint}"
        for entry in self.api.list_repo_commits(self.plan.repo_id, repo_type="dataset"):
            if mark in entry.message:
                return str(entry.commit_id)
        head = self._info().sha
        made = self.api.create_commit(
            self.plan.repo_id,
            self._operations(head),
            commit_message=f"Publish {self.plan.reference}",
            commit_description=f"Content: sha256:{self.plan.content_hash}\n{mark}",
            repo_type="dataset",
            parent_commit=head,
        )
        return str(made.oid)

    def _operations(self, head: str) -> "list[CommitOperationAdd | CommitOperationDelete]":
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete  # noqa: PLC0415 - heavy

        planned = [file.path for file in self.plan.files]
        return [
            *[
                CommitOperationDelete(path)
                for path in sorted(self._files_of_older_version(head) - set(planned))
            ],
            *[CommitOperationAdd(path, str(self.plan.folder / path)) for path in planned],
        ]

    def _files_of_older_version(self, head: str) -> set[str]:
        """Name the files at a commit that its manifest lists; other people's files are not ours to delete."""
        there = set(self._tree(head)) - _MADE_BY_THE_HUB
        if not there:
            return set()
        manifest = self._manifest(head) if _MANIFEST in there else {}
        if manifest.get("name") != self.plan.name:
            raise ConfigurationError(
                f"the repository holds something else than '{self.plan.name}' ({named(sorted(there), at_most=3)})",
                where=self.where,
                remedy="give a new repository, or the one that this corpus was published to",
            )
        return there & set(manifest.get("files", ()))

    def _manifest(self, head: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            path = self.api.hf_hub_download(
                self.plan.repo_id, _MANIFEST, repo_type="dataset", revision=head, local_dir=folder
            )
            try:
                content = json.loads(Path(path).read_text(encoding="utf-8"))
            except ValueError:
                return {}
        return content if isinstance(content, dict) else {}

    def _tag_if_none(self, commit: str) -> str:
        there = self.tagged_commit()
        if there is not None:
            return self.require_planned_content(there)
        self.api.create_tag(self.plan.repo_id, tag=self.plan.tag, revision=commit, repo_type="dataset")
        return commit

    def _different(self, commit: str) -> list[str]:
        """Name the planned files that are missing at a commit, or are there with other bytes."""
        tree = self._persistently(lambda: self._tree(commit))
        return [
            file.path
            for file in self.plan.files
            if file.path not in tree or not _holds(tree[file.path], file, self.plan.folder)
        ]

    def _tree(self, commit: str) -> "Mapping[str, RepoFile]":
        from huggingface_hub.hf_api import RepoFile  # noqa: PLC0415 - heavy

        entries = self.api.list_repo_tree(
            self.plan.repo_id, recursive=True, revision=commit, repo_type="dataset"
        )
        return {entry.path: entry for entry in entries if isinstance(entry, RepoFile)}


def _holds(remote: "RepoFile", file: PlannedFile, folder: Path) -> bool:
    """Compare by the hash that the Hub gives: SHA-256 of large files, git's blob hash of others."""
    if remote.lfs:
        return remote.lfs.sha256 == file.sha256
    content = (folder / file.path).read_bytes()
    return sha256_of(content) == file.sha256 and remote.blob_id == _git_blob_hash(content)


def _git_blob_hash(content: bytes) -> str:
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def _require_address(endpoint: str) -> None:
    if not endpoint.startswith(("http://", "https://")):
        raise InputError(
            "the Hub's address is no web address",
            where=f"HF_ENDPOINT={endpoint}",
            remedy="unset it, or begin it with https://",
        )


@contextlib.contextmanager
def _quiet_client() -> Iterator[None]:
    """Keep the client's own progress bars off stderr, where ours are lines."""
    from huggingface_hub.utils.tqdm import (  # noqa: PLC0415 - heavy
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    before = are_progress_bars_disabled()
    disable_progress_bars()
    try:
        yield
    finally:
        if not before:
            enable_progress_bars()
