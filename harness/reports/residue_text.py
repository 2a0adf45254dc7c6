"""Proposed residue in plain text, with the lines to paste into a recipe."""

from collections.abc import Sequence

from harness.curation.residue import Proposal
from harness.text.visible import visible, visible_parts

_INTRODUCTION = (
    "# Lines that recur at the edges of a source's documents. Read them, and paste into recipe.toml what is\n"
    "# no author's; each # in a line stands for a run of digits. Nothing is cut before that."
)


def residue_text(proposals: Sequence[Proposal]) -> str:
    """Write proposals as TOML that a recipe takes as it is, the evidence beside each as a comment."""
    if not proposals:
        return "# no line recurs at the edges of documents"
    return "\n\n".join([_INTRODUCTION, *map(_entry, proposals)])


def _entry(proposal: Proposal) -> str:
    import tomli_w  # noqa: PLC0415 - only this command writes TOML

    evidence = (
        f"# in {proposal.documents} of {proposal.of} clusters; at least {proposal.confidence:.0%} of the source's "
        f"(95 % interval); as in {', '.join(proposal.examples)}"
    )
    entry = {"source": proposal.source, "at": proposal.at, "line": proposal.line}
    if not proposal.source:
        del entry["source"]
    return "\n".join([visible(evidence), "[[residue]]", *map(_escaped, tomli_w.dumps(entry).splitlines())])


def _escaped(line: str) -> str:
    """Write what a terminal would obey as TOML's own escapes: pasted, the line says the same."""
    pieces = visible_parts(line)
    return "".join(f"\\U{ord(piece):08X}" if hidden else piece for piece, hidden in pieces)
