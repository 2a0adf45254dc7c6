"""What texts cost by a causal language model: bits of a text, and the likeliest word for a gap."""

import math
from collections.abc import Sequence
from typing import Any

from harness.evaluation.tasks.cloze import GAP, read_question
from harness.systems.hf.loading import Loaded
from harness.systems.system import Request, Response

_DIGITS = 4  # behind the point; beyond, processors differ


class Likelihood:
    """The probability that a causal language model gives to texts.

    Before a text stands the token that begins texts, else the one that ends them; a model that has neither pays
    for the first token as if all were as likely. Of a text that is longer than what the model takes at once, each
    further part is foretold from half as much before it.

    Args:
        loaded: A causal language model.
    """

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        tokenizer = loaded.tokenizer
        starts = (tokenizer.bos_token_id, tokenizer.eos_token_id)
        self._start: int | None = next((token for token in starts if token is not None), None)

    def bits(self, text: str) -> float | None:
        """Give minus the binary logarithm of a text's probability; None where its tokens do not spell it.

        What a tokenizer leaves out or does not know the model did not foretell, so that it has no price.
        """
        tokens = self._tokens(text)
        tokenizer = self._loaded.tokenizer
        spelt = tokenizer.decode(tokens, skip_special_tokens=False, clean_up_tokenization_spaces=False)
        is_whole = spelt == text and tokenizer.unk_token_id not in tokens
        return self._nats(tokens) / math.log(2) if is_whole else None

    def nats(self, text: str) -> float:
        """Give minus the natural logarithm of the probability of a text's tokens, whether they spell it or not."""
        return self._nats(self._tokens(text))

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._loaded.tokenizer(text, add_special_tokens=False).input_ids
        return tokens

    def _nats(self, tokens: Sequence[int]) -> float:
        if not tokens:
            return 0.0
        if self._start is None:
            return math.log(self._loaded.model.config.get_text_config().vocab_size) + self._foretold(tokens)
        return self._foretold([self._start, *tokens])

    def _foretold(self, tokens: Sequence[int]) -> float:
        """Sum up the cost of all tokens but the first."""
        most = self._loaded.most_tokens or len(tokens)
        total, known = 0.0, 1
        while known < len(tokens):
            start = 0 if known == 1 else known - most // 2
            end = min(start + most, len(tokens))
            total += self._window(tokens[start:end], known - start)
            known = end
        return total

    def _window(self, tokens: Sequence[int], known: int) -> float:
        import torch  # noqa: PLC0415 - heavy, and an extra

        with torch.inference_mode():
            ids = torch.tensor([tokens], device=self._loaded.model.device)
            logits: Any = self._loaded.model(input_ids=ids).logits[0, known - 1 : -1].float()
            costs = torch.nn.functional.cross_entropy(logits, ids[0, known:], reduction="none")
        return math.fsum(costs.tolist())


class BitCounter:
    """Answers each text with the bits that it costs."""

    def __init__(self, loaded: Loaded) -> None:
        self._likelihood = Likelihood(loaded)
        self.words = ""

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Count the bits of texts, each by itself."""
        return [self._told(request) for request in batch]

    def _told(self, request: Request) -> Response:
        bits = self._likelihood.bits(request.input)
        if bits is None:
            self.words = (
                "the tokens do not spell the text: part of it is unknown to the tokenizer, or folded away"
            )
            return Response(request.id, None, "refused")
        return Response(request.id, f"{bits:.{_DIGITS}f}")


class GapReader:
    """Answers each gap with the word that makes the likeliest line."""

    def __init__(self, loaded: Loaded) -> None:
        self._likelihood = Likelihood(loaded)

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Fill the gaps."""
        return [Response(request.id, self._best(*read_question(request.input))) for request in batch]

    def _best(self, line: str, options: Sequence[str]) -> str:
        costs = {word: round(self._likelihood.nats(line.replace(GAP, word)), _DIGITS) for word in options}
        return min(costs, key=lambda word: (costs[word], word))
