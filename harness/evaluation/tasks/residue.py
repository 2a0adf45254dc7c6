"""Residue: which lines of this text are page furniture rather than the author's?"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from harness.core.fingerprints import canonical_json
from harness.evaluation.counted import list_metrics
from harness.evaluation.draws import Draws
from harness.evaluation.tasks.task import (
    TASK_ITEMS,
    CorpusIdentity,
    SampledSettings,
    Task,
    TaskKind,
    no_gold,
    sampled,
    shared_columns,
    subject_of,
)
from harness.text.language_data import language_table
from harness.text.search_words import search_words

_SLOT = re.compile(r"\{(number|word|title)\}")
_MOST_LINES = 3
_LARGEST_NUMBER = 5000
_ELSEWHERE = "en"  # sites in languages without lines of their own often keep the widgets of their software
_END, _BETWEEN, _START = "end", "between", "start"
_PLACES = (_END, _END, _END, _BETWEEN, _BETWEEN, _START)  # most residue of real pages stands at the end
_UNTOUCHED = "none"


class ResidueSettings(SampledSettings):
    r"""Settings of `kind = "residue"`: a text, answered by the list of its line numbers that are residue.

    Lines are counted from 1 and blank ones count, as `text.split("\n")` gives them; numbers are written as
    strings. One to three lines are planted together, half of the time at the end; `clean_share` of the texts stay
    as they are, so that false alarms show.
    """

    kind: Literal["residue"] = "residue"
    clean_share: float = Field(default=0.25, ge=0, lt=1)


def derive(settings: ResidueSettings, documents: pa.Table, corpus: CorpusIdentity) -> Task:
    """Plant lines of `planted_residue.toml` at places that are drawn.

    Raises:
        NoEvidenceError: No text was given any.
    """
    chosen = sampled(documents, settings)
    titles = [title for document in chosen if (title := (document["title"] or "").strip())]
    rows = [_item(document, titles, settings) for document in chosen]
    if all(row["variant"] == _UNTOUCHED for row in rows):
        raise no_gold(
            "no line was planted into any text",
            corpus=corpus,
            task=settings.name,
            remedy="lower clean_share in tasks.toml, or take another seed",
        )
    gold = "lines that the task itself planted by a seed, of templates that no cleaning rule was written from"
    return Task(
        subject=subject_of(settings, corpus, rows, gold=gold, pool=None),
        items=pa.Table.from_pylist(rows, schema=TASK_ITEMS),
        metrics=list_metrics(),
        read_answer=read_line_numbers,
        read_reference=lambda reference: tuple(json.loads(reference)),
    )


def read_line_numbers(output: object) -> tuple[str, ...] | None:
    """Read a list of different line numbers, written as strings or numbers; None where it is no such list."""
    if not isinstance(output, list | tuple):
        return None
    numbers = tuple(str(entry) for entry in output)
    is_right = all(number.isascii() and number.isdecimal() for number in numbers)
    return numbers if is_right and len(set(numbers)) == len(numbers) else None


@dataclass(frozen=True)
class _Planted:
    text: str
    lines: tuple[int, ...]
    place: str


def _item(document: Mapping[str, Any], titles: Sequence[str], settings: ResidueSettings) -> dict[str, Any]:
    draws = Draws(settings.seed, document["id"], "residue")
    if draws.chance(settings.clean_share):
        planted = _Planted(document["text"], (), _UNTOUCHED)
    else:
        planted = _plant(document["text"], _block(document, titles, draws), draws)
    return {
        **shared_columns(document),
        "item_id": f"{document['id']}#residue",
        "variant": planted.place,
        "input": planted.text,
        "reference": canonical_json([str(number) for number in planted.lines]),
    }


def _block(document: Mapping[str, Any], titles: Sequence[str], draws: Draws) -> list[str]:
    templates = language_table("planted_residue")["lines"]
    of_language = templates.get(document["lang"], templates[_ELSEWHERE])
    lines = draws.shuffled(of_language)[: 1 + draws.below(_MOST_LINES)]
    others = [title for title in titles if title != (document["title"] or "").strip()]
    words = search_words(document["text"])
    fillings = {
        "number": lambda: str(2 + draws.below(_LARGEST_NUMBER)),
        "word": lambda: draws.pick(words) if words else "…",
        "title": lambda: draws.pick(others) if others else "…",
    }
    return [_SLOT.sub(lambda slot: fillings[slot[1]](), line) for line in lines]


def _plant(text: str, block: Sequence[str], draws: Draws) -> _Planted:
    """Put lines before, behind or between paragraphs, parted as the paragraphs are."""
    parting = "\n\n" if "\n\n" in text else "\n"
    paragraphs = text.split(parting)
    place = draws.pick(_PLACES if len(paragraphs) > 1 else (_END, _START))
    before = {_START: 0, _END: len(paragraphs)}.get(place)
    if before is None:
        before = 1 + draws.below(len(paragraphs) - 1)
    planted = parting.join([*paragraphs[:before], "\n".join(block), *paragraphs[before:]])
    first = 1 + parting.join([*paragraphs[:before], ""]).count("\n")
    return _Planted(planted, tuple(range(first, first + len(block))), place)


KIND = TaskKind(
    name="residue",
    settings=ResidueSettings,
    derive=derive,
    pitfalls=(
        "Residue that the build left in a text counts as the author's, and finding it as a false alarm. The lines are "
        "ours: a site's own furniture differs, and in languages other than Arabic, English, Persian and Urdu they are "
        "English and easy to tell. Lines that fill in headlines and words of the corpus are as hard as real ones; a "
        "fixed sentence that comes back in many texts is easier to spot here than on a small site. The profiles' "
        "rules cut at the end of a text on purpose, and are not written from these lines: what they miss here is the "
        "price of never cutting an author's words."
    ),
)
