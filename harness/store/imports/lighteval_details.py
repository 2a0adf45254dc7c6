"""Details of lighteval (`--save-details`): a Parquet file with one row an item."""

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from harness.store.imports.model import MOST_ITEMS, Imported, ImportedItem
from harness.store.imports.reading import MOST_BYTES, broken, number_of, parsed, shown

_FILE = re.compile(r"details_(?P<task>.+?)(_\d{4}-\d{2}-\d{2}T[0-9.:-]+)?$")
# The column of scores, as newer and older versions name it; then what is shown of an item.
_SCORES = ("metric", "metrics")
_SHOWN = ("doc", "example", "gold", "predictions", "model_response")
_MOST_CELL_BYTES = 4 << 30


def read_lighteval(path: Path) -> Imported:
    """Read a details file.

    The tool gives items no lasting id: an item is known by its `doc.id` where there is one, else by its place, and
    its text is held against that of the other run.

    Raises:
        InputError: It is no Parquet file with a column of metrics, or larger than the bounds.
    """
    try:
        table = _table(path)
    except (OSError, pa.ArrowException) as error:
        raise broken(path, f"it is no Parquet file ({type(error).__name__})") from None
    column = next((name for name in _SCORES if name in table.column_names), None)
    if column is None:
        raise broken(path, "it has no column 'metric' or 'metrics'")
    match = _FILE.match(path.stem)
    rows = table.to_pylist()
    return Imported(
        tool="lighteval",
        system=_model(path),
        task=match["task"] if match else path.stem,
        items=tuple(_item(place, row, column, path) for place, row in enumerate(rows)),
        others=tuple(dict.fromkeys(name for row in rows for name in _pairs(row[column], path))),
    )


def _model(path: Path) -> str:
    """Name the model by the folders: `DIR/details/ORG/MODEL/TIME/details_….parquet`, with or without the first."""
    folders = path.resolve().parent.parent.parts
    places = [place for place, name in enumerate(folders) if name == "details"]
    return "/".join(folders[places[-1] + 1 :] if places else folders[-1:]).strip("/")[:200] or "model"


def _table(path: Path) -> pa.Table:
    if path.stat().st_size > MOST_BYTES:
        raise broken(path, f"it is larger than {MOST_BYTES >> 20:,} MB")
    with pq.ParquetFile(path) as parquet:
        wanted = [name for name in (*_SCORES, *_SHOWN) if name in parquet.schema_arrow.names]
        if parquet.metadata.num_rows > MOST_ITEMS:
            raise broken(path, f"it has more than {MOST_ITEMS:,} rows")
        groups = (parquet.metadata.row_group(place) for place in range(parquet.metadata.num_row_groups))
        if sum(group.total_byte_size for group in groups) > _MOST_CELL_BYTES:
            raise broken(path, f"it unpacks to more than {_MOST_CELL_BYTES >> 30} GB")
        return parquet.read(columns=wanted)


def _item(place: int, row: dict[str, Any], column: str, path: Path) -> ImportedItem:
    doc = row.get("doc") if isinstance(row.get("doc"), dict) else {}
    told = doc.get("id") if isinstance(doc, dict) else None
    query = doc.get("query") if isinstance(doc, dict) else None
    return ImportedItem(
        item_id=str(told) if isinstance(told, int | str) and str(told) else f"{place:07}",
        scores=_scores(row[column], path),
        input=shown(query or row.get("example")),
        reference=shown(row.get("gold") if "gold" in row else _gold(doc)),
        output=shown(
            row.get("predictions") if "predictions" in row else _said(row.get("model_response"), doc)
        ),
    )


def _gold(doc: Any) -> Any:
    return {name: doc[name] for name in ("gold_index", "choices") if name in doc} if doc else None


def _said(response: Any, doc: Any) -> Any:
    """Read an answer: the text, or the choice that was likeliest."""
    if not isinstance(response, dict):
        return response
    texts = response.get("text_post_processed") or response.get("text")
    if texts:
        return texts[0] if isinstance(texts, list) and len(texts) == 1 else texts
    likely, choices = response.get("logprobs"), doc.get("choices") if isinstance(doc, dict) else None
    if isinstance(likely, list) and isinstance(choices, list) and 0 < len(likely) == len(choices):
        numbers = [number_of(one) for one in likely]
        return (
            choices[max(range(len(numbers)), key=lambda place: numbers[place] or 0.0)]
            if None not in numbers
            else None
        )
    return None


def _scores(value: Any, path: Path) -> dict[str, float]:
    numbers = {name: number_of(told) for name, told in _pairs(value, path).items()}
    return {name: number for name, number in numbers.items() if number is not None}


def _pairs(value: Any, path: Path) -> dict[str, Any]:
    """Read a struct, a map (pairs) or JSON text of metrics."""
    if isinstance(value, str):
        value = parsed(value, path, "a column of metrics")
    pairs = value.items() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {
        pair[0]: pair[1]
        for pair in pairs
        if isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str)
    }
