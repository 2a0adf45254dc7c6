"""As many workers as there is memory for, never none; what does not fit is kept in files."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.cached_builds import Bench, articles, write_lines

from harness.workflows.memory import are_to_be_spilled, workers_within

GIB = 1 << 30


@pytest.mark.parametrize(
    ("gib", "wanted", "fitting"), [(0.1, 8, 1), (1, 8, 1), (3, 8, 5), (64, 8, 8), (1.5, 1, 1)]
)
def test_workers_give_way_to_memory(gib, wanted, fitting):
    """Half a gigabyte for each, and half a one for the process that decides."""
    assert workers_within(int(gib * GIB), wanted) == fitting


def test_the_choice_is_left_to_the_machine_where_there_is_enough(monkeypatch):
    """Without a wish for workers and with memory for all cores, nothing is decided here."""
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert workers_within(64 * GIB, None) is None
    assert workers_within(2 * GIB, None) == 3


def test_half_of_the_machine_is_the_default(monkeypatch):
    """A machine of 4 GB has room for three workers in its half."""
    monkeypatch.setattr("harness.workflows.memory._memory_bytes", lambda: 4 * GIB)
    assert workers_within(None, 16) == 3


@pytest.mark.parametrize(("records", "gib", "spilled"), [(10, 0.1, True), (10, 1, False), (10**6, 1, True)])
def test_small_columns_go_to_a_file_where_memory_is_short(records, gib, spilled):
    """A kilobyte for each record, beside half a gigabyte for the process itself."""
    assert are_to_be_spilled(records, int(gib * GIB)) == spilled


def test_a_build_with_hardly_any_memory_gives_the_same_version(tmp_path):
    """Whether small columns lie in memory or in a file shows in no byte; the file is gone with the build."""
    bench = Bench(tmp_path)
    write_lines(tmp_path / "raw" / "a.jsonl", articles(60))
    assert bench.bytes_of(memory_bytes=1) == bench.bytes_of(memory_bytes=64 * GIB)
    assert not list(tmp_path.rglob("documents.arrow.*")) + list(tmp_path.glob(".build-*"))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process' own peak")
def test_a_table_on_its_way_to_a_file_takes_the_memory_of_a_part(tmp_path):
    """Of 200 MB in parts of 2 MB a process holds a few; held at once, they take all of it."""
    # The kernel's own mark of this process: what getrusage tells begins with what the starting process held.
    taken = {}
    for way in ("spilled(parts, Path(sys.argv[1]))", "pyarrow.concat_tables(list(parts)).combine_chunks()"):
        program = (
            "import re, sys, numpy, pyarrow\n"
            "from pathlib import Path\n"
            "from harness.store.mapped import spilled\n"
            "def peak(): return int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])\n"
            "parts = (pyarrow.table({'a': numpy.full(1 << 18, place)}) for place in range(100))\n"
            f"before = peak(); held = {way}; print(peak() - before)\n"
        )
        answer = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "a.arrow")], check=True, capture_output=True
        )
        taken[way.partition("(")[0]] = int(answer.stdout)  # kB
    assert taken["spilled"] < 80_000
    assert taken["pyarrow.concat_tables"] > 200_000
