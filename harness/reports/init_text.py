"""What `init` wrote, and what to do next, in plain text."""

from collections.abc import Sequence

from harness.text.visible import visible


def init_text(name: str, written: Sequence[str], kept: Sequence[str]) -> str:
    """Tell the files that were written and those that were there, then the first commands."""
    lines = [*(f"  wrote  {path}" for path in written), *(f"  kept   {path}" for path in kept)]
    lines += [
        "",
        "Next:",
        f"  harness build {name}",
        f"  harness validate {name}",
        f"  edit datasets/{name}/recipe.toml, and put your own articles into datasets/{name}/raw/",
    ]
    return "\n".join(map(visible, lines))
