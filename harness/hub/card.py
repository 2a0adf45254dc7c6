"""The dataset card of a version: metadata that `load_dataset` obeys and checks, and pages for readers."""

from typing import Any

from harness.core.manifest import Manifest
from harness.core.schema import documents_schema, ledger_schema
from harness.hub.card_text import card_text
from harness.hub.features import features
from harness.hub.rights import hub_license
from harness.text.language import UNDETERMINED
from harness.text.visible import visible

# The Hub's size classes: the first bound that the number of documents stays under.
_SIZES = (
    (10**3, "n<1K"),
    (10**4, "1K<n<10K"),
    (10**5, "10K<n<100K"),
    (10**6, "100K<n<1M"),
    (10**7, "1M<n<10M"),
    (10**8, "10M<n<100M"),
    (10**9, "100M<n<1B"),
    (10**10, "1B<n<10B"),
    (10**11, "10B<n<100B"),
    (10**12, "100B<n<1T"),
)
_LARGEST = "n>1T"
TAG = "corpus-harness"


def render_card(manifest: Manifest, body: str) -> str:
    """Write a version's README.md: the same card for the same manifest and body.

    Args:
        manifest: What the version is made from and consists of.
        body: What people wrote about the corpus, in Markdown; taken as it is, since it is trusted. Words
            from anywhere else are escaped.
    """
    import yaml  # type: ignore[import-untyped]  # noqa: PLC0415 - only a card needs it

    front = yaml.safe_dump(front_matter(manifest), sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{front}---\n\n{card_text(manifest, body)}"


def front_matter(manifest: Manifest) -> dict[str, Any]:
    """Give the card's metadata as plain values, in the order in which they are written."""
    recipe = manifest.recipe
    return {
        "pretty_name": visible(recipe.title or recipe.name),
        "language": list(recipe.languages) or measured_languages(manifest),
        **_license(recipe.license),
        "size_categories": [_size_class(sum(manifest.splits.values()))],
        "tags": [TAG],
        "configs": [_config(name, files) for name, files in manifest.data_files.items()],
        "dataset_info": [_info(manifest, name, files) for name, files in manifest.data_files.items()],
    }


def measured_languages(manifest: Manifest) -> list[str]:
    """List the languages that were told, the most frequent first."""
    told = [(tag, documents) for tag, documents in manifest.languages.items() if tag != UNDETERMINED]
    return [tag for tag, _ in sorted(told, key=lambda entry: (-entry[1], entry[0]))]


def _license(stated: str | None) -> dict[str, str]:
    if stated is None:
        return {}
    license_ = hub_license(stated)
    named = {"license_name": visible(license_.name)} if license_.name else {}
    return {"license": license_.id, **named}


def _size_class(documents: int) -> str:
    return next((name for bound, name in _SIZES if documents < bound), _LARGEST)


def _config(name: str, files: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    default = {"default": True} if name == "default" else {}
    # Several shards one by one, too: a pattern would take in what somebody else puts beside them.
    paths = [
        {"split": split, "path": shards[0] if len(shards) == 1 else list(shards)}
        for split, shards in files.items()
    ]
    return {"config_name": name, **default, "data_files": paths}


def _info(manifest: Manifest, name: str, files: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    entries = {split: [manifest.files[path] for path in shards] for split, shards in files.items()}
    own = manifest.own_signals
    in_memory = {split: sum(one.arrow_bytes or 0 for one in shards) for split, shards in entries.items()}
    return {
        "config_name": name,
        "features": features(documents_schema(own) if name == "default" else ledger_schema(name, own)),
        # `load_dataset` refuses files with another number of rows; without a size it ignores the entry.
        "splits": [
            {
                "name": split,
                "num_bytes": in_memory[split],
                "num_examples": sum(one.rows or 0 for one in shards),
            }
            for split, shards in entries.items()
        ],
        "download_size": sum(one.bytes for shards in entries.values() for one in shards),
        "dataset_size": sum(in_memory.values()),
    }
