"""Tasks that do on records what their payload says: fail, crash, hang, or be measured."""

import ctypes
import os
import time
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from harness.core.errors import ConfigurationError
from harness.core.files import folder_written_whole
from harness.core.tasks import TaskSpec
from harness.store.arrow_files import read_arrow, write_arrow

TASK = "support.poisoned_tasks:follow"
BUILD_TASK = "support.poisoned_tasks:process_chunk_with_poison"

COLUMNS = pa.schema(
    [
        pa.field("locator", pa.string()),
        pa.field("payload", pa.large_binary()),
        pa.field("media", pa.string()),
        pa.field("error", pa.string()),
        pa.field("detail", pa.string()),
    ]
)


def _raise(payload: bytes) -> None:
    raise ValueError(payload.decode())


def _segfault(_payload: bytes) -> None:
    ctypes.string_at(0)


def _hang(_payload: bytes) -> None:
    time.sleep(600)


def _end_process(_payload: bytes) -> None:
    os._exit(3)


def _misconfigure(_payload: bytes) -> None:
    raise ConfigurationError("no such thing", where="recipe.toml", remedy="mend it")


def _fill_disk(_payload: bytes) -> None:
    raise OSError(28, "No space left on device")


def _panic(_payload: bytes) -> None:
    raise _PanicError


def _wait(_payload: bytes) -> None:
    time.sleep(0.05)


class _PanicError(BaseException):
    """What extensions in Rust panic with is no `Exception`."""


_ORDERS = {
    b"raise": _raise, b"segfault": _segfault, b"hang": _hang, b"exit": _end_process,
    b"misconfigure": _misconfigure, b"disk": _fill_disk, b"panic": _panic, b"wait": _wait,
}  # fmt: skip


def follow(spec: TaskSpec) -> None:
    """Do what each record says; write its payload in capitals, or its error, with its position."""
    records = read_arrow(spec.inputs[0])
    _follow(records)
    payloads = records["payload"].to_pylist()
    table = pa.table(
        {
            "position": list(range(len(payloads))),
            "result": [payload and payload.upper() for payload in payloads],
            "error": records["error"],
            "detail": records["detail"],
        }
    )
    with folder_written_whole(spec.output) as folder:
        write_arrow(folder / "results.arrow", table.combine_chunks())


def fail_always(spec: TaskSpec) -> None:
    """Fail with records and without."""
    raise KeyError(spec.output.name)


def fail_together(spec: TaskSpec) -> None:
    """Fail on more than one record."""
    if read_arrow(spec.inputs[0]).num_rows > 1:
        raise KeyError("two")
    follow(spec)


def process_chunk_with_poison(spec: TaskSpec) -> None:
    """Do the work of a build, but for texts that begin with an order."""
    from harness.workflows.chunk import process_chunk  # noqa: PLC0415 - loads every stage; most tasks need none

    _follow(read_arrow(spec.inputs[0]))
    process_chunk(spec)


def _follow(records: pa.Table) -> None:
    for payload in records["payload"].to_pylist():
        order = _ORDERS.get((payload or b"").split(b" ")[0])
        if order is not None:
            order(payload)


def written_chunks(folder: Path, chunks: Iterable[Iterable[str]]) -> list[TaskSpec]:
    """Write chunks of payloads; give their specs."""
    return [written_chunk(folder, number, payloads) for number, payloads in enumerate(chunks)]


def written_chunk(folder: Path, number: int, payloads: Iterable[str]) -> TaskSpec:
    """Write one chunk of payloads; give its spec."""
    rows = [
        {"locator": f"{number}.txt#L{line}", "payload": payload.encode(), "media": "text"}
        for line, payload in enumerate(payloads, 1)
    ]
    raw = folder / f"{number:06d}.raw.arrow"
    write_arrow(raw, pa.Table.from_pylist(rows, COLUMNS))
    return TaskSpec((raw,), folder / "outputs" / f"{number:06d}")


def results(folder: Path) -> list[tuple[bytes | None, str | None, str | None]]:
    """Read all that was written: each record's result, error and detail, in order."""
    rows = [
        row
        for output in sorted((folder / "outputs").iterdir())
        for row in read_arrow(output / "results.arrow").to_pylist()
    ]
    return [(row["result"], row["error"], row["detail"]) for row in rows]
