"""The goals, each beside what was measured."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from contenders import FULL, NEAR
from ours import exponent

_UNMEASURED = "not measured in this run"


@dataclass(frozen=True)
class Goal:
    """One line of the table.

    Args:
        what: What is compared.
        wanted: The goal, for people.
        measured: The value, for people; says why if there is none.
        reached: None where nothing was measured.
    """

    what: str
    wanted: str
    measured: str
    reached: bool | None

    def as_json(self) -> dict[str, Any]:
        """Everything, as JSON has it."""
        return asdict(self)


@dataclass(frozen=True)
class Measured:
    """What the goals are judged by.

    Args:
        rates: Documents a CPU second, by name of the contender.
        failures: Why others have none.
        unseen: Quality of our search for near copies, by seed.
        growth: `documents`, `cpu_s` and `peak_mb` of builds, ascending.
        changes: Rebuilds of the largest corpus that grew: `what`, `share` and `other_share` of a full build.
    """

    rates: Mapping[str, float | None]
    failures: Mapping[str, str]
    unseen: Mapping[str, Mapping[str, Any]]
    growth: Sequence[Mapping[str, Any]]
    changes: Sequence[Mapping[str, Any]]


def measured_in(report: Mapping[str, Any]) -> Measured:
    """Take the measurements out of a report."""
    return Measured(
        rates={o["name"]: o["docs_per_cpu_s"] for o in report.get("outcomes", ())},
        failures={o["name"]: o["failure"] for o in report.get("outcomes", ()) if o["failure"]},
        unseen=report.get("unseen_seeds", {}),
        growth=report.get("growth", ()),
        changes=report.get("changes", ()),
    )


def goals(run: Measured) -> list[Goal]:
    """Set every goal beside its measurement."""
    return [*_speed(run), *_quality(run), *_growth(run), *_rebuilds(run)]


def _speed(run: Measured) -> Iterator[Goal]:
    for peer, factor in (("data-juicer", 20), ("datatrove", 50)):
        yield _ratio(run, "harness build", peer, factor, f"{FULL}: documents a CPU second against {peer}")
    for peer, factor in (("Daft", 1.5), ("rensa", 5), ("datasketch", 20), ("text-dedup", 50)):
        yield _ratio(run, "harness near", peer, factor, f"{NEAR}, end to end, against {peer}")
    what, wanted = f"{NEAR}: CPU seconds over those of the Parquet zstd read of the same file", "≤ 4"
    speeds = [_rate(run, name) for name in ("Parquet, zstd", "harness near")]
    if None in speeds:
        yield Goal(what, wanted, _why(run, "Parquet, zstd", "harness near"), None)
    else:
        yield _compared(what, wanted, speeds[0] / speeds[1], lambda value: value <= 4, "{:.1f}")


def _quality(run: Measured) -> Iterator[Goal]:
    worst = list(run.unseen.values())
    seeds = ", ".join(map(str, run.unseen))
    for what, wanted, least, values in (
        ("recall of planted copies", "≥ 0.98", 0.98, [quality["recall"] for quality in worst]),
        (
            "recall of spelling variants alone",
            "≥ 0.99",
            0.99,
            [quality["recall_by_kind"].get("spelling") for quality in worst],
        ),
        (
            "precision with the harder negatives",
            "≥ 0.999",
            0.999,
            [quality["precision"] for quality in worst],
        ),
        (
            "the original survives",
            "≥ 0.95 of clusters",
            0.95,
            [quality["original_survives"] for quality in worst],
        ),
    ):
        named = f"{what} (least of the seeds {seeds})" if seeds else what
        if not values or None in values:
            yield Goal(named, wanted, _UNMEASURED, None)
        else:
            yield _compared(named, wanted, min(values), lambda value, least=least: value >= least, "{:.4f}")


def _growth(run: Measured) -> Iterator[Goal]:
    sizes = [point["documents"] for point in run.growth]
    slope = exponent([(point["documents"], point["cpu_s"]) for point in run.growth])
    reach = f" (so far: {sizes[0]:,} to {sizes[-1]:,})" if sizes and sizes[-1] < 1_000_000 else ""
    what = f"growth exponent of the build's CPU seconds, 10,000 to 1,000,000 documents{reach}"
    if slope is None:
        yield Goal(what, "≤ 1.08", _UNMEASURED, None)
    else:
        yield _compared(what, "≤ 1.08", slope, lambda value: value <= 1.08, "{:.3f}", partly=bool(reach))
    what = f"peak memory of the build at 1,000,000 documents{f' (so far: at {sizes[-1]:,})' if reach else ''}"
    if not run.growth:
        yield Goal(what, "≤ 3 GB", _UNMEASURED, None)
    else:
        peak = run.growth[-1]["peak_mb"] / 1e3
        yield _compared(what, "≤ 3 GB", peak, lambda value: value <= 3, "{:.2f} GB", partly=bool(reach))


def _rebuilds(run: Measured) -> Iterator[Goal]:
    by_name = {change["what"]: change for change in run.changes}
    size = run.growth[-1]["documents"] if run.growth else 0
    reach = f" (so far: {size:,} documents)" if size < 1_000_000 else ""
    for what, most, rest in (("1 % more articles", 10, 3), ("one threshold changed", 8, 1)):
        change = by_name.get(what)
        for name, limit, share in (
            (f"rebuild, {what}, of a full build", most, change and change["share"]),
            (f"the same without reading and writing Parquet, {what}", rest, change and change["other_share"]),
        ):
            if share is None:
                yield Goal(name, f"≤ {limit} %", _UNMEASURED, None)
            else:
                yield _compared(
                    name + reach, f"≤ {limit} %", share * 100, lambda value, limit=limit: value <= limit,
                    "{:.1f} %", partly=bool(reach),
                )  # fmt: skip


def _ratio(run: Measured, ours: str, peer: str, factor: float, what: str) -> Goal:
    rates = [_rate(run, ours), _rate(run, peer)]
    wanted = f"≥ {factor:g}×"
    if None in rates:
        return Goal(what, wanted, _why(run, ours, peer), None)
    return _compared(what, wanted, rates[0] / rates[1], lambda value: value >= factor, "{:.1f}×")


def _compared(
    what: str,
    wanted: str,
    value: float,
    is_reached: Callable[[float], bool],
    form: str,
    *,
    partly: bool = False,
) -> Goal:
    """Judge a value; one that was measured on less than the goal names is told and not judged."""
    return Goal(what, wanted, form.format(value), None if partly else is_reached(value))


def _rate(run: Measured, name: str) -> float | None:
    return run.rates.get(name)


def _why(run: Measured, *names: str) -> str:
    return "; ".join(f"{name}: {run.failures[name]}" for name in names if name in run.failures) or _UNMEASURED
