"""The report as a page that plots it: one file, no script, nothing loaded from elsewhere."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from charts import LogAxis, labelled
from contenders import EXACT, FULL, NEAR, OURS, READ
from environments import ROOT

_STYLE = ROOT / "harness" / "reports" / "templates" / "style.css.j2"
_TEMPLATE = Path(__file__).parent / "page.html.j2"
_WIDTH, _HEIGHT = 760.0, 320.0


def write_page(report: Mapping[str, Any], path: Path) -> None:
    """Write the page."""
    import jinja2  # noqa: PLC0415 - only the page needs it

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"share": _share, "number": _number}
    page = environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        report=report,
        style=_STYLE.read_text(encoding="utf-8"),
        tasks=_tasks(report),
        map=_map(report),
        kinds=_kinds(report),
        growth=_growth(report),
        tally=_tally(report),
    )
    path.write_text(page, encoding="utf-8")


def _tasks(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Bars of speed for each task, the fastest first, with how many times ours is as fast."""
    measured = [outcome for outcome in report.get("outcomes", ()) if outcome["cost"]]
    if not measured:
        return []
    axis = LogAxis.over([outcome["docs_per_cpu_s"] for outcome in measured], (0.0, 100.0))
    found = []
    for task in (FULL, NEAR, EXACT, READ):
        rows = [outcome for outcome in measured if outcome["task"] == task]
        ours = next((row["docs_per_cpu_s"] for row in rows if row["name"].startswith(OURS)), None)
        bars = [
            row
            | {
                "width": axis.place(row["docs_per_cpu_s"]),
                "is_ours": row["name"].startswith(OURS),
                "ratio": ours / row["docs_per_cpu_s"] if ours else None,
            }
            for row in sorted(rows, key=lambda row: -row["docs_per_cpu_s"])
        ]
        failed = [o for o in report["outcomes"] if o["task"] == task and not o["cost"]]
        found.append({"name": task, "bars": bars, "failed": failed})
    return found


def _map(report: Mapping[str, Any]) -> dict[str, Any] | None:
    """Speed against recall, for everyone who looks for near copies."""
    shown = [
        o for o in report.get("outcomes", ()) if o["cost"] and o["quality"] and o["task"] in {FULL, NEAR}
    ]
    if not shown:
        return None
    across = LogAxis.over([o["docs_per_cpu_s"] for o in shown], (46.0, _WIDTH - 14))
    points = [
        (
            across.place(o["docs_per_cpu_s"]),
            _up(o["quality"]["recall"]),
            _named(o),
            o["name"].startswith(OURS),
        )
        for o in shown
    ]
    rows = [(_up(share / 4), f"{share / 4:.2f}") for share in range(5)]
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "across": across.ticks,
        "up": rows,
        "labels": labelled(points, width=_WIDTH),
    }


def _named(outcome: Mapping[str, Any]) -> str:
    return f"{outcome['name']} (full chain)" if outcome["task"] == FULL else outcome["name"]


def _up(share: float) -> float:
    return round(_HEIGHT - 36 - share * (_HEIGHT - 60), 1)


def _kinds(report: Mapping[str, Any]) -> dict[str, Any]:
    """Recall by kind, a row for everyone whose quality was measured."""
    judged = [o for o in report.get("outcomes", ()) if o["quality"] and o["task"] in {FULL, NEAR}]
    names = sorted({kind for o in judged for kind in o["quality"]["recall_by_kind"]})
    return {"names": names, "rows": judged}


def _growth(report: Mapping[str, Any]) -> dict[str, Any] | None:
    """CPU seconds against documents, with the line of a cost that grows as the corpus does."""
    points = report.get("growth", ())
    if not points:
        return None
    across = LogAxis.over([point["documents"] for point in points], (56.0, _WIDTH - 14))
    first, last = points[0], points[-1]
    linear = first["cpu_s"] * last["documents"] / first["documents"]
    upwards = LogAxis.over([*(point["cpu_s"] for point in points), linear], (_HEIGHT - 36, 16.0))
    dots = [(across.place(point["documents"]), upwards.place(point["cpu_s"]), point) for point in points]
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "across": across.ticks,
        "up": upwards.ticks,
        "dots": dots,
        "line": " ".join(f"{x},{y}" for x, y, _ in dots),
        "linear": (dots[0][0], dots[0][1], dots[-1][0], upwards.place(linear)),
    }


def _tally(report: Mapping[str, Any]) -> dict[str, int]:
    states = [goal["reached"] for goal in report["goals"]]
    return {"reached": states.count(True), "missed": states.count(False), "open": states.count(None)}


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 20 else f"{value:,.1f}"
