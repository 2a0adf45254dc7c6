"""Retrieval by scores: what the built-in rankers share, and the same order every time."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from harness.core.errors import ConfigurationError
from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.systems.system import Request, Response


class Scorer(Protocol):
    """How well each candidate fits a query."""

    def index(self, texts: Sequence[str]) -> None:
        """Take in the candidates' texts."""

    def scores(self, query: str) -> npt.NDArray[Any]:
        """Score every candidate, shape (candidates,): >= 0, and 0 where nothing matches."""


class RankingSystem:
    """Answers each request with the candidates that score highest; equal scores go by id."""

    def __init__(self, identity: SystemIdentity, scorer: Scorer) -> None:
        self.identity = identity
        self._scorer = scorer
        self._ids: tuple[str, ...] = ()
        self._top_k = 0

    def prepare(self, brief: TaskBrief) -> None:
        """Index the pool.

        Raises:
            ConfigurationError: The task has no candidates to choose from.
        """
        if brief.pool is None:
            raise ConfigurationError(
                f"'{self.identity.name}' ranks candidates, and a task of kind '{brief.kind}' has none"
            )
        # In the order of ids, so that a stable sort by score breaks ties by id.
        order = sorted(range(len(brief.pool.ids)), key=brief.pool.ids.__getitem__)
        self._ids = tuple(brief.pool.ids[row] for row in order)
        self._top_k = brief.pool.top_k
        self._scorer.index([brief.pool.texts[row] for row in order])

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Name the best candidates for each query; none where nothing matches."""
        return [Response(request.id, self._best(self._scorer.scores(request.input))) for request in batch]

    def _best(self, scores: npt.NDArray[Any]) -> tuple[str, ...]:
        order = np.argsort(-scores, kind="stable")[: self._top_k]
        return tuple(self._ids[row] for row in order if scores[row] > 0)
