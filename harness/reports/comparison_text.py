"""A comparison in plain text for a terminal: no colours, no alignment that a name could break."""

from harness.evaluation.deciding import as_ids
from harness.evaluation.metrics import name_for_people
from harness.evaluation.results import Comparison, DecidingItem, Difference, RunResult, Score
from harness.reports import wording
from harness.reports.wording import Unit
from harness.text.visible import visible

_MOST_SLICES = 8  # in a terminal; the pages show them all
_MOST_WRONG = 3  # in a terminal; the pages show them all


def comparison_text(comparison: Comparison) -> str:
    """Tell the scores, best first, then the verdict on each pair, then the notes.

    Figures come first on a line, since they align; names from outside come last and cannot push them.
    """
    names = wording.names_of(comparison)
    subject = comparison.subject
    lines = [
        f"{subject.task} on {wording.version_told(subject)}  {subject.content_hash[:12]}".rstrip(),
        wording.scope(comparison),
        f"reference: {subject.gold}",
        "",
    ]
    for place, score in enumerate(comparison.runs[0].scores):
        lines += [f"{name_for_people(score.metric)} ({score.signature})"]
        lines += [_score_line(run.scores[place], run, names[run.run_id]) for run in comparison.runs]
    lines += ["", *(_pair_line(pair, names) for pair in comparison.differences)]
    if bands := wording.written(wording.bands(comparison)):
        lines += ["", bands]
    lines += ["", *_slices(comparison)] if comparison.slices else []
    lines += ["", *(f"note: {note}" for note in comparison.notes)] if comparison.notes else []
    lines += ["", *_all_wrong(comparison, names)] if comparison.all_wrong.items else []
    return "\n".join(map(visible, lines))


def _score_line(score: Score, run: RunResult, name: str) -> str:
    if score.value is None:
        return f"  no value ({score.reason})  {name}"
    unit = Unit.of(score.metric, score.n)
    bounds = unit.interval(score.low, score.high) or f"(no interval: {score.reason})"
    failed = sum(run.failures.values())
    failures = f"  {wording.count(failed, 'failure')}" if failed else ""
    return f"  {unit.value(score.value):>8}  {bounds:<18}  n={score.n}{failures}  {name}"


def _pair_line(pair: Difference, names: dict[str, str]) -> str:
    sentence = wording.written(wording.capitalised(wording.judgement(pair, names)))
    p = wording.p_value(pair.p_holm)
    mark = wording.VERDICT_MARKS[pair.verdict]
    power = wording.power(pair)
    told = [
        name_for_people(pair.metric),
        f"adjusted {p}" if p else "",
        f"n={pair.n}",
        power,
        wording.seeds(pair),
    ]
    return f"{mark} {sentence} ({'; '.join(filter(None, told))})"


def _slices(comparison: Comparison) -> list[str]:
    """Tell the slices in which an order turns round; the pages show them all."""
    shown = wording.standing_out(comparison)[:_MOST_SLICES]
    return [
        f"{wording.SLICES}: {wording.slices_balance(comparison)}",
        *(
            f"  n={part.n}  {part.name}, {name_for_people(part.metric)}: "
            f"{wording.written(wording.slice_told(part, comparison))}"
            for part in shown
        ),
    ]


def _all_wrong(comparison: Comparison, names: dict[str, str]) -> list[str]:
    found = comparison.all_wrong
    return [
        f"{wording.ALL_WRONG}: {wording.all_wrong(found, _MOST_WRONG)}",
        *(_wrong_line(item, names) for item in found.shown[:_MOST_WRONG]),
    ]


def _wrong_line(item: DecidingItem, names: dict[str, str]) -> str:
    """Name an item and what was said of it; of rankings the pages show more than a line holds."""
    if as_ids(item.reference) is not None:
        return f"  {item.item_id}"
    said = {answer.output or f"({answer.failure})" for answer in item.answers}
    if len(said) == 1:
        return f"  {item.item_id}: expected {item.reference}, all said {said.pop()}"
    each = (f"{names[answer.run_id]} {answer.output or f'({answer.failure})'}" for answer in item.answers)
    return f"  {item.item_id}: expected {item.reference}; said: {', '.join(each)}"
