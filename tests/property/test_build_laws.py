"""The laws of a build, on generated raw folders: every record is accounted for, every edit replays."""

import html
import json
import tempfile
from pathlib import Path

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.packages import needs_pycld2

from harness.core.errors import NoEvidenceError
from harness.core.recipe import Recipe, RejectRule
from harness.sources import settings_for
from harness.sources.html import extract
from harness.store.versions import VersionFolder
from harness.text.cleaning import Edit, replay, undo
from harness.text.decoding import decode, decode_as
from harness.workflows.build import BuildRequest, build

pytestmark = needs_pycld2

_SENTENCES = (
    "أعلنت وزارة الزراعة في مملكة النخيل موسما جديدا لحصاد التمور , وقال الوزير إن المحصول وفير .",
    "تأهل فريق نجوم الوادي إلى نهائي الكأس بعد فوزه على اتحاد السهل بهدفين دون رد.",
    "Star InactiveStar InactiveStar InactiveStar InactiveStar Inactive",
    "شهد سوق المدينة القديمة إقبالا كبيرا ، فيما ارتفعت أسعار السمك قليلا",
    "في نهاية الأسبوع الماضي.",
    "The harbour of Tal Marwa reopened on Sunday after repairs.",
    "اقرأ أيضا: خبر آخر",
    "ﻫﺬﺍ ﺳﻄﺮ ﺑﺄﺷﻜﺎﻝ ﺍﻟﻌﺮﺽ",
)
_NOISE = st.text(
    st.sampled_from("ابتثجىيةأإآ ،,.؟;\t\r\n\x00\x1a\x85\u00a0\u200c\u200f\u202e\ufeffـًّéA7٣�😀"), max_size=30
)
_TEXTS = st.lists(st.one_of(st.sampled_from(_SENTENCES), _NOISE), min_size=0, max_size=8).map("\n\n".join)
_CODECS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
_TEXT_FILES = st.one_of(
    st.tuples(_TEXTS, _CODECS).map(lambda pair: pair[0].encode(pair[1], "replace")), st.binary(max_size=60)
)
_PAGES = _TEXTS.map(
    lambda text: (
        "<html><head><title>t</title></head><body><article>"
        + "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
        + "</article></body></html>"
    )
).map(str.encode)
_LINES = st.one_of(
    st.tuples(_TEXTS, st.booleans()).map(lambda pair: json.dumps({"text": pair[0]}, ensure_ascii=pair[1])),
    st.sampled_from(['{"text":', '{"title": "x"}', "[]", "", '{"text": 7}']),
)
_LINE_FILES = st.lists(_LINES, min_size=1, max_size=5).map(
    lambda lines: "\n".join([_SOUND_LINE, *lines]).encode()
)
# So that a file of broken lines is still seen to be a file of JSON lines.
_SOUND_LINE = json.dumps({"text": _SENTENCES[1]}, ensure_ascii=False)
_FILES = st.one_of(
    st.tuples(st.just(".txt"), _TEXT_FILES),
    st.tuples(st.just(".html"), _PAGES),
    st.tuples(st.just(".jsonl"), _LINE_FILES),
)
_FOLDERS = st.lists(_FILES, min_size=1, max_size=12).map(
    lambda files: {f"{number}{ending}": payload for number, (ending, payload) in enumerate(files)}
)


def _locators(files: dict[str, bytes]) -> list[str]:
    """Name every record that the files hold."""
    found = []
    for name, payload in files.items():
        if name.endswith(".jsonl"):
            lines = enumerate(payload.split(b"\n"), 1)
            found += [f"{name}#L{number}" for number, line in lines if line.strip(b" \t\r")]
        else:
            found.append(name)
    return found


def _decoded(files: dict[str, bytes], locator: str) -> str:
    """Read a record's text anew, by none of a build's batches."""
    name, _, line = locator.partition("#L")
    payload = files[name]
    if name.endswith(".html"):
        return extract(decode(payload, markup=True).text).text
    if line:
        text = json.loads(payload.split(b"\n")[int(line) - 1])["text"]
        return decode_as(text.encode(), "utf-8").text
    return decode(payload).text


def _build(files: dict[str, bytes], folder: Path) -> VersionFolder | None:
    raw = folder / "raw"
    raw.mkdir()
    for name, payload in files.items():
        (raw / name).write_bytes(payload)
    recipe = Recipe(
        name="generated",
        profile="news-ar",
        sources=(settings_for(raw),),
        reject=(RejectRule(rule="too-short", when="words < 3"),),
    )
    request = BuildRequest(recipe, raw, folder / "version", workers=1, chunk_bytes=512)
    try:
        return build(request, lambda _: None).version
    except NoEvidenceError:
        assert not (folder / "version").exists()
        return None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_FOLDERS)
def test_every_record_ends_as_exactly_one_of_kept_rejected_and_error(files):
    """The locators of the three add up to the files, pages and lines of the folder, with none twice."""
    with tempfile.TemporaryDirectory() as name:
        version = _build(files, Path(name))
        if version is None:
            return
        told = pa.concat_tables(
            [
                version.documents(["locator"]).select(["locator"]),
                version.table("rejected").select(["locator"]),
                version.table("errors").select(["locator"]),
            ]
        )["locator"].to_pylist()
        assert sorted(told) == sorted(_locators(files))
        assert sorted(version.table("records")["locator"].to_pylist()) == sorted(told)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_FOLDERS)
def test_decoded_text_and_edits_give_the_published_text_and_back(files):
    """The ledger alone leads from what was decoded to what is published, byte for byte, and backwards."""
    with tempfile.TemporaryDirectory() as name:
        version = _build(files, Path(name))
        if version is None:
            return
        edits: dict[str, list[Edit]] = {}
        for row in version.table("edits").to_pylist():
            edits.setdefault(row["id"], []).append(
                Edit(row["rule"], row["start"], row["before"], row["after"])
            )
        for row in version.documents(["id", "locator", "text"]).to_pylist():
            decoded = _decoded(files, row["locator"])
            assert replay(decoded, edits.get(row["id"], [])) == row["text"]
            assert undo(row["text"], edits.get(row["id"], [])) == decoded
