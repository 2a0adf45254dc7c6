"""A comparison's gate in the formats of continuous integration: the sinks of data gates, signed as its own."""

from collections.abc import Sequence

from harness.core.verdict import Verdict
from harness.evaluation.results import Comparison
from harness.reports.comparison_markdown import comparison_brief
from harness.reports.verdicts.markdown import verdict_markdown
from harness.reports.verdicts.placing import Placing

# By it a bot finds the comment that it wrote before and replaces it, and not the one of `harness validate`.
SIGN = "<!-- harness compare -->"


def comparison_gate_markdown(
    verdict: Verdict, placing: Placing, *, comparisons: Sequence[Comparison] = ()
) -> str:
    """Write the verdict on comparisons as Markdown for a pull request, then what was compared, folded away."""
    _, _, rest = verdict_markdown(verdict, placing).partition("\n")
    briefs = "".join(f"\n{comparison_brief(comparison)}\n" for comparison in comparisons)
    return f"{SIGN}\n{rest}{briefs}"
