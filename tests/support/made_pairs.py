"""Pairs of texts, made by seed: answers that are right, nearly right, torn, empty or something else."""

import random

LATIN = ("The", "the", "minister", "said", "that", "budget", "3.5", "1,200", "don't", "U.S.", "well-known", "city", "a", "of", "«yes»", "(hi)", "end.", "why?", "&amp;", "$5", "2024-25")  # fmt: skip
ARABIC = ("قال", "الوزير", "إن", "الموازنة،", "ستُعلن", "غداً؛", "هل", "المدينة؟", "٣٫٥", "COVID-19", "كتـــاب", "أحمد", "می‌خواهم", "۲۰۲۴", "على", "علي", "«نعم»", "في.", ",", "(مرحبا)")  # fmt: skip
OTHERS = ("政府", "发布了", "新的预算。", "テスト", "करते", "हैं।", "ประเทศไทย", "новость", "שלום", "한국", "é", "ß", "😀", "\u0301", "ﻛﺘﺐ", "ﷺ", "¿qué?", "𝔘", "½", "€7")  # fmt: skip
ALL = LATIN + ARABIC + OTHERS


def made_pairs(seed: int, count: int, *, words: tuple[str, ...] = ALL) -> tuple[list[str], list[str]]:
    """Make answers and references; some empty, some long, with odd blanks between words."""
    chance = random.Random(seed)  # noqa: S311 - test data
    references = [_sentence(chance, words) for _ in range(count)]
    return [_answer(chance, reference, words) for reference in references], references


def made_tags(seed: int, count: int) -> tuple[list[list[str]], list[list[str]]]:
    """Make tags found and right, with spans that begin wrongly, change kind, or touch each other."""
    chance = random.Random(seed)  # noqa: S311 - test data
    tags = ("O", "O", "O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "I-MISC")
    right = [[chance.choice(tags) for _ in range(chance.randint(0, 30))] for _ in range(count)]
    found = [[tag if chance.random() < 0.85 else chance.choice(tags) for tag in one] for one in right]
    return found, right


def _sentence(chance: random.Random, words: tuple[str, ...]) -> str:
    blanks = (" ", " ", " ", " ", "  ", "\N{NO-BREAK SPACE}", "\n")
    return "".join(
        chance.choice(words) + chance.choice(blanks) for _ in range(chance.choice((0, 1, 2, 7, 15, 30)))
    )


def _answer(chance: random.Random, reference: str, words: tuple[str, ...]) -> str:
    fate = chance.random()
    if fate < 0.15:
        return reference
    if fate < 0.3:
        return _sentence(chance, words)
    kept = [
        word if chance.random() < 0.9 else chance.choice(words)
        for word in reference.split(" ")
        if chance.random() < 0.9
    ]
    if fate < 0.6 and kept:
        cut = chance.randrange(len(kept))
        kept = kept[cut:] + kept[:cut]
    return " ".join(kept)
