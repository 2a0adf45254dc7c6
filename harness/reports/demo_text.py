"""The demo's story in plain text: what came in, what was kept, what was refused, who answers best."""

from collections.abc import Mapping, Sequence

from harness.core.manifest import Manifest
from harness.core.publication import Plan
from harness.core.verdict import Verdict
from harness.curation.life import Life
from harness.evaluation.results import Comparison
from harness.reports.build_text import build_text
from harness.reports.comparison_text import comparison_text
from harness.reports.verdict_text import verdict_summary
from harness.reports.why_text import why_text
from harness.text.visible import visible

_EDITS_SHOWN = 3
_TASKS_SHOWN = 3  # a screen or two: people read the first
_LEFT_OUT: dict[str, object] = {"signals": {}, "rules": (), "gates": ()}


def built_section(manifest: Manifest, path: str) -> str:
    """Tell what came in and what became of it."""
    return _section("What came in, what was kept, what was refused and why", build_text(manifest, path))


def edited_section(life: Life) -> str:
    """Tell one document's life: every edit can be replayed."""
    text = why_text(life.model_copy(update=_LEFT_OUT), most_edits=_EDITS_SHOWN)
    return _section("One document's life", f"{text}\n  All of it: harness why {visible(life.id)}")


def passed_section(verdict: Verdict, plan: Plan) -> str:
    """Tell that the version passed and what publishing it would do."""
    said = f"  {len(plan.files)} files, {plan.total_bytes / 1e6:.1f} MB, licence {plan.license}: ready for harness publish"
    return _section("The gates", verdict_summary(verdict) + "\n" + visible(said))


def refused_section(verdict: Verdict) -> str:
    """Show a batch that fails, with its findings."""
    return _section("A second batch, by a careless scraper, as CI would see it", verdict_summary(verdict))


def comparison_section(comparisons: Sequence[Comparison]) -> str:
    """Show the first leaderboards, and say which more the report holds."""
    shown, others = comparisons[:_TASKS_SHOWN], comparisons[_TASKS_SHOWN:]
    blocks = [comparison_text(comparison) for comparison in shown]
    if others:
        names = ", ".join(comparison.subject.task for comparison in others)
        blocks.append(visible(f"  In the report, too: {names}"))
    return _section("NLP systems on this corpus", "\n\n".join(blocks))


def paths_section(reports: Mapping[str, str], seconds: float) -> str:
    """Say where the reports lie, and what to try next."""
    lines = [f"  {path}" for path in reports.values()]
    lines += [
        "",
        "  Next: harness build FOLDER_OF_ARTICLES --out VERSION --profile news-ar",
        f"  ({seconds:.1f} s)",
    ]
    return _section("Open the report", "\n".join(map(visible, lines)))


def _section(title: str, text: str) -> str:
    return f"{title}\n{'─' * len(title)}\n{text}\n"
