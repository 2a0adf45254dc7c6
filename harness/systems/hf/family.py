"""The system `hf:`: which way of answering a kind of task asks for, and what makes two such systems the same."""

from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from typing import Protocol

from harness.core.fingerprints import fingerprint
from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import KINDS, TaskBrief
from harness.systems.hf.embeddings import CopyFinder, Likeness, Nearest
from harness.systems.hf.labels import Labeller
from harness.systems.hf.likelihoods import BitCounter, GapReader
from harness.systems.hf.loading import (
    BARE,
    CAUSAL,
    LABELS,
    TAGS,
    WRITER,
    Head,
    Loaded,
    config_of,
    has_head,
    load,
    load_tokenizer,
    require_libraries,
)
from harness.systems.hf.model_files import ModelFiles, model_files
from harness.systems.hf.tags import Tagger
from harness.systems.hf.tokens import TokenCutter
from harness.systems.hf.writing import Writer, own_prompt
from harness.systems.prompts import default_prompts, version_told
from harness.systems.settings import SystemSettings
from harness.systems.system import Request, Response, System, SystemFamily

# What changes an answer. Where the files lie does not: their content is hashed.
_SHAPING = frozenset(
    {
        "batch_size", "copy_cosine", "device", "dtype", "labels", "max_tokens", "pooling", "prompts", "query_prefix", "stop",
        "text_prefix", "trust_remote_code",
    }
)  # fmt: skip
_OPTIONS = _SHAPING | {"revision"}
_ADAPTER_VERSION = "1"  # of how models are asked and read: raise it when an answer changes


class _Answering(Protocol):
    """One way to answer."""

    def answer(self, batch: Sequence[Request]) -> list[Response]:
        """Answer each request."""


_Way = tuple[Head, Callable[[Loaded, TaskBrief], _Answering]]
_LABEL: _Way = (LABELS, Labeller)
_WAYS: Mapping[str, _Way] = {
    "language-id": _LABEL,
    "topic": _LABEL,
    "source": _LABEL,
    "ner": (TAGS, Tagger),
    "bits-per-byte": (CAUSAL, lambda loaded, _brief: BitCounter(loaded)),
    "cloze": (CAUSAL, lambda loaded, _brief: GapReader(loaded)),
    "retrieval": (BARE, Nearest),
    "near-duplicates": (BARE, lambda loaded, _brief: CopyFinder(loaded)),
    "similarity": (BARE, lambda loaded, _brief: Likeness(loaded)),
}
_TOKENIZER = "tokenizer"


class HfModel:
    """A model of `transformers`; it is loaded when a task is at hand, and let go of afterwards.

    Args:
        identity: Which system it is.
        settings: Its options, with the prompt for one kind of task where there is one.
        files: Where the model lies.
    """

    def __init__(self, identity: SystemIdentity, settings: SystemSettings, files: ModelFiles) -> None:
        self.identity = identity
        self._settings = settings
        self._files = files
        self._answering: _Answering | None = None

    def prepare(self, brief: TaskBrief) -> None:
        """Load the model, and what it has to know of the task.

        Raises:
            ConfigurationError: It was not trained for such a task, or an option is missing.
            InputError: Its files are not as they have to be.
        """
        self._answering = self._way(brief)

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Answer each request by itself, unless `batch_size` says otherwise."""
        assert self._answering is not None, "prepare comes first"  # noqa: S101 - a caller of ours was wrong
        return self._answering.answer(batch)

    def last_words(self) -> str:
        """Say why items were declined."""
        return str(getattr(self._answering, "words", ""))

    def close(self) -> None:
        """Let the model's memory go."""
        self._answering = None

    def _way(self, brief: TaskBrief) -> _Answering:
        if brief.kind == _TOKENIZER:
            return TokenCutter(load_tokenizer(self._files, self._settings))
        config = config_of(self._files, self._settings)
        is_causal = has_head(config, CAUSAL)
        if brief.kind in _WAYS and own_prompt(self._settings, brief.kind) is None:
            head, make = _WAYS[brief.kind]
            if has_head(config, head) or not is_causal:
                return make(load(self._files, self._settings, head), brief)
        return Writer(load(self._files, self._settings, CAUSAL if is_causal else WRITER), brief)


def _open(settings: SystemSettings) -> System:
    require_libraries()
    files = model_files(settings)
    said = settings.model_dump(mode="json", include=set(_SHAPING))
    versions = {package: metadata.version(package) for package in ("tokenizers", "torch", "transformers")}
    # A version of ours covers how an item is shown and an answer read, too.
    asked_by = [version_told(kind, prompt) for kind, prompt in settings.prompts.items()]
    name = files.hub_id or files.folder.resolve().name
    identity = SystemIdentity(
        uri=f"hf:{name}",
        name=settings.name if settings.name != settings.uri else name,
        version=files.digest[:12],
        fingerprint=fingerprint([files.digest, _ADAPTER_VERSION, said, versions, asked_by]),
    )
    return HfModel(identity, settings, files)


FAMILIES = (
    SystemFamily(
        name="hf",
        usage="hf:FOLDER_OR_ID",
        distribution="transformers",
        kinds=frozenset({*_WAYS, _TOKENIZER, *default_prompts()} & KINDS.keys()),
        open=_open,
        takes_argument=True,
        one_by_one=True,
        batch_items=32,
        options=_OPTIONS,
        prompts={kind: prompt.text for kind, prompt in default_prompts().items()},
        summary="a model of transformers, from a folder or from the Hub's cache: classifier, language model, tokenizer, "
        "embeddings or writer, as the kind of task asks",
    ),
)
