"""Embeddings of texts, from the last layer over their tokens: who is nearest to a query, and which two texts are copies."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from harness.core.errors import ConfigurationError
from harness.evaluation.tasks import TaskBrief
from harness.evaluation.tasks.near_duplicates import COPY, DIFFERENT, read_pair
from harness.systems.hf.loading import Loaded, batches
from harness.systems.system import Request, Response

Vectors = npt.NDArray[np.float64]
_DIGITS = 6  # of a cosine; beyond, equal texts in another batch would no longer be equal


def embedded(loaded: Loaded, texts: Sequence[str]) -> Vectors:
    """Give the last layer over each text's tokens, their mean unless `pooling` says otherwise, scaled to length 1.

    Text beyond what the model takes at once is not read.

    Returns:
        Shape (texts, dimensions); zeros for a text without a token.
    """
    import torch  # noqa: PLC0415 - heavy, and an extra

    is_pair = loaded.model.config.is_encoder_decoder
    encoder = loaded.model.get_encoder() if is_pair else loaded.model
    found: dict[int, Vectors] = {}
    for rows in batches(texts, loaded.settings.batch_size):
        encoded = loaded.encoded([texts[row] for row in rows])
        mask = encoded["attention_mask"]
        if not mask.numel():
            continue
        with torch.inference_mode():
            states: Any = encoder(input_ids=encoded["input_ids"], attention_mask=mask).last_hidden_state
        weights = _weights(mask.cpu().numpy(), loaded.settings.pooling)
        sums = np.einsum("rtd,rt->rd", states.to("cpu", torch.float64).numpy(), weights)
        found |= dict(zip(rows, sums, strict=True))
    width = max((len(vector) for vector in found.values()), default=1)
    sums_of = np.array([found.get(row, np.zeros(width)) for row in range(len(texts))]).reshape(-1, width)
    lengths = np.linalg.norm(sums_of, axis=1, keepdims=True)
    scaled: Vectors = sums_of / np.where(lengths > 0, lengths, 1.0)
    return scaled


def _weights(mask: npt.NDArray[np.int64], pooling: str) -> Vectors:
    """Say how much each token counts, shape (texts, tokens); wherever the padding stands, it counts nothing."""
    places = np.cumsum(mask, axis=1) * mask
    counted = {"first": places == 1, "last": mask * (places == places.max(axis=1, keepdims=True))}
    weights: Vectors = counted.get(pooling, mask).astype(np.float64)
    return weights


class Nearest:
    """Answers each query with the candidates whose embeddings are nearest to its own; equally near ones go by id.

    Args:
        loaded: The model.
        brief: The task, with its candidates.
    """

    def __init__(self, loaded: Loaded, brief: TaskBrief) -> None:
        if brief.pool is None:
            raise ConfigurationError(f"a task of kind '{brief.kind}' has no candidates to rank")
        self._loaded = loaded
        pairs = sorted(zip(brief.pool.ids, brief.pool.texts, strict=True))
        self._ids = [name for name, _ in pairs]
        self._top_k = brief.pool.top_k
        self._vectors = embedded(loaded, [loaded.settings.text_prefix + text for _, text in pairs])

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Rank the candidates for each query."""
        prefix = self._loaded.settings.query_prefix
        queries = embedded(self._loaded, [prefix + request.input for request in batch])
        cosines = np.round(queries @ self._vectors.T, _DIGITS)
        order = np.argsort(-cosines, axis=1, kind="stable")[:, : self._top_k]
        return [
            Response(request.id, tuple(self._ids[row] for row in best))
            for request, best in zip(batch, order.tolist(), strict=True)
        ]


class CopyFinder:
    """Answers `copy` where the embeddings of two texts have at least the cosine that systems.toml says.

    Raises:
        ConfigurationError: It says none; where copies begin differs from model to model.
    """

    def __init__(self, loaded: Loaded) -> None:
        if loaded.settings.copy_cosine is None:
            raise ConfigurationError(
                "nobody said from which cosine on two texts are copies, and it differs from model to model",
                where=loaded.settings.uri,
                remedy="write copy_cosine = 0.95, say, in systems.toml: chosen on texts that are not asked about",
            )
        self._loaded = loaded
        self._least = loaded.settings.copy_cosine

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Decide each pair."""
        cosines = pair_cosines(self._loaded, [read_pair(request.input) for request in batch])
        return [
            Response(request.id, COPY if cosine >= self._least else DIFFERENT)
            for request, cosine in zip(batch, cosines.tolist(), strict=True)
        ]


class Likeness:
    """Answers two texts with the cosine of their embeddings."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Measure each pair."""
        cosines = pair_cosines(self._loaded, [read_pair(request.input) for request in batch])
        return [
            Response(request.id, f"{cosine:.{_DIGITS}f}")
            for request, cosine in zip(batch, cosines.tolist(), strict=True)
        ]


def pair_cosines(loaded: Loaded, pairs: Sequence[tuple[str, str]]) -> Vectors:
    """Give the cosine of the embeddings of each two texts, shape (pairs,), in [-1, 1]."""
    prefix = loaded.settings.text_prefix
    texts = [prefix + text for pair in pairs for text in pair]
    vectors = embedded(loaded, texts).reshape(len(pairs), 2, -1)
    cosines: Vectors = np.round(np.einsum("pd,pd->p", vectors[:, 0], vectors[:, 1]), _DIGITS)
    return cosines
