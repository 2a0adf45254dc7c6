"""Language identifiers that come by an extra: for measuring, and for recipes that name them."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources

from harness.systems.identifier_adapter import (
    UNKNOWN,
    Adapter,
    by_probability,
    identified_as,
    imported,
    version_of,
    without_what_is_not_text,
)
from harness.text.language import UNDETERMINED, Identified, LanguageIdentifier

EXTRA_NAME = "identifiers"
_LABELS: Mapping[str, str] = {}  # all of their labels are ISO codes, which `shortest_tag` reads
# CLD3 looks at this many bytes at most, taken from several places of a longer text: the figure of its own example.
_CLD3_MOST_BYTES = 1000
_LINGUA_DIGITS = 9  # of its confidence that are the same each time
# langdetect draws n-grams at random; without a seed it tells one text differently from call to call.
_LANGDETECT_SEED = 0


@dataclass(frozen=True)
class Extra:
    """An identifier of the extra.

    Args:
        distribution: The package that carries the model.
        summary: One line for people.
        open: Loads it.

    Raises:
        ImportError: From `open`, where the package is not installed.
    """

    distribution: str
    summary: str
    open: Callable[[], LanguageIdentifier]


def _open_cld3() -> LanguageIdentifier:
    """CLD3. Score: the probability of its network; it is sure of what it calls reliable."""
    model = imported("gcld3").NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=_CLD3_MOST_BYTES)

    def tell(text: str) -> Identified:
        found = model.FindLanguage(without_what_is_not_text(text))
        if found.language == UNDETERMINED or math.isnan(found.probability):
            return UNKNOWN
        return identified_as([(found.language, found.probability)], _LABELS, sure=found.is_reliable)

    return Adapter("cld3", version_of("cld3-py"), tell)


def _open_lingua() -> LanguageIdentifier:
    """Lingua with all of its 75 languages, in its mode of high accuracy. Score: its relative confidence.

    Models of one to five letters are loaded when a text first needs them: 1.6 GB for all. Its other mode looks at
    three letters alone, and is not what its authors measure it by.
    """
    builder = imported("lingua").LanguageDetectorBuilder
    detector = builder.from_all_languages().build()

    def tell(text: str) -> Identified:
        values = detector.compute_language_confidence_values(without_what_is_not_text(text))
        # Its threads add up in an order that differs from call to call, and with it the last digits. Where it knows
        # nothing of a text it gives every language a zero.
        told = ((one.language.iso_code_639_1.name, round(one.value, _LINGUA_DIGITS)) for one in values[:4])
        guesses = sorted((guess for guess in told if guess[1] > 0), key=lambda guess: (-guess[1], guess[0]))
        return by_probability(guesses, _LABELS)

    return Adapter("lingua", version_of("lingua-language-detector"), tell)


def _open_langdetect() -> LanguageIdentifier:
    """Langdetect, seeded. Score: its probability.

    A factory of our own: the package's global one can be seeded by anyone, and takes its profiles in the order of
    the folder, which differs from disk to disk.
    """
    package = imported("langdetect")
    factory = imported("langdetect.detector_factory").DetectorFactory()
    factory.load_json_profile(_langdetect_profiles())
    factory.set_seed(_LANGDETECT_SEED)

    def tell(text: str) -> Identified:
        detector = factory.create()
        detector.append(without_what_is_not_text(text))
        try:
            found = detector.get_probabilities()
        except package.LangDetectException:  # no n-gram that it knows
            return UNKNOWN
        return by_probability([(one.lang, one.prob) for one in found[:2]], _LABELS)

    return Adapter("langdetect", version_of("langdetect"), tell)


def _langdetect_profiles() -> list[str]:
    folder = resources.files("langdetect") / "profiles"
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    return [file.read_text(encoding="utf-8") for file in files if not file.name.startswith((".", "_"))]


EXTRA: Mapping[str, Extra] = {
    "cld3": Extra(
        "cld3-py", "Google's CLD3, a small network over n-grams of characters, 107 languages", _open_cld3
    ),
    "lingua": Extra(
        "lingua-language-detector",
        "Lingua in its mode of high accuracy: n-grams of one to five letters, 75 languages, up to 1.6 GB of memory",
        _open_lingua,
    ),
    "langdetect": Extra(
        "langdetect", "langdetect: naive Bayes over n-grams, 55 languages, its draws seeded", _open_langdetect
    ),
}
