"""Finding the single records that the work on a chunk dies on, so that the rest of the build goes on.

A chunk whose task fails is tried in parts: first no record at all, which tells whether records have to do with
it, then its halves, their halves, down to single records. What still fails alone is marked as an error in the
chunk's own file, and the chunk is worked on once more, as if the reader had found that error. So the outcome
has the bytes of any chunk with an error record, however the parts were cut and whoever ran them.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.tasks import Engine, Failure, Finished, TaskSpec
from harness.store.arrow_files import read_arrow, write_arrow

# What the error records say: these codes, and that no single stage is known to be at fault.
CODES = {"raised": "poison-record", "died": "worker-died", "timed-out": "timed-out"}
STAGE = "process"

# A judgement, not a measurement: more in one build are a fault of ours or of this machine rather than of single
# records. Its price: a corpus of which one record in 100,000 is poison stops above 10 million.
MOST_ISOLATED = 100

# A lone record is charged with a death only if three workers died on it, the last with no other beside it.
_TRIES_BEFORE_A_VERDICT = 3


@dataclass(frozen=True)
class Completed:
    """A chunk whose output stands.

    Args:
        spec: As it was given.
        isolated: How many of its records became errors here.
    """

    spec: TaskSpec
    isolated: int = 0

    @property
    def lasting(self) -> bool:
        """Whether the output may be kept for other builds.

        What a record died of may be this machine's memory or speed, or mended by tomorrow; and a build counts
        its isolated records, which it would not see in what an earlier one kept.
        """
        return not self.isolated


def run_isolating(
    engine: Engine,
    task: str,
    specs: Iterable[TaskSpec],
    done: Callable[[Completed], None],
    *,
    most: int = MOST_ISOLATED,
) -> None:
    """Run a task on every chunk; a record that it cannot be run on becomes an error record.

    Args:
        engine: Where.
        task: `package.module:function`; of records independent of each other, from one Arrow file with at
            least the columns `locator`, `payload`, `media`, `error` and `detail` of schema RAW to the output folder.
        specs: One a chunk, with one input each; read a few ahead of the work. The folder of the input is
            written to while records are being isolated.
        done: Called after each chunk in order of completion; its input is needed no longer.
        most: Records that may be isolated; with more, the build stops.

    Raises:
        HarnessError: The task raised it; or our code fails without any record, on a chunk as a whole, or on
            more than `most` records (exit code 70, with the place).
        InputError: The same, where workers died or did not end.
        OSError: The system refused something.
        KeyboardInterrupt: See `harness.core.tasks.Engine`.
    """
    engine.place(task, specs, _Isolation(done, most).settle)


@dataclass(frozen=True)
class _Probe:
    """A run over some rows of a chunk, for its outcome alone."""

    case: "_Case"
    start: int
    stop: int

    def begin(self) -> TaskSpec:
        """Write the rows; give the task over them."""
        rows = self.stop - self.start
        part = self.case.beside(f"rows-{self.start}-{self.stop}.arrow")
        write_arrow(part, self.case.records().slice(self.start, rows))
        return replace(
            self.case.spec,
            inputs=(part,),
            # In the input's folder: the output's may be one that keeps what it is given.
            output=part.with_suffix(""),
            # A part that fails is cut once more, whoever is to blame; only a verdict has to be sure.
            tries=_TRIES_BEFORE_A_VERDICT if rows <= 1 else 1,
        )

    def halves(self) -> "tuple[_Probe, _Probe]":
        middle = (self.start + self.stop) // 2
        return _Probe(self.case, self.start, middle), _Probe(self.case, middle, self.stop)


@dataclass
class _Case:
    """A chunk that failed as a whole.

    Args:
        spec: The chunk.
        number: Tells its files from those of another case, were it over the same chunk.
        open: Probes that were sent and are not settled.
        passed: Probes that did not fail.
        verdicts: Why each isolated row fails alone.
    """

    spec: TaskSpec
    number: int
    open: int = 0
    passed: int = 0
    verdicts: dict[int, Failure] = field(default_factory=dict)

    def beside(self, name: str) -> Path:
        """Place a file of this case beside the chunk's."""
        given = self.spec.inputs[0]
        return given.with_name(f"{given.name}.case-{self.number}.{name}")

    def records(self) -> pa.Table:
        return read_arrow(self.spec.inputs[0])

    def locator(self, row: int) -> str:
        """Name a record for people."""
        return json.dumps(self.records()["locator"][row].as_py(), ensure_ascii=False)

    def without_poison(self) -> TaskSpec:
        """Write the chunk with its poison marked; give the task over it.

        All of its parts ended within their limits, so that the whole may take as long as they together.
        """
        marked = self.beside("marked.arrow")
        write_arrow(marked, marked_as_errors(self.records(), self.verdicts))
        return replace(self.spec, inputs=(marked,), tries=_TRIES_BEFORE_A_VERDICT, patience=1 + self.passed)


def marked_as_errors(raw: pa.Table, verdicts: Mapping[int, Failure]) -> pa.Table:
    """Take away what cannot be worked on, and say in its place why; where the record lies stays.

    Args:
        raw: Records of schema RAW.
        verdicts: The failure of each row that is poison.
    """
    poison = pa.array([row in verdicts for row in range(raw.num_rows)], pa.bool_())
    told: dict[str, list[Any]] = {
        "payload": [None] * raw.num_rows,
        "media": [None] * raw.num_rows,
        "error": [CODES[verdicts[row].cause] if row in verdicts else None for row in range(raw.num_rows)],
        "detail": [verdicts[row].kind if row in verdicts else None for row in range(raw.num_rows)],
    }
    for name, values in told.items():
        raw = _replaced(raw, name, poison, values)
    return raw


def _replaced(raw: pa.Table, name: str, where: pa.Array, values: list[Any]) -> pa.Table:
    place = raw.schema.get_field_index(name)
    column = pc.if_else(where, pa.array(values, raw.schema.field(place).type), raw[name])
    return raw.set_column(place, raw.schema.field(place), column)


class _Isolation:
    """Hears of every finished task, and says what is to be run because of it."""

    def __init__(self, done: Callable[[Completed], None], most: int) -> None:
        self._done = done
        self._most = most
        # By the `id` of the specs that were given out, which are held here: two may be equal.
        self._probes: dict[int, tuple[TaskSpec, _Probe]] = {}
        self._last_runs: dict[int, tuple[TaskSpec, _Case]] = {}
        self._cases = 0
        self._isolated = 0

    def settle(self, finished: Finished) -> list[TaskSpec]:
        """See `harness.core.tasks.Settle`."""
        spec, failure = finished.spec, finished.failure
        _, probe = self._probes.pop(id(spec), (spec, None))
        if probe is not None:
            return self._settle_probe(probe, finished)
        _, case = self._last_runs.pop(id(spec), (spec, None))
        if case is not None:
            return self._close(case, finished)
        if failure is not None:
            self._cases += 1
            return self._begin([_Probe(_Case(spec, self._cases), 0, 0)])
        self._done(Completed(spec))
        return []

    def _close(self, case: _Case, finished: Finished) -> list[TaskSpec]:
        """Report a chunk that was worked on without its poison."""
        finished.spec.inputs[0].unlink()
        if finished.failure is not None:
            what = (
                f"the work fails on {case.records().num_rows} records together, though on none of them alone"
            )
            raise finished.failure.as_error(what, where=case.locator(0))
        self._done(Completed(case.spec, len(case.verdicts)))
        return []

    def _begin(self, probes: Iterable[_Probe]) -> list[TaskSpec]:
        specs = []
        for probe in probes:
            spec = probe.begin()
            self._probes[id(spec)] = spec, probe
            probe.case.open += 1
            specs.append(spec)
        return specs

    def _settle_probe(self, probe: _Probe, finished: Finished) -> list[TaskSpec]:
        case = probe.case
        finished.spec.inputs[0].unlink()
        shutil.rmtree(finished.spec.output, ignore_errors=True)
        case.open -= 1
        case.passed += finished.failure is None
        parts = self._parts(probe, finished.failure)
        if parts or case.open:
            return self._begin(parts)
        last_run = case.without_poison()
        self._last_runs[id(last_run)] = last_run, case
        return [last_run]

    def _parts(self, probe: _Probe, failure: Failure | None) -> tuple[_Probe, ...]:
        """Say what is to be tried after a probe; a record that failed alone is isolated."""
        rows = probe.stop - probe.start
        if rows == 0:
            return self._all_parts(probe.case, failure)
        if failure is None:
            return ()
        if rows > 1:
            return probe.halves()
        self._isolate(probe, failure)
        return ()

    def _all_parts(self, case: _Case, failure: Failure | None) -> tuple[_Probe, ...]:
        """Go on from the probe over no record."""
        if failure is not None:
            raise failure.as_error("the work fails even on no record")
        rows = case.records().num_rows
        return _Probe(case, 0, rows).halves() if rows > 1 else (_Probe(case, 0, rows),) * rows

    def _isolate(self, probe: _Probe, failure: Failure) -> None:
        case = probe.case
        case.verdicts[probe.start] = failure
        self._isolated += 1
        if self._isolated > self._most:
            what = f"the work failed on more than {self._most} records"
            raise failure.as_error(what, where=case.locator(probe.start))
