"""A tag for each token of a sentence by a token classifier: that of the first piece that the token is cut into."""

import json
from collections.abc import Sequence
from typing import Any

from harness.evaluation.tasks import TaskBrief
from harness.systems.hf.labels import label_names, require_shared
from harness.systems.hf.loading import Loaded
from harness.systems.system import Request, Response

_OUTSIDE = "O"
# First and only tokens of a name begin it, last ones go on with it: BIOES and BILOU written as BIO.
_AS_BIO = {"B": "B", "I": "I", "E": "I", "L": "I", "S": "B", "U": "B"}


class Tagger:
    """Answers a sentence's tokens with as many BIO tags; a sentence that is too long for the model is declined.

    Tags of BIOES and BILOU are written as BIO, and an I that continues nothing begins a name. A token of which no piece
    is left (an invisible sign) is outside of names.

    Args:
        loaded: A model trained to tag tokens.
        brief: The task, whose examples tell which kinds of names there are.

    Raises:
        ConfigurationError: The model's tags say nothing, or nothing in this task.
    """

    def __init__(self, loaded: Loaded, brief: TaskBrief) -> None:
        self._loaded = loaded
        self._names = label_names(loaded.model.config.id2label, loaded.settings)
        wanted = {tag for example in brief.examples for tag in example.reference.split()}
        require_shared(_kinds(self._names.values()), _kinds(wanted), loaded.settings)
        self.words = ""

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Tag sentences, each by itself."""
        return [self._told(request) for request in batch]

    def _told(self, request: Request) -> Response:
        tokens = json.loads(request.input)
        encoded = self._loaded.tokenizer(tokens, is_split_into_words=True, return_tensors="pt")
        most = self._loaded.most_tokens
        if most is not None and encoded["input_ids"].shape[1] > most:
            self.words = f"a sentence is longer than the {most} tokens of the model"
            return Response(request.id, None, "refused")
        labels = self._labels(encoded)
        firsts: dict[int, int] = {}
        for place, token in enumerate(encoded.word_ids()):
            if token is not None:
                firsts.setdefault(token, place)
        tags = [
            self._names[labels[firsts[token]]] if token in firsts else _OUTSIDE
            for token in range(len(tokens))
        ]
        return Response(request.id, as_bio(tags))

    def _labels(self, encoded: Any) -> list[int]:
        import torch  # noqa: PLC0415 - heavy, and an extra

        with torch.inference_mode():
            logits: Any = self._loaded.model(**encoded.to(self._loaded.model.device)).logits
        labels: list[int] = logits[0].argmax(dim=-1).tolist()
        return labels


def as_bio(tags: Sequence[str]) -> tuple[str, ...]:
    """Write tags of BIO, IOB1, BIOES or BILOU as BIO; a tag that is none of these stays as it is."""
    written: list[str] = []
    before = ""
    for tag in tags:
        mark, _, kind = tag.partition("-")
        if mark not in _AS_BIO or not kind:
            written.append(tag)
            before = ""
            continue
        goes_on = _AS_BIO[mark] == "I" and kind == before
        written.append(f"{'I' if goes_on else 'B'}-{kind}")
        before = kind
    return tuple(written)


def _kinds(tags: Any) -> set[str]:
    return {tag.partition("-")[2] for tag in tags} - {""}
