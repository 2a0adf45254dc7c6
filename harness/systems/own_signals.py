"""Signals of the user's own: what installed packages measure, found by entry points and opened by name."""

from collections.abc import Sequence
from functools import cache
from importlib import metadata

from harness.core.errors import ConfigurationError, HarnessError, raise_all
from harness.core.schema import DOCUMENTS, RAW, RECORDS
from harness.core.settings import suggestion
from harness.core.signals import KINDS, SIGNAL_NAME, OwnSignal
from harness.curation.processed import MEASURED

ENTRY_POINTS = "harness.signals"

# Columns of the tables that a signal travels through: two of one name could not be told apart.
_TAKEN = frozenset({*DOCUMENTS.names, *RECORDS.names, *MEASURED.names, *RAW.names, "split", "is_page"})


def open_signals(names: Sequence[str]) -> tuple[OwnSignal, ...]:
    """Open the signals that a recipe names, in its order.

    Nothing is looked for where nothing is named: a package that is installed and not named changes nothing and
    costs nothing.

    Raises:
        ConfigurationError: No installed package brings one, several bring it, its name is taken, or it cannot be
            loaded; all that is wrong comes together.
    """
    return _opened(tuple(names)) if names else ()


@cache
def _opened(names: tuple[str, ...]) -> tuple[OwnSignal, ...]:
    entries = metadata.entry_points(group=ENTRY_POINTS)
    opened: list[OwnSignal] = []
    problems: list[HarnessError] = []
    for name in names:
        try:
            opened.append(_loaded(_found(name, entries), name))
        except ConfigurationError as error:
            problems.append(error)
    raise_all(problems)
    return tuple(opened)


def _found(name: str, entries: metadata.EntryPoints) -> metadata.EntryPoint:
    where = f"signals: '{name}'"
    if name in _TAKEN:
        raise ConfigurationError(
            f"the tables of a version have a column '{name}' already",
            where=where,
            remedy="every version has the built-in signals: take it out, or give your own another name",
        )
    found = entries.select(name=name)
    if not found:
        installed = sorted(entries.names)
        raise ConfigurationError(
            f"no installed package brings the signal '{name}'",
            where=where,
            remedy=suggestion(name, installed)
            if installed
            else f"install the one that does; none here has an entry point of the group '{ENTRY_POINTS}'",
        )
    if len({entry.value for entry in found}) > 1:
        raise ConfigurationError(
            f"several installed packages bring a signal '{name}'",
            where=", ".join(sorted(_in_words(entry) for entry in found)),
            remedy="uninstall all but one",
        )
    return next(iter(found))


def _loaded(entry: metadata.EntryPoint, name: str) -> OwnSignal:
    where = f"entry point {ENTRY_POINTS}: {_in_words(entry)}"
    try:
        signal = entry.load()
    except Exception as error:
        raise ConfigurationError(
            f"the signal cannot be loaded: {type(error).__name__}: {error}",
            where=where,
            remedy="mend the package that brings it",
        ) from error
    lack = _lack(signal, name)
    if lack:
        raise ConfigurationError(
            lack,
            where=where,
            remedy="name an object of harness.core.signals.OwnSignal, called as its entry point",
        )
    return signal  # type: ignore[no-any-return]  # `_lack` looked


def _lack(signal: object, name: str) -> str:
    if not isinstance(signal, OwnSignal):
        return f"this is no OwnSignal but a {type(signal).__name__}"
    if signal.name != name:
        return f"the signal calls itself '{signal.name}' and its entry point '{name}'"
    if SIGNAL_NAME.fullmatch(name) is None:
        return f"'{name}' is no name for a column: two to 64 letters a to z and underscores"
    if signal.kind not in KINDS:
        return f"no kind is called {signal.kind!r}: they are {', '.join(KINDS)}"
    if not (isinstance(signal.version, str) and signal.version and isinstance(signal.meaning, str)):
        return "its version has to be a text that is not empty, and its meaning a text"
    return "" if callable(signal.measure) else "its 'measure' cannot be called"


def _in_words(entry: metadata.EntryPoint) -> str:
    return f"{entry.name} = {entry.value}"
