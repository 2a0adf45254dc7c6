"""What a version knows of its documents, for slicing a comparison: signals, dates, and what gates named."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from harness.core.errors import InputError
from harness.core.workspace import Workspace
from harness.evaluation.facets import SIGNAL_COLUMNS, Traits, traits_of
from harness.evaluation.results import Subject
from harness.store.versions import VersionFolder


def traits_for(workspace: Workspace, subject: Subject) -> Traits | None:
    """Label the documents of the version that runs were made on, where it is still in the workspace.

    Args:
        workspace: Where versions are built.
        subject: What the runs were made on; a version of other content is not asked.

    Returns:
        Labels by dimension and document's id; None where the version is not there, or cannot be read: a
        comparison can do without.
    """
    if not subject.dataset or not subject.version:
        return None
    try:
        version = VersionFolder.open(workspace.builds(subject.dataset) / subject.version)
        if version.manifest.content_hash != subject.content_hash:
            return None
        return version_traits(version)
    except InputError:
        return None


def version_traits(version: VersionFolder) -> Traits:
    """Label the documents of a version; see `harness.evaluation.facets.traits_of`.

    Raises:
        InputError: The records cannot be read.
    """
    wanted = ["id", "published", *SIGNAL_COLUMNS]
    try:
        parts = [_read(version, name, wanted) for name in version.manifest.ledger_files("records")]
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            "the records of the version cannot be read",
            where=str(version.path),
            remedy="build the version again",
        ) from error
    return traits_of(pa.concat_tables(parts), _named_by_gates(version))


def _read(version: VersionFolder, name: str, wanted: list[str]) -> pa.Table:
    # Not pq.read_table, which imports pandas by the way: half of a comparison's time.
    with pq.ParquetFile(version.path / name) as parquet:
        kept = [column for column in wanted if column in parquet.schema_arrow.names]
        return parquet.read(columns=kept)


def _named_by_gates(version: VersionFolder) -> Mapping[str, list[str]]:
    gates: Any = (version.gates() or {}).get("gates")
    named: dict[str, list[str]] = {}
    for gate in gates if isinstance(gates, list) else ():
        findings = gate.get("findings") if isinstance(gate, dict) else None
        ids = [
            one["id"] for one in findings or () if isinstance(one, dict) and isinstance(one.get("id"), str)
        ]
        if ids:
            named[str(gate.get("rule"))] = ids
    return named
