"""Comparisons as Markdown, for a pull request or a README: escaped, and the same bytes each time."""

from collections.abc import Mapping, Sequence

from harness.evaluation.deciding import as_ids
from harness.evaluation.metrics import name_for_people
from harness.evaluation.results import Answer, Comparison, DecidingItem, Difference, RunResult, Score, Slice
from harness.reports import beside_scores, wording
from harness.reports.extent import Extent
from harness.reports.summary import CorpusSummary
from harness.reports.wording import Name, Sentence, Unit
from harness.text.markdown import code, plain, table


def comparison_markdown(
    comparisons: Sequence[Comparison], *, summary: CorpusSummary | None = None, title: str = ""
) -> str:
    """Write comparisons of one corpus as one Markdown document, ready for GitHub.

    Args:
        comparisons: One for each task, in order.
        summary: The version's numbers, to open with.
        title: The heading; without one, the task's or the version's name.
    """
    blocks = [f"# {plain(title or wording.page_title(comparisons, summary))}"]
    blocks += _corpus(summary) if summary else []
    for comparison in comparisons:
        blocks += _task(comparison, Extent.of(len(comparisons)))
    return "\n\n".join(blocks) + "\n"


def comparison_brief(comparison: Comparison) -> str:
    """Write a comparison for a pull request: what it found, and folded away scores, pairs and notes."""
    subject, names = comparison.subject, wording.names_of(comparison)
    # No text from outside stands in a summary: there it would be HTML, which Markdown's escapes do not reach.
    blocks = [
        f"**{plain(wording.task_title(subject))}:** {_sentence(wording.finding(comparison))}",
        "<details><summary>scores and pairs</summary>",
        _leaderboard(comparison, names),
        _pairs(comparison.differences, names),
        *[f"_{plain(note)}_" for note in comparison.notes],
        "</details>",
    ]
    return "\n\n".join(blocks)


def _corpus(summary: CorpusSummary) -> list[str]:
    heading, figures = wording.gates(summary.gates)
    lines = [
        f"- **{name}:** {_listed(numbers)}"
        for name, numbers in (
            ("Refused by", summary.rejected_by),
            ("Splits", summary.splits),
            ("Languages, as measured", summary.languages),
        )
        if numbers
    ]
    lines += [f"- **{heading}:** {figures}", f"- **Content hash:** {code(summary.content_hash)}"]
    return ["## The corpus", wording.balance(summary), "\n".join(lines)]


def _listed(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{plain(name)} {number:,}" for name, number in wording.most_first(numbers))


def _task(comparison: Comparison, extent: Extent) -> list[str]:
    subject, names = comparison.subject, wording.names_of(comparison)
    return [
        f"## {plain(subject.task)}",
        f"{plain(wording.version_told(subject))}, {wording.scope(comparison)}. {_sentence(wording.finding(comparison))}",
        "### Leaderboard",
        _leaderboard(comparison, names),
        *([_sentence(wording.bands(comparison))] if comparison.bands else []),
        *_explained(comparison),
        "### Is one better than another?",
        _pairs(comparison.differences, names),
        *_matrix(comparison, names),
        *[f"_{plain(note)}_" for note in comparison.notes],
        *_slices(comparison, names, extent),
        *_items(comparison, names, extent),
        "### Failures",
        _failures(comparison.runs, names),
        *_said_instead(comparison, names),
        "### How this was measured",
        plain(comparison.method),
        _facts(comparison),
    ]


def _sentence(sentence: Sentence) -> str:
    # Blanks next to the asterisks would turn them into plain ones.
    return "".join(
        f"**{plain(part.text.strip())}**" if isinstance(part, Name) else plain(part) for part in sentence
    )


def _leaderboard(comparison: Comparison, names: Mapping[str, str]) -> str:
    metrics = tuple(plain(name_for_people(score.metric)) for score in comparison.runs[0].scores)
    ranks = wording.ranks(comparison)
    ranked = ("rank",) if ranks else ()
    rows = [
        (
            plain(names[run.run_id]),
            *((plain(ranks.get(run.run_id, "")),) if ranks else ()),
            *(_figures(score) for score in run.scores),
            f"{run.scores[0].n:,}",
            f"{sum(run.failures.values()):,}",
        )
        for run in comparison.runs
    ]
    header = ("System", *ranked, *metrics, "n", "failed")
    return table(header, rows, numbers=len(ranked) + len(metrics) + 2)


def _explained(comparison: Comparison) -> list[str]:
    lines = [f"- **{plain(name)}:** {plain(meaning)}" for name, meaning in wording.meanings(comparison)]
    pitfalls = wording.pitfalls(comparison)
    told = [f"**{wording.PITFALLS}.** {plain(pitfalls)}"] if pitfalls else []
    return ["\n".join(lines), *told] if lines else told


def _figures(score: Score) -> str:
    if score.value is None:
        return plain(score.reason or "no value")
    unit = Unit.of(score.metric, score.n)
    bounds = unit.interval(score.low, score.high) or f"(no interval: {score.reason})"
    return f"{unit.value(score.value)} {plain(bounds)}"


def _pairs(pairs: Sequence[Difference], names: dict[str, str]) -> str:
    lines = []
    for pair in pairs:
        sentence = _sentence(wording.capitalised(wording.judgement(pair, names)))
        adjusted = f", adjusted {wording.p_value(pair.p_holm)}" if pair.p_holm not in {None, pair.p} else ""
        told = (
            name_for_people(pair.metric),
            (wording.p_value(pair.p) or "no p") + adjusted,
            wording.record(pair),
            wording.effect(pair),
            wording.power(pair),
            wording.seeds(pair),
        )
        figures = plain(f"({'; '.join(filter(None, told))})")
        lines.append(f"- {wording.VERDICT_MARKS[pair.verdict]} {sentence} {figures}")
    return "\n".join(lines) or "No metric could be compared in pairs."


def _matrix(comparison: Comparison, names: Mapping[str, str]) -> list[str]:
    """Draw who is better than whom, where there are enough systems for a table to say it sooner than a list."""
    matrix = wording.matrix(comparison)
    if not matrix:
        return []
    header = ("", *(plain(names[run.run_id]) for run in comparison.runs))
    rows = [(plain(names[run_id]), *marks) for run_id, marks in matrix]
    return [plain(wording.MATRIX), table(header, rows)]


def _slices(comparison: Comparison, names: Mapping[str, str], extent: Extent) -> list[str]:
    if not comparison.slices:
        return []
    return [
        f"### {wording.SLICES}",
        plain(
            wording.slices_balance(comparison)
            + wording.slices_elsewhere(comparison, every=extent.every_metric)
        ),
        *(
            _slices_of(metric, parts, comparison, names)
            for metric, parts in wording.slices_by_metric(comparison, every=extent.every_metric)
        ),
    ]


def _slices_of(metric: str, parts: Sequence[Slice], comparison: Comparison, names: Mapping[str, str]) -> str:
    rows = [
        (
            plain(part.name),
            f"{part.n:,}",
            f"{part.clusters:,}",
            *("" if one.value is None else Unit.of(metric, part.n).value(one.value) for one in part.scores),
            _sentence(wording.slice_told(part, comparison)),
        )
        for part in parts
    ]
    header = ("slice", "n", "clusters", *(plain(names[run.run_id]) for run in comparison.runs), "differences")
    # No text from outside stands in the summary: there it would be HTML, which Markdown's escapes do not reach.
    folded = f"<details><summary>{len(rows)} slices</summary>\n\n{table(header, rows)}\n\n</details>"
    return f"By {plain(name_for_people(metric))}:\n\n{folded}"


def _items(comparison: Comparison, names: Mapping[str, str], extent: Extent) -> list[str]:
    header = ("Item", "Text", "Expected", *(plain(names[run.run_id]) for run in comparison.runs))
    wrong, shown = comparison.all_wrong, comparison.items[: extent.most_items]
    blocks = []
    if shown:
        blocks += ["### Items that decide it", plain(wording.deciding(comparison, extent.most_items))]
        blocks += [table(header, list(map(_item, shown)))]
    if wrong.items:
        few = wrong.shown[: extent.most_wrong]
        blocks += [f"### {wording.ALL_WRONG}", plain(wording.all_wrong(wrong, len(few)))]
        blocks += [table(header, list(map(_item, few)))]
    return blocks


def _item(item: DecidingItem) -> tuple[str, ...]:
    return (
        code(item.item_id),
        plain(item.input),
        _expected(item),
        *(_answer(answer, item) for answer in item.answers),
    )


def _expected(item: DecidingItem) -> str:
    shown = None if item.relevant is None else as_ids(item.reference)
    if item.relevant is None or shown is None:
        return plain(item.reference)
    more = [f"and {item.relevant - len(shown)} more"] if item.relevant > len(shown) else []
    # The item's own document stands under the title that is asked for.
    listed = [code(entry) if entry == item.document_id else _document(entry, item) for entry in shown]
    return "; ".join(listed + more)


def _document(document: str, item: DecidingItem) -> str:
    title = item.titles.get(document)
    return f"{plain(title)} {code(document)}" if title else code(document)


def _answer(answer: Answer, item: DecidingItem) -> str:
    if answer.output is None:
        return f"_{plain(answer.failure or 'no answer')}_"
    score = "not scored" if answer.score is None else f"{answer.score:.3g}"
    ranking = None if answer.ranked is None else as_ids(answer.output)
    if ranking is None:
        return f"{plain(answer.output)} ({score})"
    relevant = as_ids(item.reference) or []
    listed = [
        f"{rank}. {wording.RELEVANT if document in relevant else ''}{_document(document, item)}"
        for rank, document in enumerate(ranking, start=1)
    ]
    return "; ".join([f"{wording.rank_told(answer)} ({score})", *listed])


def _failures(runs: Sequence[RunResult], names: Mapping[str, str]) -> str:
    kinds = sorted({kind for run in runs for kind in run.failures})
    if not kinds:
        return "Every system answered every item in a usable form."
    rows = [(plain(names[run.run_id]), *(f"{run.failures.get(kind, 0):,}" for kind in kinds)) for run in runs]
    return table(("System", *kinds), rows, numbers=len(kinds))


def _said_instead(comparison: Comparison, names: Mapping[str, str]) -> list[str]:
    said = beside_scores.said_instead(comparison.runs, names)
    lines = [
        f"- {plain(one.system)}, {code(one.item_id)} ({plain(one.failure)}): {plain(one.text)}"
        for one in said
    ]
    return [f"{beside_scores.UNUSABLE}:", "\n".join(lines)] if lines else []


def _facts(comparison: Comparison) -> str:
    subject = comparison.subject
    facts = [
        f"- **Reference:** {plain(subject.gold)}",
        f"- **Splits:** {plain(', '.join(subject.splits))}",
        f"- **Content hash:** {code(subject.content_hash)}",
        f"- **Task fingerprint:** {code(subject.task_fingerprint)}",
    ]
    facts += [f"- **Signature:** {code(score.signature)}" for score in comparison.runs[0].scores]
    facts += [
        f"- **System:** {plain(run.system.name)} {plain(run.system.version)}, {code(run.system.uri)}, run {code(run.run_id)}"
        for run in comparison.runs
    ]
    facts += [
        f"- **{beside_scores.TOKENS}:** {plain(name)}: {plain(told)}"
        for name, told in beside_scores.counted(comparison.runs, wording.names_of(comparison))
    ]
    return "\n".join(facts)
