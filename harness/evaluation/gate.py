"""The gate of a comparison: floors and margins that a candidate may not fall below, judged by evidence.

A rule has three outcomes. *Met*: the interval lies on the right side of the limit. *Worse*: it lies on the
wrong side, and for a margin the adjusted p is at most the level, too. *Inconclusive*: it holds the limit. Only
worse fails by default, since a gate that fails on lack of evidence fails every small test set; `strict` lets
inconclusive end as "could not be judged".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import Field, model_validator

from harness import __version__
from harness.core.errors import ConfigurationError
from harness.core.fingerprints import fingerprint
from harness.core.settings import Settings
from harness.core.verdict import GateResult, SuiteIdentity, Verdict
from harness.evaluation.metrics import name_for_people
from harness.evaluation.resampling import why_no_interval
from harness.evaluation.results import (
    Comparison,
    Difference,
    RunResult,
    Score,
    Slice,
    SliceDifference,
    SliceScore,
)

SUITE = "comparison"
_TABLE = "items"
GateOutcome = Literal["met", "worse", "inconclusive"]


class ComparisonRule(Settings):
    """One `[[rules]]` of a gate file.

    Args:
        name: Its id in reports.
        task: Judge on this task alone; every task without it.
        metric: By its name in results, such as `macro_f1`; the task's primary one without it.
        slice: Such as `lang=ar`; all items without it.
        margin: How much worse than the baseline a candidate may be, in the metric's unit (non-inferiority).
        floor: The worst value that a system may have, in the metric's unit.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    task: str | None = None
    metric: str | None = None
    slice: str | None = Field(default=None, pattern=r"^[^=]+=.+$")
    margin: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    floor: float | None = Field(default=None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _require_one_limit(self) -> Self:
        if (self.margin is None) == (self.floor is None):
            raise ValueError("a rule needs either a margin or a floor")
        return self


class ComparisonGate(Settings):
    """A gate file: the rules that a comparison is held to."""

    rules: tuple[ComparisonRule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _refuse_doubled(self) -> Self:
        names = [rule.name for rule in self.rules]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"two rules are called '{doubled[0]}'")
        return self


@dataclass(frozen=True)
class GateUse:
    """How a gate is held to a comparison.

    Args:
        gate: The rules.
        file: Their file as reports name it.
        lines: Line of each rule, from 1.
        is_strict: Whether lack of evidence counts as "could not be judged".
    """

    gate: ComparisonGate
    file: str
    lines: dict[str, int]
    is_strict: bool = False


def judge_comparisons(comparisons: Sequence[Comparison], use: GateUse) -> Verdict:
    """Hold comparisons to a gate: one result for each rule, task and candidate.

    Candidates are all runs but the baseline; where no baseline was named there is none, and margins cannot be
    judged.

    Args:
        comparisons: One for each task, of one version.
        use: The gate.

    Raises:
        ConfigurationError: A rule has a margin, and the comparison no baseline.
    """
    results = [result for rule in use.gate.rules for result in _judged_rule(rule, comparisons, use)]
    subject = comparisons[0].subject
    identity = SuiteIdentity(
        name=SUITE,
        sha256=fingerprint(use.gate.model_dump(mode="json")),
        declared=len({result.rule for result in results}),
    )
    return Verdict(
        dataset=subject.dataset or subject.task,
        version=subject.version or "imported",
        content_hash=subject.content_hash,
        suites=(identity,),
        gates=tuple(results),
        evaluator=f"harness {__version__}",
    )


def _judged_rule(
    rule: ComparisonRule, comparisons: Sequence[Comparison], use: GateUse
) -> Iterator[GateResult]:
    asked = [one for one in comparisons if rule.task in (None, one.subject.task)]
    if not asked:
        known = ", ".join(one.subject.task for one in comparisons)
        yield _unjudged(rule, f"no runs on the task '{rule.task}' were compared, but on {known}", use)
    for comparison in asked:
        yield from _judged(rule, comparison, use)


def _judged(rule: ComparisonRule, comparison: Comparison, use: GateUse) -> Iterator[GateResult]:
    score = _score_of(rule, comparison)
    if score is None:
        yield _unjudged(rule, f"{comparison.subject.task} has no metric '{rule.metric}'", use)
        return
    if rule.margin is not None:
        found = list(_margins(rule, comparison, score, use))
    else:
        found = list(_floors(rule, comparison, score, use))
    yield from found or [_unjudged(rule, f"nothing to judge in {_where(rule, comparison, score)}", use)]


def _score_of(rule: ComparisonRule, comparison: Comparison) -> Score | None:
    scores = comparison.runs[0].scores
    if rule.metric is None:
        return scores[0]
    return next((score for score in scores if score.metric == rule.metric), None)


def _margins(
    rule: ComparisonRule, comparison: Comparison, score: Score, use: GateUse
) -> Iterator[GateResult]:
    if comparison.baseline is None:
        raise ConfigurationError(
            f"the rule '{rule.name}' has a margin, and no baseline was named",
            where=use.file,
            remedy="name the run or system that must not be fallen behind: --baseline",
        )
    names = {run.run_id: run.system.name for run in comparison.runs}
    for pair in _pairs(rule, comparison, score):
        n = pair.n if isinstance(pair, Difference) else _slice_n(rule, comparison)
        p = pair.p_holm if isinstance(pair, Difference) else pair.p_fdr
        gains = _turned((pair.difference, pair.low, pair.high), score)
        level = 1 - score.confidence
        limit = -(rule.margin or 0.0)
        title = f"{names[pair.candidate]} against {names[pair.baseline]}, {_where(rule, comparison, score)}"
        observed = f"difference {_figures(gains)}" + ("" if p is None else f", p = {p:.3g}")
        outcome = _outcome(gains, limit)
        if outcome == "worse" and (p is None or p > level):
            outcome = "inconclusive"
        told = _Told(rule, title, observed, f"not below {limit:g}", n, gains[0], pair.reason)
        yield _result(told, outcome, use)


def _pairs(
    rule: ComparisonRule, comparison: Comparison, score: Score
) -> Sequence[Difference | SliceDifference]:
    if rule.slice is None:
        return [pair for pair in comparison.differences if pair.metric == score.metric]
    return [pair for part in _slices(rule, comparison, score) for pair in part.differences]


def _slices(rule: ComparisonRule, comparison: Comparison, score: Score) -> list[Slice]:
    return [part for part in comparison.slices_by(score.metric) if part.name == rule.slice]


def _slice_n(rule: ComparisonRule, comparison: Comparison) -> int:
    return next((part.n for part in comparison.slices if part.name == rule.slice), 0)


def _floors(rule: ComparisonRule, comparison: Comparison, score: Score, use: GateUse) -> Iterator[GateResult]:
    for run in comparison.runs:
        measured = _measured(rule, comparison, run, score)
        if run.run_id == comparison.baseline or measured is None:
            continue
        n = measured.n if isinstance(measured, Score) else _slice_n(rule, comparison)
        values = _turned((measured.value, measured.low, measured.high), score)
        floor = (rule.floor or 0.0) if score.higher_is_better else -(rule.floor or 0.0)
        outcome = _outcome(values, floor)
        if values[1] is None and why_no_interval(
            _clusters(rule, comparison, measured)
        ):  # too little to judge by
            outcome = "inconclusive"
        title = f"{run.system.name}, {_where(rule, comparison, score)}"
        allowed = f"not {'below' if score.higher_is_better else 'above'} {rule.floor:g}"
        shown = _figures((measured.value, measured.low, measured.high))
        reason = measured.reason if isinstance(measured, Score) else ""
        yield _result(_Told(rule, title, shown, allowed, n, measured.value, reason), outcome, use)


def _measured(
    rule: ComparisonRule, comparison: Comparison, run: RunResult, score: Score
) -> Score | SliceScore | None:
    if rule.slice is None:
        return next((one for one in run.scores if one.metric == score.metric), None)
    parts = (part.scores for part in _slices(rule, comparison, score))
    return next((one for scores in parts for one in scores if one.run_id == run.run_id), None)


def _clusters(rule: ComparisonRule, comparison: Comparison, measured: Score | SliceScore) -> int:
    if isinstance(measured, Score):
        return measured.clusters
    return next((part.clusters for part in comparison.slices if part.name == rule.slice), 0)


_Figures = tuple[float | None, float | None, float | None]


def _turned(figures: _Figures, score: Score) -> _Figures:
    """See value, lower and upper bound so that more is better."""
    if score.higher_is_better:
        return figures
    value, low, high = (None if one is None else -one for one in figures)
    return value, high, low


def _outcome(figures: _Figures, limit: float) -> GateOutcome:
    """Compare an interval with the worst that is allowed; without one, the value alone may fail, not pass."""
    value, low, high = figures
    if low is None or high is None:
        return "worse" if value is not None and value < limit else "inconclusive"
    if low >= limit:
        return "met"
    return "worse" if high < limit else "inconclusive"


def _figures(figures: _Figures) -> str:
    value, low, high = figures
    if value is None:
        return "no value"
    return f"{value:.4g}" + ("" if low is None or high is None else f" [{low:.4g}, {high:.4g}]")


def _where(rule: ComparisonRule, comparison: Comparison, score: Score) -> str:
    part = f", {rule.slice}" if rule.slice else ""
    return f"{name_for_people(score.metric)} on {comparison.subject.task}{part}"


@dataclass(frozen=True)
class _Told:
    """What a rule found, before it is known how that ends."""

    rule: ComparisonRule
    title: str
    observed: str
    allowed: str
    n: int
    value: float | None
    reason: str


def _result(told: _Told, outcome: GateOutcome, use: GateUse) -> GateResult:
    unsure = outcome == "inconclusive"
    because = f"; {told.reason}" if told.reason else ""
    return GateResult(
        rule=told.rule.name,
        suite=SUITE,
        title=told.title,
        file=use.file,
        line=use.lines.get(told.rule.name, 0),
        table=_TABLE,
        expectation="floor" if told.rule.margin is None else "non-inferiority",
        severity="warning" if unsure and not use.is_strict else "critical",
        status="passed" if outcome == "met" else "error" if unsure and use.is_strict else "failed",
        observed=told.observed,
        allowed=told.allowed,
        evaluated=told.n,
        unexpected=None,
        unexpected_share=None,
        value=told.value,
        detail=f"inconclusive: {told.observed}{because}" if unsure else "",
    )


def _unjudged(rule: ComparisonRule, why: str, use: GateUse) -> GateResult:
    return GateResult(
        rule=rule.name,
        suite=SUITE,
        title=why,
        file=use.file,
        line=use.lines.get(rule.name, 0),
        table=_TABLE,
        expectation="floor" if rule.margin is None else "non-inferiority",
        severity="critical",
        status="error",
        observed="nothing",
        allowed="evidence",
        evaluated=0,
        unexpected=None,
        unexpected_share=None,
        detail=why,
    )
