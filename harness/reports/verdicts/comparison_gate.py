"""A comparison's gate in the formats of continuous integration: the sinks of data gates, signed as its own."""

from harness.core.verdict import Verdict
from harness.reports.verdicts.markdown import verdict_markdown
from harness.reports.verdicts.placing import Placing

# By it a bot finds the comment that it wrote before and replaces it, and not the one of `harness validate`.
SIGN = "<!-- harness compare -->"


def comparison_gate_markdown(verdict: Verdict, placing: Placing) -> str:
    """Write the verdict on a comparison as Markdown for a pull request."""
    _, _, rest = verdict_markdown(verdict, placing).partition("\n")
    return f"{SIGN}\n{rest}"
