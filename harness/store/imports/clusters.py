"""Which cluster each item belongs to, from a file of the user's: for results whose tool knows of none."""

import csv
from pathlib import Path

from harness.core.errors import InputError
from harness.store.imports.reading import broken, lines_of, objects_of


def read_clusters(path: Path) -> dict[str, str]:
    """Read lines of `{"id": …, "cluster": …}`, or two columns with commas or tabs between: item, cluster.

    Raises:
        InputError: A line has another form, or an item stands in two clusters.
    """
    rows = _objects(path) if path.suffix.lower() in {".jsonl", ".ndjson"} else _columns(path)
    clusters: dict[str, str] = {}
    for number, item, cluster in rows:
        if clusters.setdefault(item, cluster) != cluster:
            raise InputError(
                f"item '{item[:50]}' stands in two clusters",
                where=f"{path}: line {number}",
                remedy="name each item once",
            )
    return clusters


def _objects(path: Path) -> list[tuple[int, str, str]]:
    found = []
    for number, row in objects_of(path):
        item, cluster = row.get("id"), row.get("cluster")
        if not isinstance(item, int | str) or not isinstance(cluster, int | str):
            raise broken(path, f"line {number} needs 'id' and 'cluster'")
        found.append((number, str(item), str(cluster)))
    return found


def _columns(path: Path) -> list[tuple[int, str, str]]:
    found = []
    for number, line in lines_of(path):
        row = next(csv.reader([line], delimiter="\t" if "\t" in line else ","), [])
        if len(row) != 2:
            raise broken(path, f"line {number} is not 'item,cluster'")
        found.append((number, row[0], row[1]))
    return found[1:] if found and [name.lower() for name in found[0][1:]] == ["id", "cluster"] else found
