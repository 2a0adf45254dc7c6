"""What every command reads first: its workspace and its policy; apart from all else, so that quick ones stay quick."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

from harness.core.errors import ConfigurationError, InputError
from harness.core.settings import suggestion
from harness.core.workspace import Workspace

if TYPE_CHECKING:
    from harness.evaluation.scoring import MissingPolicy


def open_workspace(chosen: Path | None) -> Workspace:
    """Take the folder that was named, else look for one.

    Raises:
        InputError: The named folder is not there.
    """
    if chosen is None:
        return Workspace.find()
    if not chosen.is_dir():
        raise InputError("the workspace is not there", where=str(chosen), remedy="give an existing folder")
    return Workspace(chosen.resolve())


def missing_policy(word: str) -> "MissingPolicy":
    """Read a policy for items without an answer.

    Raises:
        ConfigurationError: It is none.
    """
    from harness.evaluation.scoring import MissingPolicy  # noqa: PLC0415 - it imports numpy, and other commands wait

    known: tuple[MissingPolicy, ...] = get_args(MissingPolicy)
    for policy in known:
        if policy == word:
            return policy
    raise ConfigurationError(
        f"no policy is called '{word}'", where="--on-missing", remedy=suggestion(word, list(known))
    )
