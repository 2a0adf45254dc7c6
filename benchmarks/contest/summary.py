"""The report in Markdown: the goals, then who did what."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_SIGNS = {True: "reached", False: "**not reached**", None: "not judged"}


def write_summary(report: Mapping[str, Any], path: Path | None) -> str:
    """Write the summary, if it has a place; give it."""
    text = "\n".join(_lines(report)) + "\n"
    if path:
        path.write_text(text, encoding="utf-8")
    return text


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    yield "# Benchmark\n"
    if "outcomes" in report:
        yield from _where(report["machine"], report["corpus"], report.get("commit", "unknown"))
    yield "\n## Goals\n"
    yield from _table(
        ["", "goal", "measured", ""],
        ([g["what"], g["wanted"], _cell(g["measured"]), _SIGNS[g["reached"]]] for g in report["goals"]),
    )
    if "outcomes" in report:
        yield from _contest(report)
    if "growth" in report:
        yield from _growth(report)


def _where(machine: Mapping[str, Any], corpus: Mapping[str, Any], commit: str) -> Iterator[str]:
    yield (
        f"{corpus['documents']:,} documents, {corpus['text_bytes'] / 1e6:.0f} MB of text, seed {corpus['seed']}. "
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}, our code at {commit}. CPU seconds are user and system time of all processes; wall time may have "
        "suffered from others on the machine."
    )


def _contest(report: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## Contenders\n"
    header = [
        "task",
        "contender",
        "docs",
        "CPU s",
        "start-up s",
        "wall s",
        "docs/CPU s",
        "peak MB",
        "recall",
        "spelling",
        "precision",
        "original survives",
    ]
    yield from _table(header, (_contender(outcome) for outcome in report["outcomes"]))
    yield "\nCPU seconds of adapters are without start-up (interpreter, imports); those of `harness build` include it."
    for outcome in report["outcomes"]:
        if outcome["remark"]:
            yield f"\n{outcome['name']}: {outcome['remark']}."
    yield from _recall(report)
    yield "\n## How each was set\n"
    for outcome in report["outcomes"]:
        versions = ", ".join(f"{name} {version}" for name, version in outcome["versions"].items())
        yield f"- **{outcome['name']}** ({versions}): {report['contenders'][outcome['name']]['options']}."


def _contender(outcome: Mapping[str, Any]) -> list[str]:
    cost, quality = outcome["cost"], outcome["quality"] or {}
    head = [outcome["task"], outcome["name"], f"{outcome['documents']:,}"]
    if cost is None:
        return [*head, f"failed: {_cell(outcome['failure'])}", *[""] * 8]
    kinds = quality.get("recall_by_kind", {})
    shares = [
        quality.get("recall"),
        kinds.get("spelling"),
        quality.get("precision"),
        quality.get("original_survives"),
    ]
    return [
        *head,
        f"{cost['cpu_s']:.2f}",
        f"{cost['start_cpu_s']:.2f}",
        f"{cost['wall_s']:.1f}",
        f"{outcome['docs_per_cpu_s']:,.0f}",
        f"{cost['peak_mb']:,.0f}",
        *map(_share, shares),
    ]


def _recall(report: Mapping[str, Any]) -> Iterator[str]:
    judged = [outcome for outcome in report["outcomes"] if outcome["quality"]]
    kinds = sorted({kind for outcome in judged for kind in outcome["quality"]["recall_by_kind"]})
    yield "\n## Recall by kind of copy\n"
    rows = [(outcome["name"], outcome["quality"]) for outcome in judged]
    rows += [(f"harness near, seed {seed}", quality) for seed, quality in report["unseen_seeds"].items()]
    yield from _table(
        ["", *kinds, "related texts refused"],
        (
            [name, *(_share(q["recall_by_kind"].get(kind)) for kind in kinds), str(q["refused_related"])]
            for name, q in rows
        ),
    )


def _growth(report: Mapping[str, Any]) -> Iterator[str]:
    yield "\n## Growth of the build\n"
    yield "In a run of its own; every article has other words in a fifth of its places, at all sizes.\n"
    yield from _where(
        report["growth_machine"], report["growth_corpus"], report.get("growth_commit", "unknown")
    )
    yield ""
    if report["growth"]:
        yield from _table(
            ["documents", "CPU s", "docs/CPU s", "peak MB"],
            (
                [
                    f"{p['documents']:,}",
                    f"{p['cpu_s']:.1f}",
                    f"{p['documents'] / p['cpu_s']:,.0f}",
                    f"{p['peak_mb']:,.0f}",
                ]
                for p in report["growth"]
            ),
        )
    if report["changes"]:
        yield f"\n## Rebuilds of {report['growth'][-1]['documents']:,} documents\n"
        yield from _table(
            [
                "after",
                "CPU s",
                "of a full build",
                "without bare read and write of those files",
                "Parquet files written",
            ],
            (
                [
                    c["what"],
                    f"{c['cpu_s']:.1f}",
                    f"{c['share']:.1%}",
                    f"{c['other_share']:.1%}",
                    f"{c['files_written']} of {c['files']}",
                ]
                for c in report["changes"]
            ),
        )


def _table(header: list[str], rows: Any) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())[:160]
