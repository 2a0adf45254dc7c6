"""Bytes of any kind become text with their encoding and repairs told, or are refused with a code."""

import pyarrow as pa
import pytest

from harness.text.decoding import (
    DECODED_SCHEMA,
    Decoded,
    NotTextError,
    decode,
    decode_as,
    decode_batch,
    encode_back,
)

ARABIC = (
    "أعلنت بلدية المدينة أن جسر النهر سيفتح أمام السيارات صباح الأحد المقبل\n"
    "وقال مهندس المشروع إن العمال أنهوا طلاء الحواجز قبل موعدها بأسبوع."
)
PERSIAN = "شهرداری اعلام کرد که پل تازه رودخانه صبح یکشنبه به روی خودروها گشوده خواهد شد و گچ آن خشک است"
RUSSIAN = "Городские власти сообщили, что новый мост через реку откроют для машин утром в воскресенье"
HEBREW = "העירייה הודיעה כי הגשר החדש מעל הנהר ייפתח לתנועת מכוניות ביום ראשון בבוקר"
HINDI = "नगर पालिका ने कहा कि नदी पर बना नया पुल रविवार की सुबह गाड़ियों के लिए खुलेगा"
CHINESE = "市政府宣布，河上的新桥将于星期日上午向汽车开放，工程师说工人们提前一周完成了工作。"
GERMAN = (
    "Die Stadtverwaltung erklärte, die neue Brücke über den Fluß werde am Sonntag früh für Autos geöffnet"
)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((ARABIC, name) for name in ("utf-8", "windows-1256", "iso-8859-6", "cp720")),
        (PERSIAN.replace("ی", "ي"), "windows-1256"),
        (RUSSIAN, "windows-1251"), (RUSSIAN, "koi8-r"), (HEBREW, "windows-1255"), (GERMAN, "windows-1252"),
        (CHINESE, "gb18030"),
        *((text, name) for text in (ARABIC, PERSIAN, RUSSIAN, HEBREW, HINDI, CHINESE, GERMAN)
          for name in ("utf-16-le", "utf-16-be")),
        (ARABIC, "utf-32-le"), (ARABIC, "utf-32-be"),
    ],
)  # fmt: skip
def test_an_encoding_without_a_mark_is_told_from_the_bytes(text, encoding):
    """Legacy, UTF-16 and UTF-32 bytes are read as what they are."""
    assert decode(text.encode(encoding)) == Decoded(text, encoding, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_byte_order_mark_is_taken_off_and_recorded(encoding):
    """The mark decides, is not part of the text, and stands in the repairs."""
    decoded = decode(("\ufeff" + ARABIC).encode(encoding))
    assert decoded == Decoded(ARABIC, encoding, (f"bom:{encoding}",))


def test_a_cut_off_last_character_is_recorded_in_hexadecimal():
    """UTF-8 that ends inside a character keeps all whole ones."""
    decoded = decode(ARABIC.encode() + "ه".encode()[:1])
    assert decoded == Decoded(ARABIC, "utf-8", ("utf8-truncated-tail:d9",))


def test_an_accent_at_the_end_of_ascii_is_no_cut_off_character():
    """A single odd byte behind plain ASCII is read in a legacy encoding and not thrown away."""
    assert decode(b"caf\xe9").text == "café"


def test_damaged_utf8_stays_utf8_with_each_lost_place_counted():
    """A few bad bytes among many good ones become U+FFFD; their bytes and offsets are recorded."""
    good = ARABIC.encode()
    word_end = good.index(b" ")
    decoded = decode(good[:word_end] + b"\xff\xfe" + good[word_end:])
    assert decoded.encoding == "utf-8"
    assert decoded.text.count("\ufffd") == 2
    assert decoded.repairs == (f"utf8-damaged:2:{word_end}=ff.{word_end + 1}=fe",)


def test_damaged_utf8_of_mostly_ascii_text_is_told_by_few_letters():
    """Two whole accents speak for UTF-8 against one destroyed byte; in a legacy encoding neither would be whole."""
    text = "Le maire a été reçu hier par les habitants du quartier de la gare, qui demandent une place."
    payload = text.encode().replace(b"hier", b"hi\xffr")
    assert decode(payload).text == text.replace("hier", "hi\ufffdr")
    assert decode(text.encode("cp1252")).text == text


def test_latin_9_is_told_from_windows_by_a_ligature_within_a_word():
    """What is œ in ISO-8859-15 would be a half in windows-1252, where nobody writes c½ur."""
    text = "Le chœur a chanté au cœur de la cathédrale pendant près de deux heures, après la fête du siècle."
    assert decode(text.encode("iso8859-15")).text == text
    assert decode(text.encode("cp1252")).text == text


CENTRAL_EUROPEAN = (
    "Miasto otworzyło wczoraj nową bibliotekę, w której jest dwadzieścia tysięcy książek; mieszkańcy czekali dwa lata.",
    "Město včera otevřelo novou knihovnu, kde je dvacet tisíc knih, a děti nosily dělníkům čaj s malinovou šťávou.",
    "Grad je jučer otvorio novu knjižnicu s kavanom, a djeca su radnicima koji završavaju posao noću nosila čaj.",
    "A város tegnap új könyvtárat nyitott, húszezer könyvvel; a lakosok két évig vártak, mert nem volt pénz a tetőre.",
)


@pytest.mark.parametrize("text", CENTRAL_EUROPEAN)
@pytest.mark.parametrize("encoding", ["windows-1250", "iso-8859-2"])
def test_the_two_central_european_encodings_are_told_apart(text, encoding):
    """They differ in letters such as those of `ąśźšťž`, of which the wrong one makes signs and other letters."""
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (
            "Die Bürger der Hafenstadt eröffneten gestern eine große Bücherei; über zwanzigtausend Bücher gehören dazu.",
            ("windows-1252", "iso-8859-1", "cp850", "mac-roman"),
        ),
        (
            "La bibliothèque a été inaugurée hier près du port, où les élèves espéraient déjà une salle réservée.",
            ("windows-1252", "iso-8859-1", "cp850", "mac-roman"),
        ),
        (
            "Вчера в портовом городе открылась новая публичная библиотека, и она стала большой радостью для жителей. Я тоже там был.",
            ("windows-1251", "koi8-r", "iso-8859-5", "cp866", "mac-cyrillic"),
        ),
    ],
)  # fmt: skip
def test_a_reading_with_signs_or_capitals_within_words_is_none(text, encodings):
    """Encodings of DOS and the Macintosh put letters where Windows has quotation marks and capitals."""
    for encoding in encodings:
        assert decode(text.encode(encoding)).text == text


def test_a_lone_surrogate_becomes_one_replacement_character():
    """What a broken JSON string leaves is recorded as hexadecimal and never reaches the text."""
    decoded = decode_as("أ\ud800ب".encode("utf-8", "surrogatepass"), "utf-8")
    assert decoded == Decoded("أ\ufffdب", "utf-8", ("surrogates:1:2=eda080",))
    assert encode_back(decoded) == b"\xd8\xa3\xed\xa0\x80\xd8\xa8"


def test_a_replacement_character_of_the_author_is_not_counted_as_damage():
    """U+FFFD that was in the bytes comes back as it was, beside one that stands for damage."""
    payload = b"\xef\xbf\xbd" + ARABIC.encode() + b"\xff" + ARABIC.encode()
    decoded = decode(payload)
    assert decoded.text.count("\ufffd") == 2
    assert decoded.repairs[0].startswith("utf8-damaged:1:")
    assert encode_back(decoded) == payload


@pytest.mark.parametrize(
    ("newline", "repairs"), [("\r\n", ("newlines:crlf",)), ("\r", ("newlines:cr",)), ("\n", ())]
)
def test_uniform_line_ends_become_line_feeds(newline, repairs):
    """One kind of line end is undone in decoding and recorded."""
    assert decode(f"a{newline}b{newline}".encode()) == Decoded("a\nb\n", "utf-8", repairs)


def test_mixed_line_ends_are_left_to_cleaning():
    """A mixture cannot be put back from one code, so decoding does not touch it."""
    assert decode(b"a\r\nb\nc") == Decoded("a\r\nb\nc", "utf-8", ())


@pytest.mark.parametrize("charset", ["windows-1252", "utf-8", "iso-8859-1", "no-such-thing", "rot13"])
def test_a_wrong_label_does_not_decide(charset):
    """A page is read by its visible text, whatever its header and its scripts say."""
    page = (
        f'<html><head><meta charset="{charset}"><script>var a = "{GERMAN * 5}";</script></head>'
        f"<body><!-- {GERMAN} --><p>{ARABIC}</p></body></html>"
    ).encode("windows-1256", "replace")
    decoded = decode(page, declared=charset, markup=True)
    assert decoded.encoding == "windows-1256"
    assert ARABIC in decoded.text


def test_a_text_that_begins_like_a_bitmap_is_text():
    """The two letters that mark a bitmap may be a maker of cars."""
    assert decode(("BMW, " + RUSSIAN).encode("windows-1251")).encoding == "windows-1251"


def test_a_stray_nul_or_end_mark_does_not_make_a_text_binary():
    """Single controls reach the text; the cleaning rule takes them out and writes it down."""
    assert decode(f"{ARABIC}\0 {ARABIC}\x1a".encode()).text.count("\0") == 1


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (bytes(1000), "not-text"),
        (bytes(range(256)) * 4, "not-text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89", "not-text"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + bytes(range(128, 256)) * 3, "not-text"),
    ],
)
def test_what_is_no_text_is_refused_with_a_code(payload, code):
    """Nothing, zeros, images and archives are errors, never empty texts."""
    with pytest.raises(NotTextError) as refusal:
        decode(payload)
    assert refusal.value.code == code


def test_a_surrogate_of_a_rare_encoding_never_reaches_the_text():
    """UTF-7 can write a lone surrogate; the text gets U+FFFD and the bytes are kept whole."""
    decoded = decode_as(b"a+2AA-b", "utf-7")
    assert decoded == Decoded("a\ufffdb", "utf-7", ("bytes:all=612b3241412d62",))
    assert encode_back(decoded) == b"a+2AA-b"


def test_an_unknown_encoding_of_a_container_is_refused():
    """A container that names no real encoding is an error of its own."""
    with pytest.raises(NotTextError) as refusal:
        decode_as(b"abc", "klingon-8")
    assert refusal.value.code == "unknown-encoding"


def _batch(payloads, **columns):
    rows = len(payloads)
    return decode_batch(
        pa.array(payloads, pa.large_binary()),
        encoding=pa.array(columns.get("encoding", [None] * rows), pa.string()),
        declared=pa.array(columns.get("declared", [None] * rows), pa.string()),
        markup=pa.array(columns.get("markup", [False] * rows), pa.bool_()),
    )


def test_a_batch_keeps_order_and_turns_refusals_into_rows():
    """Good rows, repaired rows, nulls and errors stand where their bytes stood."""
    batch = _batch([b"plain", b"", ARABIC.encode("cp1256"), None, b"\xef\xbb\xbfmark", b"last"])
    assert batch.schema == DECODED_SCHEMA
    batch.validate(full=True)
    assert batch.column("text").to_pylist() == ["plain", None, ARABIC, None, "mark", "last"]
    assert batch.column("error").to_pylist() == [None, "empty", None, "empty", None, None]
    assert batch.column("repairs").to_pylist() == [[], [], [], [], ["bom:utf-8"], []]
    assert batch.column("encoding").to_pylist() == ["utf-8", None, "windows-1256", None, "utf-8", "utf-8"]


def test_a_container_that_told_the_encoding_is_believed():
    """Where the encoding is told, bytes that look like another one are not guessed at."""
    batch = _batch([ARABIC.encode("cp1256")], encoding=["utf-8"])
    assert batch.column("encoding").to_pylist() == ["utf-8"]
    assert "\ufffd" in batch.column("text")[0].as_py()


def test_an_empty_batch_and_a_slice_of_a_batch_are_read():
    """No rows give no rows, and a slice is read at its own place in the buffers."""
    assert _batch([]).num_rows == 0
    payload = pa.array([b"\0\0\0", b"one", b"two\r", None, b"three"], pa.large_binary())[1:]
    nulls = pa.nulls(4, pa.string())
    batch = decode_batch(payload, encoding=nulls, declared=nulls, markup=pa.array([False] * 4))
    assert batch.column("text").to_pylist() == ["one", "two\n", None, "three"]


def test_ascii_with_many_nuls_is_no_chinese():
    """Bytes of ASCII in pairs are all Chinese characters; UTF-16 of Chinese has bytes above them."""
    with pytest.raises(NotTextError):
        decode(b"The harbour reopened on Sunday.\x00\x00\x00 " * 5)
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode(("港口在星期天重新开放，渔民们很高兴。" * 3).encode(encoding)).encoding == encoding
