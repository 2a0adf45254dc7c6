"""Which systems there are, and how one is opened by its URI."""

from harness.core.errors import ConfigurationError
from harness.core.settings import suggestion
from harness.systems import bm25, char_tfidf, language_identification, predictions
from harness.systems.system import System, SystemFamily

# A new kind of system is a module with FAMILIES, named here.
_MODULES = (language_identification, bm25, char_tfidf, predictions)
FAMILIES: dict[str, SystemFamily] = {family.name: family for module in _MODULES for family in module.FAMILIES}


def open_system(uri: str, *, kind: str) -> System:
    """Open a system for a kind of task.

    Args:
        uri: `bm25`, `preds:FILE.jsonl` and so on.
        kind: The kind of task that it is to answer.

    Raises:
        ConfigurationError: There is no such system, it does not fit the task, or it is not installed.
        InputError: What it is made from cannot be read.
    """
    name, colon, argument = uri.partition(":")
    family = FAMILIES.get(name)
    if family is None:
        raise ConfigurationError(
            f"no system is called '{uri}'", where="--system", remedy=suggestion(name, list(FAMILIES))
        )
    if not family.fits(kind):
        raise ConfigurationError(
            f"the system '{uri}' does not answer tasks of kind '{kind}'",
            where="--system",
            remedy=f"these do: {', '.join(usages_for(kind))}",
        )
    if bool(argument) != family.takes_argument or bool(colon) != family.takes_argument:
        raise ConfigurationError(
            f"'{uri}' is not how this system is named", where="--system", remedy=f"write {family.usage}"
        )
    return family.open(argument)


def usages_for(kind: str) -> list[str]:
    """Say how to name each system that answers a kind of task."""
    return [family.usage for family in FAMILIES.values() if family.fits(kind)]


def built_in_for(kind: str) -> list[str]:
    """Name the systems that answer a kind of task, need nothing from the user, and are installed."""
    return [
        family.name
        for family in FAMILIES.values()
        if family.fits(kind) and not family.takes_argument and family.is_installed
    ]
