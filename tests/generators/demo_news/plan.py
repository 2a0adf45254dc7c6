"""What becomes of each article: where it lies, which copies it has, and what is wrong with them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import rewriting
from articles import HERE, Article, read_articles, read_follow_ups
from dice import Dice
from spoiling import as_mojibake, spoiled
from telling import Kind, Place, Telling

TWIN = HERE.parents[1] / "fixtures" / "seed_twin.txt"

# Where the article of each number lies first, and which copies it has where; the two lists have lengths
# that go round differently, so most pairs of places occur.
_HOMES: tuple[Place, ...] = ("wire", "wire", "desk", "web", "wire", "feed", "legacy", "batch", "wire")
_COPIES: tuple[tuple[tuple[Kind, Place], ...], ...] = (
    (("exact", "batch"), ("edited", "feed"), ("framed", "wire")),
    (("spelling", "desk"), ("framed", "web")),
    (("edited", "wire"), ("damaged", "batch")),
    (),
    (("framed", "feed"), ("spelling", "batch"), ("edited", "web")),
    (("exact", "feed"), ("mojibake", "desk")),
    (("edited", "legacy"), ("framed", "desk")),
    (),
    (("spelling", "legacy"), ("framed", "web"), ("exact", "web"), ("framed", "batch")),
    (("edited", "desk"), ("framed", "wire")),
)
# Defects of originals are mild: no letter is lost, and once cleaned the text ends in its last sentence, so
# that of all copies the original stays.
_ORIGINAL_DEFECTS = (
    (), ("rating-widget",), (), ("nbsp", "agency-end"), (), ("spaced-latin-commas",), (), ("share-bar",),
    ("spaced-stops", "bidi-marks"), (), ("broken-paragraph",), ("read-also",), ("presentation-forms",),
)  # fmt: skip
_FRAMES = (
    ("read-also", "share-bar"), ("nbsp", "agency-end"), ("sms-block", "zero-width-space"),
    ("spaced-latin-commas", "rating-widget"), ("spaced-stops", "copyright"), ("bidi-marks", "share-bar"),
    ("broken-paragraph", "rating-widget"), ("presentation-forms", "agency-end"), ("nbsp", "substitute"),
)  # fmt: skip
_MISREADINGS = (("windows-1256", "cp1252"), ("utf-8", "cp1252"), ("utf-8", "latin-1"))
_ONLY_AS_MOJIBAKE = ("ar-014", "ar-034")
_ONLY_IN_ANOTHER_LANGUAGE = "en-04"


def tellings() -> list[Telling]:
    """Plan every record of the raw folder but those that are no text."""
    articles = read_articles()
    planned = [one for number, article in enumerate(articles) for one in _tellings_of(number, article)]
    planned += [
        _related(number, later, earlier) for number, (later, earlier) in enumerate(read_follow_ups(articles))
    ]
    return [*planned, _twin(articles[0]), _too_short(articles[0])]


def _tellings_of(number: int, article: Article) -> Iterator[Telling]:
    original = _original(number, article)
    yield original
    if article.id in (*_ONLY_AS_MOJIBAKE, _ONLY_IN_ANOTHER_LANGUAGE):
        return
    for kind, place in _COPIES[number % len(_COPIES)]:
        yield _copy(number, original, kind, place)


def _original(number: int, article: Article) -> Telling:
    original = Telling.of(article, _HOMES[number % len(_HOMES)])
    if ("exact", "batch") in _COPIES[number % len(_COPIES)]:
        original = replace(original, encoding="utf-8")  # as the copy, so that both hold the same bytes
    dice = Dice(f"original/{article.id}")
    if article.id == _ONLY_IN_ANOTHER_LANGUAGE:
        return replace(original, kind="foreign", place="wire", lang_declared="ar")
    if article.id in _ONLY_AS_MOJIBAKE:
        return _misread(
            replace(original, kind="mojibake", place="wire"),
            _MISREADINGS[_ONLY_AS_MOJIBAKE.index(article.id)],
        )
    if original.place == "web" or article.lang != "ar":
        return original
    return spoiled(original, dice, list(_ORIGINAL_DEFECTS[number % len(_ORIGINAL_DEFECTS)]))


def _copy(number: int, original: Telling, kind: Kind, place: Place) -> Telling:
    dice = Dice(f"{kind}/{place}/{original.article.id}")
    if kind == "exact":
        copy = original.copied(kind, place, dice.number(1, 72))
        return replace(copy, encoding="utf-8" if place == "batch" else None)
    plain = replace(original, title=original.article.title, body=original.article.body, defects=())
    copy = plain.copied(kind, place, dice.number(1, 72))
    changed = _COPIERS[kind](copy, number, dice)
    # Not every change finds a place in every language: what is left then is a plain copy.
    touched = changed.defects or changed.place == "web" or changed.kind in ("damaged", "truncated")
    return changed if touched else replace(copy, kind="exact")


def _respelled(copy: Telling, number: int, dice: Dice) -> Telling:
    del number
    if copy.lang in ("fa", "ur"):
        return rewriting.spelled_for_cp1256(copy)
    return rewriting.respelled(copy, dice) if copy.lang == "ar" else copy


def _framed(copy: Telling, number: int, dice: Dice) -> Telling:
    if copy.place == "web" or copy.lang != "ar":
        return copy  # on a page the page itself is the frame; our frames are Arabic
    return spoiled(copy, dice, list(_FRAMES[number % len(_FRAMES)]))


def _damaged(copy: Telling, number: int, dice: Dice) -> Telling:
    del dice
    if copy.lang != "ar":
        return replace(copy, kind="exact")  # a few lost bytes of English are no evidence of UTF-8 at all
    return replace(copy, kind="truncated" if number == 2 else "damaged", encoding="utf-8")


def _mojibake(copy: Telling, number: int, dice: Dice) -> Telling:
    del dice
    if copy.lang != "ar":
        return copy
    if number % 20 == 5:
        # Half of a paragraph: no reading of the whole line mends it, and the recipe refuses what stays misread.
        first, gap, rest = copy.body.partition("\n\n")
        half = len(first) // 2
        misread = as_mojibake(first[half:], "utf-8", "cp1252")
        spoiled_copy = copy.with_text(f"{first[:half]}{misread}{gap}{rest}", "mojibake-in-part")
        return replace(spoiled_copy, expected="rejected")
    return _misread(copy, _MISREADINGS[number // 10 % len(_MISREADINGS)])


_COPIERS: dict[Kind, Callable[[Telling, int, Dice], Telling]] = {
    "edited": lambda copy, _, dice: rewriting.edited(copy, dice),
    "spelling": _respelled,
    "framed": _framed,
    "damaged": _damaged,
    "mojibake": _mojibake,
}


def _misread(telling: Telling, misreading: tuple[str, str]) -> Telling:
    written, read = misreading
    return telling.with_text(
        as_mojibake(telling.body, written, read),
        f"{written}-as-{read}",
        # Where the headline is a line of the text it went through the same; elsewhere it came another way.
        title=as_mojibake(telling.title, written, read) if telling.place == "wire" else None,
    )


def _related(number: int, later: Article, earlier: Article) -> Telling:
    place: Place = ("wire", "feed", "desk")[number % 3]  # type: ignore[assignment]
    return replace(Telling.of(later, place), kind="related", related_to=earlier.id)


def _twin(like: Article) -> Telling:
    twin = replace(
        like,
        id="seed-twin",
        title="الضفاف تلوح بتعليق مشاركتها في هيئة حوض نهر السنابل",
        published=datetime(2026, 3, 9, 6, 30, tzinfo=UTC),
        section="politics",
        source="bawabat-alsahl",
        author=None,
        body=TWIN.read_text(encoding="utf-8"),
    )
    defects = ("spaced-latin-commas", "spaced-stops", "broken-paragraph", "rating-widget")
    return replace(Telling.of(twin, "desk"), kind="twin", encoding="utf-8", defects=defects)


def _too_short(like: Article) -> Telling:
    body = "تأجلت مباراة الميناء والجسر بسبب المطر، ويعلن الموعد الجديد لاحقا."
    short = replace(like, id="short", title="تأجيل مباراة", section="sports", author=None, body=body)
    return replace(Telling.of(short, "desk"), kind="short", expected="rejected")
