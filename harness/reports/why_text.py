"""One document's life in plain text."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.curation.life import Life
from harness.curation.limits import GateCheck
from harness.reports.diff_text import COLOURED, PLAIN, Style, diff_text
from harness.text.visible import visible

_SHOWN_EDITS = 40
_SHOWN_KIN = 20


@dataclass(frozen=True)
class _Voice:
    """How much is told, and how changes are marked."""

    most_edits: int
    style: Style


def why_text(life: Life, *, most_edits: int = _SHOWN_EDITS, coloured: bool = False) -> str:
    """Tell a life in the order in which it went: bytes, decoding, edits, signals, limits, cluster, end, gates.

    Args:
        life: What is told.
        most_edits: So many edits are shown as word diffs; the others are counted.
        coloured: Mark changes by colour, for a terminal; else by `[-cut-]` and `{+put+}`.
    """
    return "\n".join(_lines(life, _Voice(most_edits, COLOURED if coloured else PLAIN)))


def _lines(life: Life, voice: _Voice) -> Iterator[str]:
    # Each line has been made visible where it is made: only a diff holds marks of our own.
    yield visible(f"{life.id}  in {life.version}")
    yield from map(visible, _origin_lines(life))
    yield from edit_lines(life, most=voice.most_edits, style=voice.style)
    yield from map(visible, _measured_lines(life))
    yield from map(visible, _cluster_lines(life))
    yield from map(visible, _end_lines(life))
    yield from map(visible, _gate_lines(life))


def _origin_lines(life: Life) -> Iterator[str]:
    if life.title:
        yield f"  title     {life.title}"
    if life.url:
        yield f"  url       {life.url}"
    yield f"  raw       {life.locator}" + (f"  sha256 {life.raw_sha256[:16]}" if life.raw_sha256 else "")
    if life.page:
        what = "the raw bytes" if life.page.is_raw else "in a frame of our own"
        yield f"  page      kept, {life.page.bytes:,} bytes, {what}: --save-page FILE"
    if life.encoding:
        yield f"  decoded   from {life.encoding}"
    yield from (f"    {repair.words}" for repair in life.repairs)


def edit_lines(life: Life, *, most: int, style: Style = PLAIN) -> Iterator[str]:
    """Count a life's edits by rule and show the first as word diffs, each line safe to print."""
    if not life.edits:
        return
    yield visible(f"  edits     {len(life.edits)}: {_counted(Counter(edit.rule for edit in life.edits))}")
    if most and not life.has_context:
        yield "    without the words around them: the text of a refused record is not published"
    for edit in life.edits[:most]:
        yield visible(f"    {edit.rule} at {edit.start}: ") + diff_text(edit.diff, style)
    if 0 < most < len(life.edits):
        yield f"    and {len(life.edits) - most} more; --edits {len(life.edits)} shows all"


def _measured_lines(life: Life) -> Iterator[str]:
    told = {name: value for name, value in life.signals.items() if value not in (None, 0, 0.0, False)}
    if told:
        yield "  signals   " + ", ".join(f"{name} {_short(value)}" for name, value in told.items())
    if life.rules:
        yield "  rules     of the recipe, in their order"
    for check in life.rules:
        mark = "refuses" if check.decides else "hits" if check.hit else "passes"
        why = f" ({check.why})" if check.hit and check.why else ""
        yield f"    {mark:<7}  {check.rule}: {check.observed or 'not measured'}, allowed is {check.allowed}{why}"


def _cluster_lines(life: Life) -> Iterator[str]:
    if not life.kin:
        return
    yield f"  cluster   {life.cluster}, with {len(life.kin)} more; {_membership(life)}"
    for kin in life.kin[:_SHOWN_KIN]:
        yield f"    {kin.kind}  {kin.id}{_likeness(kin.similarity)}"
    if len(life.kin) > _SHOWN_KIN:
        yield f"    and {len(life.kin) - _SHOWN_KIN} more in the table 'clusters'"


def _membership(life: Life) -> str:
    if life.kind == "survivor":
        return "this one survives"
    return f"this one is {life.kind} to the survivor {life.survivor}{_likeness(life.similarity)}"


def _likeness(similarity: float | None) -> str:
    return "" if similarity is None else f"  similarity {similarity:.3f}"


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


def _gate_lines(life: Life) -> Iterator[str]:
    if not life.judged:
        yield "  gates     were not run on this content: harness validate"
    elif life.gates:
        naming = sum(gate.named is not None for gate in life.gates)
        yield f"  gates     {len(life.gates)} read its columns, {naming} of them name it"
    # Those that name the document first; each kind keeps the order of its suite.
    yield from (_gate_line(gate) for gate in sorted(life.gates, key=lambda gate: gate.named is None))


def _gate_line(gate: GateCheck) -> str:
    values = ", ".join(f"{name} = {value}" for name, value in gate.values.items())
    named = f"NAMES IT ({gate.severity})  " if gate.named is not None else ""
    title = f"  {gate.title}" if gate.title else ""
    return f"    {named}{gate.rule}{title}: {gate.named or values}, allowed is {gate.allowed}"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(
        f"{name} {number}" for name, number in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    )


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
