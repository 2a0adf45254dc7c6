"""Finding out whether this installation can work, and which metrics can be trusted on which language."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from harness import __version__
from harness.core.errors import ConfigurationError
from harness.core.workspace import Workspace
from harness.evaluation.metrics import Metric
from harness.evaluation.texts.doctor import Diagnosis, diagnose, sample_languages
from harness.evaluation.texts.known import names, text_metric, user_metrics
from harness.systems.identifiers import default_identifier, identifier_names, open_identifier

DISTRIBUTION = "corpus-harness"
State = Literal["ok", "absent", "broken"]
# Chosen, not measured: a build keeps what it read beside the version, so that it needs a multiple of the text's size.
_FEWEST_FREE_BYTES = 1 << 30


@dataclass(frozen=True)
class Finding:
    """One thing that a working installation rests on.

    Args:
        subject: What was looked at.
        state: `absent` is told and does no harm, such as an extra that was not asked for; `broken` does.
        detail: The version, the place, or what is wrong.
        remedy: What to do; empty where nothing has to be done.
    """

    subject: str
    state: State
    detail: str
    remedy: str = ""


def check_installation(workspace: Workspace) -> tuple[Finding, ...]:
    """Look at Python, packages, extras, language identifiers, disk and the folders that are written to."""
    return (
        Finding("harness", "ok", f"{__version__}, Python {sys.version.split()[0]}"),
        *_packages(),
        *_identifiers(),
        *_places(workspace),
    )


def check_metrics(languages: Sequence[str], chosen: Sequence[str]) -> tuple[Diagnosis, ...]:
    """Try metrics on languages.

    Args:
        languages: BCP-47 tags; none for all languages that there are sentences of.
        chosen: Names of metrics; none for all that are built in and all that installed packages bring.

    Raises:
        ConfigurationError: There is no such metric, or one of a package cannot be loaded.
        NoEvidenceError: There are no sentences in a script of such a language.
    """
    return tuple(
        diagnose(metric, language)
        for language in languages or sample_languages()
        for metric in _metrics(language, chosen)
    )


def _metrics(language: str, chosen: Sequence[str]) -> Iterator[Metric]:
    brought = {metric.name: metric for metric in user_metrics(language)}
    for name in chosen or (*names(), *brought):
        yield brought.get(name) or text_metric(name, language)


def _packages() -> Iterator[Finding]:
    from packaging.requirements import Requirement  # noqa: PLC0415 - comes with datasets; only this verb needs it

    for written in _requirements():
        requirement = Requirement(written)
        extra = _extra_of(written)
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        if extra != "dev" and applies:
            yield _package(requirement.name, str(requirement.specifier), extra)


def _requirements() -> list[str]:
    try:
        return metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        raise ConfigurationError(
            "harness is not installed as a package, so that nothing says what it needs",
            where=DISTRIBUTION,
            remedy="install it: pip install -e . in the checkout",
        ) from None


def _package(name: str, wanted: str, extra: str) -> Finding:
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415 - as above

    subject = f"{name} (extra {extra})" if extra else name
    install = f"pip install '{DISTRIBUTION}[{extra}]'" if extra else f"pip install --upgrade {DISTRIBUTION}"
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(subject, "absent" if extra else "broken", "not installed", install)
    if not SpecifierSet(wanted).contains(version, prereleases=True):
        return Finding(subject, "broken", f"{version} is installed, {wanted} is needed", install)
    return Finding(subject, "ok", version)


def _extra_of(requirement: str) -> str:
    _, _, marker = requirement.partition("extra ==")
    return marker.strip(" \"')")


def _identifiers() -> Iterator[Finding]:
    for name in identifier_names():
        is_default = name == default_identifier()
        subject = f"language identifier {name}"
        try:
            opened = open_identifier(name)
        except ConfigurationError as error:
            yield Finding(subject, "absent", error.what, error.remedy)
        else:
            yield Finding(subject, "ok", f"{opened.version}{', the default' if is_default else ''}")


def _places(workspace: Workspace) -> Iterator[Finding]:
    free = shutil.disk_usage(workspace.root).free
    yield Finding(
        "disk",
        "ok" if free >= _FEWEST_FREE_BYTES else "broken",
        f"{free / (1 << 30):.1f} GiB free at {workspace.root}",
        "" if free >= _FEWEST_FREE_BYTES else "free some space there: builds need at least 1 GiB",
    )
    for purpose, place in _written_places(workspace):
        yield _place(purpose, place)


def _written_places(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    yield "workspace", workspace.root
    for cache in workspace.build_caches():
        yield "cache of builds", cache
    yield "temporary files", Path(tempfile.gettempdir())


def _place(purpose: str, place: Path) -> Finding:
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".harness-doctor-"):
            pass
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        return Finding(f"{purpose} is writable", "broken", f"{place}: {reason}", "check who may write there")
    return Finding(f"{purpose} is writable", "ok", str(place))
