"""One document's life in plain text."""

from collections.abc import Iterator

from harness.curation.life import EditStep, Life
from harness.text.visible import visible

_SHOWN_EDITS = 40
_EXCERPT_CHARS = 120


def why_text(life: Life, *, most_edits: int = _SHOWN_EDITS) -> str:
    """Tell a life in the order in which it went: bytes, decoding, edits, signals, cluster, end."""
    return "\n".join(map(visible, _lines(life, most_edits)))


def _lines(life: Life, most_edits: int) -> Iterator[str]:
    yield f"{life.id}  in {life.version}"
    if life.title:
        yield f"  title     {life.title}"
    yield f"  raw       {life.locator}" + (f"  sha256 {life.raw_sha256[:16]}" if life.raw_sha256 else "")
    if life.encoding:
        yield f"  decoded   from {life.encoding}" + _in_brackets(", ".join(life.decode_repairs))
    yield from _edit_lines(life.edits, most_edits)
    told = {name: value for name, value in life.signals.items() if value not in (None, 0, 0.0, False)}
    if told:
        yield "  signals   " + ", ".join(f"{name} {_short(value)}" for name, value in told.items())
    yield from _cluster_lines(life)
    yield from _end_lines(life)


def _edit_lines(edits: tuple[EditStep, ...], most: int) -> Iterator[str]:
    if edits:
        yield f"  edits     {len(edits)}, in the order in which they were made"
    for edit in edits[:most]:
        yield f"    {edit.rule} at {edit.start}: {_quoted(edit.before)} -> {_quoted(edit.after)}"
    if len(edits) > most:
        yield f"    and {len(edits) - most} more in the table 'edits'"


def _cluster_lines(life: Life) -> Iterator[str]:
    if not life.kin:
        return
    yield f"  cluster   {life.cluster}, with {len(life.kin)} more" + _in_brackets(f"survivor {life.survivor}")
    for kin in life.kin[:_SHOWN_EDITS]:
        yield f"    {kin.kind}  {kin.id}" + (
            "" if kin.similarity is None else f"  similarity {kin.similarity:.3f}"
        )


def _end_lines(life: Life) -> Iterator[str]:
    if life.status == "kept":
        yield f"  kept      in split {life.split}"
    elif life.refusal and life.status == "rejected":
        told = life.refusal
        yield f"  rejected  by {told['rule']}: {told['observed']}, allowed is {told['allowed']}"
        if told["partner"]:
            yield f"            for {told['partner']}, {told['evidence']}"
    elif life.refusal:
        yield f"  error     {life.refusal['error']} in {life.refusal['stage']}: {life.refusal['detail'] or ''}"
    yield from (f"  gate      {gate}" for gate in life.gates)


def _quoted(text: str) -> str:
    shown = text if len(text) <= _EXCERPT_CHARS else text[:_EXCERPT_CHARS] + "…"
    return '"' + shown.replace("\n", "\\n") + '"'


def _in_brackets(text: str) -> str:
    return f"  ({text})" if text else ""


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
