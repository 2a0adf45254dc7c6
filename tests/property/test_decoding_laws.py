"""Laws of decoding: whatever the bytes, they can be had back, and a batch says what single calls say."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.text.decoding import Decoded, NotTextError, decode, decode_as, decode_batch, encode_back

WORDS = st.sampled_from(
    ["قال", "الوزير", "été", "word", "слово", "शब्द", "字", "\n", "\r\n", "\r", "\t", " ", "\0", "؟"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)
ENCODINGS = st.sampled_from(
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "cp1256", "iso8859-6", "cp1252", "gb18030", "big5",
     "shift_jis_2004", "euc_jis_2004", "utf-32"]
)  # fmt: skip
ENCODED = st.builds(lambda text, encoding: text.encode(encoding, "ignore"), TEXTS, ENCODINGS)


@st.composite
def _damaged(draw):
    payload = bytearray(draw(ENCODED))
    for place in draw(st.lists(st.integers(0, 400), max_size=4)):
        if payload:
            payload[place % len(payload)] = draw(st.integers(0, 255))
    return bytes(payload[: draw(st.integers(0, len(payload)))])


PAYLOADS = st.one_of(st.binary(max_size=200), ENCODED, _damaged())


@settings(deadline=None, max_examples=400)
@given(PAYLOADS, st.booleans(), st.sampled_from([None, "utf-8", "cp1256", "nonsense"]))
def test_bytes_come_back_exactly(payload, markup, declared):
    """What decoding makes of any bytes it can take back, byte for byte, and no surrogate is in its text."""
    try:
        decoded = decode(payload, declared=declared, markup=markup)
    except NotTextError:
        return
    assert encode_back(decoded) == payload
    decoded.text.encode("utf-8")


@settings(deadline=None, max_examples=200)
@given(
    PAYLOADS,
    st.sampled_from(
        ["utf-8", "utf-16", "cp1256", "cp1253", "gb18030", "utf-16-le", "big5", "iso2022_jp", "utf-7"]
    ),
)
def test_bytes_of_a_told_encoding_come_back_exactly(payload, encoding):
    """The same where the container told the encoding, rightly or wrongly."""
    try:
        decoded = decode_as(payload, encoding)
    except NotTextError:
        return
    assert encode_back(decoded) == payload
    decoded.text.encode("utf-8")


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.tuples(st.none() | PAYLOADS, st.sampled_from([None, "utf-8", "cp1256"]), st.booleans()), max_size=8
    )
)
def test_a_batch_says_what_single_calls_say(rows):
    """The columnar way and the plain one agree on every row."""
    batch = decode_batch(
        pa.array([payload for payload, _, _ in rows], pa.large_binary()),
        encoding=pa.array([encoding for _, encoding, _ in rows], pa.string()),
        declared=pa.nulls(len(rows), pa.string()),
        markup=pa.array([markup for _, _, markup in rows], pa.bool_()),
    )
    batch.validate(full=True)
    for (payload, encoding, markup), found in zip(rows, batch.to_pylist(), strict=True):
        expected = _decoded_or_code(payload or b"", encoding, markup=markup)
        if found["error"] is None:
            assert Decoded(found["text"], found["encoding"], tuple(found["repairs"])) == expected
        else:
            assert (found["error"], found["text"]) == (expected, None)


def _decoded_or_code(payload, encoding, *, markup):
    try:
        return decode_as(payload, encoding) if encoding else decode(payload, markup=markup)
    except NotTextError as refusal:
        return refusal.code
