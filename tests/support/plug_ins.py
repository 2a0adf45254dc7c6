"""Packages of users, laid out as an installer leaves them, in a folder that stands on a path."""

import os
from collections.abc import Iterable
from pathlib import Path

# Some fifteen lines, as docs/signals.md shows them; `version` and `body` make variants of it.
SENTENCE_ENDS = '''"""Signals of our desk."""

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.signals import OwnSignal


def count_ends(texts: pa.Array) -> pa.Array:
    {body}


sentence_ends = OwnSignal(
    name="sentence_ends", kind="count", meaning="Full stops | and *marks*.", version="{version}", measure=count_ends
)
'''
COUNTING = 'return pc.count_substring_regex(texts, "[.!?؟]")'


def install(
    folder: Path, name: str, source: str, entry_points: Iterable[str], *, group: str = "harness.signals"
) -> Path:
    """Install a package of one module; give the folder that has to stand on the path.

    Args:
        folder: Where to.
        name: Of the distribution and of its module.
        source: The module's.
        entry_points: As `name = module:object`.
        group: Theirs.
    """
    about = folder / f"{name}-1.0.dist-info"
    about.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.py").write_text(source, encoding="utf-8")
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    lines = "\n".join([f"[{group}]", *entry_points])
    (about / "entry_points.txt").write_text(f"{lines}\n", encoding="utf-8")
    return folder


def install_sentence_ends(folder: Path, *, version: str = "1", body: str = COUNTING) -> dict[str, str]:
    """Install the signal `sentence_ends`; give the environment of a process that finds it."""
    source = SENTENCE_ENDS.format(version=version, body=body)
    return found_in(install(folder, "desk_signals", source, ["sentence_ends = desk_signals:sentence_ends"]))


def found_in(folder: Path) -> dict[str, str]:
    """Give the environment of a process that finds what is installed in a folder."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))}
