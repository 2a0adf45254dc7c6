"""Which runs are one system: those that differ in their seed alone; and that system as one run of its own."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from harness.core.errors import ConfigurationError, named
from harness.core.fingerprints import canonical_json, sha256_of
from harness.core.settings import suggestion
from harness.evaluation.alignment import SCORE_PREFIX, Aligned, RunItems
from harness.evaluation.contests import narrowed_to
from harness.evaluation.drawing import Drawing, Measured, Resampling
from harness.evaluation.duels import bouts_of, columns_of
from harness.evaluation.resampling import cluster_totals
from harness.evaluation.results import RunResult, Score, Seeds, SystemIdentity
from harness.evaluation.seed_bouts import SeedBout

# Answers that were made elsewhere: their address names a file, which differs from seed to seed.
_FILES = frozenset({"preds", "lm-eval", "lighteval", "inspect", "scores", "segments", "trec"})
_WHERE = "--seeds"


@dataclass(frozen=True)
class Team:
    """One system: its name, and the places of its runs among all runs."""

    name: str
    places: tuple[int, ...]


def teams_of(results: Sequence[RunResult], named_seeds: Mapping[str, Sequence[str]]) -> list[Team]:
    """Put runs that differ in their seed alone together.

    Runs that `--seeds` names go together, and of the rest those whose system says `seed_of` the same. Where all runs
    would be one system, they are compared with each other, which is the only comparison left.

    Args:
        results: All runs.
        named_seeds: Run ids, or names or addresses of systems that one run has, by the name of the system that they are.

    Returns:
        One team a system, in the order of its first run.

    Raises:
        ConfigurationError: A run is not there, is named twice, or is of another system than the rest of its team.
    """
    taken = _named(results, named_seeds)
    rest = {place: one.system.seed_of for place, one in enumerate(results) if place not in taken}
    several = {name for name, times in Counter(rest.values()).items() if name and times > 1}
    taken |= {place: name for place, name in rest.items() if name in several}
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(results):
        members[(taken[place], "") if place in taken else ("", one.run_id)].append(place)
    if len(members) == 1 and not named_seeds:
        return [Team(one.system.name, (place,)) for place, one in enumerate(results)]
    return [
        Team(name or results[places[0]].system.name, tuple(places)) for (name, _), places in members.items()
    ]


def _named(results: Sequence[RunResult], named_seeds: Mapping[str, Sequence[str]]) -> dict[int, str]:
    """Find the runs that are named, each with the name of its system."""
    taken: dict[int, str] = {}
    for name, wanted in named_seeds.items():
        places = [_place(results, one) for one in wanted]
        _require_one_system(name, [results[place] for place in places])
        times = Counter(places)
        doubled = sorted(results[place].run_id for place in times if place in taken or times[place] > 1)
        if doubled:
            raise ConfigurationError(
                f"a run is named twice: {named(doubled)}",
                where=f"{_WHERE} {name}",
                remedy="name each run of a system once",
            )
        taken |= dict.fromkeys(places, name)
    return taken


def _place(results: Sequence[RunResult], wanted: str) -> int:
    last = wanted.rstrip("/").rpartition("/")[2]  # of a run's folder, or of a file
    found = [
        [place for place, one in enumerate(results) if name in _names_of(one)] for name in (wanted, last)
    ]
    matching = found[0] or found[1]
    if len(matching) == 1:
        return matching[0]
    raise ConfigurationError(
        f"{len(matching) or 'no'} runs match '{wanted}'",
        where=_WHERE,
        remedy="give run ids" if matching else suggestion(wanted, [one.run_id for one in results]),
    )


def _names_of(result: RunResult) -> set[str]:
    argument = result.system.uri.partition(":")[2]
    return {result.run_id, result.system.name, result.system.uri, argument, argument.rpartition("/")[2]} - {
        ""
    }


def _require_one_system(name: str, runs: Sequence[RunResult]) -> None:
    """Refuse runs that surely differ in more than a seed, and those that do not differ in it."""
    systems = [run.system for run in runs]
    if len(runs) < 2:
        raise ConfigurationError(
            f"'{name}' is given {len(runs)} runs: a spread between seeds takes two or more",
            where=_WHERE,
            remedy="run the system with other seeds, or leave this out",
        )
    kinds = {_kind(system) for system in systems}
    if len(kinds) > 1:
        told = ", ".join(sorted(f"{system.name} ({system.uri})" for system in systems))
        raise ConfigurationError(
            f"these are runs of different systems, not of different seeds: {told}",
            where=f"{_WHERE} {name}",
            remedy="name runs of one system; different systems are compared, not averaged",
        )
    if len({system.fingerprint for system in systems}) < len(systems):
        raise ConfigurationError(
            "two of these runs are the same system with the same seed",
            where=f"{_WHERE} {name}",
            remedy="name runs that differ in their seed",
        )


def _kind(system: SystemIdentity) -> tuple[str, ...]:
    """Give what runs of one system have in common, as far as it is told."""
    family, _, _ = system.uri.partition(":")
    if family in _FILES:
        return ("", "")
    return (system.seed_of, "") if system.seed_of else (system.uri, system.version)


def as_systems(
    aligned: Aligned, fields: Mapping[str, Measured], teams: Sequence[Team], resampling: Resampling
) -> tuple[Aligned, dict[str, Measured]]:
    """Give systems in the place of their runs.

    A system scores on an item what its runs score on average, shows the answer that most of them gave, and has by
    each metric the mean of its runs' values, with an interval that counts both chances.

    Args:
        aligned: All runs, item by item.
        fields: What was measured of them.
        teams: Which runs are one system, in the order that the systems are to have.
        resampling: Seed, number of draws and confidence.
    """
    runs = tuple(
        aligned.runs[team.places[0]] if len(team.places) == 1 else _pooled(aligned, fields, team, resampling)
        for team in teams
    )
    scores = {
        metric: np.column_stack([column[:, team.places].mean(axis=1) for team in teams])
        for metric, column in aligned.scores.items()
    }
    systems = tuple(team.places for team in teams)
    grouped = {metric: replace(one, systems=systems) for metric, one in fields.items()}
    return Aligned(runs, aligned.clusters, scores), grouped


def _pooled(aligned: Aligned, fields: Mapping[str, Measured], team: Team, resampling: Resampling) -> RunItems:
    runs = [aligned.runs[place] for place in team.places]
    first, results = runs[0], [run.result for run in runs]
    ids = tuple(result.run_id for result in results)
    digest = sha256_of(canonical_json([team.name, sorted(ids)]))
    system = first.result.system.model_copy(update={"name": team.name, "fingerprint": digest})
    failures = sum((Counter(dict(result.failures)) for result in results), Counter[str]())
    result = first.result.model_copy(
        update={
            "run_id": f"{first.subject.task}--{len(ids)}-seeds--{digest[:12]}",
            "system": system,
            "scores": _scores(aligned, fields, team, resampling),
            "failures": dict(sorted(failures.items())),
            "seeds": Seeds(runs=ids),
        }
    )
    return RunItems(result, first.subject, _items(aligned, runs, team))


def _scores(
    aligned: Aligned, fields: Mapping[str, Measured], team: Team, resampling: Resampling
) -> tuple[Score, ...]:
    """Tell a system's metrics over the items that all of its runs were scored on."""
    scored = np.ones(len(aligned.clusters), dtype=np.bool_)
    for column in aligned.scores.values():
        scored &= np.isfinite(column[:, team.places]).all(axis=1)
    own = [
        replace(one, statistics=one.statistics[:, team.places], systems=(tuple(range(len(team.places))),))
        for one in (narrowed_to(field, scored) for field in fields.values())
    ]
    bouts = {}
    if own:
        totals, sizes = cluster_totals(columns_of(own), aligned.clusters[scored])
        bouts = dict(zip(fields, bouts_of(own, Drawing(totals, sizes, resampling)), strict=True))
    first = aligned.runs[team.places[0]].result.scores
    told = []
    for place, score in enumerate(first):
        alone = [aligned.runs[run].result.scores[place].value for run in team.places]
        bout = bouts.get(score.metric)
        told.append(
            _score(score, bout, int(scored.sum())) if isinstance(bout, SeedBout) else _mean_of(score, alone)
        )
    return tuple(told)


def _score(score: Score, bout: SeedBout, n: int) -> Score:
    value, interval = bout.standing(0)
    return score.model_copy(
        update={
            "value": value,
            "n": n,
            "low": interval.low,
            "high": interval.high,
            "reason": interval.reason,
            "between_runs": bout.deviation(0),
        }
    )


def _mean_of(score: Score, alone: Sequence[float | None]) -> Score:
    """Average what runs say themselves, where this version of harness does not know how they counted it."""
    known = [value for value in alone if value is not None]
    mean = math.fsum(known) / len(known) if len(known) == len(alone) else None
    told = {"value": mean, "low": None, "high": None, "reason": "the runs do not say what it is counted from"}
    return score.model_copy(update=told)


def _items(aligned: Aligned, runs: Sequence[RunItems], team: Team) -> pa.Table:
    items = runs[0].items
    answers = list(
        zip(
            *(
                zip(
                    run.items.column("output").to_pylist(),
                    run.items.column("failure").to_pylist(),
                    strict=True,
                )
                for run in runs
            ),
            strict=True,
        )
    )
    commonest = [Counter(said).most_common(1)[0][0] for said in answers]
    columns = {"output": [said for said, _ in commonest], "failure": [failure for _, failure in commonest]}
    for name, values in columns.items():
        items = items.set_column(items.column_names.index(name), name, pa.array(values, pa.string()))
    for metric, column in aligned.scores.items():
        mean = pa.array(column[:, team.places].mean(axis=1), pa.float64(), from_pandas=True)
        name = f"{SCORE_PREFIX}{metric}"
        items = items.set_column(items.column_names.index(name), name, mean)
    return items
