"""How often two systems that do not differ are called different: items taken one by one, and whole clusters.

    python benchmarks/false_alarms.py [--write]

Made worlds of 100 clusters, 2,000 for each bar, from fixed seeds; about half a minute. Prints the rates; with `--write`
puts them into docs/false-alarms.md, and draws docs/false-alarms.svg.
"""

import math
import sys
from collections.abc import Iterator

import numpy as np
from page import DOCS, publish, table

from harness.core.files import write_atomically
from harness.evaluation.duels import Measured, Resampling, judged_duels

_WORLDS = 2_000
_CLUSTERS = 100
_LEVEL = 0.05
_WORLD_KINDS = ("no copies", "a quarter in fours", "half in fours", "all in fours", "Zipf, up to 30")


def sizes_of(kind: str, random: np.random.Generator) -> np.ndarray:
    """Draw how many copies each cluster has, so that the stated share of items has three copies."""
    share = {"no copies": 0.0, "a quarter in fours": 0.25, "half in fours": 0.5, "all in fours": 1.0}
    if kind not in share:
        return np.minimum(random.zipf(2.0, size=_CLUSTERS), 30)
    # Of items a share s lies in fours, so of clusters s/4 over s/4 + (1 - s).
    items = share[kind]
    fours = round(_CLUSTERS * (items / 4) / (items / 4 + 1 - items))
    return np.array([4] * fours + [1] * (_CLUSTERS - fours))


def rates_of(kind: str, worlds: int) -> tuple[float, float]:
    """Give the false-positive rates of one kind of world: by items, by clusters."""
    random = np.random.default_rng(20261110)
    alarms = [0, 0]
    for world in range(worlds):
        cluster_of = np.repeat(np.arange(_CLUSTERS), sizes_of(kind, random))
        scores = (random.random((_CLUSTERS, 2)) < 0.7).astype(float)[cluster_of]
        measured = Measured(scores[:, :, None])
        for place, groups in enumerate((np.arange(len(cluster_of)), cluster_of)):
            ((gain,),) = judged_duels([measured], [(0, 1)], groups, Resampling(seed=world, resamples=399))
            alarms[place] += gain.p is not None and gain.p <= _LEVEL
    return alarms[0] / worlds, alarms[1] / worlds


_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 760, 340, 60, 64, 56
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#33302a}.title{font-weight:600;font-size:15px}"
    ".item{fill:#a8442c}.cluster{fill:#1f5f85}.grid{stroke:#d8d2c4}.level{stroke:#33302a;stroke-dasharray:4 3}"
)


def picture(rates: dict[str, tuple[float, float]]) -> str:
    """Draw the rates as bars: for each kind of world items, then clusters; a dashed line at 0.05."""
    highest = max(0.2, math.ceil(max(max(pair) for pair in rates.values()) * 10) / 10)
    floor, room = _HEIGHT - _BOTTOM, _HEIGHT - _BOTTOM - _TOP

    def at(rate: float) -> float:
        return floor - rate / highest * room

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="t">',
        '<title id="t">False-positive rates of a test at 0.05, copies taken as independent items and as clusters</title>',
        f"<style>{_STYLE}</style>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fbf9f4"/>',
        '<text class="title" x="20" y="26">Called different, though they are not (test at 0.05)</text>',
        '<rect class="item" x="20" y="38" width="12" height="12"/><text x="38" y="49">items one by one</text>',
        '<rect class="cluster" x="170" y="38" width="12" height="12"/><text x="188" y="49">whole clusters of copies</text>',
    ]
    for step in range(1 + round(highest * 10)):
        y = at(step / 10)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{step / 10:.1f}</text>')
    width = (_WIDTH - 20 - _LEFT) / len(rates)
    for place, (kind, pair) in enumerate(rates.items()):
        middle = _LEFT + width * (place + 0.5)
        for name, rate, x in zip(("item", "cluster"), pair, (middle - 40, middle + 4), strict=True):
            y = at(rate)
            parts.append(
                f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="36" height="{floor - y:.1f}"/>'
            )
            parts.append(f'<text x="{x + 18:.1f}" y="{y - 5:.1f}" text-anchor="middle">{rate:.3f}</text>')
        parts.append(f'<text x="{middle:.1f}" y="{floor + 22}" text-anchor="middle">{kind}</text>')
    y = at(_LEVEL)
    parts.append(f'<line class="level" x1="{_LEFT}" x2="{_WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}"/>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def figures(rates: dict[str, tuple[float, float]]) -> Iterator[str]:
    """Write the rates as a table, with the range in which chance alone would leave a rate of 0.05."""
    rows = [(kind, f"{items:.3f}", f"{clusters:.3f}") for kind, (items, clusters) in rates.items()]
    yield from table(("copies", "items one by one", "whole clusters"), rows)
    chance = 2 * math.sqrt(_LEVEL * (1 - _LEVEL) / _WORLDS)
    yield f"\nOf {_WORLDS:,} worlds each; by chance a true rate of {_LEVEL} is measured as {_LEVEL - chance:.3f} to {_LEVEL + chance:.3f}."


def main() -> None:
    """Measure and print; with `--write` draw, and put it into the page."""
    rates = {kind: rates_of(kind, _WORLDS) for kind in _WORLD_KINDS}
    publish("rates", figures(rates), to=DOCS / "false-alarms.md")
    if "--write" in sys.argv[1:]:
        write_atomically(DOCS / "false-alarms.svg", picture(rates))


if __name__ == "__main__":
    main()
