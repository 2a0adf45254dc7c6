"""Whether a version may be given to others: every source has to state its licence, and so has the whole."""

from dataclasses import dataclass

from harness.core.errors import ConfigurationError, HarnessError, raise_all
from harness.core.recipe import Recipe

# Licences by their SPDX identifier in lower case -> the identifier that the Hub knows, as listed in its
# documentation of dataset licences. Most are the SPDX identifier in lower case.
_HUB_LICENSES: dict[str, str] = {
    name: name
    for name in (
        "apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "mpl-2.0", "gpl-3.0", "agpl-3.0", "lgpl-3.0",
        "unlicense", "pddl", "odbl", "odc-by", "cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0",
        "cc", "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0",
        "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0",
        "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0",
    )
} | {
    "cc0": "cc0-1.0",
    "pddl-1.0": "pddl",
    "odbl-1.0": "odbl",
    "odc-by-1.0": "odc-by",
    "gpl-3.0-only": "gpl-3.0",
    "gpl-3.0-or-later": "gpl-3.0",
}  # fmt: skip


@dataclass(frozen=True)
class HubLicense:
    """A licence as the Hub's metadata states it.

    Args:
        id: An identifier that the Hub knows, or `other`.
        name: The licence's own name where the identifier is `other`, else None.
    """

    id: str
    name: str | None = None


def hub_license(stated: str) -> HubLicense:
    """Find the Hub's identifier of a licence; blanks and case do not matter (`CC BY-SA 4.0`)."""
    known = _HUB_LICENSES.get("-".join(stated.lower().split()))
    return HubLicense(known) if known else HubLicense("other", stated.strip())


def stated_licenses(recipe: Recipe) -> dict[str, str | None]:
    """Give each source's licence: its own, else what its records get by default, else None."""
    return {source.name: _said(source.license) or _said(source.defaults.license) for source in recipe.sources}


def require_rights(recipe: Recipe) -> None:
    """Refuse a recipe that does not say under which licence its sources and the whole may be passed on.

    Raises:
        ConfigurationError: A source, or the recipe itself, states no licence; all of them together.
    """
    errors: list[HarnessError] = []
    if _said(recipe.license) is None:
        errors.append(_unstated(recipe, "the compiled dataset", "license"))
    for number, (name, license_) in enumerate(stated_licenses(recipe).items()):
        if license_ is None:
            errors.append(_unstated(recipe, f"source '{name}'", f"sources[{number}].license"))
    raise_all(errors)


def _unstated(recipe: Recipe, subject: str, key: str) -> ConfigurationError:
    return ConfigurationError(
        f"no licence is stated for {subject}, so it may not be passed on",
        where=f"recipe of {recipe.name}: {key}",
        remedy='state it (as in license = "CC0-1.0") if you hold the rights, and build again',
    )


def _said(license_: str | None) -> str | None:
    return license_.strip() or None if license_ else None
