"""Compiled loops are compiled once, found again, and never stand in the way of the work."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from harness.curation.kernels.compiling import CompiledLoop

SOURCE = "def total(numbers):\n    found = 0\n    for number in numbers:\n        found += number\n    return found\n"
NUMBERS = np.arange(5)


@pytest.fixture
def total(tmp_path):
    """A function in a module of its own, whose compiled code lies beside it."""
    path = tmp_path / "totals.py"
    path.write_text(SOURCE)
    spec = importlib.util.spec_from_file_location("totals", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.total


def _cached(folder):
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*.nb[ic]")}


@pytest.mark.skipif("NUMBA_CACHE_DIR" in os.environ, reason="NUMBA_CACHE_DIR takes the cache elsewhere")
@pytest.mark.parametrize(
    "damage", [b"", b"\x00" * 64, b"not a cache", None], ids=["empty", "zeros", "text", "cut"]
)
@pytest.mark.parametrize("kind", ["nbi", "nbc"])
def test_a_damaged_cache_is_repaired(total, tmp_path, kind, damage):
    """The result is right at once, and the next process finds compiled code again."""
    assert CompiledLoop(total)(NUMBERS) == 10
    (path,) = tmp_path.rglob(f"*.{kind}")
    path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    assert CompiledLoop(total)(NUMBERS) == 10
    written = _cached(tmp_path)
    assert CompiledLoop(total)(NUMBERS) == 10
    assert len(written) == 2
    assert _cached(tmp_path) == written


def test_a_function_that_cannot_be_cached_is_compiled_all_the_same():
    """Where no folder can be written there is no cache; the work goes on."""
    space = {}
    exec(SOURCE, space)  # noqa: S102 - a function without a source file has no place for a cache
    assert CompiledLoop(space["total"])(NUMBERS) == 10


def _run(program, **environment):
    return subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()


USED = """
import sys
import pyarrow as pa
from harness.core.recipe import DuplicateSettings
from harness.curation import passes
from harness.curation.signatures import pass_over
print("numba" in sys.modules)
pass_over(pa.array(["نص قصير"]), DuplicateSettings())
print("numba" in sys.modules)
passes.PLAIN_BYTES = 100
print(len(pass_over(pa.array(["نص طويل " * 100]), DuplicateSettings()).signatures))
print("numba" in sys.modules)
"""


def test_numba_is_loaded_only_where_there_is_much_to_read(tmp_path):
    """A small corpus does not pay for it; the code lies where NUMBA_CACHE_DIR says, for every process."""
    for _ in range(2):
        assert _run(USED, NUMBA_CACHE_DIR=str(tmp_path)) == ["False", "False", "1", "True"]
        written = _cached(tmp_path)
    assert len([name for name in written if "_read_texts" in name]) == 2
    _run(USED, NUMBA_CACHE_DIR=str(tmp_path))
    assert _cached(tmp_path) == written


@pytest.mark.parametrize("module", ["harness.cli.app", "harness.workflows.build", "harness.workflows.chunk"])
def test_importing_a_command_or_a_workflow_does_not_load_numba(module):
    """Neither help nor the process that only hands out work pays for it."""
    assert _run(f"import sys, {module}; print('numba' in sys.modules)") == ["False"]


def test_the_compiler_is_known_to_the_kernels_alone():
    """Nothing else imports numba, so that nothing else can load it by accident."""
    root = Path(importlib.util.find_spec("harness").origin).parent
    imports_it = re.compile(r"^\s*(?:import|from) numba", re.MULTILINE)
    importers = {path for path in root.rglob("*.py") if imports_it.search(path.read_text(encoding="utf-8"))}
    assert {path.parent for path in importers} <= {root / "curation" / "kernels"}
