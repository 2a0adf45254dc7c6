"""Compare stored runs with each other."""

from collections.abc import Sequence

from harness.core.workspace import Workspace
from harness.evaluation.comparison import RunItems, compare
from harness.evaluation.results import Comparison
from harness.store.runs import RunFolder
from harness.store.traits import traits_for


def compare_runs(
    folders: Sequence[RunFolder],
    *,
    baseline: str | None = None,
    margin: float = 0.0,
    seed: int = 0,
    workspace: Workspace | None = None,
) -> Comparison:
    """Compare runs in pairs on the same items; see `harness.evaluation.comparison.compare`.

    Args:
        folders: Two or more runs of one task on one version.
        baseline: A run's id, or the name or URI of its system: compare the others with it alone.
        margin: Largest difference that does not matter, in the metrics' unit, >= 0.
        seed: Of the resampling.
        workspace: Where the version is looked for, to slice by what it knows of its documents.

    Raises:
        ConfigurationError: Fewer than two runs, one given twice, or an unknown baseline.
        NoEvidenceError: The runs do not measure the same thing on the same items.
        InputError: A run's items were changed after the run.
    """
    runs = [RunItems(folder.result, folder.manifest.subject, folder.items()) for folder in folders]
    traits = traits_for(workspace, runs[0].subject) if workspace and runs else None
    return compare(runs, baseline=baseline, margin=margin, seed=seed, traits=traits)
