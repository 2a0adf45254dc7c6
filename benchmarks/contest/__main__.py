"""The same corpora through us and through peers, in one run: `make bench`.

HARNESS_DATA names the folder with ntrex/. Further options, all through the environment:

BENCH_DOCS=50000     documents of the contest
BENCH_GROWTH=50000   largest corpus of the growth and the rebuilds; 0 leaves them out
BENCH_ONLY=ours      ours, peers, or names of contenders with commas: goes into a file of its own, since figures of
                     two runs must not be set beside each other; or growth: the growth and the rebuilds alone;
                     or report: nothing is measured, the page and the summary are written anew
BENCH_QUICK=1        2,000 documents and no growth: whether everything runs
BENCH_OUT=FOLDER     where the report is written; reports/benchmarks by default
"""

import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import ours
from contenders import CONTENDERS, EXACT, NEAR, Contender
from environments import CACHE, ROOT, NotInstalledError, commit, machine, python_of, versions_of
from goals import goals, measured_in
from measuring import measured
from outcome import Cost, Outcome, Quality
from page import write_page
from quality import exact_only, judge
from summary import write_summary

# Never looked at while thresholds were chosen, and not to be.
SEEDS = (7041, 7042)
_GROWTH_SEED = 7043
CONTEST, GROWTH = "contest.json", "growth.json"
_LIMIT_S = 1800
# What takes less than so many CPU seconds is run so many times: it would be told by the noise of one run.
_REPEATED_BELOW_S, _REPEATS = 5.0, 3
_FRESH = 0.2  # share of words that are other ones in each article of the growing corpora, at all sizes


@dataclass(frozen=True)
class Options:
    """What to run; see above."""

    docs: int
    growth: int
    only: tuple[str, ...]
    out: Path

    @classmethod
    def read(cls) -> "Options":
        """Read the environment."""
        quick = os.environ.get("BENCH_QUICK", "") not in {"", "0"}
        docs = int(os.environ.get("BENCH_DOCS") or (2_000 if quick else 50_000))
        growth = int(os.environ.get("BENCH_GROWTH") or (0 if quick else 50_000))
        only = tuple(name.strip() for name in os.environ.get("BENCH_ONLY", "").split(",") if name.strip())
        default = CACHE / "quick" if quick else ROOT / "reports" / "benchmarks"
        return cls(docs, growth, only, Path(os.environ.get("BENCH_OUT") or default))

    def takes(self, contender: Contender) -> bool:
        """Whether a contender takes part: `ours` includes the bare reads, which our goals name."""
        group = "peers" if contender.packages else "ours"
        return not self.only or group in self.only or contender.name in self.only


def main() -> None:
    """Run what is asked for and write the report over all that was measured."""
    if "HARNESS_DATA" not in os.environ:
        sys.exit("HARNESS_DATA does not say where the sentences lie: a folder with ntrex/ in it")
    options = Options.read()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.only not in {("growth",), ("report",)}:
        _write(options, _contest_file(options), _contest(options))
    if options.growth and set(options.only) <= {"growth"}:
        _write(options, GROWTH, _growth(options))
    parts = [
        json.loads(path.read_text())
        for path in (options.out / CONTEST, options.out / GROWTH)
        if path.exists()
    ]
    if parts:
        report = {key: value for part in parts for key, value in part.items()}
        report["goals"] = [goal.as_json() for goal in goals(measured_in(report))]
        print(write_summary(report, options.out / "summary.md"))
        write_page(report, options.out / "index.html")


def _write(options: Options, name: str, part: dict[str, Any]) -> None:
    (options.out / name).write_text(json.dumps(part, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _contest_file(options: Options) -> str:
    """Name the file of a contest; one with some contenders alone never takes the place of a whole one."""
    return CONTEST if not options.only else f"only-{'-'.join(options.only).replace(' ', '-')}.json"


def _contest(options: Options) -> dict[str, Any]:
    _compile_before()
    outcomes = {c.name: _ran(c, options) for c in CONTENDERS if options.takes(c)}
    takes_ours = not options.only or "ours" in options.only
    unseen = (
        {str(seed): asdict(_near_quality(seed, options, outcomes)) for seed in SEEDS} if takes_ours else {}
    )
    return {
        "machine": machine(),
        "commit": commit(),
        "corpus": _about(_corpus(options.docs, SEEDS[0])),
        "contenders": {c.name: {"task": c.task, "options": c.options} for c in CONTENDERS},
        "outcomes": [outcome.as_json() for outcome in outcomes.values()],
        "unseen_seeds": unseen,
    }


def _growth(options: Options) -> dict[str, Any]:
    _compile_before()
    grown, changed = _grown(options)
    return {
        "growth_machine": machine(),
        "growth_commit": commit(),
        "growth_corpus": _about(_corpus(ours.sizes_to(options.growth)[-1], _GROWTH_SEED, fresh=True)),
        "growth": [dict(zip(("documents", "cpu_s", "peak_mb"), point, strict=True)) for point in grown],
        "changes": [
            asdict(change) | {"share": change.share, "other_share": change.other_share} for change in changed
        ],
    }


def _about(corpus: Path) -> dict[str, Any]:
    return json.loads((corpus / "part-about.json").read_text())


def _corpus(docs: int, seed: int, *, fresh: bool = False, stem: str = "part") -> Path:
    """Generate a corpus once; give its folder."""
    folder = CACHE / "corpora" / f"{seed}-{docs}{'-fresh' if fresh else ''}"
    if (folder / f"{stem}-about.json").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    _say(f"generating {docs:,} documents of seed {seed}")
    more = ["--substitute", str(_FRESH)] if fresh else []
    command = [sys.executable, ROOT / "benchmarks" / "generator", "--docs", str(docs), "--seed", str(seed)]
    subprocess.run([*map(str, command), "--out", str(folder), *more], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    return folder


def _ran(contender: Contender, options: Options) -> Outcome:
    docs = min(options.docs, contender.most_docs or options.docs)
    corpus = _corpus(docs, SEEDS[0])
    _say(f"{contender.task}: {contender.name}, {docs:,} documents")
    remark = f"on {docs:,} documents" if docs < options.docs else ""
    try:
        python = python_of(contender)
    except NotInstalledError as error:
        return Outcome(
            contender.name, contender.task, docs, versions_of(contender), failure=f"not installed: {error}"
        )
    if contender.adapter is None:
        return _built(contender, corpus, docs)
    return _repeated(lambda: _adapted(contender, corpus, docs, (python, remark)))


def _repeated(run: Callable[[], Outcome]) -> Outcome:
    """Run once, or where that took little several times; give the run of median cost."""
    first = run()
    if first.cost is None or first.cost.cpu_s > _REPEATED_BELOW_S:
        return first
    outcomes = [first, *(run() for _ in range(_REPEATS - 1))]
    failed = [outcome for outcome in outcomes if outcome.cost is None]
    return failed[0] if failed else sorted(outcomes, key=_cpu_s)[_REPEATS // 2]


def _cpu_s(outcome: Outcome) -> float:
    return outcome.cost.cpu_s if outcome.cost else math.inf


def _compile_before() -> None:
    """Build once, so that what is compiled at first use on a machine is there; starting it is still measured."""
    ours.build(_corpus(10_000, SEEDS[0]), _empty("compiling"))


def _built(contender: Contender, corpus: Path, docs: int) -> Outcome:
    place = _empty("ours")
    ended = ours.build(corpus, place)
    versions = versions_of(contender)
    if ended.code:
        return Outcome(contender.name, contender.task, docs, versions, failure=ended.last_words)
    kept, considered = ours.kept_by(place / "version")
    quality = judge(corpus, kept, considered)
    return Outcome(contender.name, contender.task, docs, versions, ours.cost_of(ended), quality)


def _adapted(contender: Contender, corpus: Path, docs: int, how: tuple[Path, str]) -> Outcome:
    """Run an adapter in its interpreter and judge its answer."""
    (python, remark), scratch = how, _empty("peer")
    answered = scratch.with_name("answer.json")
    answered.unlink(missing_ok=True)
    command = [
        python,
        Path(__file__).parent / "adapters" / f"{contender.adapter}.py",
        corpus,
        scratch,
        answered,
    ]
    quiet = {
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(scratch / "hf"),
        "DO_NOT_TRACK": "1",
        "DAFT_ANALYTICS_ENABLED": "0",
    }
    ended = measured(command, scratch / "log.txt", quiet, _LIMIT_S)
    versions = versions_of(contender)
    if not answered.exists():
        why = ended.last_words.splitlines()[-1:] or [f"ended with code {ended.code}"]
        return Outcome(contender.name, contender.task, docs, versions, failure=why[0], remark=remark)
    if ended.code:
        remark = (
            f"{remark}; " * bool(remark)
            + f"its process aborted while ending (code {ended.code}), after the answer"
        )
    told = json.loads(answered.read_text())
    cost = Cost(told["work_cpu_s"], told["start_cpu_s"], ended.wall_s, ended.peak_mb)
    return Outcome(
        contender.name, contender.task, docs, versions, cost, _judged(contender, corpus, told), None, remark
    )


def _judged(contender: Contender, corpus: Path, told: dict) -> Quality | None:
    if told["kept"] is None:
        return None
    quality = judge(corpus, told["kept"], told["considered"] and set(told["considered"]))
    return exact_only(quality) if contender.task == EXACT else quality


def _near_quality(seed: int, options: Options, outcomes: dict[str, Outcome]) -> Quality:
    """Measure our search for copies on a seed; the first one is that of the contest."""
    near = next(c for c in CONTENDERS if c.task == NEAR and c.is_ours)
    if seed == SEEDS[0] and near.name in outcomes:
        outcome = outcomes[near.name]
    else:
        outcome = _adapted(near, _corpus(options.docs, seed), options.docs, (Path(sys.executable), ""))
    if outcome.quality is None:
        raise RuntimeError(outcome.failure)
    return outcome.quality


def _grown(options: Options) -> tuple[list[tuple[int, float, float]], list[ours.Change]]:
    points = []
    sizes = ours.sizes_to(options.growth)
    for size in sizes:
        corpus = _corpus(size, _GROWTH_SEED, fresh=True)
        _say(f"growth: {size:,} documents")
        ended = ours.build(corpus, _empty("growth"))
        if ended.code:
            raise RuntimeError(ended.last_words)
        points.append((size, ended.cpu_s, ended.peak_mb))
    _say("rebuilds after a change")
    more = _corpus(max(100, sizes[-1] // 100), _GROWTH_SEED + 1, fresh=True)
    changed = _copied(_corpus(sizes[-1], _GROWTH_SEED, fresh=True))
    return points, list(ours.changes(changed, more, _empty("changes"), Path(sys.executable)))


def _copied(corpus: Path) -> Path:
    """Link the JSON lines of a corpus into a folder that articles are added to."""
    folder = _empty("changing")
    (folder / "jsonl").mkdir()
    for path in (corpus / "jsonl").iterdir():
        os.link(path, folder / "jsonl" / path.name)
    return folder


def _empty(name: str) -> Path:
    folder = CACHE / "work" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
