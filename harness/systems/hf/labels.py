"""Labels of texts by a sequence classifier: the model's own, under the names that the task has for them."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from harness.core.errors import ConfigurationError, named
from harness.core.settings import suggestion
from harness.evaluation.tasks import TaskBrief
from harness.systems.hf.loading import Loaded, batches
from harness.systems.settings import SystemSettings
from harness.systems.system import Request, Response

_UNNAMED = re.compile(r"LABEL_\d+")


class Labeller:
    """Answers each text with its likeliest label; text beyond what the model takes at once is not read.

    Args:
        loaded: A model trained to classify.
        brief: The task, whose examples tell which labels there are.

    Raises:
        ConfigurationError: The model's labels say nothing, or nothing in this task.
    """

    def __init__(self, loaded: Loaded, brief: TaskBrief) -> None:
        self._loaded = loaded
        self._names = label_names(loaded.model.config.id2label, loaded.settings)
        require_shared(
            set(self._names.values()), {example.reference for example in brief.examples}, loaded.settings
        )

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Classify texts."""
        import torch  # noqa: PLC0415 - heavy, and an extra

        texts = [request.input for request in batch]
        told: dict[int, str] = {}
        for rows in batches(texts, self._loaded.settings.batch_size):
            with torch.inference_mode():
                logits: Any = self._loaded.model(**self._loaded.encoded([texts[row] for row in rows])).logits
            likeliest = logits.argmax(dim=-1).tolist()
            told |= {row: self._names[label] for row, label in zip(rows, likeliest, strict=True)}
        return [Response(request.id, told[row]) for row, request in enumerate(batch)]


def label_names(of_model: Mapping[int, str], settings: SystemSettings) -> dict[int, str]:
    """Give what a model's labels are called in the task, by their numbers.

    Raises:
        ConfigurationError: One says nothing, or systems.toml renames one that the model does not have.
    """
    where = f"systems.toml: {settings.name}: labels"
    unknown = sorted(settings.labels.keys() - set(of_model.values()))
    if unknown:
        raise ConfigurationError(
            f"the model has no label '{unknown[0]}'",
            where=where,
            remedy=suggestion(unknown[0], sorted(of_model.values())),
        )
    unnamed = [
        label for label in of_model.values() if _UNNAMED.fullmatch(label) and label not in settings.labels
    ]
    if unnamed:
        raise ConfigurationError(
            f"the model does not say what it means by {named(unnamed)}",
            where=where,
            remedy='say it: labels = { LABEL_0 = "sports", LABEL_1 = "economy" }',
        )
    return {int(number): settings.labels.get(label, label) for number, label in of_model.items()}


def require_shared(said: Collection[str], wanted: set[str], settings: SystemSettings) -> None:
    """Make sure that a model can be right: that it can say one at least of what is right in the task.

    Raises:
        ConfigurationError: It cannot.
    """
    if wanted and wanted.isdisjoint(said):
        raise ConfigurationError(
            f"not one label of the model is the task's: it says {named(sorted(said))}, and right are "
            f"{named(sorted(wanted))}",
            where=settings.uri,
            remedy='say in systems.toml which is which: labels = { THEIRS = "OURS" }',
        )
