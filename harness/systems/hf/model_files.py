"""The files of a model: where they lie, that none of them can run anything, and the hash that names them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.core.errors import ConfigurationError, InputError
from harness.core.fingerprints import fingerprint, sha256_of_file
from harness.systems.settings import SystemSettings

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)?")
# What describes a model and its tokenizer, then its weights, then code, which is read only where that was allowed.
_DESCRIBING = ("*.json", "*.txt", "*.model", "*.jinja")
_WEIGHTS = ("*.safetensors",)
_CODE = ("*.py",)
# Formats that are Python's pickle, or may hold code of their own: to load them is to run them.
_UNSAFE = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".h5"})


@dataclass(frozen=True)
class ModelFiles:
    """A model on this machine.

    Args:
        folder: Where its files lie.
        digest: Names their content: of a folder, a hash of every file that may be read; of a repository on the Hub, its
            commit.
        hub_id: The repository; "" where the user named a folder.
    """

    folder: Path
    digest: str
    hub_id: str = ""


def model_files(settings: SystemSettings) -> ModelFiles:
    """Find the files of the model that a system's URI names.

    A folder that exists is taken as it is, and nothing is asked of any network. Any other name is a repository's
    on the Hub; what describes the model is fetched, unless it lies in the Hub's cache, or HF_HUB_OFFLINE is set.

    Raises:
        ConfigurationError: There is no such folder, and the name can be no repository's.
        InputError: The folder is no model's, or the Hub does not give it.
    """
    named = settings.argument
    folder = Path(named).expanduser()
    if folder.is_dir():
        _refuse_revision(settings)
        return ModelFiles(folder, _digest(folder, settings))
    if not _HUB_ID.fullmatch(named):
        raise ConfigurationError(
            f"there is no folder '{named}', and no model on the Hub can be called so",
            where=settings.uri,
            remedy="write hf:FOLDER, or hf:OWNER/NAME",
        )
    fetched = _fetched(settings, _DESCRIBING + (_CODE if settings.trust_remote_code else ()))
    return ModelFiles(fetched, fetched.name, hub_id=named)


def require_weights(files: ModelFiles, settings: SystemSettings) -> None:
    """Make sure that the weights are there, in a format that holds numbers alone.

    Raises:
        InputError: There are none, or only such as would be run on loading.
    """
    if files.hub_id:
        _fetched(settings, _WEIGHTS, revision=files.digest)
    if any(path for pattern in _WEIGHTS for path in files.folder.glob(pattern)):
        return
    unsafe = sorted(path.name for path in files.folder.iterdir() if path.suffix in _UNSAFE)
    raise InputError(
        f"the weights are a pickle ({unsafe[0]}), which can run anything on loading"
        if unsafe
        else "no weights are there as safetensors",
        where=settings.uri,
        remedy="have them as safetensors: where you trust their source, load them once in a place apart and write "
        "model.save_pretrained(FOLDER), or take a revision of the model that has them",
    )


def _digest(folder: Path, settings: SystemSettings) -> str:
    patterns = _DESCRIBING + _WEIGHTS + (_CODE if settings.trust_remote_code else ())
    found = sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})
    if not found:
        raise InputError(
            "no file of a model lies there",
            where=settings.uri,
            remedy="name the folder that save_pretrained wrote: it holds config.json or tokenizer.json",
        )
    return fingerprint({path.name: sha256_of_file(path) for path in found})


def _fetched(settings: SystemSettings, patterns: tuple[str, ...], *, revision: str = "") -> Path:
    # Here and nowhere else: with the folder that comes back, everything is loaded as from this machine.
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - heavy, and only for who names a repository

    try:
        folder: Any = snapshot_download(
            settings.argument,
            revision=revision or settings.revision,
            allow_patterns=list(patterns),
            ignore_patterns=["*/*"],
        )
    except (OSError, ValueError) as error:  # what the Hub's client raises derives from these
        raise InputError(
            f"there is no folder '{settings.argument}' here, and the Hub does not give a model of that name: "
            f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'nothing more is said'}",
            where=settings.uri,
            remedy="check the name and the network; with HF_HUB_OFFLINE set, only what was fetched before is there",
        ) from error
    return Path(folder)


def _refuse_revision(settings: SystemSettings) -> None:
    if settings.revision is not None:
        raise ConfigurationError(
            "a folder has no revisions",
            where=f"systems.toml: {settings.name}: revision",
            remedy="leave it out, or name a repository of the Hub",
        )
