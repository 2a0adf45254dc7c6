"""Repairs of decoding in words: what really occurs is told with its numbers, codes from elsewhere are passed on."""

import pytest

from harness.text.decoding import decode, decode_as
from harness.text.repair_words import repair_in_words

_ARABIC = "أعلنت الوزارة أمس أن الموسم وفير في الوادي"


@pytest.mark.parametrize(
    ("decoded", "said"),
    [
        (decode(_ARABIC.encode("utf-8-sig")), "a byte-order mark of utf-8 stood before the text"),
        (decode(f"{_ARABIC}\r\n{_ARABIC}\r\n".encode()), "every line ended in CR LF; now in a line feed"),
        (decode(_ARABIC.encode()[:-1]), "the last character was cut off; its bytes D9 are left out"),
        (decode_as(b"a\xffb", "utf-8"), "1 place not readable in the encoding, each now U+FFFD: FF at byte 1"),
        (decode_as(b"\xed\xa0\x80", "utf-8"), "1 place half of a surrogate pair, each now U+FFFD: ED A0 80 at byte 0"),
    ],
)  # fmt: skip
def test_a_repair_is_told_with_its_bytes(decoded, said):
    """Each code that decoding writes has a sentence."""
    assert [repair_in_words(code) for code in decoded.repairs] == [said]


def test_many_places_are_counted_and_the_first_shown():
    """A text of damage does not fill the screen."""
    (code,) = decode_as(b"a\xff" * 50, "utf-8").repairs
    said = repair_in_words(code)
    assert said.startswith("50 places")
    assert said.endswith("and 47 more")


def test_a_code_of_a_later_version_is_given_as_it_is():
    """What this version does not know is not hidden."""
    assert repair_in_words("woven:3") == "woven:3"
