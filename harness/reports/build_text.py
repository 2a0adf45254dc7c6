"""A build in a dozen lines of plain text."""

from collections.abc import Mapping

from harness.core.manifest import Manifest
from harness.text.visible import visible


def build_text(manifest: Manifest, path: str, *, recipe_toml: str | None = None) -> str:
    """Tell what came in, what was kept and what was refused and why.

    Args:
        manifest: The version's manifest.
        path: Where the version lies.
        recipe_toml: The recipe that was improvised, to be printed after the summary.
    """
    counts = manifest.counts
    lines = [
        f"{manifest.reference}  {manifest.content_hash[:12]}",
        f"  read      {counts.read} records from {_plural(len(manifest.inputs), 'source')}",
        f"  kept      {counts.kept}  ({_listed(manifest.splits)})",
        f"  rejected  {counts.rejected}{_because(counts.rejected_by)}",
        f"  errors    {counts.errors}{_because(counts.errors_by)}",
        f"  edits     {sum(counts.edits_by.values())}{_because(counts.edits_by)}",
        f"  languages {_listed(manifest.languages)}",
        f"  written   {path}",
    ]
    if recipe_toml is not None:
        lines += [
            "",
            "# the recipe that was used; save it as recipe.toml to change it",
            *recipe_toml.splitlines(),
        ]
    return "\n".join(map(visible, lines))


def _because(by: Mapping[str, int]) -> str:
    return f"  ({_listed(by)})" if by else ""


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items(), key=lambda item: -item[1]))


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
