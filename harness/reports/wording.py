"""How a comparison is put into words and figures: the same in the terminal, in Markdown and in HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.evaluation.metrics import meaning_of, name_for_people
from harness.evaluation.results import (
    AllWrong,
    Answer,
    Comparison,
    Difference,
    Outcome,
    RunResult,
    Score,
    Slice,
    SliceDifference,
)
from harness.evaluation.tasks import KINDS
from harness.reports.summary import CorpusSummary, GateCounts

MINUS = "\N{MINUS SIGN}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
# From so many items on, a second decimal of a percentage says something: one item moves it.
_ITEMS_FOR_TWO_DECIMALS = 1000
# Metrics that are shares of something, which people read as percentages; others are read as they are.
_SHARES = (
    "accuracy", "success", "precision", "recall", "f1", "macro_f1", "micro_f1", "exact", "unknown_share",
    "single_character_share", "round_trip_loss",
    "bleu", "chrf", "chrf++", "ter", "rouge1", "rouge2", "rougeL", "exact_match", "token_f1", "cer", "wer", "span_f1",
)  # fmt: skip

PITFALLS = "What these scores do not say"
RELEVANT = "\N{CHECK MARK} "
SLICES = "Where it lies"
MATRIX = (
    "▲ the system of the row is better than that of the column, ▼ worse, ≈ equivalent, ? not enough evidence."
)
ALL_WRONG = "Items that every system got wrong"
VERDICT_MARKS: dict[Outcome, str] = {
    "better": "\N{BLACK UP-POINTING TRIANGLE}",
    "worse": "\N{BLACK DOWN-POINTING TRIANGLE}",
    "equivalent": "\N{ALMOST EQUAL TO}",
    "inconclusive": "?",
}


@dataclass(frozen=True)
class Name:
    """A system's name inside a sentence: text from outside, to be escaped and set apart."""

    text: str


Sentence = tuple[str | Name, ...]


def written(sentence: Sentence) -> str:
    """Join a sentence to plain text; the names are as they came, and hostile until escaped."""
    return "".join(part.text if isinstance(part, Name) else part for part in sentence)


@dataclass(frozen=True)
class Unit:
    """How the values of one metric are written.

    Args:
        is_share: Whether the metric is a share, written as a percentage.
        decimals: Digits after the point, as many as the number of items supports.
    """

    is_share: bool
    decimals: int

    @classmethod
    def of(cls, metric: str, n: int) -> "Unit":
        """Choose for a metric measured on n items."""
        is_share = metric.partition("@")[0] in _SHARES
        fine = int(n >= _ITEMS_FOR_TWO_DECIMALS)
        return cls(is_share, 1 + fine if is_share else 3 + fine)

    def value(self, value: float) -> str:
        """Write a value with its unit: `91.4 %`, `0.914`."""
        return self.number(value) + (f"{NO_BREAK_SPACE}%" if self.is_share else "")

    def number(self, value: float) -> str:
        """Write a value without its unit."""
        scaled = value * 100 if self.is_share else value
        # Adding zero turns a negative zero, which rounding makes, into a plain one.
        rounded = round(scaled, self.decimals) + 0.0
        return f"{rounded:.{self.decimals}f}".replace("-", MINUS)

    def difference(self, value: float) -> str:
        """Write a difference with its sign and unit: `+3.1 points`."""
        number = self.number(value)
        signed = number if value <= 0 or not number.strip("0.") else f"+{number}"
        return signed + self._points

    def amount(self, value: float) -> str:
        """Write how large a difference is: `3.1 points`."""
        return self.number(abs(value)) + self._points

    @property
    def _points(self) -> str:
        return f"{NO_BREAK_SPACE}points" if self.is_share else ""

    def tick(self, value: float) -> str:
        """Write a mark of an axis, with no more digits than it needs."""
        scaled = value * 100 if self.is_share else value
        return f"{round(scaled, 6) + 0.0:.6g}".replace("-", MINUS) + (
            f"{NO_BREAK_SPACE}%" if self.is_share else ""
        )

    def signed_tick(self, value: float) -> str:
        """Write a mark of an axis of differences: with its sign, without a unit."""
        scaled = round(value * 100 if self.is_share else value, 6) + 0.0
        return f"{scaled:+.6g}".replace("-", MINUS) if scaled else "0"

    def interval(self, low: float | None, high: float | None) -> str:
        """Write bounds as `[1.2, 5.0]`; nothing where there are none."""
        return "" if low is None or high is None else f"[{self.number(low)}, {self.number(high)}]"


def names_of(comparison: Comparison) -> dict[str, str]:
    """Give each run a name: its system's, with the run's id where two runs share it."""
    names = [run.system.name for run in comparison.runs]
    return {
        run.run_id: name if names.count(name) == 1 else f"{name} ({run.run_id.rpartition('--')[2]})"
        for run, name in zip(comparison.runs, names, strict=True)
    }


def meanings(comparison: Comparison) -> list[tuple[str, str]]:
    """Explain each metric of a comparison that is known here: its name and a sentence."""
    metrics = [score.metric for score in comparison.runs[0].scores]
    return [(name_for_people(metric), meaning_of(metric)) for metric in metrics if meaning_of(metric)]


def pitfalls(comparison: Comparison) -> str:
    """Say what the scores of this kind of task do not say; nothing of a kind that is not known here."""
    kind = KINDS.get(comparison.subject.kind)
    return kind.pitfalls if kind else ""


def p_value(p: float | None) -> str:
    """Write a p-value as people do: `p < 0.001`, `p = 0.013`; nothing where there is none."""
    if p is None:
        return ""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def percent(share: float) -> str:
    """Write a share that is a setting, such as a confidence: `95 %`."""
    return f"{share * 100:.4g}{NO_BREAK_SPACE}%"


def count(number: int, noun: str) -> str:
    """Write `1 item`, `1,200 items`."""
    return f"{number:,}{NO_BREAK_SPACE}{noun if number == 1 else noun + 's'}"


def gates(counts: GateCounts | None) -> tuple[str, str]:
    """Say how the gates ended, as a heading and its figures."""
    if counts is None:
        return "Not validated", "no gate has looked at this version"
    heading = "Passed its gates" if counts.passed else "Did not pass its gates"
    told = [f"{counts.met} met", f"{counts.warned} warned" if counts.warned else ""]
    told += [f"{counts.failed} failed" if counts.failed else ""]
    told += [f"{counts.not_judged} could not be judged" if counts.not_judged else ""]
    return heading, ", ".join(filter(None, told))


def all_wrong(found: AllWrong) -> str:
    """Say how many items no system got right, and where to look first."""
    return (
        f"{count(found.items, 'item')} in {count(found.clusters, 'cluster')}. Look at the reference first: where "
        "systems agree on another answer, the reference may be what is wrong."
    )


def rank_told(answer: Answer) -> str:
    """Say where a ranking has its first relevant document; nothing of an answer that is no ranking."""
    if answer.ranked is None:
        return ""
    if answer.first_relevant is not None:
        return f"found at rank {answer.first_relevant}"
    return {0: "nothing ranked", 1: "not the one ranked"}.get(
        answer.ranked, f"not among the first {answer.ranked:,}"
    )


def record(pair: Difference) -> str:
    """Count on how many items the candidate did better, alike and worse; nothing where items are not scored."""
    if pair.wins is None or pair.ties is None or pair.losses is None:
        return ""
    return f"{pair.wins:,} won, {pair.ties:,} tied, {pair.losses:,} lost"


def power(pair: Difference) -> str:
    """Say what the comparison could have seen, and what it would take to prove what was seen.

    The second is said of pairs without a winner alone: with one, it is proven.
    """
    told = pair.power
    if told.detectable is None:
        return ""
    sees = f"can detect {Unit.of(pair.metric, pair.n).amount(told.detectable)} or more"
    if pair.verdict != "inconclusive" or told.needed_items is None:
        return sees
    return f"{sees}; to prove this difference takes about {count(_roughly(told.needed_items), 'item')}"


def _roughly(number: int) -> int:
    """Keep two digits, rounded up: an extrapolation says no more."""
    step = int(10 ** max(len(str(number)) - 2, 0))
    return -(-number // step) * step


def effect(pair: Difference) -> str:
    """Write the effect size: `effect 0.21 (standard deviations)`; nothing where there is none."""
    return "" if pair.effect is None else f"effect {pair.effect:+.2f} sd".replace("-", MINUS)


def ranks(comparison: Comparison) -> dict[str, str]:
    """Write which ranks each run may hold: `1`, `2–4`; nothing where not every pair was judged."""
    return {
        place.run_id: f"{place.first}" if place.first == place.last else f"{place.first}–{place.last}"
        for place in comparison.places
    }


def bands(comparison: Comparison) -> Sentence:
    """Say which systems cannot be told apart; nothing where not every pair was judged."""
    names = names_of(comparison)
    shared = [[Name(names[run]) for run in band.runs] for band in comparison.bands if len(band.runs) > 1]
    if not comparison.bands:
        return ()
    if not shared:
        return ("Every two neighbours in this ranking are told apart.",)
    told: list[str | Name] = ["Not told apart: "]
    for place, band in enumerate(shared):
        told += [*(["; "] if place else []), *_listed(band)]
    return (*told, ". A rank says how many systems are surely better and surely worse.")


def matrix(comparison: Comparison) -> list[tuple[str, tuple[str, ...]]]:
    """Arrange the verdicts by the primary metric as a square, rows seen from the run; none for two runs."""
    runs = [run.run_id for run in comparison.runs]
    if len(runs) < 3 or not comparison.places:
        return []
    primary = comparison.runs[0].scores[0].metric
    marks = {}
    for pair in comparison.differences:
        if pair.metric == primary:
            for one, other in ((pair.candidate, pair.baseline), (pair.baseline, pair.candidate)):
                seen = _seen_from(one, pair)
                marks[one, other] = VERDICT_MARKS[seen] if seen else ""
    return [(one, tuple(marks.get((one, other), "") for other in runs)) for one in runs]


def slice_told(part: Slice, comparison: Comparison) -> Sentence:
    """Say what stands out in a slice: which pairs are told apart, and where the order turns round."""
    names, n = names_of(comparison), part.n
    unit = Unit.of(comparison.runs[0].scores[0].metric, n)
    if part.is_small:
        return ("too few clusters to go by",)
    if len(part.differences) == 1:
        (pair,) = part.differences
        seen = "" if pair.difference is None else unit.difference(pair.difference)
        return (
            f"{VERDICT_MARKS[pair.verdict]} {seen} {unit.interval(pair.low, pair.high)}{_turn(pair)}".strip(),
        )
    sure = [pair for pair in part.differences if pair.verdict in {"better", "worse"}]
    told: list[str | Name] = [f"{len(sure)} of {count(len(part.differences), 'pair')} told apart"]
    for pair in sure:
        if pair.flips:
            told += [
                "; ",
                Name(names[pair.candidate]),
                f" {pair.verdict} than ",
                Name(names[pair.baseline]),
                _turn(pair),
            ]
    return tuple(told)


def standing_out(comparison: Comparison) -> list[Slice]:
    """Pick the slices that are not small and in which the order of some pair surely turns round."""
    return [
        part
        for part in comparison.slices
        if not part.is_small
        and any(pair.flips and pair.verdict in {"better", "worse"} for pair in part.differences)
    ]


def slices_balance(comparison: Comparison) -> str:
    """Say how many slices were looked at, in how many of them somebody is told apart, and where order turns."""
    large = [part for part in comparison.slices if not part.is_small]
    apart = sum(any(pair.verdict in {"better", "worse"} for pair in part.differences) for part in large)
    turned = len(standing_out(comparison))
    small = len(comparison.slices) - len(large)
    told = f"{count(len(comparison.slices), 'slice')} looked at, {small} of them too small to go by. "
    told += f"Some pair is told apart in {apart or 'none'}; the order of a pair surely turns round in {turned or 'none'}."
    return told + " A mark ↔ is an order that turns round."


def _turn(pair: SliceDifference) -> str:
    return " ↔" if pair.flips else ""


def balance(summary: CorpusSummary) -> str:
    """Say what became of the records that were read."""
    return (
        f"Of {count(summary.read, 'record')} read, {summary.kept:,} {'was' if summary.kept == 1 else 'were'} kept, "
        f"{summary.rejected:,} refused by a rule, and {summary.errors:,} could not be read."
    )


def most_first(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    """Order named numbers, the largest first and equal ones by name."""
    return sorted(numbers.items(), key=lambda entry: (-entry[1], entry[0]))


def page_title(comparisons: Sequence[Comparison], summary: CorpusSummary | None) -> str:
    """Name a report: by its task where there is one, else by the corpus' version."""
    if len(comparisons) == 1:
        subject = comparisons[0].subject
        return f"{subject.task} on {subject.dataset} {subject.version}"
    if summary:
        return f"{summary.name} {summary.version}"
    named = {f"{comparison.subject.dataset} {comparison.subject.version}" for comparison in comparisons}
    return ", ".join(sorted(named)) or "Nothing to compare"


def capitalised(sentence: Sentence) -> Sentence:
    """Write a sentence's first letter large, unless it opens with a name, which is spelled as it is."""
    first, *rest = sentence
    return sentence if isinstance(first, Name) else (first[:1].upper() + first[1:], *rest)


def judgement(pair: Difference, names: dict[str, str]) -> Sentence:
    """Put a pair in a sentence: "a is better than b by 3.1 points [1.2, 5.0]".

    A sentence that does not open with a name opens with a small letter; see `capitalised`.
    """
    unit = Unit.of(pair.metric, pair.n)
    candidate, baseline = Name(names[pair.candidate]), Name(names[pair.baseline])
    if pair.difference is None:
        return candidate, " and ", baseline, f" cannot be compared: {pair.reason}"
    if pair.ties == pair.n:
        return (
            candidate,
            " and ",
            baseline,
            f" score the same on {_every(pair.n)}: nothing tells them apart here",
        )
    if pair.verdict in {"better", "worse"}:
        bounds = _turned(pair) if pair.difference < 0 else (pair.low, pair.high)
        by = f"{unit.amount(pair.difference)} {unit.interval(*bounds)}".rstrip()
        return candidate, f" is {pair.verdict} than ", baseline, f" by {by}"
    seen = f"{unit.difference(pair.difference)} {unit.interval(pair.low, pair.high)}".rstrip()
    if pair.verdict == "equivalent":
        return candidate, " and ", baseline, f" are equivalent: {seen}, within ±{unit.amount(pair.margin)}"
    because = f" ({pair.reason})" if pair.reason else ""
    return "not enough evidence between ", candidate, " and ", baseline, f": {seen}{because}"


def _every(n: int) -> str:
    return "the one item" if n == 1 else f"every one of {count(n, 'item')}"


def _turned(pair: Difference) -> tuple[float | None, float | None]:
    if pair.low is None or pair.high is None:
        return None, None
    return -pair.high, -pair.low


def finding(comparison: Comparison) -> Sentence:
    """Say in one or two sentences what the primary metric shows."""
    names = names_of(comparison)
    best = comparison.runs[0]
    primary = best.scores[0]
    if primary.value is None:
        return (f"No system has a value: {primary.reason or 'no examples'}.",)
    unit = Unit.of(primary.metric, primary.n)
    bounds = unit.interval(primary.low, primary.high)
    level = [run for run in comparison.runs if run.scores[0].value == primary.value]
    if len(level) > 1:
        together = _listed([Name(names[run.run_id]) for run in level])
        ahead = (
            f" share the first place in {name_for_people(primary.metric)} with {unit.value(primary.value)}."
        )
        return *together, ahead
    opening = (
        f" leads in {name_for_people(primary.metric)} with {unit.value(primary.value)} {bounds}".rstrip()
    )
    return Name(names[best.run_id]), f"{opening}.", *_standing(comparison, best, primary, names)


def _standing(comparison: Comparison, best: RunResult, primary: Score, names: dict[str, str]) -> Sentence:
    told: list[str | Name] = []
    for verdict, opening in (
        ("better", " It is better than "),
        ("equivalent", " It is equivalent to "),
        ("inconclusive", " The evidence does not part it from "),
    ):
        others = [
            Name(names[pair.baseline if pair.candidate == best.run_id else pair.candidate])
            for pair in comparison.differences
            if pair.metric == primary.metric and _seen_from(best.run_id, pair) == verdict
        ]
        told += [opening, *_listed(others), "."] if others else []
    return tuple(told)


def _seen_from(run_id: str, pair: Difference) -> Outcome | None:
    if run_id == pair.candidate:
        return pair.verdict
    if run_id != pair.baseline:
        return None
    turned: dict[Outcome, Outcome] = {"better": "worse", "worse": "better"}
    return turned.get(pair.verdict, pair.verdict)


def _listed(names: Sequence[Name]) -> list[str | Name]:
    parts: list[str | Name] = []
    for place, name in enumerate(names):
        joint = "" if place == 0 else " and " if place == len(names) - 1 else ", "
        parts += [joint, name] if joint else [name]
    return parts
