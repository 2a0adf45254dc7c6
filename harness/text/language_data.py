"""Reading the tables of words and phrases that belong to a language and lie beside the code as TOML."""

import functools
import tomllib
from importlib import resources
from typing import Any


@functools.cache
def language_table(name: str) -> dict[str, Any]:
    """Read one of the package's own tables, `harness/text/data/<name>.toml`."""
    source = resources.files("harness.text") / "data" / f"{name}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))
