"""Signatures and clusters written out slowly, text by text and pair by pair: what the kernels have to equal."""

import math
import unicodedata
from collections import defaultdict
from itertools import combinations

from harness.core.recipe import DuplicateSettings
from harness.curation.minhash import Banding, permutations
from harness.curation.shingles import LETTER_BASE, SEQUENCE_BASES, WORD_BASE

_ALL_BITS = (1 << 64) - 1
_HALF_BITS = (1 << 32) - 1
_EXCHANGED = {
    **dict.fromkeys("ٱٲٳٵ", "ا"),
    **dict.fromkeys("ىیےٸ", "ي"),
    **dict.fromkeys("ةہۃە", "ه"),
    "ک": "ك",
    "ٶ": "و",
}
_DROPPED_BLOCKS = (
    (0x300, 0x36F), (0x610, 0x61A), (0x640, 0x640), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6DC),
    (0x6DF, 0x6E4), (0x6E7, 0x6E8), (0x6EA, 0x6ED), (0x898, 0x89F), (0x8CA, 0x8E1), (0x8E3, 0x8FF),
    (0x180B, 0x180D), (0x180F, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF),
)  # fmt: skip
_FORMS_OF_LETTERS = (
    (0xFB50, 0xFBB1), (0xFBD3, 0xFC5D), (0xFC64, 0xFCF1), (0xFCF5, 0xFD3D), (0xFD50, 0xFD8F),
    (0xFD92, 0xFDC7), (0xFE80, 0xFEFC),
)  # fmt: skip


def folded_words(text):
    """Cut a text into folded words by the character database."""
    words, word = [], ""
    for char in text:
        if _is_inside(char, _DROPPED_BLOCKS) or unicodedata.category(char) == "Cf":
            continue
        if unicodedata.category(char)[0] in "LM" or unicodedata.category(char) == "Nd":
            word += _folded(char)
        elif word:
            words.append(word)
            word = ""
    return [*words, word] if word else words


def _folded(char):
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    if _is_inside(char, _FORMS_OF_LETTERS):
        char = unicodedata.normalize("NFKC", char)
    if _is_inside(char[0], ((0xAC00, 0xD7A3),)):  # Hangul stays composed
        return char
    parts = unicodedata.normalize("NFD", char.casefold())
    return "".join(_EXCHANGED.get(part, part) for part in parts if not _is_inside(part, _DROPPED_BLOCKS))


def _is_inside(char, blocks):
    return any(low <= ord(char) <= high for low, high in blocks)


def mixed(number):
    """Scatter one number over 64 bits."""
    number = ((number ^ number >> 30) * 0xBF58476D1CE4E5B9) & _ALL_BITS
    number = ((number ^ number >> 27) * 0x94D049BB133111EB) & _ALL_BITS
    return number ^ number >> 31


def polynomial(numbers, base):
    """Hash a sequence of numbers, the first times 1."""
    return mixed(
        sum(number * pow(int(base), place, 1 << 64) for place, number in enumerate(numbers)) & _ALL_BITS
    )


def line_hashes(text):
    """Hash the words of each line that has any."""
    words = (
        [polynomial(map(ord, word), LETTER_BASE) for word in folded_words(line)] for line in text.split("\n")
    )
    return [polynomial(line, WORD_BASE) for line in words if line]


def signature(text, settings):
    """Give (folded hash, number of words, shingles, band keys) of one text."""
    hashes = [polynomial(map(ord, word), LETTER_BASE) for word in folded_words(text)]
    runs = [hashes[start : start + settings.shingle_words] for start in range(len(hashes))]
    shingles = {polynomial(run, WORD_BASE) for run in runs if len(run) == settings.shingle_words}
    if hashes and not shingles:
        shingles = {polynomial(hashes, WORD_BASE)}
    both = b"".join(polynomial(hashes, base).to_bytes(8, "little") for base in SEQUENCE_BASES)
    return both if hashes else None, len(hashes), sorted(shingles), _band_keys(shingles, settings)


def _band_keys(shingles, settings):
    banding = Banding.for_settings(settings)
    changes, factors = (column.tolist() for column in permutations(banding.bands * banding.rows))
    if not shingles:
        return []
    minima = [
        min((((shingle >> 32) ^ change) * factor) & _HALF_BITS for shingle in shingles)
        for change, factor in zip(changes, factors, strict=True)
    ]
    keys = []
    for band in range(banding.bands):
        key = band
        for minimum in minima[band * banding.rows : (band + 1) * banding.rows]:
            key = (key * int(WORD_BASE) + minimum) & _ALL_BITS
        keys.append(mixed(key))
    return keys


def clusters(texts, ranks, settings: DuplicateSettings):
    """Give (cluster, survivor, similarity, kind) of each text, by the definitions and without any kernel.

    Holds for corpora without buckets of more than 32 texts, which the kernel bounds.
    """
    found = [signature(text or "", settings) for text in texts]
    alike = defaultdict(lambda: (0.0, 0.0))
    order = sorted(range(len(texts)), key=lambda row: ranks[row])
    edges = defaultdict(set)
    for better, worse in combinations(order, 2):
        if _same_words(texts, found, better, worse):
            alike[better, worse] = alike[worse, better] = (1.0, 1.0)
            edges[better].add(worse)
            edges[worse].add(better)
        elif set(found[better][3]) & set(found[worse][3]):
            _enter(found, better, worse, alike)
            if (
                alike[better, worse][0] >= settings.related
                or max(alike[better, worse][1], alike[worse, better][1]) >= settings.contained
            ):
                edges[better].add(worse)
                edges[worse].add(better)
    cluster = {}
    for row in order:
        if row not in cluster:
            _spread(row, row, edges, cluster)
    for better, worse in combinations(order, 2):
        if cluster[better] == cluster[worse] and found[better][2] and found[worse][2]:
            _enter(found, better, worse, alike)
    return _stars((texts, found), order, cluster, alike, settings)


def _same_words(texts, found, one, other):
    if found[one][0] or found[other][0]:
        return found[one][0] == found[other][0]
    return bool(texts[one] and texts[one].strip()) and texts[one] == texts[other]


def _enter(found, one, other, alike):
    """Enter for a pair (Jaccard, share of the second that the first holds), both ways round."""
    a, b = set(found[one][2]), set(found[other][2])
    alike[one, other] = (len(a & b) / len(a | b), len(a & b) / len(b))
    alike[other, one] = (len(a & b) / len(a | b), len(a & b) / len(a))


def _spread(row, label, edges, cluster):
    pending = [row]
    while pending:
        current = pending.pop()
        if current not in cluster:
            cluster[current] = label
            pending.extend(edges[current])


def _stars(corpus, order, cluster, alike, settings):
    texts, found = corpus
    survivor, similarity, kind = {}, {}, {}
    for place, row in enumerate(order):
        best = None
        for better in order[:place]:
            if survivor[better] != better or cluster[better] != cluster[row]:
                continue
            jaccard, inside = alike[better, row]
            if jaccard >= settings.duplicate:
                option = (0, -jaccard, ranks_of(order, better), better, jaccard, "near")
            elif inside >= settings.contained:
                option = (1, -inside, ranks_of(order, better), better, inside, "contained")
            else:
                continue
            best = option if best is None or option < best else best
        equals = [better for better in order[:place] if _same_words(texts, found, better, row)]
        survivor[row], similarity[row], kind[row] = row, math.nan, "survivor"
        if equals and survivor[equals[0]] != equals[0]:
            survivor[row], similarity[row], kind[row] = (
                column[equals[0]] for column in (survivor, similarity, kind)
            )
        elif best:
            survivor[row], similarity[row], kind[row] = best[3:]
            if texts[row] == texts[best[3]]:
                kind[row] = "exact"
    _relate(order, cluster, alike, (survivor, similarity, kind))
    return [(cluster[row], survivor[row], similarity[row], kind[row]) for row in range(len(order))]


def ranks_of(order, row):
    """Place of a row in order of rank."""
    return order.index(row)


def _relate(order, cluster, alike, stars):
    survivor, similarity, kind = stars
    staying = [row for row in order if survivor[row] == row]
    for row in staying:
        others = [other for other in staying if other != row and cluster[other] == cluster[row]]
        if cluster[row] != row and others:
            nearest = min(others, key=lambda other: (-alike[row, other][0], order.index(other)))
            survivor[row], similarity[row], kind[row] = nearest, alike[row, nearest][0], "related"
