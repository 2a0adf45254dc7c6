"""Reading takes no more memory for a large file than for a small one, measured in a process of its own."""

import gzip
import json
import subprocess
import sys

import pytest

ARTICLE = (
    "أعلنت بلدية وادي الزهر افتتاح مكتبة عامة جديدة في حي الميناء، وتضم القاعة الكبرى عشرين ألف كتاب. " * 20
)
MB = 1 << 20
# Reads a folder and tells its records and the peak in megabytes: not by getrusage, which counts the parent in.
SCRIPT = """
import sys
from pathlib import Path
from harness.core.recipe import SourceSettings
from harness.sources import read_raw
records = sum(batch.num_rows for batch in read_raw([SourceSettings(name="s", path=".")], Path(sys.argv[1])))
[peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
print(records, int(peak.split()[1]) >> 10)
"""


def _json_lines(path, megabytes):
    line = json.dumps({"id": "0", "text": ARTICLE}, ensure_ascii=False).encode() + b"\n"
    count = megabytes * MB // len(line)
    with path.open("wb") as stream:
        for number in range(count):
            stream.write(line.replace(b'"0"', b'"%d"' % number, 1))
    return count


def _warc(path, megabytes):
    page = f"<html><body><p>{ARTICLE}".encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    head = f"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: {len(answer)}\r\n\r\n"
    record = gzip.compress(head.encode() + answer + b"\r\n\r\n", 1)
    count = megabytes * MB // len(answer)
    path.write_bytes(record * count)
    return count


def _csv(path, megabytes):
    line = f'0,"{ARTICLE}"\n'.encode()
    count = megabytes * MB // len(line)
    path.write_bytes(b"id,text\n" + line * count)
    return count


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
@pytest.mark.parametrize(
    ("write", "name", "megabytes"),
    [(_json_lines, "f.jsonl", 300), (_warc, "f.warc.gz", 200), (_csv, "f.csv", 200)],
)
def test_a_large_file_needs_no_more_memory_than_a_small_one(tmp_path, write, name, megabytes):
    """Peaks differ by less than a fifth of what the files differ by."""
    peaks = []
    for size in (60, megabytes):
        folder = tmp_path / str(size)
        folder.mkdir()
        count = write(folder / name, size)
        told = subprocess.run(
            [sys.executable, "-c", SCRIPT, folder], capture_output=True, check=True, text=True
        )
        records, peak_mb = map(int, told.stdout.split())
        assert records == count
        peaks.append(peak_mb)
    assert peaks[1] - peaks[0] < (megabytes - 60) / 5
