"""Where a verdict is written besides the terminal: a kind of format, and a file or standard output."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from harness.core.errors import ConfigurationError
from harness.core.files import write_atomically
from harness.core.settings import suggestion
from harness.core.verdict import Verdict
from harness.reports.verdicts.badge import badge_json
from harness.reports.verdicts.github import github_commands
from harness.reports.verdicts.gitlab import gitlab_json
from harness.reports.verdicts.junit import junit_xml
from harness.reports.verdicts.markdown import verdict_markdown
from harness.reports.verdicts.page import verdict_html
from harness.reports.verdicts.placing import Placing
from harness.reports.verdicts.sarif import sarif_json

Writer = Callable[[Verdict, Placing], str]

KINDS: Mapping[str, Writer] = MappingProxyType(
    {
        "junit": junit_xml,
        "sarif": sarif_json,
        "gitlab": gitlab_json,
        "github": github_commands,
        "summary": verdict_markdown,
        "md": verdict_markdown,
        "badge": badge_json,
        "html": verdict_html,
    }
)
STANDARD_OUTPUT = "-"
# Where GitHub's runner collects what a job shows on its page; many steps write there, one after another.
_SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"


@dataclass(frozen=True)
class Sink:
    """One report that was asked for: its kind, and its file, or `-` for standard output.

    `writer` takes the place of the kind's own, where something else than a version was judged.
    """

    kind: str
    target: str
    writer: Writer | None = None

    def write(self, verdict: Verdict, placing: Placing, show: Callable[[str], None]) -> None:
        """Write the report; what goes to standard output is given to `show`.

        Raises:
            OSError: The file cannot be written.
        """
        content = (self.writer or KINDS[self.kind])(verdict, placing)
        if self.target == STANDARD_OUTPUT:
            show(content)
        elif self.kind == "summary":
            with Path(self.target).open("a", encoding="utf-8", newline="\n") as stream:
                stream.write(content)
        else:
            write_atomically(Path(self.target), content)


def parse_sink(word: str) -> Sink:
    """Read `KIND=FILE`; `github` alone goes to standard output, `summary` alone to the runner's summary.

    Raises:
        ConfigurationError: The kind is unknown, or the file is missing.
    """
    kind, _, target = word.partition("=")
    if kind not in KINDS:
        raise ConfigurationError(
            f"no report is called '{kind}'", where=f"--report {word}", remedy=suggestion(kind, list(KINDS))
        )
    if not target and kind == "github":
        target = STANDARD_OUTPUT
    if not target and kind == "summary":
        target = os.environ.get(_SUMMARY_VARIABLE, "")
        if not target:
            raise ConfigurationError(
                f"{_SUMMARY_VARIABLE} is not set, which GitHub's runner sets",
                where=f"--report {word}",
                remedy="name a file: summary=FILE",
            )
    if not target:
        raise ConfigurationError(
            f"the report '{kind}' needs a file", where=f"--report {word}", remedy=f"write {kind}=FILE"
        )
    return Sink(kind, target)
