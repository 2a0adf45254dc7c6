"""docs/identifiers.md: six language identifiers compared on every line of NTREX, by language and by length.

    HARNESS_DATA=... python benchmarks/identifier_page.py [--write]

It has `benchmarks/identifiers.py` build, run and report (two minutes of CPU the first time), and puts what the report's
JSON says into the page and into docs/identifiers.svg. It needs the extra `identifiers`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from identifiers import WORKSPACE
from page import DOCS, publish, table

from harness.core.files import write_atomically
from harness.evaluation.results import Comparison, Slice
from harness.reports import wording
from harness.reports.wording import Unit

PAGE = DOCS / "identifiers.md"
PICTURE = DOCS / "identifiers.svg"
_REPORT = WORKSPACE / "reports" / "ntrex-news" / "comparison.json"
_METRIC = "accuracy"
_LEFT, _TOP, _ROW, _COLUMN = 60, 64, 24, 116
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#33302a}.title{font-weight:600;font-size:15px}"
    ".soft{fill:#6d675c}.low{fill:#ffffff}rect.cell{stroke:#fbf9f4;stroke-width:2}"
)
_WORST, _BEST = (168, 68, 44), (222, 236, 226)  # red to pale green: what is wrong has to be seen


def main() -> None:
    """Measure, print, and with `--write` put it into the page, and draw."""
    subprocess.run(  # noqa: S603 - our own file
        [sys.executable, str(Path(__file__).with_name("identifiers.py"))],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    told: Any = json.loads(_REPORT.read_text(encoding="utf-8"))
    comparison = Comparison.model_validate(told["comparisons"][0])
    names = wording.names_of(comparison)
    for part, lines in _parts(comparison, names).items():
        publish(part, lines, to=PAGE)
    if "--write" in sys.argv[1:]:
        write_atomically(PICTURE, _picture(comparison, names))


def _parts(comparison: Comparison, names: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        "standing": list(_standing(comparison, names)),
        "verdicts": list(_verdicts(comparison, names)),
        "languages": _slices(comparison, names, "lang"),
        "lengths": _slices(comparison, names, "length"),
        "method": [comparison.method, *(f"\n{note}" for note in comparison.notes)],
    }


def _standing(comparison: Comparison, names: Mapping[str, str]) -> Iterator[str]:
    subject, ranks = comparison.subject, wording.ranks(comparison)
    yield (
        f"{wording.count(subject.items, 'line')} of {wording.count(subject.clusters, 'document')}. "
        f"{wording.written(wording.finding(comparison))} "
        f"{wording.written(wording.bands(comparison))}\n"
    )
    scores = [(run, run.scores[0], Unit.of(_METRIC, run.scores[0].n)) for run in comparison.runs]
    rows = [
        (
            ranks[run.run_id],
            names[run.run_id],
            run.system.version,
            f"{unit.value(score.value or 0)} {unit.interval(score.low, score.high)}",
        )
        for run, score, unit in scores
    ]
    yield from table(("rank", "system", "version", "accuracy, 95 % interval"), rows)


def _verdicts(comparison: Comparison, names: dict[str, str]) -> Iterator[str]:
    yield from table(
        ("", *(names[run.run_id] for run in comparison.runs)),
        [(names[run], *marks) for run, marks in wording.matrix(comparison)],
    )
    yield f"\n{wording.MATRIX}\n"
    for pair in comparison.differences:
        if pair.metric == _METRIC:
            sentence = wording.written(wording.judgement(pair, names))
            yield f"- {wording.VERDICT_MARKS[pair.verdict]} {sentence} ({wording.record(pair)}; {wording.power(pair)})"


def _of(comparison: Comparison, dimension: str) -> list[Slice]:
    found = [part for part in comparison.slices if (part.metric, part.dimension) == (_METRIC, dimension)]
    return sorted(found, key=lambda part: _order(part.value))


def _order(value: str) -> tuple[int, str]:
    """Order lengths by their lower bound, and languages by their tag."""
    first = value.partition(" ")[0]
    return int(first) if first.isdigit() else 0, value


def _slices(comparison: Comparison, names: Mapping[str, str], dimension: str) -> list[str]:
    parts = _of(comparison, dimension)
    header = (dimension, "lines", "documents", *(names[run.run_id] for run in comparison.runs), "told apart")
    rows = [
        (
            part.value,
            f"{part.n:,}",
            f"{part.clusters:,}",
            *_values(part),
            wording.written(wording.slice_told(part, comparison)),
        )
        for part in parts
    ]
    return table(header, rows)


def _values(part: Slice) -> list[str]:
    values = [score.value or 0.0 for score in part.scores]
    unit = Unit.of(_METRIC, part.n)
    return [f"**{unit.number(value)}**" if value == max(values) else unit.number(value) for value in values]


def _picture(comparison: Comparison, names: Mapping[str, str]) -> str:
    """Draw accuracy by language and system as a table of coloured cells."""
    parts, runs = _of(comparison, "lang"), comparison.runs
    width, height = _LEFT + _COLUMN * len(runs) + 20, _TOP + _ROW * len(parts) + 20
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t">',
        '<title id="t">Share of lines whose language is told rightly, by language and identifier</title>',
        f"<style>{_STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fbf9f4"/>',
        '<text class="title" x="20" y="26">Lines whose language is told rightly, per cent</text>',
    ]
    for column, run in enumerate(runs):
        drawn.append(
            f'<text class="soft" x="{_LEFT + _COLUMN * (column + 0.5):.0f}" y="{_TOP - 10}" text-anchor="middle">{names[run.run_id]}</text>'
        )
    for row, part in enumerate(parts):
        drawn.append(
            f'<text x="{_LEFT - 10}" y="{_TOP + _ROW * row + 17}" text-anchor="end">{part.value}</text>'
        )
        drawn += _cells([score.value or 0.0 for score in part.scores], _TOP + _ROW * row)
    return "\n".join([*drawn, "</svg>"]) + "\n"


def _cells(values: Sequence[float], y: int) -> Iterator[str]:
    for column, value in enumerate(values):
        x = _LEFT + _COLUMN * column
        colour = ",".join(
            str(round(worst + (best - worst) * value)) for worst, best in zip(_WORST, _BEST, strict=True)
        )
        low = ' class="low"' if value < 0.5 else ""
        yield f'<rect class="cell" x="{x}" y="{y}" width="{_COLUMN}" height="{_ROW}" fill="rgb({colour})"/>'
        yield f'<text{low} x="{x + _COLUMN / 2:.0f}" y="{y + 17}" text-anchor="middle">{value * 100:.1f}</text>'


if __name__ == "__main__":
    main()
