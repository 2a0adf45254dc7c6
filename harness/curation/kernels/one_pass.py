"""One pass over the bytes of each text: counts, words, lines, shingles and band keys together.

Numbers are what `harness.curation.shingles`, `harness.curation.minhash` and the patterns of
`harness.text.patterns` give for the same text. Whatever other modules define comes in as an argument.
"""

from harness.curation.kernels.characters import count, decode
from harness.curation.kernels.compiling import CompiledLoop, part_of_a_loop
from harness.curation.kernels.layout import Found, Hashing, Tables, Texts
from harness.curation.kernels.shingling import fill_keys, fill_shingles
from harness.curation.kernels.words import hash_sequence, hash_words


@part_of_a_loop
def _hash_text(
    row: int, chars: int, ends: tuple[int, int], parts: tuple[Tables, Hashing, Found]
) -> tuple[int, int]:
    """Hash one text, whose code points lie in `codes`.

    Args:
        row: Its number.
        chars: Number of its code points.
        ends: Where the shingles and the keys of the texts before it end.
        parts: Arguments of `read_texts`.

    Returns:
        Where its own end.
    """
    _, hashing, out = parts
    shingle, keyed = ends
    words_count = hash_words(out.codes[:chars], row, parts)
    out.word_counts[row] = words_count
    if words_count:
        words = out.words[:words_count]
        hash_sequence(words, hashing.sequence_bases, out.sequences[row])
        found = fill_shingles(words, hashing.shingle_powers, out.places, out.shingles[shingle:])
        fill_keys(out.shingles[shingle : shingle + found], out.halves, hashing, out.keys[keyed])
        shingle += found
        keyed += 1
    out.shingle_ends[row] = shingle
    return shingle, keyed


def _read_texts(texts: Texts, tables: Tables, hashing: Hashing, out: Found) -> int:
    """Read every text; give the row of the first that is not UTF-8, -1 for none."""
    ends = (0, 0)
    for row in range(len(texts.starts)):
        chars = decode(texts, row, out)
        if chars < 0:
            return row
        count(out.codes[:chars], row, tables, out)
        ends = _hash_text(row, chars, ends, (tables, hashing, out))
    return -1


def _hash_texts(texts: Texts, tables: Tables, hashing: Hashing, out: Found) -> int:
    """Do the same without counting: `classes` and `found` stay as they are."""
    ends = (0, 0)
    for row in range(len(texts.starts)):
        chars = decode(texts, row, out)
        if chars < 0:
            return row
        ends = _hash_text(row, chars, ends, (tables, hashing, out))
    return -1


read_texts = CompiledLoop(_read_texts)
hash_texts = CompiledLoop(_hash_texts)
