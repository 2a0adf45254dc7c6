"""What is said of one pair of systems: the judgement, and the figures that stand beside it."""

from harness.evaluation.results import Difference, Outcome
from harness.reports.wording.figures import MINUS, Unit, count
from harness.reports.wording.sentences import Name, Sentence

VERDICT_MARKS: dict[Outcome, str] = {
    "better": "\N{BLACK UP-POINTING TRIANGLE}",
    "worse": "\N{BLACK DOWN-POINTING TRIANGLE}",
    "equivalent": "\N{ALMOST EQUAL TO}",
    "inconclusive": "?",
}


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


def seen_from(run_id: str, pair: Difference) -> Outcome | None:
    """Say how a run stands in a pair: turned round where it is the baseline; None where it takes no part."""
    if run_id == pair.candidate:
        return pair.verdict
    if run_id != pair.baseline:
        return None
    turned: dict[Outcome, Outcome] = {"better": "worse", "worse": "better"}
    return turned.get(pair.verdict, pair.verdict)


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


def seeds(pair: Difference) -> str:
    """Say on how many runs a pair rests, how far they lie apart, and what single runs would have claimed."""
    told = pair.seeds
    if told is None:
        return ""
    unit = Unit.of(pair.metric, pair.n)
    spreads = [
        f"{count(runs, 'seed')}" + ("" if sd is None else f" (sd {unit.amount(sd)})")
        for runs, sd in ((told.candidate_runs, told.candidate_sd), (told.baseline_runs, told.baseline_sd))
    ]
    claims = ", ".join(f"{number} {verdict}" for verdict, number in sorted(told.claims.items()))
    alone = (
        f"; of {count(sum(told.claims.values()), 'comparison')} of single seeds: {claims}" if claims else ""
    )
    return f"{' against '.join(spreads)}{alone}"


def _roughly(number: int) -> int:
    """Keep two digits, rounded up: an extrapolation says no more."""
    step = int(10 ** max(len(str(number)) - 2, 0))
    return -(-number // step) * step


def effect(pair: Difference) -> str:
    """Write the effect size: `effect 0.21 (standard deviations)`; nothing where there is none."""
    return "" if pair.effect is None else f"effect {pair.effect:+.2f} sd".replace("-", MINUS)
