"""Which systems there are, and how one is opened by its name or its URI."""

from collections.abc import Mapping

from harness.core.errors import ConfigurationError
from harness.core.settings import suggestion
from harness.systems import (
    baselines,
    bm25,
    char_tfidf,
    chat_models,
    functions,
    language_identification,
    predictions,
    programs,
)
from harness.systems.hf import family as hf_models
from harness.systems.settings import SystemSettings, settings_of
from harness.systems.system import System, SystemFamily

# A new kind of system is a module with FAMILIES, named here.
_MODULES = (
    language_identification,
    bm25,
    char_tfidf,
    baselines,
    predictions,
    programs,
    functions,
    chat_models,
    hf_models,
)
FAMILIES: dict[str, SystemFamily] = {family.name: family for module in _MODULES for family in module.FAMILIES}
_WHERE = "--system"

Declared = Mapping[str, SystemSettings]  # the systems of a `systems.toml`, by name


def settings_for(system: str, declared: Declared) -> SystemSettings:
    """Find what is known of a system: what `systems.toml` says of its name, else its URI alone."""
    return declared.get(system) or settings_of(system)


def family_of(system: str, declared: Declared) -> SystemFamily | None:
    """Find the family of a system; None where there is none."""
    return FAMILIES.get(settings_for(system, declared).family)


def open_system(system: str, *, kind: str, declared: Declared | None = None) -> System:
    """Open a system for a kind of task.

    Args:
        system: A name of `systems.toml`, or a URI: `bm25`, `preds:FILE.jsonl` and so on.
        kind: The kind of task that it is to answer.
        declared: What `systems.toml` says.

    Raises:
        ConfigurationError: There is no such system, it does not fit the task, it is not installed, or an
            option says nothing to it.
        InputError: What it is made from cannot be read.
    """
    declared = declared or {}
    settings = settings_for(system, declared)
    family = _known_family(settings, declared)
    if not family.fits(kind, settings):
        raise ConfigurationError(
            f"the system '{system}' does not answer tasks of kind '{kind}'",
            where=_WHERE,
            remedy=f"these do: {', '.join(usages_for(kind))}",
        )
    _refuse_misnamed(settings, family)
    _refuse_idle_options(settings, family)
    return family.open(_with_prompt(settings, family, kind))


def check_settings(settings: SystemSettings) -> None:
    """Make sure that a system of `systems.toml` can be meant; opens nothing.

    Raises:
        ConfigurationError: There is no such kind of system, it is named otherwise, or an option says nothing to it.
    """
    family = _known_family(settings, {})
    _refuse_misnamed(settings, family)
    _refuse_idle_options(settings, family)


def _known_family(settings: SystemSettings, declared: Declared) -> SystemFamily:
    family = FAMILIES.get(settings.family)
    if family is None:
        raise ConfigurationError(
            f"no system is called '{settings.uri}'",
            where=_place(settings),
            remedy=suggestion(settings.family, [*FAMILIES, *declared]),
        )
    return family


def _with_prompt(settings: SystemSettings, family: SystemFamily, kind: str) -> SystemSettings:
    """Keep of all prompts that of one kind: the others have no part in what the system is."""
    if "prompts" not in family.options:
        return settings
    prompt = settings.prompts.get(kind) or family.prompts.get(kind)
    return settings.model_copy(update={"prompts": {kind: prompt} if prompt else {}})


def _refuse_misnamed(settings: SystemSettings, family: SystemFamily) -> None:
    has_colon = ":" in settings.uri
    if bool(settings.argument) != family.takes_argument or has_colon != family.takes_argument:
        raise ConfigurationError(
            f"'{settings.uri}' is not how this system is named",
            where=_place(settings),
            remedy=f"write {family.usage}",
        )


def _refuse_idle_options(settings: SystemSettings, family: SystemFamily) -> None:
    idle = sorted(settings.options_given - family.options)
    if idle:
        known = ", ".join(sorted(family.options)) or "none but name, uri and batch_items"
        raise ConfigurationError(
            f"the option '{idle[0]}' says nothing to {family.usage}",
            where=_place(settings),
            remedy=f"take it out; its options are: {known}",
        )


def _place(settings: SystemSettings) -> str:
    return _WHERE if settings.name == settings.uri else f"systems.toml: {settings.name}"


def usages_for(kind: str) -> list[str]:
    """Say how to name each system that answers a kind of task."""
    return [family.usage for family in FAMILIES.values() if family.fits(kind)]


def built_in_for(kind: str) -> list[str]:
    """Name the systems that answer a kind of task, need nothing from the user, no extra, and are installed."""
    return [
        family.name
        for family in FAMILIES.values()
        if family.fits(kind) and not (family.takes_argument or family.is_extra) and family.is_installed
    ]
