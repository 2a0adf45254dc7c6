"""Compiled loops are compiled once, found again, and never stand in the way of the work."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from harness.curation import passes
from harness.curation.kernels import compiled_files, compiling
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
    return {path.name: path.stat().st_mtime_ns for path in folder.rglob("*.loop")}


@pytest.fixture
def parted(tmp_path, monkeypatch):
    """A loop that calls a part of another module, which has a part and a constant of its own."""
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("other_module", "loop_module"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    (tmp_path / "other_module.py").write_text(
        "from harness.curation.kernels.compiling import part_of_a_loop\nSTEP = 3\n"
        "@part_of_a_loop\ndef _more(number):\n    return number + STEP\n"
        "@part_of_a_loop\ndef twice_more(number):\n    return _more(_more(number))\n"
    )
    (tmp_path / "loop_module.py").write_text(
        "from other_module import twice_more\nSTEP = 100\n"
        "def total(numbers):\n    return twice_more(numbers[0]) + STEP\n"
    )
    return tmp_path


def test_a_part_of_another_module_keeps_its_own_names(parted):
    """The same name in two modules is two things."""
    assert CompiledLoop(importlib.import_module("loop_module").total)(NUMBERS) == 106


@pytest.mark.skipif("NUMBA_CACHE_DIR" in os.environ, reason="NUMBA_CACHE_DIR takes the cache elsewhere")
def test_a_loop_whose_part_changed_is_compiled_anew(parted, monkeypatch):
    """In whichever module the part is."""
    assert CompiledLoop(importlib.import_module("loop_module").total)(NUMBERS) == 106
    other = parted / "other_module.py"
    other.write_text(other.read_text().replace("STEP = 3", "STEP = 40"))
    for name in ("other_module", "loop_module"):
        monkeypatch.delitem(sys.modules, name)
    assert CompiledLoop(importlib.import_module("loop_module").total)(NUMBERS) == 180
    assert len(_cached(parted)) == 2


@pytest.mark.skipif("NUMBA_CACHE_DIR" in os.environ, reason="NUMBA_CACHE_DIR takes the cache elsewhere")
@pytest.mark.parametrize(
    "damage", [b"", b"\x00" * 64, b"not a cache", None], ids=["empty", "zeros", "text", "cut"]
)
def test_a_damaged_cache_is_repaired(total, tmp_path, damage):
    """The result is right at once, and the next process finds compiled code again."""
    assert CompiledLoop(total)(NUMBERS) == 10
    (path,) = tmp_path.rglob("*.loop")
    path.write_bytes(path.read_bytes()[:-9] if damage is None else damage)
    assert CompiledLoop(total)(NUMBERS) == 10
    written = _cached(tmp_path)
    assert CompiledLoop(total)(NUMBERS) == 10
    assert len(written) == 1
    assert _cached(tmp_path) == written


def test_a_function_that_cannot_be_cached_is_compiled_all_the_same():
    """Where no folder can be written there is no cache; the work goes on."""
    space = {}
    exec(SOURCE, space)  # noqa: S102 - a function without a source file has no place for a cache
    assert CompiledLoop(space["total"])(NUMBERS) == 10


def test_where_nothing_can_be_kept_the_loop_is_compiled_for_one_process(total, monkeypatch):
    """A read-only installation without a folder for caches costs time and nothing else."""
    monkeypatch.setattr(compiled_files, "folders", lambda source: (source / "no folder",))
    assert CompiledLoop(total)(NUMBERS) == 10


def test_another_source_is_compiled_anew(total, tmp_path):
    """What was kept of a loop that reads differently now is not taken."""
    assert CompiledLoop(total)(NUMBERS) == 10
    (tmp_path / "totals.py").write_text(SOURCE.replace("found = 0", "found = 1"))
    assert CompiledLoop(total)(NUMBERS) == 10  # the function in memory is the one that was read before
    assert len(_cached(tmp_path)) == 2


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [(NUMBERS[::2], 6), (NUMBERS[::-1], 10), (NUMBERS.astype(np.uint8), 10), (NUMBERS[:0], 0)],
    ids=["strided", "backwards", "bytes", "none"],
)
def test_arrays_lie_where_they_like(total, numbers, expected):
    """Each width of numbers and each layout has machine code of its own; none reads past an array."""
    assert CompiledLoop(total)(numbers) == expected


def test_what_has_no_layout_is_refused(total):
    """A float is not taken for a whole number."""
    with pytest.raises(TypeError, match="float"):
        CompiledLoop(total)(1.5)


def test_where_numba_lays_arguments_out_otherwise_it_calls_the_loop_itself(total, monkeypatch):
    """Another release of the compiler may change what only it knows; no memory is read by guess."""
    monkeypatch.setattr(compiling, "native_type", lambda arguments: f"i32 (ptr) for {len(arguments)}")
    assert CompiledLoop(total)(NUMBERS) == 10


DIVIDED = """
import numpy as np
from harness.curation.kernels.compiling import CompiledLoop

def quotients(numbers):
    total = 0
    for number in numbers:
        total += 12 // number
    return total

loop = CompiledLoop(quotients)
"""


def test_an_error_inside_a_loop_is_raised(tmp_path, monkeypatch):
    """A division by zero is no number."""
    (tmp_path / "divided.py").write_text(DIVIDED)
    monkeypatch.syspath_prepend(tmp_path)
    loop = importlib.import_module("divided").loop
    assert loop(np.array([3, 4])) == 7
    with pytest.raises(ArithmeticError):
        loop(np.array([3, 0]))


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
print("llvmlite" in sys.modules)
pass_over(pa.array(["نص قصير"]), DuplicateSettings())
print("llvmlite" in sys.modules)
passes.PLAIN_BYTES, passes.UNCOMPILED_BYTES = 100, 300
pass_over(pa.array(["نص أطول " * 10]), DuplicateSettings())
print("llvmlite" in sys.modules)
print(len(pass_over(pa.array(["نص طويل " * 100]), DuplicateSettings()).signatures))
print("numba" in sys.modules)
"""


def test_the_compiler_is_loaded_once_a_machine_and_only_where_there_is_much_to_read(tmp_path):
    """A small corpus does not pay for it; later processes load what lies where NUMBA_CACHE_DIR says, without numba."""
    assert _run(USED, NUMBA_CACHE_DIR=str(tmp_path)) == ["False", "False", "False", "1", "True"]
    written = _cached(tmp_path)
    assert [name.partition("-")[0] for name in written] == ["_read_texts"]
    assert _run(USED, NUMBA_CACHE_DIR=str(tmp_path)) == ["False", "False", "True", "1", "False"]
    assert _cached(tmp_path) == written


def test_text_in_hand_counts_before_it_is_read(monkeypatch):
    """What is looked at before a chunk is read is looked at compiled, in the first chunk of a process, too."""
    monkeypatch.setattr(passes, "_METER", passes.Meter())
    monkeypatch.setattr(passes, "_is_compiled", lambda: True)
    passes.expect_text(passes.PLAIN_BYTES)
    assert not passes.is_compiling()
    passes.expect_text(1)
    assert passes.is_compiling()


@pytest.mark.parametrize("module", ["harness.cli.app", "harness.workflows.build", "harness.workflows.chunk"])
def test_importing_a_command_or_a_workflow_does_not_load_numba(module):
    """Neither help nor the process that only hands out work pays for it."""
    assert _run(f"import sys, {module}; print(bool({{'numba', 'llvmlite'}} & {{*sys.modules}}))") == ["False"]


def test_the_compiler_is_known_to_the_kernels_alone():
    """Nothing else imports numba, so that nothing else can load it by accident."""
    root = Path(importlib.util.find_spec("harness").origin).parent
    imports_it = re.compile(r"^\s*(?:import|from) (?:numba|llvmlite)", re.MULTILINE)
    importers = {path for path in root.rglob("*.py") if imports_it.search(path.read_text(encoding="utf-8"))}
    assert {path.parent for path in importers} <= {root / "curation" / "kernels"}
