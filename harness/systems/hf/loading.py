"""Loading a model: from its own files alone, never by code of its own, and never with weights made up on the way."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from harness.core.errors import ConfigurationError, InputError, named
from harness.systems.hf.model_files import ModelFiles, require_weights
from harness.systems.settings import SystemSettings

EXTRA = "pip install 'corpus-harness[hf]'"
_SEED = 0  # nothing draws; it keeps what a model of somebody's own code might
_NO_LIMIT = 1 << 30  # tokenizers that know no limit tell one beyond all measure


@dataclass(frozen=True)
class Head:
    """What is put on a model for a purpose.

    Args:
        loader: The class of `transformers` that loads it.
        endings: How the names of classes end that were trained with it; empty for every model.
        purpose: What it is for, in words.
    """

    loader: str
    endings: tuple[str, ...]
    purpose: str


LABELS = Head("AutoModelForSequenceClassification", ("ForSequenceClassification",), "labels of texts")
TAGS = Head("AutoModelForTokenClassification", ("ForTokenClassification",), "tags of tokens")
CAUSAL = Head("AutoModelForCausalLM", ("ForCausalLM", "LMHeadModel"), "probabilities of texts")
WRITER = Head("AutoModelForSeq2SeqLM", ("ForConditionalGeneration", "MTModel"), "texts made of texts")
BARE = Head("AutoModel", (), "embeddings")


@dataclass(frozen=True)
class Loaded:
    """A model that is ready.

    Args:
        tokenizer: Its tokenizer, a fast one.
        model: In evaluation mode, on the device.
        settings: The system's.
    """

    tokenizer: Any
    model: Any
    settings: SystemSettings

    @cached_property
    def most_tokens(self) -> int | None:
        """How many tokens it takes at once; None where neither model nor tokenizer sets a limit."""
        config = self.model.config.get_text_config()
        told = [getattr(config, "max_position_embeddings", None), self.tokenizer.model_max_length]
        limits = [limit for limit in told if isinstance(limit, int) and 0 < limit < _NO_LIMIT]
        return min(limits) - self._reserved_positions if limits else None

    @property
    def _reserved_positions(self) -> int:
        """RoBERTa and its like count positions from behind that of padding."""
        padding = [
            getattr(module, "padding_idx", None)
            for name, module in self.model.named_modules()
            if name.endswith("position_embeddings")
        ]
        return max((place + 1 for place in padding if place is not None), default=0)

    def encoded(self, texts: Sequence[str]) -> Any:
        """Give token ids and masks of texts, as tensors on the device; what is too long is cut at its end."""
        return self.tokenizer(
            list(texts),
            return_tensors="pt",
            padding=len(texts) > 1,
            truncation=self.most_tokens is not None,
            max_length=self.most_tokens,
        ).to(self.model.device)


def batches(texts: Sequence[str], size: int) -> list[list[int]]:
    """Put rows of texts together that are about as long as each other, so that little is padded."""
    order = sorted(range(len(texts)), key=lambda row: (len(texts[row]), row))
    return [order[start : start + size] for start in range(0, len(order), size)]


def require_libraries() -> Any:
    """Import `transformers`, told to be still.

    Raises:
        ConfigurationError: It is not installed, or torch is not.
    """
    try:
        import torch  # noqa: F401, PLC0415 - heavy, and an extra
        import transformers  # noqa: PLC0415 - same
    except ImportError as error:
        raise ConfigurationError(
            f"models of transformers need the extra 'hf', and it is not installed: {error}",
            where="hf:",
            remedy=EXTRA,
        ) from error
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    return transformers


def load_tokenizer(files: ModelFiles, settings: SystemSettings) -> Any:
    """Load a model's tokenizer.

    Raises:
        InputError: There is none, or none that tells where its tokens come from.
    """
    transformers = require_libraries()
    with _as_ours(settings):
        tokenizer = transformers.AutoTokenizer.from_pretrained(
            files.folder, local_files_only=True, trust_remote_code=settings.trust_remote_code
        )
    if not tokenizer.is_fast:
        raise InputError(
            "the model has no fast tokenizer",
            where=settings.uri,
            remedy="give it a tokenizer.json: load it with use_fast=True, and save_pretrained",
        )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token  # only fills up; the mask leaves it out
    # What is spelt like a token that steers the model is text like any other: corpora are full of such pages.
    tokenizer.split_special_tokens = True
    return tokenizer


def config_of(files: ModelFiles, settings: SystemSettings) -> Any:
    """Read what a model is.

    Raises:
        InputError: It cannot be read.
    """
    transformers = require_libraries()
    with _as_ours(settings):
        return transformers.AutoConfig.from_pretrained(
            files.folder, local_files_only=True, trust_remote_code=settings.trust_remote_code
        )


def has_head(config: Any, head: Head) -> bool:
    """Tell whether a model was trained with a head."""
    return not head.endings or any(name.endswith(head.endings) for name in config.architectures or ())


def load(files: ModelFiles, settings: SystemSettings, head: Head) -> Loaded:
    """Load a model with its tokenizer.

    Raises:
        ConfigurationError: It was not trained for this, or there is no such device.
        InputError: Its files are not as they have to be, or lack weights.
    """
    transformers = require_libraries()
    config = config_of(files, settings)
    if not has_head(config, head):
        raise ConfigurationError(
            f"this model was not trained for {head.purpose}: it is a {' or '.join(config.architectures or ['?'])}",
            where=settings.uri,
            remedy=f"name a model whose class ends in {' or '.join(head.endings)}; made up on loading, the missing "
            "weights would answer at random",
        )
    require_weights(files, settings)
    tokenizer = load_tokenizer(files, settings)
    with _as_ours(settings):
        model, told = getattr(transformers, head.loader).from_pretrained(
            files.folder,
            config=config,
            local_files_only=True,
            trust_remote_code=settings.trust_remote_code,
            use_safetensors=True,
            dtype=settings.dtype,
            output_loading_info=True,
        )
    _refuse_made_up(told["missing_keys"], settings)
    model.config.pad_token_id = tokenizer.pad_token_id
    return Loaded(tokenizer, _placed(model, settings), settings)


def _placed(model: Any, settings: SystemSettings) -> Any:
    import torch  # noqa: PLC0415 - heavy, and an extra

    torch.manual_seed(_SEED)
    torch.use_deterministic_algorithms(mode=True, warn_only=True)
    try:
        return model.eval().to(torch.device(settings.device))
    except (RuntimeError, AssertionError) as error:  # what torch raises where a device is not there
        raise ConfigurationError(
            f"the device '{settings.device}' cannot be used: {str(error).splitlines()[0]}",
            where=f"systems.toml: {settings.name}: device",
            remedy='write device = "cpu"',
        ) from error


def _refuse_made_up(missing: Sequence[str], settings: SystemSettings) -> None:
    # A pooler is not trained in many encoders, and none of our answers goes through one.
    made_up = sorted(name for name in missing if "pooler" not in name)
    if made_up:
        raise InputError(
            f"weights are missing, and made up they would answer at random: {named(made_up)}",
            where=settings.uri,
            remedy="name the folder of the whole model, not of an adapter or of another head",
        )


@contextlib.contextmanager
def _as_ours(settings: SystemSettings) -> Iterator[None]:
    """Say what `transformers` raises on files that are not as they should be in words of ours."""
    try:
        yield
    except Exception as error:
        words = str(error).strip().splitlines()
        raise InputError(
            f"the model cannot be loaded: {type(error).__name__}: {words[0] if words else 'nothing more is said'}",
            where=settings.uri,
            remedy="check that the folder holds what save_pretrained wrote; code of a model's own runs only where "
            "systems.toml says trust_remote_code = true",
        ) from error
