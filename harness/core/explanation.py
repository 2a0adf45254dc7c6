"""A page that explains a code, and the data that pages are made of."""

import functools
import tomllib
from importlib import resources
from typing import Any

from harness.core.errors import ExitCode
from harness.core.frozen import Frozen

EXIT_CODES = {
    ExitCode.DONE: "done; warnings and single error records are allowed",
    ExitCode.GATE_FAILED: "a gate failed",
    ExitCode.WRONG_USE: "wrong use or configuration",
    ExitCode.BAD_INPUT: "data, I/O, network or credentials; any error record under `build --strict`",
    ExitCode.NO_EVIDENCE: "nothing was evaluated, or the runs cannot be compared",
    ExitCode.OUR_BUG: "a bug in harness",
    ExitCode.INTERRUPTED: "interrupted by Ctrl-C",
    ExitCode.TERMINATED: "terminated",
}


class Page(Frozen):
    """What is known of one code; a part that nobody wrote is empty.

    Args:
        code: What it is called in results and tables.
        kind: What it is: rule of a suite, cleaning rule, reject rule, error code, signal, exit code.
        title: A few words.
        what: What is asked for, or what happened.
        why: Why it is asked for.
        example: What it looks like.
        fix: How to mend it.
        wrongly: What it wrongly catches, or its price.
        where: The file or setting that it comes from.
    """

    code: str
    kind: str
    title: str = ""
    what: str = ""
    why: str = ""
    example: str = ""
    fix: str = ""
    wrongly: str = ""
    where: str = ""


@functools.cache
def explanations(name: str) -> dict[str, Any]:
    """Read one of the package's own tables, `harness/core/explanations/<name>.toml`."""
    source = resources.files("harness.core.explanations") / f"{name}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))
