"""Extractors: which blocks of a page are its article. Each is one module here and one entry below."""

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

from harness.core.errors import ConfigurationError
from harness.core.recipe import ExtractorName
from harness.core.settings import suggestion
from harness.sources.extractors import resiliparse, trafilatura


class Extractor(Protocol):
    """An extractor that was found to be installed."""

    @property
    def identity(self) -> str:
        """Its name, version and settings, as part of a version's identity."""

    def blocks(self, tree: Any) -> list[str]:
        """Give the article's paragraphs, in order.

        Args:
            tree: The page's root as an lxml element, boxes cut out; may be changed.

        Returns:
            One text for each paragraph, heading, list or table, none of them empty; the items of a list and
            the rows of a table are lines, cells are parted by ` | `. Empty where no article was found.
        """


_OPEN: dict[ExtractorName, Callable[[], Extractor]] = {
    "trafilatura": trafilatura.find,
    "resiliparse": resiliparse.find,
}


def open_extractor(name: str) -> Extractor:
    """Open an extractor by its name.

    Raises:
        ConfigurationError: No extractor has this name, or its package is not installed.
    """
    opened = {str(known): find for known, find in _OPEN.items()}
    if name not in opened:
        raise ConfigurationError(
            f"no extractor is called '{name}'",
            where="sources.extractor",
            remedy=suggestion(name, list(opened)),
        )
    return _opened(name)


@cache
def _opened(name: ExtractorName) -> Extractor:
    try:
        return _OPEN[name]()
    except ImportError as error:
        others = ", ".join(sorted(set(_OPEN) - {name}))
        raise ConfigurationError(
            f"the extractor '{name}' is not installed: {error}",
            where="sources.extractor",
            remedy=f"install corpus-harness[{name}], or choose one of: {others}",
        ) from error
