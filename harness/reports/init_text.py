"""What `init` wrote, and what to do next, in plain text."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from harness.text.visible import visible


def init_text(folder: Path, name: str, written: Sequence[str], kept: Sequence[str]) -> str:
    """Tell the files that were written and those that were there, then the first commands."""
    lines = [*(f"  wrote  {path}" for path in written), *(f"  kept   {path}" for path in kept)]
    lines += [
        "",
        "Next:",
        *([] if folder == Path() else [f"  cd {shlex.quote(str(folder))}"]),
        f"  harness build {name}",
        f"  harness validate {name}",
        f"  harness run {name}, then harness report {name}",
        f"  edit datasets/{name}/recipe.toml, and put your own articles into datasets/{name}/raw/",
    ]
    return "\n".join(map(visible, lines))
