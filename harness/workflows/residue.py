"""Proposing what a recipe may accept about a source: lines that it repeats, and how it breaks them."""

from harness.curation.broken_lines import BrokenLinesProposal, before_joins, propose_broken_lines
from harness.curation.residue import Proposal, propose
from harness.store.versions import VersionFolder


def propose_residue(version: VersionFolder, min_share: float) -> list[Proposal]:
    """Propose lines that the version's documents repeat, but for those that its recipe lists already."""
    known = {(one.source or "", one.at, one.line) for one in version.manifest.recipe.residue}
    proposed = propose(version.documents(["id", "text", "source", "cluster"]), min_share=min_share)
    return [one for one in proposed if (one.source, one.at, one.line) not in known]


def propose_joins(version: VersionFolder) -> list[BrokenLinesProposal]:
    """Propose sources that break sentences often, but for those that the version's recipe lists already."""
    known = {(one.source or "", one.width) for one in version.manifest.recipe.broken_lines}
    documents = version.documents(["id", "text", "source", "cluster"])
    proposed = propose_broken_lines(before_joins(documents, version.table("edits")))
    return [one for one in proposed if (one.source, one.width) not in known]
