"""Arrow without pandas: a build does not pay for it, and who uses both finds them as ever."""

import subprocess
import sys

import pytest

_BEFORE = """
import sys
import pyarrow as pa
from harness.core.pandas_on_demand import leave_pandas_unloaded
leave_pandas_unloaded()
pa.table({"words": [1, 2]})
assert "pandas" not in sys.modules
"""
_LATER = (
    "print(pa.array(pd.Series([1.0, float('nan')])).null_count, type(pa.array([1]).to_pandas()).__name__)"
)


def said(*lines: str) -> str:
    """Run a program in a process of its own, since Arrow looks for pandas once in each."""
    program = "\n".join(lines)
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return told.stdout.strip()


@pytest.mark.parametrize(
    "loading",
    [
        "import pandas as pd",
        "pd = type(sys)('pd'); pd.Series = type(pa.array([1]).to_pandas())",
        "from concurrent.futures import ThreadPoolExecutor as Pool; pd = Pool().submit(__import__, 'pandas').result()",
    ],
)
def test_arrow_knows_pandas_once_anybody_loads_it(loading):
    """A number that is none is missing in a series and not in a list: Arrow tells which it is given."""
    assert said(_BEFORE, loading, _LATER) == "1 Series"


def test_pandas_that_is_loaded_already_stays_known():
    """A program that builds in between goes on with its frames."""
    assert said("import pandas as pd", _BEFORE.replace("not in", "in"), _LATER) == "1 Series"


def test_a_build_loads_no_pandas(tmp_path):
    """It would cost each process 0.17 CPU seconds."""
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "one.txt").write_text("The council opened the new library on Monday.\n", "utf-8")
    program = (
        "import sys; from harness.cli.app import main; "
        f"print(main(['build', {str(tmp_path / 'raw')!r}, '--out', {str(tmp_path / 'out')!r}, '--format', 'quiet']), "
        "'pandas' in sys.modules)"
    )
    assert said(program) == "0 False"
