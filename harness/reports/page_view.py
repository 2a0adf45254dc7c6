"""A comparison arranged for a page: every figure written out, every place on a chart worked out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.evaluation.deciding import as_ids
from harness.evaluation.metrics import name_for_people
from harness.evaluation.results import Answer, Comparison, DecidingItem, Difference, RunResult, Score, Slice
from harness.reports import wording
from harness.reports.beside_scores import SaidInstead, counted, said_instead
from harness.reports.chart import Axis
from harness.reports.extent import Extent
from harness.reports.wording import Sentence, Unit

_IN_THE_OPEN = 3  # of the items to read; more unfold
_EDGE = 6.0  # per cent of a drawing's width: about half of a label on a telephone


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: its place, and what stands below it."""

    place: str
    label: str

    @property
    def anchor(self) -> str:
        """Which part of the label stands at the place, so that none runs off the drawing."""
        share = float(self.place.rstrip("%"))
        return "start" if share < _EDGE else "end" if share > 100 - _EDGE else "middle"


@dataclass(frozen=True)
class Whisker:
    """A dot with its interval: places on the axis, and the figures in words. Bounds may be missing."""

    dot: str
    low: str | None
    high: str | None
    told: str


@dataclass(frozen=True)
class Standing:
    """One system's line in the leaderboard; `others` holds the further metrics as (value, interval)."""

    name: str
    version: str
    value: str
    interval: str
    whisker: Whisker | None
    others: tuple[tuple[str, str], ...]
    n: str
    failures: str
    reason: str
    rank: str


@dataclass(frozen=True)
class Pair:
    """One judged pair: verdict, sentence, figures and, where there is an interval, a whisker."""

    verdict: str
    mark: str
    sentence: Sentence
    p: str
    record: str
    power: str
    whisker: Whisker | None


@dataclass(frozen=True)
class PairChart:
    """All pairs of one metric on one axis around zero; the band is the margin."""

    metric: str
    n: str
    pairs: tuple[Pair, ...]
    ticks: tuple[Tick, ...]
    zero: str
    band: tuple[str, str] | None


@dataclass(frozen=True)
class Ranked:
    """A document in a ranking or among the relevant ones; the title is empty where none is known or needed."""

    document_id: str
    title: str
    is_relevant: bool


@dataclass(frozen=True)
class Said:
    """What one system said to an item: a text, or the first of a ranking, and how it was scored."""

    name: str
    text: str | None
    ranking: tuple[Ranked, ...] | None
    rank: str
    score: str
    mark: str
    told: str
    failure: str


@dataclass(frozen=True)
class ItemCard:
    """One item with all answers side by side."""

    item_id: str
    title: str
    text: str
    lang: str
    expected: str
    relevant: tuple[Ranked, ...] | None
    more_relevant: int
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Cards:
    """Items to read: a few in the open, more to unfold, and a sentence on how many there are; "" of none."""

    open: tuple[ItemCard, ...] = ()
    folded: tuple[ItemCard, ...] = ()
    told: str = ""


@dataclass(frozen=True)
class SliceLine:
    """One slice of a dimension: its value, its size, each system's value, and what stands out in it."""

    value: str
    n: str
    clusters: str
    is_small: bool
    values: tuple[str, ...]
    told: Sentence


@dataclass(frozen=True)
class ComparisonView:
    """Everything that the template needs to know of one comparison."""

    anchor: str
    comparison: Comparison
    finding: Sentence
    metric: str
    confidence: str
    other_metrics: tuple[str, ...]
    meanings: tuple[tuple[str, str], ...]
    pitfalls: str
    standings: tuple[Standing, ...]
    ticks: tuple[Tick, ...]
    charts: tuple[PairChart, ...]
    items: Cards
    all_wrong: Cards
    names: tuple[str, ...]
    bands: Sentence
    matrix: tuple[tuple[str, tuple[str, ...]], ...]
    slices: tuple[tuple[str, tuple[tuple[str, tuple[SliceLine, ...]], ...]], ...]  # by metric and dimension
    slices_balance: str
    failure_kinds: tuple[str, ...]
    failures: tuple[tuple[str, tuple[int, ...]], ...]
    said_instead: tuple[SaidInstead, ...]
    counted: tuple[tuple[str, str], ...]


def view_of(comparison: Comparison, *, number: int, extent: Extent) -> ComparisonView:
    """Arrange a comparison; `number` makes its anchor on the page."""
    names = wording.names_of(comparison)
    primary = comparison.runs[0].scores[0]
    axis = _score_axis([run.scores[0] for run in comparison.runs])
    unit = Unit.of(primary.metric, primary.n)
    ranks = wording.ranks(comparison)
    kinds = sorted({kind for run in comparison.runs for kind in run.failures})
    return ComparisonView(
        anchor=f"task-{number}",
        comparison=comparison,
        finding=wording.finding(comparison),
        metric=name_for_people(primary.metric),
        confidence=wording.percent(primary.confidence),
        other_metrics=tuple(name_for_people(score.metric) for score in comparison.runs[0].scores[1:]),
        meanings=tuple(wording.meanings(comparison)),
        pitfalls=wording.pitfalls(comparison),
        standings=tuple(
            _standing(run, names[run.run_id], axis, ranks.get(run.run_id, "")) for run in comparison.runs
        ),
        ticks=tuple(Tick(axis.place(tick), unit.tick(tick)) for tick in axis.ticks) if axis else (),
        charts=tuple(_chart(comparison, metric, names) for metric in _compared_metrics(comparison)),
        items=_cards(
            comparison.items[: extent.most_items], names, wording.deciding(comparison, extent.most_items)
        ),
        all_wrong=_cards(
            comparison.all_wrong.shown[: extent.most_wrong],
            names,
            wording.all_wrong(comparison.all_wrong, extent.most_wrong),
        ),
        names=tuple(names[run.run_id] for run in comparison.runs),
        bands=wording.bands(comparison),
        matrix=tuple((names[run_id], marks) for run_id, marks in wording.matrix(comparison)),
        slices=tuple(
            (name_for_people(metric), _by_dimension(parts, comparison))
            for metric, parts in wording.slices_by_metric(comparison, every=extent.every_metric)
        ),
        slices_balance=wording.slices_balance(comparison)
        + wording.slices_elsewhere(comparison, every=extent.every_metric),
        failure_kinds=tuple(kinds),
        failures=tuple(
            (names[run.run_id], tuple(run.failures.get(kind, 0) for kind in kinds)) for run in comparison.runs
        ),
        said_instead=tuple(said_instead(comparison.runs, names)),
        counted=tuple(counted(comparison.runs, names)),
    )


def _compared_metrics(comparison: Comparison) -> list[str]:
    return list(dict.fromkeys(pair.metric for pair in comparison.differences))


def _score_axis(scores: list[Score]) -> Axis | None:
    values = [v for score in scores for v in (score.value, score.low, score.high) if v is not None]
    if not values:
        return None
    return Axis.over(values, within=(0, 1) if min(values) >= 0 and max(values) <= 1 else None)


def _by_dimension(
    parts: Sequence[Slice], comparison: Comparison
) -> tuple[tuple[str, tuple[SliceLine, ...]], ...]:
    """Put the slices of a dimension together, dimensions in the order in which they come."""
    return tuple(
        (name, tuple(_slice(part, comparison) for part in parts if part.dimension == name))
        for name in dict.fromkeys(part.dimension for part in parts)
    )


def _slice(part: Slice, comparison: Comparison) -> SliceLine:
    unit = Unit.of(part.metric, part.n)
    return SliceLine(
        value=part.value,
        n=f"{part.n:,}",
        clusters=f"{part.clusters:,}",
        is_small=part.is_small,
        values=tuple("" if one.value is None else unit.value(one.value) for one in part.scores),
        told=wording.slice_told(part, comparison),
    )


def _standing(run: RunResult, name: str, axis: Axis | None, rank: str) -> Standing:
    primary, *others = run.scores
    value, interval = _figures(primary)
    return Standing(
        name=name,
        version=run.system.version,
        value=value,
        interval=interval,
        whisker=_whisker(
            axis, (primary.value, primary.low, primary.high), f"{name}: {value} {interval}".rstrip()
        ),
        others=tuple(_figures(score) for score in others),
        n=f"{primary.n:,}",
        failures=f"{sum(run.failures.values()):,}",
        reason=primary.reason,
        rank=rank,
    )


def _figures(score: Score) -> tuple[str, str]:
    if score.value is None:
        return "no value", ""
    unit = Unit.of(score.metric, score.n)
    return unit.value(score.value), unit.interval(score.low, score.high)


def _whisker(
    axis: Axis | None, figures: tuple[float | None, float | None, float | None], told: str
) -> Whisker | None:
    value, low, high = figures
    if axis is None or value is None:
        return None
    if low is None or high is None:
        return Whisker(axis.place(value), None, None, told)
    return Whisker(axis.place(value), axis.place(low), axis.place(high), told)


def _chart(comparison: Comparison, metric: str, names: dict[str, str]) -> PairChart:
    pairs = [pair for pair in comparison.differences if pair.metric == metric]
    values = [v for pair in pairs for v in (pair.difference, pair.low, pair.high) if v is not None]
    margin = pairs[0].margin
    axis = Axis.over([*values, 0.0, margin, -margin])
    unit = Unit.of(metric, pairs[0].n)
    return PairChart(
        metric=name_for_people(metric),
        n=wording.count(max(pair.n for pair in pairs), "item"),
        pairs=tuple(_pair(pair, names, axis) for pair in pairs),
        ticks=tuple(Tick(axis.place(tick), unit.signed_tick(tick)) for tick in axis.ticks),
        zero=axis.place(0.0),
        band=(axis.place(-margin), axis.place(margin)) if margin else None,
    )


def _pair(pair: Difference, names: dict[str, str], axis: Axis) -> Pair:
    sentence = wording.capitalised(wording.judgement(pair, names))
    adjusted = f", adjusted {wording.p_value(pair.p_holm)}" if pair.p_holm not in {None, pair.p} else ""
    return Pair(
        verdict=pair.verdict,
        mark=wording.VERDICT_MARKS[pair.verdict],
        sentence=sentence,
        p=f"{wording.p_value(pair.p)}{adjusted}" or "no p",
        record=" · ".join(filter(None, (wording.record(pair), wording.effect(pair)))),
        power="; ".join(filter(None, (wording.power(pair), wording.seeds(pair)))),
        whisker=_whisker(axis, (pair.difference, pair.low, pair.high), wording.written(sentence)),
    )


def _cards(items: Sequence[DecidingItem], names: dict[str, str], told: str) -> Cards:
    cards = tuple(_card(item, names) for item in items)
    return Cards(cards[:_IN_THE_OPEN], cards[_IN_THE_OPEN:], told if cards else "")


def _card(item: DecidingItem, names: dict[str, str]) -> ItemCard:
    expected = None if item.relevant is None else as_ids(item.reference)
    return ItemCard(
        item_id=item.item_id,
        title="" if item.title == item.input else item.title,
        text=item.input,
        lang=item.lang,
        expected=item.reference,
        relevant=None if expected is None else _relevant(expected, item),
        more_relevant=(item.relevant or 0) - len(expected or ()),
        said=tuple(_said(answer, names[answer.run_id], item) for answer in item.answers),
    )


def _relevant(documents: list[str], item: DecidingItem) -> tuple[Ranked, ...]:
    """Give the relevant documents, without the title under which the item's own stands already."""
    return tuple(
        replace(entry, title="") if entry.document_id == item.document_id else entry
        for entry in _ranked(documents, item)
    )


def _ranked(documents: list[str], item: DecidingItem) -> tuple[Ranked, ...]:
    relevant = as_ids(item.reference) or []
    return tuple(
        Ranked(document, item.titles.get(document, ""), document in relevant) for document in documents
    )


def _said(answer: Answer, name: str, item: DecidingItem) -> Said:
    ranking = None if answer.output is None or answer.ranked is None else as_ids(answer.output)
    scores = [other.score for other in item.answers if other.score is not None]
    # An item that all got wrong has no best answer.
    is_best = answer.score is not None and answer.score == max(scores) > 0
    right_or_wrong = all(score in {0, 1} for score in scores) and ranking is None
    return Said(
        name=name,
        text=answer.output,
        ranking=None if ranking is None else _ranked(ranking, item),
        rank=wording.rank_told(answer),
        score="not scored"
        if answer.score is None
        else ""
        if right_or_wrong
        else f"scored {answer.score:.3g}",
        mark="best" if is_best else "behind",
        told=("right" if is_best else "wrong") if right_or_wrong else ("best" if is_best else "behind"),
        failure=answer.failure or "",
    )
