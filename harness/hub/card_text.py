"""The part of a dataset card that people read."""

import re
from collections.abc import Callable, Mapping

from harness.core.manifest import Manifest
from harness.core.schema import documents_schema
from harness.core.signals import SIGNALS
from harness.hub.features import type_name
from harness.hub.rights import stated_licenses
from harness.text.markdown import code, plain, table
from harness.text.visible import visible

# What each column of the default config holds, in Markdown; the signals say it themselves.
_COLUMNS = {
    "id": "The record's own id where its source gives one, else derived from its bytes.",
    "text": "The published text.",
    "title": "Headline.",
    "url": "Where it was published.",
    "source": "Who published it, or the name of the source in the recipe.",
    "section": "Section or topic, as the source names it.",
    "author": "Who wrote it.",
    "dateline": "Place, agency and date as the text's first lines say them; null where none does.",
    "published": "When it was published, in UTC; null where the date cannot be read.",
    "published_raw": "The date as the source writes it.",
    "license": "Licence of this record.",
    "lang_declared": "Language as the metadata declares it, the shortest BCP-47 tag.",
    "locator": "Where in the source the record lies.",
    "raw_sha256": "SHA-256 of the record's own bytes as they were read.",
    "encoding": "Encoding that the bytes were decoded from.",
    "decode_repairs": "What decoding had to repair, guess or replace.",
    "cluster": "Group of copies and related texts; no group is parted by the splits. Resample by it.",
}
_CONFIGS = {
    "default": "the kept documents",
    "records": "everything that was read, with its signals and what became of it; no text",
    "rejected": "what was refused: by which rule, the observed and the allowed value, the evidence",
    "edits": "every change to a text: undone from the last to the first, they give the decoded text back",
    "errors": "records that could not be read",
    "clusters": "groups of copies and related texts",
    "metrics": "corpus metrics, one row a slice",
}
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+")


def card_text(manifest: Manifest, body: str) -> str:
    """Write the card below its metadata; sections that have nothing to say are left out."""
    parts = [f"# {plain(manifest.recipe.title or manifest.name)}", _lead(manifest), body.strip()]
    for heading, section in _SECTIONS.items():
        content = section(manifest)
        parts.append(f"## {heading}\n\n{content}" if content else "")
    return "\n\n".join(part for part in parts if part) + "\n"


def _lead(manifest: Manifest) -> str:
    recipe = manifest.recipe
    home = recipe.homepage or ""
    link = f"Home: {f'<{home}>' if _ADDRESS.fullmatch(home) else plain(home)}" if home else ""
    return "\n\n".join(part for part in (*_paragraphs(recipe.description), link) if part)


def _paragraphs(text: str) -> list[str]:
    """Write text of several lines as escaped paragraphs, parted where a line is blank."""
    return [plain(" ".join(paragraph.split())) for paragraph in re.split(r"\n\s*\n", text)]


def _numbers(manifest: Manifest) -> str:
    counts = manifest.counts
    balance = {
        "Read": counts.read,
        "Kept": counts.kept,
        "Rejected": counts.rejected,
        "Could not be read": counts.errors,
    }
    return "\n\n".join(
        part
        for part in (
            "Every record that was read is a kept document, a rejection or an error.",
            _tally("Records", balance, plain),
            _tally("Rejected by rule", counts.rejected_by, code),
            _tally("Could not be read because of", counts.errors_by, code),
        )
        if part
    )


def _splits(manifest: Manifest) -> str:
    intro = "Copies and related texts always share a split."
    return f"{intro}\n\n{_tally('Split', manifest.splits, code)}"


def _languages(manifest: Manifest) -> str:
    intro = f"As measured by {plain(manifest.identifier)}; `und` where the language cannot be told."
    by_documents = dict(sorted(manifest.languages.items(), key=lambda entry: (-entry[1], entry[0])))
    return f"{intro}\n\n{_tally('Language', by_documents, code)}"


def _how_made(manifest: Manifest) -> str:
    profile = (
        f"Cleaned with the profile {code(manifest.recipe.profile)}; every change is in the config `edits`."
    )
    stages = [(code(stage), plain(version)) for stage, version in manifest.stages.items()]
    made_with = [f"{plain(package)} {plain(version)}" for package, version in manifest.made_with.items()]
    return "\n\n".join(
        part
        for part in (
            profile
            if manifest.counts.edits_by
            else f"Cleaned with the profile {code(manifest.recipe.profile)}.",
            _tally("Edits by rule", manifest.counts.edits_by, code),
            table(("Stage", "Version"), stages) if stages else "",
            f"Made with {', '.join(made_with)}.",
        )
        if part
    )


def _how_to_load(manifest: Manifest) -> str:
    name = _python_string(f"ORGANISATION/{manifest.name}")
    rows = [
        (
            code(config),
            _CONFIGS[config],
            f"{sum(manifest.files[path].rows or 0 for shards in files.values() for path in shards):,}",
        )
        for config, files in manifest.data_files.items()
    ]
    return f"""```python
from datasets import load_dataset

documents = load_dataset({name}, revision="{manifest.version}")
records = load_dataset({name}, "records", split="train", revision="{manifest.version}")
```

The name is the repository's; the path of the version's folder, without `revision`, does as well.

{table(("Config", "Holds", "Rows"), rows, numbers=1)}"""


def _columns(manifest: Manifest) -> str:
    meanings = _COLUMNS | {signal.name: signal.meaning for signal in SIGNALS}
    meanings |= {signal.name: plain(signal.meaning) for signal in manifest.own_signals}
    schema = documents_schema(manifest.own_signals)
    rows = [(code(field.name), plain(type_name(field.type)), meanings[field.name]) for field in schema]
    return table(("Column", "Type", "Meaning"), rows)


def _rights(manifest: Manifest) -> str:
    licenses = stated_licenses(manifest.recipe)
    whole = manifest.recipe.license
    rows = [
        (code(entry.source), plain(licenses.get(entry.source) or "not stated"), f"{entry.records:,}")
        for entry in manifest.inputs
    ]
    intro = (
        f"The compiled dataset: {plain(whole)}."
        if whole
        else "No licence is stated for the compiled dataset."
    )
    return f"{intro} The sources:\n\n{table(('Source', 'Licence', 'Records'), rows, numbers=1)}"


def _version(manifest: Manifest) -> str:
    return (
        f"Version {plain(manifest.version)} of {code(manifest.name)}, content hash\n"
        f"{code('sha256:' + manifest.content_hash)}. Cite both: the hash names the content, wherever it lies.\n"
        "`manifest.json` names every file with its SHA-256, the recipe and the inputs. Where this version was\n"
        "built, `harness why ID` tells one document's life from its raw bytes to its published text."
    )


_SECTIONS: dict[str, Callable[[Manifest], str]] = {
    "Numbers": _numbers,
    "Splits": _splits,
    "Languages": _languages,
    "How it was made": _how_made,
    "How to load it": _how_to_load,
    "Columns": _columns,
    "Rights": _rights,
    "Version": _version,
}


def _tally(subject: str, counts: Mapping[str, int], shown: Callable[[str], str]) -> str:
    """Write counts as a table, or nothing where there are none."""
    rows = [(shown(name), f"{count:,}") for name, count in counts.items()]
    return table((subject, "Count"), rows, numbers=1) if rows else ""


def _python_string(text: str) -> str:
    return '"' + visible(text).replace("\\", "\\\\").replace('"', '\\"') + '"'
