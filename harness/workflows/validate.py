"""`validate`: judge a version's tables by suites, and bind the verdict to the version's content."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import pyarrow as pa
from pydantic import ValidationError

from harness.core.errors import InputError
from harness.core.schema import LEDGER_TABLES
from harness.core.verdict import Verdict
from harness.gates.evaluate import GatedVersion, columns_needed, evaluate
from harness.gates.suites import Suite
from harness.store.versions import GATES, VersionFolder

TablesBeside = Callable[[AbstractSet[str]], Mapping[str, pa.Table]]


def _nothing_beside(_named: AbstractSet[str]) -> Mapping[str, pa.Table]:
    return {}


def validate(
    version: VersionFolder,
    suites: Sequence[Suite],
    extend: Callable[[Verdict], Verdict] = lambda same: same,
    *,
    beside: TablesBeside = _nothing_beside,
) -> Verdict:
    """Judge a version and write `gates.json` into its folder, whatever the outcome.

    Args:
        version: The version.
        suites: What to judge it by.
        extend: Adds to the verdict what is judged beside the suites, such as a baseline.
        beside: Makes the tables that are not the version's own, such as `drift`, of those that suites name.

    Raises:
        HarnessError: What `judge` and `extend` raise.
    """
    verdict = extend(judge(version, suites, beside=beside))
    version.write_gates(verdict.as_json())
    return verdict


def judge(
    version: VersionFolder, suites: Sequence[Suite], *, beside: TablesBeside = _nothing_beside
) -> Verdict:
    """Judge a version by suites, without writing anything.

    Raises:
        InputError: Files of the version are not what its manifest says, so that a verdict would be
            bound to content that nobody judged.
        ConfigurationError: Great Expectations refuses an expectation, or two share a rule.
        NoEvidenceError: There is no suite.
    """
    altered = version.altered_files()
    if altered:
        raise InputError(
            f"the version was altered after it was built: {', '.join(altered)}",
            where=str(version.path),
            remedy="build it again",
        )
    manifest = version.manifest
    subject = GatedVersion(manifest.name, manifest.version, manifest.content_hash)
    return evaluate(suites, _tables(version, suites, beside), subject)


def read_verdict(version: VersionFolder) -> Verdict | None:
    """Read what `validate` last wrote into a version's folder, or None where it never ran.

    Raises:
        InputError: `gates.json` is there and cannot be read.
    """
    written = version.gates()
    try:
        return None if written is None else Verdict.from_json(written)
    except ValidationError as error:
        raise InputError(
            "the gates' result is no verdict",
            where=str(version.path / GATES),
            remedy="run harness validate again",
        ) from error


def current_verdict(version: VersionFolder) -> Verdict | None:
    """Read the verdict if it is about the version's very content; one on other content says nothing of it.

    Raises:
        InputError: `gates.json` is there and cannot be read.
    """
    verdict = read_verdict(version)
    return verdict if verdict and verdict.content_hash == version.manifest.content_hash else None


def _tables(version: VersionFolder, suites: Sequence[Suite], beside: TablesBeside) -> dict[str, pa.Table]:
    """Read the tables that the suites are about, and no text: only the columns that are judged."""
    named = {one.table for suite in suites for one in suite.expectations}
    own = named & set(LEDGER_TABLES)
    tables = {name: version.table(name) for name in sorted(own)}
    tables |= beside(named - own - {"documents"})
    if "documents" in named:
        columns = [name for name in columns_needed(suites, "documents") if name != "split"]
        tables["documents"] = version.documents(columns)
    return tables
