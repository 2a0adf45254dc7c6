"""Hold a comparison to a gate file, and write the verdict where it is asked for."""

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from harness.core.errors import ConfigurationError, ExitCode
from harness.core.settings import read_toml
from harness.core.verdict import Verdict
from harness.evaluation.gate import ComparisonGate, GateUse, judge_comparisons
from harness.evaluation.results import Comparison
from harness.reports.verdict_text import verdict_text
from harness.reports.verdicts import Sink, parse_sink
from harness.reports.verdicts.comparison_gate import comparison_gate_markdown
from harness.reports.verdicts.placing import Placing

_NAME = re.compile(r"""^\s*name\s*=\s*["']([^"']+)["']""")


@dataclass(frozen=True)
class Held:
    """A gate, if there is one, and where its verdict is written.

    Args:
        use: The rules; None where no gate was asked for.
        sinks: The reports.
    """

    use: GateUse | None
    sinks: tuple[Sink, ...] = ()

    def verdict(self, comparisons: Sequence[Comparison], show: Callable[[str], None]) -> Verdict | None:
        """Judge, and write the reports; what goes to standard output is given to `show`.

        Raises:
            ConfigurationError: A rule has a margin, and no baseline was named.
            OSError: A report cannot be written.
        """
        if self.use is None:
            return None
        verdict = judge_comparisons(comparisons, self.use)
        told = functools.partial(comparison_gate_markdown, comparisons=comparisons)
        for sink in self.sinks:
            writer = told if sink.kind in {"md", "summary"} else None
            replace(sink, writer=writer).write(verdict, Placing(), show)
        return verdict

    def text(self, verdict: Verdict | None) -> list[str]:
        """Write the verdict for people, where there is one."""
        return [] if verdict is None else [verdict_text(verdict)]

    def rows(self, comparisons: Sequence[Comparison], verdict: Verdict | None) -> Any:
        """Give the comparisons as JSON, and the verdict beside them where there is one."""
        told = [comparison.as_json() for comparison in comparisons]
        return told if verdict is None else {"comparisons": told, "gate": verdict.as_json()}


def held_to_gate(path: Path | None, reports: Sequence[str], *, is_strict: bool) -> Held:
    """Read a gate file, where each rule stands in it, and which reports are asked for.

    Raises:
        ConfigurationError: The file is missing or has mistakes (several come together); a report is unknown, or
            asked for without a gate.
    """
    sinks = tuple(parse_sink(word) for word in reports)
    if path is None:
        if sinks:
            raise ConfigurationError(
                "a report tells the verdict of a gate, and none was given",
                where="--report",
                remedy="add --gate FILE; --out FOLDER writes the comparison itself",
            )
        return Held(None)
    gate = read_toml(path, ComparisonGate)
    lines: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if found := _NAME.match(line):
            lines.setdefault(found[1], number)
    shown = path.name if path.is_absolute() else path.as_posix()
    return Held(GateUse(gate, shown, lines, is_strict=is_strict), sinks)


def exit_code_of(comparisons: Sequence[Comparison], verdict: Verdict | None, *, is_strict: bool) -> ExitCode:
    """Say how the command ends: by the gate; without one, strictness asks that every first metric decides."""
    if verdict is not None:
        return verdict.exit_code
    if is_strict and any(
        pair.verdict == "inconclusive"
        for comparison in comparisons
        for pair in comparison.differences
        if pair.metric == comparison.runs[0].scores[0].metric
    ):
        return ExitCode.NO_EVIDENCE
    return ExitCode.DONE
