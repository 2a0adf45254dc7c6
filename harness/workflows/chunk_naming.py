"""The names of what chunks become: by the records, and by everything that is done to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from harness.core.fingerprints import fingerprint
from harness.core.recipe import DuplicateSettings, Recipe
from harness.curation.dates import DATES_VERSION
from harness.curation.identity import table_hash
from harness.curation.languages import LANGUAGES_VERSION
from harness.curation.learnt import learnt_stages
from harness.sources.html import extractor_identity
from harness.systems.identifiers import identity_of, open_judges
from harness.systems.own_signals import open_signals
from harness.text.cleaning import stage_versions
from harness.text.credits import credit_stages
from harness.text.decoding import decoding_identity

# Raised when the outcome of a stage changes for some input: it is part of every version's identity.
_STAGE_VERSIONS = {
    "dates": DATES_VERSION,
    "headline": "2",
    "language": LANGUAGES_VERSION,
    "signals": "4",
    "signatures": "2",
}


def stages_of(recipe: Recipe) -> dict[str, str]:
    """Name the stages that a build with this recipe goes through, with their versions."""
    return {
        **_decoding_stages(recipe),
        **stage_versions(recipe.profile),
        **learnt_stages(recipe),
        **credit_stages(recipe.profile),
        **_STAGE_VERSIONS,
        **{f"signal {signal.name}": signal.identity for signal in open_signals(recipe.signals)},
    }


def _decoding_stages(recipe: Recipe) -> dict[str, str]:
    return {
        "decode": decoding_identity(),
        "extract": "; ".join(extractor_identity(name) for name in recipe.extractors),
    }


def chunk_options(recipe: Recipe) -> dict[str, Any]:
    """Give the part of a recipe that shapes chunks: rules, thresholds and splits decide later, over signals."""
    return {
        "profile": recipe.profile,
        "language": recipe.language.model_dump(mode="json"),
        "duplicates": signature_settings(recipe.duplicates).model_dump(mode="json"),
        "residue": [line.model_dump(mode="json") for line in recipe.residue],
        "broken_lines": [one.model_dump(mode="json") for one in recipe.broken_lines],
        "signals": list(recipe.signals),
    }


def signature_settings(settings: DuplicateSettings) -> DuplicateSettings:
    """Keep of the settings what signatures hang on; the rest decides over them."""
    return DuplicateSettings(
        shingle_words=settings.shingle_words,
        duplicate=settings.duplicate,
        related=min(settings.duplicate, DuplicateSettings().related),
    )


@dataclass(frozen=True)
class ChunkKeys:
    """Names of what a chunk becomes: by the records themselves, and everything that is done to them.

    Args:
        decoded: Of its decoded and extracted records; no cleaning rule enters.
        processed: Of its measured documents, and all that comes with them.
    """

    decoded: str
    processed: str


@dataclass(frozen=True)
class Naming:
    """How chunks are named under one recipe.

    Args:
        reading: Fingerprint of what reads raw records.
        decoding: Fingerprint of the stages up to decoded text.
        processing: Fingerprint of the stages and options behind them.
    """

    reading: str
    decoding: str
    processing: str

    @classmethod
    def of(cls, recipe: Recipe, software: Mapping[str, str]) -> "Naming":
        """Take in a recipe, and what of the software can change an outcome without a stage knowing."""
        identifier = identity_of(open_judges(recipe.language))
        return cls(
            reading=fingerprint(dict(software)),
            decoding=fingerprint([_decoding_stages(recipe), dict(software)]),
            processing=fingerprint([stages_of(recipe), chunk_options(recipe), identifier, dict(software)]),
        )

    def keys(self, told: pa.Table) -> ChunkKeys:
        """Name a chunk by what is told of its raw records (schema TOLD): what they say, and not where they lie."""
        content = table_hash(told.select(["digest"]))
        decoded = fingerprint(["decoded", content, self.decoding])
        return ChunkKeys(decoded, fingerprint(["processed", decoded, self.processing]))


def raw_name(keys: ChunkKeys) -> str:
    """Name the file of a chunk's raw records: by what is in it, so that no part of it goes under the name."""
    return f"{keys.decoded}.arrow"
