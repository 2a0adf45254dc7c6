"""What a report says of the corpus: what became of its records, how its gates ended, what it is called."""

from collections.abc import Mapping, Sequence

from harness.evaluation.results import Comparison, Subject
from harness.reports.summary import CorpusSummary, GateCounts
from harness.reports.wording.figures import count


def gates(counts: GateCounts | None) -> tuple[str, str]:
    """Say how the gates ended, as a heading and its figures."""
    if counts is None:
        return "Not validated", "no gate has looked at this version"
    heading = "Passed its gates" if counts.passed else "Did not pass its gates"
    told = [f"{counts.met} met", f"{counts.warned} warned" if counts.warned else ""]
    told += [f"{counts.failed} failed" if counts.failed else ""]
    told += [f"{counts.not_judged} could not be judged" if counts.not_judged else ""]
    return heading, ", ".join(filter(None, told))


def balance(summary: CorpusSummary) -> str:
    """Say what became of the records that were read."""
    return (
        f"Of {count(summary.read, 'record')} read, {summary.kept:,} {'was' if summary.kept == 1 else 'were'} kept, "
        f"{summary.rejected:,} refused by a rule, and {summary.errors:,} could not be read."
    )


def most_first(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    """Order named numbers, the largest first and equal ones by name."""
    return sorted(numbers.items(), key=lambda entry: (-entry[1], entry[0]))


def page_title(comparisons: Sequence[Comparison], summary: CorpusSummary | None) -> str:
    """Name a report: by its task where there is one, else by the corpus' version."""
    if len(comparisons) == 1:
        return task_title(comparisons[0].subject)
    if summary:
        return f"{summary.name} {summary.version}"
    named = {f"{comparison.subject.dataset} {comparison.subject.version}" for comparison in comparisons}
    return ", ".join(sorted(named)) or "Nothing to compare"


def task_title(subject: Subject) -> str:
    """Name a task and what it is asked on: `topic on demo-news 1.0.0`; of other tools' results, as they have it."""
    if subject.dataset:
        return f"{subject.task} on {subject.dataset} {subject.version}"
    return f"{subject.task}, version {subject.version}" if subject.version else subject.task


def scope(comparison: Comparison) -> str:
    """Say on how much a comparison rests: `90 items in 40 clusters of near-duplicates`, where clusters are known."""
    subject = comparison.subject
    items = count(subject.items, "item")
    if comparison.are_independent:
        return f"{items}, each taken for independent"
    return f"{items} in {count(subject.clusters, 'cluster')} of near-duplicates"


def version_told(subject: Subject) -> str:
    """Name the version: `demo-news@1.0.0`; of other tools' results, as they have it."""
    if subject.dataset:
        return f"{subject.dataset}@{subject.version}"
    return f"version {subject.version}" if subject.version else "a version that the results do not name"
