"""Summing up a version for release, and telling how far the next one has moved from it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.manifest import Manifest
from harness.core.release import NULL, OTHERS, Release
from harness.core.schema import DRIFT
from harness.core.signals import SIGNALS, Signal

_MOST_LABELS = 100
_SHARE_BINS = 20
_ROUNDING = 1e-9  # 0.15 * 20 is less than 3 by the last bit of a float
_NO_SOURCE = "unknown"


def release_of(manifest: Manifest, records: pa.Table) -> Release:
    """Sum up a version.

    Args:
        manifest: The version's.
        records: Its table of all that was read (schema `harness.core.schema.RECORDS`).
    """
    kept = records.filter(pc.equal(records["status"], "kept"))
    read = max(manifest.counts.read, 1)
    return Release(
        name=manifest.name,
        version=manifest.version,
        content_hash=manifest.content_hash,
        counts=manifest.counts,
        dropped={rule: taken / read for rule, taken in sorted(manifest.counts.rejected_by.items())},
        splits=dict(manifest.splits),
        languages=dict(manifest.languages),
        sources=_counted(pc.fill_null(kept["source"], _NO_SOURCE)),
        histograms={
            signal.name: _histogram(signal, kept[signal.name]) for signal in (*SIGNALS, *manifest.own_signals)
        },
    )


def drift_table(before: Release, now: Release) -> pa.Table:
    """Tell how far a version has moved from an earlier one.

    `change` of a total is `now` less `before` (of `documents` and `records` as a share of `before`); of a
    mix or a histogram it is the total variation distance, in [0, 1]: the share of documents that would have
    to change their bin. `responsible` names what changed most inside of it.

    Returns:
        Schema `harness.core.schema.DRIFT`, one row a measure.
    """
    return pa.Table.from_pylist([row._asdict() for row in _rows(before, now)], schema=DRIFT)


class _Row(NamedTuple):
    measure: str
    kind: str
    before: float | None
    now: float | None
    change: float | None
    responsible: str


def _rows(before: Release, now: Release) -> Iterator[_Row]:
    yield _total("documents", before.counts.kept, now.counts.kept, is_relative=True)
    yield _total("records", before.counts.read, now.counts.read, is_relative=True)
    kept = [_share(one.counts.kept, one.counts.read) for one in (before, now)]
    yield _total("kept_share", *kept, responsible=_most_changed(before.dropped, now.dropped))
    errors = [
        {name: _share(taken, one.counts.read) or 0.0 for name, taken in one.counts.errors_by.items()}
        for one in (before, now)
    ]
    shares = [_share(one.counts.errors, one.counts.read) for one in (before, now)]
    yield _total("error_share", *shares, responsible=_most_changed(*errors))
    gone = sorted(set(before.sources) - set(now.sources))
    yield _Row("sources_gone", "total", 0.0, float(len(gone)), float(len(gone)), ", ".join(gone[:5]))
    yield _mix("language_mix", "mix", before.languages, now.languages)
    yield _mix("source_mix", "mix", before.sources, now.sources)
    for rule in sorted({*before.dropped, *now.dropped}):
        taken = [one.dropped.get(rule, 0.0) for one in (before, now)]
        yield _total(f"rule={rule}", *taken, kind="rule", responsible=rule)
    for name in sorted({*before.histograms, *now.histograms}):
        both = [one.histograms.get(name, {}) for one in (before, now)]
        yield _mix(f"signal={name}", "signal", *both)


def _total(
    measure: str,
    before: float | None,
    now: float | None,
    *,
    kind: str = "total",
    is_relative: bool = False,
    responsible: str = "",
) -> _Row:
    change = None if before is None or now is None else now - before
    if is_relative and change is not None:
        change = change / before if before else None
    return _Row(measure, kind, before, now, change, responsible)


def _mix(measure: str, kind: str, before: Mapping[str, int], now: Mapping[str, int]) -> _Row:
    shares = [_shares(one) for one in (before, now)]
    if not all(shares):
        return _Row(measure, kind, None, None, None, "")
    names = {*shares[0], *shares[1]}
    distance = sum(abs(shares[1].get(name, 0.0) - shares[0].get(name, 0.0)) for name in names) / 2
    return _Row(measure, kind, 0.0, distance, distance, _most_changed(*shares))


def _shares(counts: Mapping[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()} if total else {}


def _most_changed(before: Mapping[str, float], now: Mapping[str, float]) -> str:
    """Name what changed most, as `too-short +0.12`; nothing where nothing did."""
    changes = {name: now.get(name, 0.0) - before.get(name, 0.0) for name in {*before, *now}}
    name = max(sorted(changes), key=lambda one: abs(changes[one]), default="")
    return f"{name} {changes[name]:+.4g}" if name and changes[name] else ""


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _histogram(signal: Signal, values: pa.ChunkedArray) -> dict[str, int]:
    nulls = {NULL: values.null_count} if values.null_count else {}
    known = values.drop_null()
    if signal.kind == "label":
        return _most_frequent(_counted(known)) | nulls
    if signal.kind == "flag":
        held = pc.sum(known).as_py() or 0
        counts = {"false": len(known) - held, "true": held}
        return {name: count for name, count in counts.items() if count} | nulls
    if signal.kind == "count":
        # Powers of two: the exponent of a float is exact for every count below 2^53.
        exponents = np.frexp(known.to_numpy().astype(np.float64))[1]
        lowest, count = np.unique(exponents, return_counts=True)
        return {str(1 << (e - 1) if e > 0 else 0): n for e, n in _pairs(lowest, count)} | nulls
    bins = np.clip(np.floor(known.to_numpy() * _SHARE_BINS + _ROUNDING), 0, _SHARE_BINS - 1)
    edges, count = np.unique(bins, return_counts=True)
    return {f"{edge / _SHARE_BINS:.2f}": n for edge, n in _pairs(edges, count)} | nulls


def _pairs(bins: np.ndarray, counts: np.ndarray) -> Iterator[tuple[int, int]]:
    return zip(bins.astype(int).tolist(), counts.tolist(), strict=True)


def _most_frequent(counted: Mapping[str, int]) -> dict[str, int]:
    ranked = sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    rest = sum(count for _, count in ranked[_MOST_LABELS:])
    return dict(sorted(ranked[:_MOST_LABELS])) | ({OTHERS: rest} if rest else {})


def _counted(values: pa.ChunkedArray) -> dict[str, int]:
    return {
        entry["values"]: entry["counts"]
        for entry in sorted(pc.value_counts(values).to_pylist(), key=lambda entry: str(entry["values"]))
    }
