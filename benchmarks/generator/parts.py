"""Files of a corpus: what is read (JSON lines, Parquet), and beside it what is true of it."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from articles import Articles
from draws import Draws
from edits import Edits
from lexicon import LANGUAGES, Lexicon
from ragged import SEPARATOR_BITS, Rows
from roles import COPIES, KINDS, ORIGINAL, RELATED, Roles
from templates import Templates

_EPOCH = np.datetime64("2024-01-01T00:00")
_DAY = 24 * 60  # minutes
_ORIGINAL_DAYS, _COPY_DAYS = 300, 20
_WIRES = ("wire-north", "wire-south", "wire-gulf")
_SITES = ("site-a", "site-b", "site-c", "site-d", "site-e", "site-f")
_BARE = 0.1  # of copies come without title and date
_TITLE_WORDS = 8
TRUTH = pa.schema(
    [
        ("id", pa.string()),
        ("kind", pa.string()),  # original, a kind of copy, or a kind of related text
        ("copy_of", pa.string()),  # the original's id; null but for copies
        ("related_to", pa.string()),  # the id of the article that it resembles; null but for related texts
        ("lang", pa.string()),
        ("changed", pa.float64()),  # share of the words that were changed; null but for the kind `words`
        ("jaccard", pa.float64()),  # of pairs of words, with `related_to`; null but for the kind `template`
    ]
)


@dataclass(frozen=True)
class Corpus:
    """A corpus that is drawn from a seed.

    Args:
        data: Folder of the NTREX texts.
        seed: Two seeds have nothing in common but the sentences.
        rows: How many texts.
        substituted: See `Articles`.
    """

    data: Path
    seed: int
    rows: int
    substituted: float

    def open(self) -> "Writer":
        """Read the sentences and draw the roles."""
        lexicon, draws = Lexicon(self.data), Draws(self.seed)
        return Writer(self, lexicon, draws, Roles.drawn(draws, self.rows))


@dataclass(frozen=True)
class Writer:
    """Writes parts of one corpus."""

    corpus: Corpus
    lexicon: Lexicon
    draws: Draws
    roles: Roles

    def table(self, start: int, stop: int) -> tuple[pa.Table, pa.Table]:
        """Draw some rows: what is read, and what is true of them (schema `TRUTH`)."""
        roles = self.roles.part(start, stop)
        text, changed, jaccard = self._texts(roles)
        read = {"id": self._ids(roles.number), "text": text} | self._metadata(roles)
        copies = np.isin(roles.kind, [KINDS.index(kind) for kind in COPIES])
        related = np.isin(roles.kind, [KINDS.index(kind) for kind in RELATED])
        root = self._ids(roles.root)
        truth = {
            "id": read["id"],
            "kind": [KINDS[kind] for kind in roles.kind],
            "copy_of": pa.array(root, pa.string(), mask=~copies),
            "related_to": pa.array(root, pa.string(), mask=~related),
            "lang": [LANGUAGES[language] for language in roles.language],
            "changed": pa.array(changed, mask=np.isnan(changed)),
            "jaccard": pa.array(jaccard, mask=np.isnan(jaccard)),
        }
        order = ["id", "title", "text", "published", "source"]
        return pa.table(read).select(order), pa.table(truth, schema=TRUTH)

    def _texts(self, roles: Roles) -> tuple[pa.Array, np.ndarray, np.ndarray]:
        """Write the texts of all kinds and bring them into the order of rows."""
        articles = Articles(self.lexicon, self.draws, self.corpus.substituted)
        edits, templates = Edits(self.lexicon, self.draws), Templates(self.lexicon, self.draws)
        changed, jaccard = np.full((2, len(roles.kind)), np.nan)
        texts, places = [], []
        for kind in KINDS:
            rows = roles.of_kind(kind)
            if not len(rows):
                continue
            numbers, root = roles.number[rows], articles.of(roles.root[rows], roles.language[rows])
            match kind:
                case "words":
                    root, changed[rows] = edits.words(root, numbers)
                case "spelling":
                    root = edits.spelling(root, numbers)
                case "frame":
                    root = edits.frame(root, numbers)
                case "truncated":
                    root = edits.truncated(root, numbers)
                case "half":
                    root = articles.sharing(numbers, roles.root[rows])
                case "template":
                    root, jaccard[rows] = templates.of(root, numbers)
            texts.append(self._strings(root))
            places.append(rows)
        order = np.argsort(np.concatenate(places))
        return pa.concat_arrays(texts).take(pa.array(order)), changed, jaccard

    def _strings(self, rows: Rows) -> pa.Array:
        """Spell the words out; nothing follows the last one of a text."""
        last = rows.starts + rows.lengths - 1
        codes = rows.codes.copy()
        codes[last] = rows.words[last] << SEPARATOR_BITS
        offsets = np.concatenate([[0], np.cumsum(rows.lengths)])
        pieces = self.lexicon.coded.take(pa.array(codes)).cast(pa.large_string())
        ends = pieces.buffers()[1]
        byte_offsets = np.frombuffer(ends, np.int64)[: len(codes) + 1][offsets]
        return pa.LargeStringArray.from_buffers(
            len(rows.lengths), pa.py_buffer(byte_offsets), pieces.buffers()[2]
        ).cast(pa.string())

    def _metadata(self, roles: Roles) -> dict[str, pa.Array]:
        """Give originals a wire and an earlier date, copies a site and a later one, a tenth of them none."""
        number, root = roles.number, roles.root
        is_original = roles.kind == KINDS.index(ORIGINAL)
        later = np.where(is_original, 0, 60 + self.draws.below("later", number, _COPY_DAYS * _DAY))
        minutes = self.draws.below("date", root, _ORIGINAL_DAYS * _DAY) + later
        dates = np.datetime_as_string(_EPOCH + minutes.astype("timedelta64[m]"), unit="s")
        bare = ~is_original & (self.draws.share("bare", number) < _BARE)
        wire, site = (
            self.draws.below("wire", number, len(_WIRES)),
            self.draws.below("site", number, len(_SITES)),
        )
        sources = np.where(is_original, np.array(_WIRES)[wire], np.array(_SITES)[site])
        return {
            "title": pa.array(self._titles(roles), mask=bare),
            "published": pa.array([f"{date}Z" for date in dates], pa.string(), mask=bare),
            "source": pa.array(sources.tolist(), pa.string()),
        }

    def _titles(self, roles: Roles) -> list[str]:
        """Take the first words of a sentence that the root's number picks."""
        titles = [""] * len(roles.root)
        for language, sentences in enumerate(self.lexicon.languages):
            rows = np.flatnonzero(roles.language == language)
            picked = self.draws.below("title", roles.root[rows], len(sentences.lengths))
            for row, sentence in zip(rows.tolist(), picked.tolist(), strict=True):
                start = sentences.starts[sentence]
                words = sentences.words[start : start + min(_TITLE_WORDS, sentences.lengths[sentence])]
                titles[row] = " ".join(self._word(word) for word in words)
        return titles

    def _word(self, number: int) -> str:
        return self.lexicon.coded[int(number) << SEPARATOR_BITS].as_py()

    def _ids(self, numbers: np.ndarray) -> list[str]:
        """Name rows by their place: ids say nothing about roles."""
        return [f"s{self.corpus.seed}-{place:08d}" for place in self.roles.place_of[numbers].tolist()]


@cache
def opened(corpus: Corpus) -> Writer:
    """Open a corpus once a process: reading the sentences takes a second."""
    return corpus.open()


def write_part(corpus: Corpus, folder: Path, stem: str, bounds: tuple[int, int]) -> pa.Table:
    """Write one file of JSON lines and one of Parquet; give what is true of their rows."""
    read, truth = opened(corpus).table(*bounds)
    name = f"{stem}-{bounds[0]:08d}"
    pq.write_table(read, folder / "parquet" / f"{name}.parquet", compression="zstd")
    with (folder / "jsonl" / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in read.to_pylist())
    return truth
