"""Programs for tests: real files with a shebang, each a loop over lines of requests."""

import sys
import textwrap
from pathlib import Path

_HEAD = "import json, os, signal, sys, time\n"
_LOOP = """
for number, line in enumerate(sys.stdin, 1):
    request = json.loads(line)
    item, text = request["id"], request["input"]
    answer = {"id": item, "output": label(text)}
%s
    print(json.dumps(answer), flush=True)
"""
_LABEL = """
def label(text):
    if any("a" <= letter <= "z" for letter in text):
        return "en"
    return "fa" if "گ" in text or "پ" in text else "ar"
"""


def program(path: Path, body: str) -> Path:
    """Write a Python program as it stands."""
    path.write_text(f"#!{sys.executable}\n{_HEAD}{textwrap.dedent(body)}", encoding="utf-8")
    path.chmod(0o755)
    return path


def labelling(path: Path, between: str = "pass") -> Path:
    """Write a program that tells languages; `between` runs before each answer, and sees number, item, text, answer."""
    return program(path, _LABEL + _LOOP % textwrap.indent(textwrap.dedent(between).strip(), "    "))
