"""Proposing a source's residue from a version: what repeats at the edges of its documents."""

from harness.curation.residue import Proposal, propose
from harness.store.versions import VersionFolder


def propose_residue(version: VersionFolder, min_share: float) -> list[Proposal]:
    """Propose lines that the version's documents repeat, but for those that its recipe lists already."""
    known = {(one.source or "", one.at, one.line) for one in version.manifest.recipe.residue}
    proposed = propose(version.documents(["id", "text", "source", "cluster"]), min_share=min_share)
    return [one for one in proposed if (one.source, one.at, one.line) not in known]
