"""Sources at an address: object stores, the Hub, servers; whatever `fsspec` reads, once a recipe or command names it."""

import errno
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from harness.core.errors import ConfigurationError, HarnessError, InputError
from harness.core.recipe import SourceSettings
from harness.sources.listing import Listed
from harness.sources.naming import is_hidden, natural_key

_SECRET = re.compile(
    r"://[^/@]*:[^/@]*@|[?&][^=&]*(?:token|secret|signature|password|sig|key)[^=&]*=", re.IGNORECASE
)
_HUB = "hf://"
_HUB_OFFLINE = "HF_HUB_OFFLINE"
_YES = ("1", "ON", "YES", "TRUE")
# What a place says of one file that is gone or not for us; all else is a network that fails.
_OF_ONE_FILE = {FileNotFoundError: errno.ENOENT, PermissionError: errno.EACCES}


@dataclass(frozen=True)
class RemotePlace:
    """A folder at an address, or one file; names are told from the folder."""

    files: Any  # an fsspec file system
    root: str
    listed: list[Listed]
    is_single: bool

    @classmethod
    def find(cls, settings: SourceSettings) -> "RemotePlace":
        """Reach the place and list it; credentials are those of the protocol's own package.

        Raises:
            ConfigurationError: The address has a password in it, which would be published with the recipe,
                its protocol is unknown, or the package for it is not installed.
            InputError: There is nothing, it cannot be reached, or the network is switched off.
        """
        address = settings.path
        _refuse_secrets(address)
        _refuse_hub_if_offline(address)
        with _told(address):
            files, root = _file_system(address)
            if files.isfile(root):
                folder, _, name = root.rpartition("/")
                return cls(files, folder, [Listed(name, root)], is_single=True)
            found = files.find(root)
            if not found and not files.isdir(root):
                raise InputError(
                    f"source '{settings.name}' has no such file or folder",
                    where=address,
                    remedy="check the source's 'path', and whether your credentials may list it",
                )
        return cls(files, root, _listed(found, root), is_single=False)

    def open(self, path: str) -> BinaryIO:
        """Open a file; it is fetched block by block as it is read."""
        with _told(path):
            return cast("BinaryIO", _Fetched(self.files.open(path, "rb"), path))

    def path_of(self, name: str) -> str:
        """Join a name to the folder."""
        return f"{self.root.rstrip('/')}/{name}"

    def is_same(self, path: str, other: str) -> bool:
        """Compare paths as they are written."""
        return path == other


def _listed(found: list[str], root: str) -> list[Listed]:
    folder = root.rstrip("/") + "/" if root else ""
    named = [(path.removeprefix(folder), path) for path in found]
    # Object stores have empty objects that stand for folders.
    kept = [Listed(name, path) for name, path in named if name.strip("/") == name and not is_hidden(name)]
    return sorted(kept, key=lambda one: natural_key(one.locator))


def _refuse_secrets(address: str) -> None:
    if _SECRET.search(address):
        raise ConfigurationError(
            "the address has a password or token in it, which would be published with the recipe",
            where=_SECRET.split(address)[0] + "…",
            remedy="leave it out; the protocol's own package finds credentials in the environment or its files",
        )


def _refuse_hub_if_offline(address: str) -> None:
    if _HUB in address and os.environ.get(_HUB_OFFLINE, "").upper() in _YES:
        raise InputError(
            "the source is on the Hub, and the Hub is switched off",
            where=address,
            remedy=f"unset {_HUB_OFFLINE}, or download the files and give their folder",
        )


def _file_system(address: str) -> tuple[Any, str]:
    """Open what reads such addresses, and give the place inside it."""
    from fsspec.core import url_to_fs  # noqa: PLC0415 - only addresses need it

    try:
        files, root = url_to_fs(address)
    except ImportError as error:
        raise ConfigurationError(
            f"the package that reads such addresses is not installed: {error}",
            where=address,
            remedy=_install_remedy(address),
        ) from error
    except ValueError as error:
        raise ConfigurationError(
            f"no such address is known: {error}",
            where=address,
            remedy="addresses begin like s3://, hf:// or https://; a path of this machine has no ://",
        ) from error
    return files, str(root)


def _install_remedy(address: str) -> str:
    if address.startswith(("s3://", "s3a://")):
        return "pip install 'corpus-harness[s3]'"
    return "install the package that is named, or copy the files and give their folder"


class _Fetched(io.RawIOBase):
    """A file at an address: a failing network ends the build, so that it cannot pass for bad articles."""

    def __init__(self, inner: Any, path: str) -> None:
        self._inner = inner
        self._path = path

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._inner.seekable())

    def read(self, size: int = -1, /) -> bytes:
        with _told(self._path):
            return bytes(self._inner.read(size))

    def seek(self, offset: int, whence: int = 0, /) -> int:
        with _told(self._path):
            return int(self._inner.seek(offset, whence))

    def tell(self) -> int:
        return int(self._inner.tell())

    def close(self) -> None:
        self._inner.close()
        super().close()


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Tell what a file system raises, which may be anything, as one of ours."""
    try:
        yield
    except HarnessError:
        raise
    except tuple(_OF_ONE_FILE) as error:
        number = next(number for kind, number in _OF_ONE_FILE.items() if isinstance(error, kind))
        raise OSError(number, os.strerror(number)) from error
    except Exception as error:
        raise InputError(
            f"the place cannot be reached or read: {type(error).__name__}: {str(error)[:200]}",
            where=where,
            remedy="check the address, the network and the credentials, then run the same command again",
        ) from error
