"""Answers that a model writes, the likeliest token each time: of models that make texts of texts, and of causal ones."""

from collections.abc import Sequence
from typing import Any

from harness.core.errors import ConfigurationError
from harness.evaluation.tasks import TaskBrief
from harness.systems.hf.loading import Loaded, batches
from harness.systems.prompts import Asking, default_prompts
from harness.systems.settings import SystemSettings
from harness.systems.system import Request, Response

_BARE = "{input}"


def own_prompt(settings: SystemSettings, kind: str) -> str | None:
    """Give the prompt that the user wrote for a kind of task; None where it is ours, or none."""
    prompt = settings.prompts.get(kind)
    ours = default_prompts().get(kind)
    return None if ours is not None and prompt == ours.text else prompt


class Writer:
    """Answers each item with what the model writes to its prompt.

    A model that makes texts of texts is given the bare item unless systems.toml has a prompt for the kind of task. A
    causal one gets the prompt; where its tokenizer brings a chat template, that is what the user says. The prompts that
    chat models are asked by are taken by those alone, since a model that was never told to follow instructions goes
    on with the text instead.

    Args:
        loaded: The model.
        brief: The task.

    Raises:
        ConfigurationError: A causal model without a chat template has no prompt.
    """

    def __init__(self, loaded: Loaded, brief: TaskBrief) -> None:
        self._loaded = loaded
        self._is_causal = not loaded.model.config.is_encoder_decoder
        self._is_chat = self._is_causal and loaded.tokenizer.chat_template is not None
        prompt = own_prompt(loaded.settings, brief.kind)
        if prompt is None and self._is_chat:
            prompt = loaded.settings.prompts.get(brief.kind)
        if prompt is None and self._is_causal:
            raise ConfigurationError(
                f"a causal model has to be told what to write in a task of kind '{brief.kind}'",
                where=loaded.settings.uri,
                remedy=f'write in systems.toml: prompts = {{ {brief.kind} = "… {_BARE} …" }}',
            )
        self._asking = Asking.of(brief, prompt or _BARE)
        self._steering = _steering_tokens(loaded.tokenizer)
        self.words = ""

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Write answers; what is too long for the model is declined rather than cut."""
        prompts = [self.prompt_of(request.input) for request in batch]
        fitting = [row for row, prompt in enumerate(prompts) if self._fits(prompt)]
        if len(fitting) < len(batch):
            self.words = (
                f"prompt and answer are longer than the {self._loaded.most_tokens} tokens of the model"
            )
        told: dict[int, str] = {}
        for chosen in batches([prompts[row] for row in fitting], self._loaded.settings.batch_size):
            rows = [fitting[place] for place in chosen]
            told |= zip(rows, self._written([prompts[row] for row in rows]), strict=True)
        return [self._response(request, told.get(row)) for row, request in enumerate(batch)]

    def prompt_of(self, text: str) -> str:
        """Give what the model is asked for an item with this input.

        What in the item is spelt like a token that steers the model gets a blank inside, so that no text ends the
        question and puts another.
        """
        for token in self._steering:
            text = text.replace(token, f"{token[0]} {token[1:]}")
        content = self._asking.content(text)
        if not self._is_chat:
            return content
        said = [{"role": "user", "content": content}]
        templated: str = self._loaded.tokenizer.apply_chat_template(
            said, tokenize=False, add_generation_prompt=True
        )
        return templated

    def _response(self, request: Request, written: str | None) -> Response:
        if written is None:
            return Response(request.id, None, "refused")
        if not written:
            return Response(request.id, None, "no-answer")
        output = self._asking.answer(request.input, written)
        return Response(request.id, output, "unparsable" if output is None else None)

    def _fits(self, prompt: str) -> bool:
        most = self._loaded.most_tokens
        if most is None:
            return True
        room = self._loaded.settings.max_tokens if self._is_causal else 0
        return len(self._encoded([prompt])["input_ids"][0]) + room <= most

    def _encoded(self, prompts: Sequence[str]) -> Any:
        return self._loaded.tokenizer(
            list(prompts),
            return_tensors="pt",
            padding=len(prompts) > 1,
            padding_side="left" if self._is_causal else "right",
            split_special_tokens=False,  # those of the prompt and of the template are meant
            add_special_tokens=not self._is_chat,  # a template has written the tokens that begin a text itself
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


def _steering_tokens(tokenizer: Any) -> list[str]:
    """Give the tokens that are no text to a model, longest first."""
    added = (str(token) for token in tokenizer.added_tokens_decoder.values() if token.special)
    known = {*added, *tokenizer.all_special_tokens}
    return sorted((token for token in known if len(token) > 1), key=lambda token: (-len(token), token))
