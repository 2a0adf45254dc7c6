"""What is loaded before workers are forked: no thread may be among it, since none comes along."""

import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import os
from pathlib import Path
from harness.core.recipe import Recipe
from harness.core.tasks import TaskSpec, load_for, task_function
from harness.workflows.chunk import TASK
from harness.workflows.chunk_naming import chunk_options

task_function(TASK)
imported = set(os.listdir("/proc/self/task"))
recipe = Recipe(name="news", sources=[{"name": "articles", "path": "raw"}])
load_for(TASK, TaskSpec((), Path("out"), chunk_options(recipe)))
print(len(set(os.listdir("/proc/self/task")) - imported))
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="the system lists no threads")
def test_nothing_that_is_loaded_ahead_starts_a_thread():
    """Arrow's pool of threads, say, which a worker would wait for in vain."""
    told = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "0"
