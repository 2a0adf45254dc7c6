"""Answers that a model writes, the likeliest token each time: of models that make texts of texts, and of causal ones."""

from collections.abc import Sequence
from typing import Any

from harness.core.errors import ConfigurationError
from harness.evaluation.tasks import TaskBrief
from harness.systems.hf.loading import Loaded, batches
from harness.systems.system import Request, Response

INPUT = "{input}"


class Writer:
    """Answers each item with what the model writes to its prompt.

    A model that makes texts of texts is given the bare input unless systems.toml has a prompt for the kind of task. A
    causal one has to have a prompt; where its tokenizer brings a chat template, the prompt is what the user says.

    Args:
        loaded: The model.
        brief: The task.

    Raises:
        ConfigurationError: A causal model has no prompt.
    """

    def __init__(self, loaded: Loaded, brief: TaskBrief) -> None:
        self._loaded = loaded
        self._is_causal = not loaded.model.config.is_encoder_decoder
        prompt = loaded.settings.prompts.get(brief.kind)
        if prompt is None and self._is_causal:
            raise ConfigurationError(
                f"a causal model has to be told what to write in a task of kind '{brief.kind}'",
                where=loaded.settings.uri,
                remedy=f'write in systems.toml: prompts = {{ {brief.kind} = "… {INPUT} …" }}',
            )
        self._prompt = prompt or INPUT
        self.words = ""

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Write answers; what is too long for the model is declined rather than cut."""
        prompts = [self._put(request.input) for request in batch]
        fitting = [row for row, prompt in enumerate(prompts) if self._fits(prompt)]
        if len(fitting) < len(batch):
            self.words = (
                f"prompt and answer are longer than the {self._loaded.most_tokens} tokens of the model"
            )
        told: dict[int, str] = {}
        for chosen in batches([prompts[row] for row in fitting], self._loaded.settings.batch_size):
            rows = [fitting[place] for place in chosen]
            told |= zip(rows, self._written([prompts[row] for row in rows]), strict=True)
        return [self._response(request.id, told.get(row)) for row, request in enumerate(batch)]

    @staticmethod
    def _response(item_id: str, written: str | None) -> Response:
        if written is None:
            return Response(item_id, None, "refused")
        return Response(item_id, written) if written else Response(item_id, None, "no-answer")

    def _put(self, text: str) -> str:
        prompt = self._prompt.replace(INPUT, text)
        tokenizer = self._loaded.tokenizer
        if not self._is_causal or tokenizer.chat_template is None:
            return prompt
        said = [{"role": "user", "content": prompt}]
        templated: str = tokenizer.apply_chat_template(said, tokenize=False, add_generation_prompt=True)
        return templated

    def _fits(self, prompt: str) -> bool:
        most = self._loaded.most_tokens
        if most is None:
            return True
        room = self._loaded.settings.max_tokens if self._is_causal else 0
        return len(self._encoded([prompt])["input_ids"][0]) + room <= most

    def _encoded(self, prompts: Sequence[str]) -> Any:
        # A chat template has written the tokens that begin a text itself.
        has_template = self._is_causal and self._loaded.tokenizer.chat_template is not None
        return self._loaded.tokenizer(
            list(prompts),
            return_tensors="pt",
            padding=len(prompts) > 1,
            padding_side="left" if self._is_causal else "right",
            add_special_tokens=not has_template,
        ).to(self._loaded.model.device)

    def _written(self, prompts: Sequence[str]) -> list[str]:
        import torch  # noqa: PLC0415 - heavy, and an extra

        encoded = self._encoded(prompts)
        with torch.inference_mode():
            tokens: Any = self._loaded.model.generate(
                input_ids=encoded["input_ids"],
                attention_mask=encoded["attention_mask"],
                max_new_tokens=self._loaded.settings.max_tokens,
                do_sample=False,
                num_beams=1,
            )
        said = tokens[:, encoded["input_ids"].shape[1] :] if self._is_causal else tokens
        texts = self._loaded.tokenizer.batch_decode(said, skip_special_tokens=True)
        return [self._ended(text) for text in texts]

    def _ended(self, text: str) -> str:
        stop = self._loaded.settings.stop
        return (text.partition(stop)[0] if stop else text).strip()
