"""What a run and a comparison say: the one result that terminal, JSON, Markdown and HTML render."""

from typing import Any, Literal

from pydantic import Field

from harness.core.frozen import Frozen

FailureKind = Literal["no-answer", "crash", "time-out", "unparsable", "refused"]
Outcome = Literal["better", "worse", "equivalent", "inconclusive"]


class Subject(Frozen):
    """What was measured on: one task, derived from one version of one corpus."""

    task: str
    kind: str
    dataset: str
    version: str
    content_hash: str
    task_fingerprint: str
    gold: str  # where the reference comes from, in a sentence
    splits: tuple[str, ...]
    items: int
    clusters: int


class Score(Frozen):
    """One metric of one system: never a number without its n, interval and signature.

    `value` is None where nothing was measured, and `reason` says why; `low` and `high` are None where
    no interval can be given (a single cluster, say).
    """

    metric: str
    value: float | None
    n: int
    clusters: int
    low: float | None
    high: float | None
    confidence: float
    signature: str
    higher_is_better: bool = True
    reason: str = ""
    between_runs: float | None = (
        None  # standard deviation between the runs of one system, where it has several
    )


class SystemIdentity(Frozen):
    """Which system: its URI as given, a name for people, and what its fingerprint was made from.

    `seed_of` names the one system of which this one and others are seeds; those are compared as one. Where it is
    empty it is left out of what is written, so that identities hash as they did before there was such a thing.
    """

    uri: str
    name: str
    version: str
    fingerprint: str
    seed_of: str = Field(default="", exclude_if=lambda name: not name)


class Seeds(Frozen):
    """The runs that were taken for one system, since they differ in their seed alone."""

    runs: tuple[str, ...]  # run ids


class SeedVerdict(Frozen):
    """What several runs of a system say of a pair beside its difference.

    Args:
        candidate_runs: How many runs the candidate has.
        baseline_runs: How many the baseline has.
        candidate_sd: Standard deviation of the metric between the candidate's runs; None for a single run.
        baseline_sd: The same of the baseline.
        claims: What comparing one run with one run would have claimed: how many of all such comparisons come to
            each verdict, by p-values that are not adjusted.
    """

    candidate_runs: int
    baseline_runs: int
    candidate_sd: float | None
    baseline_sd: float | None
    claims: dict[Outcome, int]


class Usage(Frozen):
    """What a model's server counted for the answers of a run, and what they cost by the prices that were stated.

    `cost` is in the currency of the prices, and None where none were stated. Tries that came to nothing count where
    the server counted them; what the server did not count is in neither number.
    """

    input_tokens: int
    output_tokens: int
    cost: float | None = None


class Unusable(Frozen):
    """What a system said to an item that could not be used as an answer. An excerpt, and hostile until escaped."""

    item_id: str
    failure: FailureKind
    said: str


class RunResult(Frozen):
    """One system's scores on one task. The first score is the task's primary metric.

    `unusable` holds a few of the failures in which the system said something; the run's items hold all.
    """

    run_id: str
    system: SystemIdentity
    scores: tuple[Score, ...]
    failures: dict[FailureKind, int]
    usage: Usage | None = None
    unusable: tuple[Unusable, ...] = ()
    seeds: Seeds | None = None  # where this is a system of several runs, and scores are their means


class Power(Frozen):
    """What a comparison of this size can see.

    Args:
        detectable: The smallest true difference that a test at the stated level, not adjusted for other tests,
            tells from zero in 80 of 100 such comparisons; the metric's unit, > 0.
        needed_clusters: How many clusters like these it would take to see the observed difference so surely.
        needed_items: The same in items.
        reason: Why one of them is None.
    """

    detectable: float | None = None
    needed_clusters: int | None = None
    needed_items: int | None = None
    reason: str = ""


class Difference(Frozen):
    """Candidate minus baseline on the same items, with the uncertainty of resampling whole clusters.

    Wins, ties and losses count items; they are None for metrics of whole sets, such as macro F1.
    """

    metric: str
    baseline: str  # run ids
    candidate: str
    difference: float | None
    low: float | None
    high: float | None
    confidence: float
    p: float | None
    p_holm: float | None
    n: int
    clusters: int
    wins: int | None
    ties: int | None
    losses: int | None
    margin: float
    verdict: Outcome
    signature: str
    reason: str = ""
    effect: float | None = None  # the difference in standard deviations of the items' differences
    power: Power = Power()
    seeds: SeedVerdict | None = None  # where one of the two has several runs


class Answer(Frozen):
    """What one system said to one item. `output` is null where it failed, and `failure` names how.

    Of a ranking, `output` holds the first few ids, `ranked` counts all of them, and `first_relevant` is the
    rank, from 1, of the first that is relevant; null where none is.
    """

    run_id: str
    output: str | None
    score: float | None
    failure: FailureKind | None = None
    ranked: int | None = None
    first_relevant: int | None = None


class DecidingItem(Frozen):
    """An item worth reading: what was asked, what was expected, what each system said.

    Texts are excerpts for reading (at most some hundred characters) and hostile until escaped. Where the
    reference is a set of relevant documents, `reference` holds the first few ids and those that an answer
    shows, `relevant` counts all of them, and `titles` names the documents shown that have a title.
    """

    item_id: str
    document_id: str
    cluster: str
    title: str
    input: str
    reference: str
    answers: tuple[Answer, ...]
    lang: str = ""  # the text's language as measured, for setting it in the right letters
    relevant: int | None = None
    titles: dict[str, str] = Field(default_factory=dict)  # by document id


class AllWrong(Frozen):
    """The items on which no system got anything, though some answered: systems, or their references, to look at.

    `items` and `clusters` count all of them; `shown` are a few, of different clusters, and those come first
    on which the systems agree on another answer than the reference.
    """

    items: int = 0
    clusters: int = 0
    shown: tuple[DecidingItem, ...] = ()


class Band(Frozen):
    """Systems next to each other in the ranking of which no two can be told apart; best first."""

    runs: tuple[str, ...]


class Place(Frozen):
    """Which ranks a system may hold: behind all that are surely better, ahead of all that are surely worse."""

    run_id: str
    first: int
    last: int


class SliceScore(Frozen):
    """One system's value on the items of a slice; `reason` says why there is none, or no interval."""

    run_id: str
    value: float | None
    low: float | None
    high: float | None
    reason: str = ""


class SliceDifference(Frozen):
    """A pair on the items of a slice; `flips` says that the order is the other way round than on all items.

    `p_fdr` is p adjusted over all slices, metrics and pairs (Benjamini and Hochberg), and the verdict goes by it.
    """

    baseline: str  # run ids
    candidate: str
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    p_fdr: float | None
    verdict: Outcome
    flips: bool
    reason: str = ""


class Slice(Frozen):
    """Part of the items by one metric: those that share a value of one of their properties."""

    metric: str
    dimension: str
    value: str
    n: int
    clusters: int
    is_small: bool  # too few clusters for its intervals to hold what they promise
    scores: tuple[SliceScore, ...]
    differences: tuple[SliceDifference, ...]

    @property
    def name(self) -> str:
        """The slice's name in a gate: `lang=ar`."""
        return f"{self.dimension}={self.value}"


class Comparison(Frozen):
    """Several runs on one task, best first by the primary metric."""

    subject: Subject
    runs: tuple[RunResult, ...]
    differences: tuple[Difference, ...]
    items: tuple[DecidingItem, ...]  # of those on which the systems part
    method: str  # how intervals and p were made, in a sentence for the reader
    notes: tuple[str, ...] = ()
    all_wrong: AllWrong = AllWrong()
    bands: tuple[Band, ...] = ()  # by the primary metric; none where not every pair was judged
    places: tuple[Place, ...] = ()
    slices: tuple[Slice, ...] = ()  # by the primary metric, then by each other one
    baseline: str | None = None  # run id of what all others were compared with, where one was named
    are_independent: bool = False  # whether every item was taken for one of its own for want of clusters
    items_apart: int = 0  # on how many items the systems part, by the primary metric

    def slices_by(self, metric: str) -> tuple[Slice, ...]:
        """Give the slices by one metric."""
        return tuple(part for part in self.slices if part.metric == metric)

    def as_json(self) -> dict[str, Any]:
        """Give the comparison as a JSON object."""
        return self.model_dump(mode="json")
