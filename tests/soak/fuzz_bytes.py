"""A coverage-guided search for bytes that break a law of the doors; run by `make soak`, not by the tests.

    python fuzz_bytes.py [libFuzzer's options] CORPUS_FOLDER

The first byte chooses the door, the rest comes in by it. What breaks a law is written as `crash-…`; mended, its
bytes become an example in `tests/property/test_door_laws.py`.
"""

import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zipfile
from pathlib import Path

import atheris

_HERE = Path(__file__).resolve()
sys.path.insert(0, str(_HERE.parents[1]))

with atheris.instrument_imports(include=["harness"]):
    from support.doors import DOORS, EXTENSIONS, file_door, json_lines_door, page_door, text_door

_CODECS = ("utf-8", "utf-16", "windows-1256", "iso-8859-6", "cp720")
_SAMPLES = (
    "أعلنت الوزارة , أمس ، أن الموسم وفير .\n\nStar InactiveStar Inactive\r\n\x1a",
    "ﻫﺬﺍ ﺳﻄﺮ\u00a0ﺑﺄﺷﻜﺎﻝ\u200f الع\u0651\u064eرض\u2028// انتهى // 10:15",
)
_DOOR_OF = {".html": page_door, ".htm": page_door, ".jsonl": json_lines_door}
# Short inputs are tried more often in the same time; a page has its head before its text.
_PIECE_BYTES = {text_door: 300, json_lines_door: 600, page_door: 1_500, file_door: 1_500}


def main() -> None:
    """Search until the time is over, beginning with pieces of the demo's raw articles."""
    corpus = Path(sys.argv[-1])
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(_seeds()):
        (corpus / f"seed-{number:04d}").write_bytes(seed)
    atheris.Setup(sys.argv, _one)
    atheris.Fuzz()


def _one(content: bytes) -> None:
    if content:
        DOORS[content[0] % len(DOORS)](content[1:])


def _seeds() -> list[bytes]:
    raw = _HERE.parents[2] / "datasets" / "demo-news" / "raw"
    entered = [
        (_DOOR_OF.get(path.suffix, text_door), path.read_bytes())
        for path in sorted(raw.rglob("*"))
        if path.is_file()
    ]
    entered += [
        (door, sample.encode(codec, "replace")) for door in DOORS for sample in _SAMPLES for codec in _CODECS
    ]
    entered += [
        (file_door, bytes([EXTENSIONS.index(extension)]) + content)
        for extension, content in _files(_SAMPLES[0].encode())
    ]
    return [bytes([DOORS.index(door)]) + piece[: _PIECE_BYTES[door]] for door, piece in entered]


def _files(text: bytes) -> list[tuple[str, bytes]]:
    """Give a small sound file of each format."""
    csv = b'id,text\n1,"' + text + b'"\n2,b\n'
    warc = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><p>" + text + b"</p></body></html>"
    )
    warc %= (len(answer), answer)
    feed = (
        b"<rss><channel><item><title>t</title><description>" + text + b"</description></item></channel></rss>"
    )
    return [
        (".csv", csv),
        (".tsv", csv.replace(b",", b"\t")),
        (".json", b'[{"id":"1","text":"' + text.replace(b"\n", b" ").replace(b"\r", b"")[:-1] + b'"}]'),
        (".xml", feed),
        (".warc", warc),
        (".warc.gz", gzip.compress(warc, mtime=0)),
        (".zip", _zipped(text)),
        (".tar", _tarred(text)),
        (".gz", gzip.compress(text, mtime=0)),
        (".csv.gz", gzip.compress(csv, mtime=0)),
        (".bz2", bz2.compress(text)),
        (".xz", lzma.compress(text)),
        (".txt", text),
    ]


def _zipped(text: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a/b.txt", text)
        archive.writestr("c.csv", b"text\n" + text)
    return written.getvalue()


def _tarred(text: bytes) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return written.getvalue()


if __name__ == "__main__":
    main()
