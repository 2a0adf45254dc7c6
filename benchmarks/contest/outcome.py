"""What one contender did: cost, speed and quality, or why there is none."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Cost:
    """What a process and all its children used.

    Args:
        cpu_s: User and system seconds of the work; without the imports where an adapter tells them apart.
        start_cpu_s: Seconds before the work: the interpreter and the imports.
        wall_s: From start to end, imports included; the machine may have been shared.
        peak_mb: Largest sum over all processes of proportional set sizes (shared pages count once), sampled.
    """

    cpu_s: float
    start_cpu_s: float
    wall_s: float
    peak_mb: float


@dataclass(frozen=True)
class Quality:
    """How well planted copies were told from the rest; None where there is nothing to measure.

    Args:
        recall: Share of the planted copies that were found, over all kinds and by kind.
        precision: Share of the refused documents that have their like among the kept ones.
        original_survives: Of the clusters of which anything was refused, the share whose original is kept.
        refused_related: Related texts (half, template) that were refused: all of them wrongly.
    """

    recall: float | None
    recall_by_kind: dict[str, float | None]
    precision: float | None
    original_survives: float | None
    refused_related: int


@dataclass(frozen=True)
class Outcome:
    """The result of one contender on one corpus."""

    name: str
    task: str
    documents: int
    versions: dict[str, str]
    cost: Cost | None = None
    quality: Quality | None = None
    failure: str | None = None
    remark: str = ""

    @property
    def docs_per_cpu_s(self) -> float | None:
        """Documents a second and core."""
        return None if self.cost is None else self.documents / self.cost.cpu_s

    def as_json(self) -> dict[str, Any]:
        """Everything, as JSON has it."""
        return asdict(self) | {"docs_per_cpu_s": self.docs_per_cpu_s}
