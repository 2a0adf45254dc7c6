"""What a recipe has accepted about single sources, as rules of cleaning and as stages with versions."""

from collections.abc import Sequence

from harness.core.recipe import BrokenLines, LearntResidue, Recipe
from harness.text.cleaning import CleaningRule
from harness.text.rules.joins import broken_paragraph_of_source
from harness.text.rules.learnt import LEARNT_RULE, LEARNT_VERSION, learnt_residue
from harness.text.rules.wrapped import WRAPPED_OF_SOURCE, WRAPPED_OF_SOURCE_VERSION, wrapped_lines_of_source


def rules_by_source(
    residue: Sequence[LearntResidue], broken_lines: Sequence[BrokenLines]
) -> dict[str | None, tuple[CleaningRule, ...]]:
    """Make each source's rules: first its lines at the edges are cut, then its lines are joined.

    Returns:
        Rules by the documents' `source`; None stands for documents without one.
    """
    joins = {source: _joins(broken_lines, source) for source in {one.source for one in broken_lines}}
    cuts = {source: (_cut(residue, source),) for source in {one.source for one in residue}}
    return {source: (*cuts.get(source, ()), *joins.get(source, ())) for source in cuts | joins}


def learnt_stages(recipe: Recipe) -> dict[str, str]:
    """Name the stages that accepted lines go through, with their versions; joins only where a recipe has any."""
    stages = {LEARNT_RULE: LEARNT_VERSION}
    if recipe.broken_lines:
        stages[broken_paragraph_of_source.name] = broken_paragraph_of_source.version
        stages[WRAPPED_OF_SOURCE] = WRAPPED_OF_SOURCE_VERSION
    return {f"clean.{name}": version for name, version in stages.items()}


def _cut(residue: Sequence[LearntResidue], source: str | None) -> CleaningRule:
    first, last = (
        [one.line for one in residue if (one.source, one.at) == (source, edge)] for edge in ("start", "end")
    )
    return learnt_residue(first, last)


def _joins(broken_lines: Sequence[BrokenLines], source: str | None) -> tuple[CleaningRule, ...]:
    widths = [one.width for one in broken_lines if one.source == source]
    wrapped = tuple(wrapped_lines_of_source(width) for width in widths if width is not None)
    return (*wrapped, broken_paragraph_of_source) if None in widths else wrapped
