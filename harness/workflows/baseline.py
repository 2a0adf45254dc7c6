"""`baseline`: set, tighten and prune what a corpus' gates may not fall behind; and hold a verdict against it."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.compute as pc

from harness.core.baseline import Baseline, Changed
from harness.core.errors import ConfigurationError, InputError
from harness.core.files import write_atomically
from harness.core.settings import parse_settings
from harness.core.verdict import SuiteIdentity, Verdict
from harness.core.workspace import Workspace
from harness.gates.baselines import Today, with_baseline
from harness.gates.ratchet import Excuse, pruned, tightened
from harness.gates.suites import Suite
from harness.store.versions import VersionFolder
from harness.workflows.release import tables_beside
from harness.workflows.validate import judge

FILE = "baseline.json"


@dataclass(frozen=True)
class Judged:
    """A version with what its gates say now, and where its corpus' baseline lies."""

    version: VersionFolder
    verdict: Verdict
    path: Path

    @property
    def slices(self) -> dict[str, int]:
        """Documents kept in each slice."""
        return kept_by_slice(self.version)


def judge_for_baseline(workspace: Workspace, version: VersionFolder, suites: Sequence[Suite]) -> Judged:
    """Judge a version by its suites, without writing anything.

    Raises:
        HarnessError: What `harness.workflows.validate.judge` raises.
    """
    return Judged(
        version,
        judge(version, suites, beside=tables_beside(workspace, version)),
        baseline_path(workspace, version.manifest.name),
    )


def set_baseline(judged: Judged) -> Baseline:
    """Make the present the baseline of a corpus that has none.

    Raises:
        ConfigurationError: There is one already.
    """
    if judged.path.exists():
        raise ConfigurationError(
            "there is a baseline already",
            where=str(judged.path),
            remedy="harness baseline update tightens it; to begin anew, remove the file",
        )
    baseline = Baseline.of(judged.verdict, judged.slices)
    _write(judged.path, baseline)
    return baseline


def update_baseline(judged: Judged, excuse: Excuse | None) -> Changed:
    """Tighten a baseline to the present, or loosen it with an excuse.

    Raises:
        ConfigurationError: Something got worse and nobody accepted it; the day is past; there is no baseline.
    """
    if excuse is not None and excuse.until < today():
        raise ConfigurationError(
            f"{excuse.until} is past", where="--until", remedy="name the day by which it will be mended"
        )
    changed = tightened(existing_baseline(judged.path), judged.verdict, judged.slices, excuse)
    _write(judged.path, changed.baseline)
    return changed


def excuse_of(accept_worse: bool, reason: str, until: str) -> Excuse | None:  # noqa: FBT001 - as typed by people
    """Read what the command line says about accepting a worsening.

    Raises:
        ConfigurationError: One of the three is missing, or the day is none.
    """
    if not (accept_worse or reason or until):
        return None
    if not (accept_worse and reason.strip() and until):
        raise ConfigurationError(
            "a worsening is accepted by --accept-worse, --reason and --until together",
            where="harness baseline update",
            remedy='add --accept-worse --reason "…" --until YYYY-MM-DD',
        )
    try:
        return Excuse(reason.strip(), dt.date.fromisoformat(until))
    except ValueError:
        raise ConfigurationError(
            f"'{until}' is no day", where="--until", remedy="write it as 2027-01-31"
        ) from None


def prune_baseline(judged: Judged) -> Changed:
    """Take out of a baseline what no suite and no slice stands for any longer.

    Raises:
        ConfigurationError: There is no baseline.
    """
    changed = pruned(existing_baseline(judged.path), judged.verdict, judged.slices)
    _write(judged.path, changed.baseline)
    return changed


def held_against_baseline(workspace: Workspace, version: VersionFolder, verdict: Verdict) -> Verdict:
    """Add the gates of the corpus' baseline to a verdict, if it has one.

    Raises:
        ConfigurationError: The baseline cannot be read.
    """
    path = baseline_path(workspace, version.manifest.name)
    baseline = read_baseline(path)
    if baseline is None:
        return verdict
    file = path.relative_to(workspace.root).as_posix()
    return with_baseline(baseline, Today(verdict, kept_by_slice(version), today(), file))


def baseline_identity(workspace: Workspace, name: str) -> SuiteIdentity | None:
    """Give the identity of a corpus' baseline, which a verdict has to name to be complete."""
    baseline = read_baseline(baseline_path(workspace, name))
    return baseline.identity if baseline else None


def baseline_path(workspace: Workspace, name: str) -> Path:
    """Where the baseline of a corpus lies: beside its recipe, committed."""
    return workspace.root / "datasets" / name / FILE


def read_baseline(path: Path) -> Baseline | None:
    """Read a baseline; None where there is none.

    Raises:
        ConfigurationError: It is no baseline.
        InputError: It cannot be read.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"the baseline cannot be read: {error.strerror}", where=str(path)) from error
    except ValueError as error:
        raise ConfigurationError(
            f"the baseline is not JSON: {error}", where=str(path), remedy="take it from version control again"
        ) from error
    return parse_settings(content if isinstance(content, dict) else {}, Baseline, where=str(path))


def kept_by_slice(version: VersionFolder) -> dict[str, int]:
    """Count the kept documents of each slice of a version; a rule's keeps none."""
    metrics = version.table("metrics")
    metrics = metrics.filter(pc.is_valid(metrics["kept"]))
    return dict(zip(metrics["slice"].to_pylist(), metrics["kept"].to_pylist(), strict=True))


def today() -> dt.date:
    """The day, in UTC, so that a gate does not turn with the place of the machine."""
    return dt.datetime.now(dt.UTC).date()


def existing_baseline(path: Path) -> Baseline:
    """Read a baseline that has to be there.

    Raises:
        ConfigurationError: There is none, or it is none.
        InputError: It cannot be read.
    """
    baseline = read_baseline(path)
    if baseline is None:
        raise ConfigurationError("there is no baseline", where=str(path), remedy="harness baseline set")
    return baseline


def _write(path: Path, baseline: Baseline) -> None:
    content = json.dumps(baseline.model_dump(mode="json"), indent=1, sort_keys=True, ensure_ascii=False)
    write_atomically(path, content + "\n")
