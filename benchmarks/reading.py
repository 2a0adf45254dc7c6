"""What reading texts for signals and signatures costs: both ways, and how much text pays for starting the compiled one.

HARNESS_DATA=... python benchmarks/reading.py
"""

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields

import pyarrow as pa
from throughput import _news

from harness.core.recipe import DuplicateSettings
from harness.core.signals import SIGNALS
from harness.curation import passes
from harness.curation.signals import SignalContext, measure
from harness.curation.signatures import TextPass, pass_over

ROUNDS = 12
# Of what is measured elsewhere, and unknown here.
_TYPES = {
    **{signal.name: signal.arrow_type for signal in SIGNALS},
    "lang_declared": pa.string(),
    "decode_repairs": pa.list_(pa.string()),
    "title": pa.string(),
    "author": pa.string(),
    "date_unread": pa.bool_(),
}
# From nothing to the first text read, as a worker pays it; tables that both ways need are there before.
_START = """
import time
import pyarrow as pa
from harness.curation.reading import Plan
from harness.curation.plain_pass import read_plainly
from harness.core.recipe import DuplicateSettings
from harness.curation.utf8_texts import Utf8Texts
text, plan = pa.array(["a"]), Plan.for_settings(DuplicateSettings())
read_plainly(text, plan)
began = time.process_time()
from harness.curation.kernels.reader import read_compiled
read_compiled(Utf8Texts.of(text), plan)
print(time.process_time() - began)
"""


def main() -> None:
    """Measure and print."""
    text = pa.array(_news())
    size = sum(_sizes(text)) / len(text)
    print(
        f"{len(text)} Arabic documents of {size:.0f} bytes; CPU time of one process, best of {ROUNDS} rounds"
    )
    rates = {}
    for way, limit in (("plain", sys.maxsize), ("compiled", -1)):
        passes.PLAIN_BYTES = passes.UNCOMPILED_BYTES = limit
        read = pass_over(text, DuplicateSettings())
        rates[way] = _rate(text, lambda: pass_over(text, DuplicateSettings()))
        both = _rate(text, lambda: _measured(text, pass_over(text, DuplicateSettings())))
        alone = _rate(text, lambda read=read: _measured(text, read))
        print(
            f"{way:9} pass {rates[way]:7,.0f}  signals from it {alone:7,.0f}  together {both:7,.0f} documents/s"
        )
    start_s = min(
        float(subprocess.check_output([sys.executable, "-c", _START]))  # noqa: S603 - our own program
        for _ in range(5)
    )
    saved_s = (1 / rates["plain"] - 1 / rates["compiled"]) / size
    print(
        f"starting the compiled way: {start_s:.2f} s, as much as it saves on {start_s / saved_s / 2**20:.0f} MiB"
    )


def _sizes(text: pa.Array) -> list[int]:
    return [len(one.as_buffer()) for one in text]


def _rate(text: pa.Array, work: Callable[[], object]) -> float:
    costs = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        costs.append(time.process_time() - began)
    return len(text) / min(costs)


def _measured(text: pa.Array, read: TextPass) -> pa.RecordBatch:
    nothing = {
        field.name: pa.nulls(len(text), _TYPES.get(field.name, pa.int64())) for field in fields(SignalContext)
    }
    context = SignalContext(**nothing)
    return measure(text, text, context, read.counts)


if __name__ == "__main__":
    main()
