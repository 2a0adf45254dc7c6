"""A small server on the loopback that speaks the Hub's protocol, for unmodified clients; it can misbehave on purpose.

It knows dataset repositories: one branch, tags, files small (in the commit) and large (by LFS). Of models it knows what
reading takes.
"""

import base64
import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

TOKEN = "hf_standInToken"  # noqa: S105 - opens nothing but this server
_DATE = "2026-01-01T00:00:00.000Z"


@dataclass(frozen=True)
class Blob:
    """A file's content, and whether it is kept as a large file."""

    content: bytes
    large: bool = False

    @property
    def sha256(self) -> str:
        """The hash that names a large file."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def git_hash(self) -> str:
        """The hash that git gives: of the content, or of the pointer that stands for a large file."""
        content = self.content
        if self.large:
            content = f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {len(content)}\n".encode()
        return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()

    def described(self, path: str) -> dict[str, Any]:
        """Describe the file as listings do."""
        entry = {"type": "file", "path": path, "size": len(self.content), "oid": self.git_hash}
        lfs = {"oid": self.sha256, "size": len(self.content), "pointerSize": 130}
        return entry | ({"lfs": lfs} if self.large else {})


@dataclass(frozen=True)
class Commit:
    """A state of the repository, and what its author said."""

    id: str
    title: str
    message: str
    files: dict[str, Blob]


@dataclass
class Repo:
    """A dataset repository: its commits from the first on, and its tags."""

    private: bool = False
    commits: list[Commit] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    def add(self, title: str, message: str, files: dict[str, Blob]) -> Commit:
        """Add a commit with these files and no others."""
        before = self.commits[-1].id if self.commits else ""
        said = json.dumps(
            [before, title, message, sorted((path, blob.git_hash) for path, blob in files.items())]
        )
        commit = Commit(hashlib.sha1(said.encode(), usedforsecurity=False).hexdigest(), title, message, files)
        self.commits.append(commit)
        return commit

    def at(self, revision: str) -> Commit | None:
        """Find the commit that a branch, tag or id names."""
        wanted = self.commits[-1].id if revision == "main" else self.tags.get(revision, revision)
        return next((commit for commit in self.commits if commit.id == wanted), None)


@dataclass
class StandInHub:
    """The server's state. `faults` says how the next requests to an endpoint go wrong, in order.

    Faults of `commit` and `tag`: a status such as `429` refuses; `503-after` answers 503 when all is done;
    `overtaken` lets somebody else's commit come first. `wrong-bytes` of `upload` stores something else.
    """

    repos: dict[str, Repo] = field(default_factory=dict)
    large: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str]] = field(default_factory=list)
    faults: dict[str, list[str]] = field(default_factory=dict)
    url: str = ""

    def fault(self, endpoint: str) -> str:
        """Take the next fault of an endpoint, or nothing."""
        waiting = self.faults.get(endpoint, [])
        return waiting.pop(0) if waiting else ""

    def forget(self) -> None:
        """Start anew."""
        for state in (self.repos, self.large, self.requests, self.faults):
            state.clear()

    def create(self, repo_id: str, *, private: bool = False) -> Repo:
        """Make a repository as the Hub makes it: with one file in one commit."""
        repo = self.repos[repo_id] = Repo(private)
        repo.add(
            "initial commit", "", {".gitattributes": Blob(b"*.parquet filter=lfs diff=lfs merge=lfs -text\n")}
        )
        return repo

    def posts_to(self, endpoint: str) -> int:
        """Count the requests that wrote to an endpoint, such as `commit`."""
        return sum(method == "POST" and f"/{endpoint}/" in path for method, path in self.requests)


@contextlib.contextmanager
def running_hub() -> Iterator[StandInHub]:
    """Serve on a free port of the loopback until the block ends."""
    hub = StandInHub()
    handler = type("Handler", (_Handler,), {"hub": hub})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        hub.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
            thread.join()


class _RefusedError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class _Handler(BaseHTTPRequestHandler):
    hub: StandInHub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def _serve(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.requests.append((self.command, path))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            self._require_token()
            self._route(path, body)
        except _RefusedError as refused:
            headers = {"X-Error-Message": str(refused), "X-Error-Code": refused.code, "Retry-After": "0"}
            self._answer({"error": str(refused)}, refused.status, headers)

    def _require_token(self) -> None:
        if self.command == "POST" and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise _RefusedError(401, "Invalid credentials")

    do_GET = do_HEAD = do_POST = do_PUT = _serve  # noqa: N815 - the names that the base class calls

    def _route(self, path: str, body: bytes) -> None:
        for method, pattern, action in _ROUTES:
            match = re.fullmatch(pattern, path)
            if match and self.command in method.split():
                action(self, body, **match.groupdict())
                return
        raise _RefusedError(404, f"no such address: {path}", "EntryNotFound")

    def _answer(self, content: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        payload = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(payload))} | (headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)

    def _repo(self, name: str) -> Repo:
        if name not in self.hub.repos:
            raise _RefusedError(404, "Repository not found", "RepoNotFound")
        return self.hub.repos[name]

    def _commit_at(self, name: str, revision: str) -> Commit:
        commit = self._repo(name).at(revision)
        if commit is None:
            raise _RefusedError(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return commit

    def whoami(self, _body: bytes) -> None:
        self._answer({"name": "tester", "type": "user", "orgs": [], "auth": {}})

    def validate_yaml(self, _body: bytes) -> None:
        self._answer({"errors": [], "warnings": []})

    def create(self, body: bytes) -> None:
        asked = json.loads(body)
        name = f"{asked['organization']}/{asked['name']}"
        answer = {"url": f"{self.hub.url}/datasets/{name}", "id": name}
        if name in self.hub.repos:
            self._answer(answer | {"error": "You already created this dataset repo"}, 409)
            return
        self.hub.create(name, private=asked.get("visibility") == "private")
        self._answer(answer)

    def info(self, _body: bytes, name: str, revision: str | None = None) -> None:
        commit = self._commit_at(name, revision or "main")
        self._answer(
            {
                "id": name,
                "sha": commit.id,
                "private": self._repo(name).private,
                "tags": [],
                "downloads": 0,
                "likes": 0,
                "siblings": [{"rfilename": path} for path in sorted(commit.files)],
            }
        )

    def refs(self, _body: bytes, name: str) -> None:
        repo = self._repo(name)
        branch = {"name": "main", "ref": "refs/heads/main", "targetCommit": repo.commits[-1].id}
        tags = [
            {"name": tag, "ref": f"refs/tags/{tag}", "targetCommit": id_} for tag, id_ in repo.tags.items()
        ]
        self._answer({"branches": [branch], "converts": [], "tags": tags})

    def tree(self, _body: bytes, name: str, revision: str, under: str | None = None) -> None:
        files = self._commit_at(name, revision).files
        chosen = {path: blob for path, blob in files.items() if path.startswith(f"{under}/" if under else "")}
        if under and not chosen:
            raise _RefusedError(404, f"{under} does not exist", "EntryNotFound")
        if "recursive=true" in self.path.lower():
            self._answer([blob.described(path) for path, blob in sorted(chosen.items())])
            return
        start = len(under) + 1 if under else 0
        folders = sorted({path[: path.index("/", start)] for path in chosen if "/" in path[start:]})
        here = [blob.described(path) for path, blob in sorted(chosen.items()) if "/" not in path[start:]]
        self._answer([*({"type": "directory", "path": folder, "oid": "0" * 40} for folder in folders), *here])

    def paths_info(self, body: bytes, name: str, revision: str) -> None:
        files = self._commit_at(name, revision).files
        self._answer([files[path].described(path) for path in json.loads(body)["paths"] if path in files])

    def commits(self, _body: bytes, name: str, revision: str) -> None:
        repo = self._repo(name)
        seen = repo.commits[: repo.commits.index(self._commit_at(name, revision)) + 1]
        told = ({"id": c.id, "title": c.title, "message": c.message} for c in reversed(seen))
        self._answer([{**entry, "date": _DATE, "authors": [{"user": "tester"}]} for entry in told])

    def preupload(self, body: bytes, name: str, revision: str) -> None:
        files = self._commit_at(name, revision).files
        answers = []
        for asked in json.loads(body)["files"]:
            there = files.get(asked["path"])
            answers.append(
                {
                    "path": asked["path"],
                    "uploadMode": "lfs" if asked["path"].endswith(".parquet") else "regular",
                    "shouldIgnore": False,
                    "oid": there and (there.sha256 if there.large else there.git_hash),
                }
            )
        self._answer({"files": answers})

    def lfs_batch(self, body: bytes, name: str) -> None:
        self._repo(name)
        answers = []
        for asked in json.loads(body)["objects"]:
            upload = {"href": f"{self.hub.url}/lfs/{asked['oid']}", "header": {}}
            stored = asked["oid"] in self.hub.large
            answers.append(asked | ({} if stored else {"actions": {"upload": upload}}))
        self._answer({"transfer": "basic", "objects": answers})

    def lfs_put(self, body: bytes, oid: str) -> None:
        self.hub.large[oid] = b"something else" if self.hub.fault("upload") == "wrong-bytes" else body
        self._answer(b"")

    def commit(self, body: bytes, name: str, revision: str) -> None:
        repo = self._repo(name)
        fault = self.hub.fault("commit")
        if fault.isdigit():
            raise _RefusedError(int(fault), "refused on purpose")
        if fault == "overtaken":
            repo.add("somebody else's", "", repo.commits[-1].files | {"notes.md": Blob(b"by somebody else")})
        lines = [json.loads(line) for line in body.splitlines()]
        header = lines[0]["value"]
        if header.get("parentCommit", repo.commits[-1].id) != repo.commits[-1].id:
            raise _RefusedError(412, "A commit has happened since. Please refresh and try again.")
        files = dict(self._commit_at(name, revision).files)
        for line in lines[1:]:
            self._apply(files, line["key"], line["value"])
        made = repo.add(header["summary"], header["description"], files)
        if fault == "503-after":
            raise _RefusedError(503, "the answer got lost on purpose")
        self._answer({"commitOid": made.id, "commitUrl": f"{self.hub.url}/datasets/{name}/commit/{made.id}"})

    def _apply(self, files: dict[str, Blob], operation: str, value: dict[str, Any]) -> None:
        if operation == "file":
            files[value["path"]] = Blob(base64.b64decode(value["content"]))
        elif operation == "lfsFile":
            files[value["path"]] = Blob(self.hub.large[value["oid"]], large=True)
        elif operation == "deletedFile":
            del files[value["path"]]
        else:
            raise _RefusedError(400, f"unknown operation {operation}")

    def tag(self, body: bytes, name: str, revision: str) -> None:
        fault = self.hub.fault("tag")
        tag = json.loads(body)["tag"]
        if fault.isdigit():
            raise _RefusedError(int(fault), "refused on purpose")
        if tag in self._repo(name).tags:
            raise _RefusedError(409, "Tag reference exists already")
        self._repo(name).tags[tag] = self._commit_at(name, revision).id
        if fault == "503-after":
            raise _RefusedError(503, "the answer got lost on purpose")
        self._answer({})

    def resolve(self, _body: bytes, name: str, revision: str, path: str) -> None:
        commit = self._commit_at(name, revision)
        if path not in commit.files:
            raise _RefusedError(404, "Entry not found", "EntryNotFound")
        blob = commit.files[path]
        etag = blob.sha256 if blob.large else blob.git_hash
        headers = {"X-Repo-Commit": commit.id, "ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked is None:
            self._answer(blob.content, headers=headers)
            return
        first, last = int(asked[1]), min(int(asked[2] or len(blob.content)), len(blob.content) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(blob.content)}"
        self._answer(blob.content[first : last + 1], 206, headers)


_NAME = r"(?P<name>[\w.-]+/[\w.-]+)"
_REVISION = r"(?P<revision>[^/]+)"
_ROUTES: tuple[tuple[str, str, Callable[..., None]], ...] = (
    ("GET", r"/api/whoami-v2", _Handler.whoami),
    ("POST", r"/api/validate-yaml", _Handler.validate_yaml),
    ("POST", r"/api/repos/create", _Handler.create),
    ("GET", rf"/api/(datasets|models)/{_NAME}(/revision/{_REVISION})?", _Handler.info),
    ("GET", rf"/api/datasets/{_NAME}/refs", _Handler.refs),
    ("GET", rf"/api/(datasets|models)/{_NAME}/tree/{_REVISION}(/(?P<under>.+))?", _Handler.tree),
    ("POST", rf"/api/datasets/{_NAME}/paths-info/{_REVISION}", _Handler.paths_info),
    ("GET", rf"/api/datasets/{_NAME}/commits/{_REVISION}", _Handler.commits),
    ("POST", rf"/api/datasets/{_NAME}/preupload/{_REVISION}", _Handler.preupload),
    ("POST", rf"/datasets/{_NAME}\.git/info/lfs/objects/batch", _Handler.lfs_batch),
    ("PUT", r"/lfs/(?P<oid>[0-9a-f]{64})", _Handler.lfs_put),
    ("POST", rf"/api/datasets/{_NAME}/commit/{_REVISION}", _Handler.commit),
    ("POST", rf"/api/datasets/{_NAME}/tag/{_REVISION}", _Handler.tag),
    ("GET HEAD", rf"(/datasets)?/{_NAME}/resolve/{_REVISION}/(?P<path>.+)", _Handler.resolve),
)
