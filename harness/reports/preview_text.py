"""A preview in plain text: each record with its outcome and first edits, then the sum."""

from collections.abc import Iterator, Mapping

from harness.curation.life import Life
from harness.curation.previewed import Preview, Sample
from harness.reports.diff_text import COLOURED, PLAIN, Style
from harness.reports.why_text import edit_lines
from harness.text.visible import visible

_SHOWN_EDITS = 3


def preview_text(preview: Preview, *, most_edits: int = _SHOWN_EDITS, coloured: bool = False) -> str:
    """Tell what would become of each record.

    Args:
        preview: What is told.
        most_edits: So many edits of each record are shown as word diffs; the others are counted.
        coloured: Mark changes by colour, for a terminal; else by `[-cut-]` and `{+put+}`.
    """
    return "\n".join(_lines(preview, most_edits, COLOURED if coloured else PLAIN))


def _lines(preview: Preview, most_edits: int, style: Style) -> Iterator[str]:
    chosen = "drawn from all over each source" if preview.spread else "the first of each source"
    yield visible(f"{preview.reference}  profile {preview.profile}, {chosen}; nothing was written")
    for sample in preview.samples:
        yield ""
        yield visible(_head(sample))
        for life in sample.records:
            yield from map(visible, _outcome_lines(life))
            # One step further in than in a life of its own.
            yield from (f"  {line}" for line in edit_lines(life, most=most_edits, style=style))
    yield ""
    yield from map(visible, _sum_lines(preview))


def _head(sample: Sample) -> str:
    more = "there are more" if sample.has_more else "that is all"
    return f"{sample.source}: {_plural(len(sample.records), 'record')}, {more}"


def _outcome_lines(life: Life) -> Iterator[str]:
    yield f"  {life.status:<8}  {life.locator}" + (f"  {life.title}" if life.title else "")
    told = life.refusal or {}
    if life.status == "rejected":
        yield f"    refused   by {told['rule']}: {told['observed']}, allowed is {told['allowed']}"
        if told["partner"]:
            yield f"              for {told['partner']}, {told['evidence']}"
    if life.status == "error":
        yield f"    error     {told['error']} in {told['stage']}: {told['detail'] or ''}"
        return
    signals = life.signals
    yield f"    read      from {life.encoding}; {signals['lang']} ({signals['lang_score']:.2f}), {_plural(signals['words'], 'word')}"
    yield from (f"              {repair.words}" for repair in life.repairs)


def _sum_lines(preview: Preview) -> Iterator[str]:
    tally = preview.tally
    yield f"{_plural(sum(tally.outcomes.values()), 'record')}: {_listed(tally.outcomes)}"
    for name, counts in (
        ("refused", tally.refused_by),
        ("encodings", tally.encodings),
        ("languages", tally.languages),
        ("edits", tally.edits),
    ):
        yield f"  {name:<9}  {_listed(counts) or 'none'}"
    yield "  Copies were looked for among these records alone: a build may find more, and other survivors."


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items())


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
