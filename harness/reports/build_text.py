"""A build in a dozen lines of plain text."""

from collections.abc import Iterator, Mapping

from harness.core.manifest import Manifest
from harness.text.visible import visible

_INDENT = " " * 12
_HASH_DIGITS = 12


def build_text(manifest: Manifest, path: str, *, recipe_toml: str | None = None) -> str:
    """Tell what came in, what was kept and what was refused and why.

    Args:
        manifest: The version's manifest.
        path: Where the version lies.
        recipe_toml: The recipe that was improvised, to be printed after the summary.
    """
    lines = list(_summary(manifest, path))
    if recipe_toml is not None:
        lines += [
            "",
            "# the recipe that was used; save it as recipe.toml to change it",
            *recipe_toml.splitlines(),
        ]
    return "\n".join(map(visible, lines))


def _summary(manifest: Manifest, path: str) -> Iterator[str]:
    counts = manifest.counts
    yield f"{manifest.reference}  {manifest.content_hash[:_HASH_DIGITS]}"
    yield f"  read      {_plural(counts.read, 'record')} from {_plural(len(manifest.inputs), 'source')}"
    yield f"  kept      {counts.kept}: {_listed(manifest.splits)}; {_listed(manifest.languages)}"
    yield f"  rejected  {counts.rejected}"
    yield from _reasons(counts.rejected_by)
    yield f"  errors    {counts.errors}"
    yield from _reasons(counts.errors_by)
    yield f"  edits     {sum(counts.edits_by.values())}, each in the ledger and reversible"
    yield from _reasons(counts.edits_by)
    yield f"  written   {path}"


def _reasons(by: Mapping[str, int]) -> Iterator[str]:
    width = max((len(str(number)) for number in by.values()), default=0)
    yield from (f"{_INDENT}{number:>{width}}  {name}" for name, number in _most_first(by))


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in _most_first(counts))


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
