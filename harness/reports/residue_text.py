"""What is proposed about sources, in plain text, with the lines to paste into a recipe."""

from collections.abc import Mapping, Sequence
from typing import Any

from harness.curation.broken_lines import BrokenLinesProposal
from harness.curation.residue import Proposal
from harness.text.visible import visible, visible_parts

_INTRODUCTION = (
    "# Lines that recur at the edges of a source's documents. Read them, and paste into recipe.toml what is\n"
    "# no author's; each # in a line stands for a run of digits. Nothing is cut before that."
)
_JOINS_INTRODUCTION = (
    "# Sources that break sentences often. Read the examples, and paste what is true: with such an entry less\n"
    "# evidence joins the source's lines (profile news-ar only)."
)


def residue_text(proposals: Sequence[Proposal], joins: Sequence[BrokenLinesProposal] = ()) -> str:
    """Write proposals as TOML that a recipe takes as it is, the evidence beside each as a comment."""
    if not proposals and not joins:
        return "# no line recurs at the edges of documents, and no source breaks sentences often"
    parts = [_INTRODUCTION, *map(_entry, proposals)] if proposals else []
    return "\n\n".join([*parts, *([_JOINS_INTRODUCTION, *map(_join_entry, joins)] if joins else [])])


def _join_entry(proposal: BrokenLinesProposal) -> str:
    if proposal.width is None:
        seen = f"at {proposal.breaks} of {proposal.places} blank lines a word tells that a sentence goes on"
        surely = f"at {proposal.confidence:.0%} of the source's"
    else:
        seen = f"{proposal.breaks} of {proposal.places} line ends fill {proposal.width} characters"
        surely = f"{proposal.confidence:.0%} of the source's clusters"
    evidence = (
        f"# {seen}, in {proposal.documents} of {proposal.of} clusters; at least {surely} (95 % interval); "
        f"as in {', '.join(proposal.examples)}"
    )
    entry = {"source": proposal.source or None, "width": proposal.width}
    return _pasted(
        evidence, "broken_lines", {key: value for key, value in entry.items() if value is not None}
    )


def _entry(proposal: Proposal) -> str:
    evidence = (
        f"# in {proposal.documents} of {proposal.of} clusters; at least {proposal.confidence:.0%} of the source's "
        f"(95 % interval); as in {', '.join(proposal.examples)}"
    )
    entry = {"source": proposal.source, "at": proposal.at, "line": proposal.line}
    if not proposal.source:
        del entry["source"]
    return _pasted(evidence, "residue", entry)


def _pasted(evidence: str, table: str, entry: Mapping[str, Any]) -> str:
    import tomli_w  # noqa: PLC0415 - only this command writes TOML

    lines = map(_escaped, tomli_w.dumps(entry).splitlines())
    return "\n".join([visible(evidence), f"[[{table}]]", *lines])


def _escaped(line: str) -> str:
    """Write what a terminal would obey as TOML's own escapes: pasted, the line says the same."""
    pieces = visible_parts(line)
    return "".join(f"\\U{ord(piece):08X}" if hidden else piece for piece, hidden in pieces)
