"""Data about persons are counted by shape and check digit, and what only looks like them is left alone."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.text.check_digits import CHECKS
from harness.text.privacy import count_addresses, count_numbers, shapes

# Numbers that their issuers or standards print as examples, or that were made by the rule.
MADE = [
    ("payment_numbers", "4111 1111 1111 1111"),
    ("payment_numbers", "378282246310005"),
    ("payment_numbers", "GB82 WEST 1234 5698 7654 32"),
    ("payment_numbers", "SA0380000000608010167519"),
    ("national_ids", "784-1970-1234567-0"),
    ("national_ids", "رقم الهوية: ١٠٠٠٠٠٠٠٠٨"),
    ("national_ids", "کد ملی ۰۴۹۹۳۷۰۸۹۹"),
    ("national_ids", "29001011234567"),
    ("national_ids", "290010112346"),
    ("national_ids", "35202-1234567-1"),
    ("national_ids", "10000000146"),
    ("national_ids", "Aadhaar 2341 2341 2346"),
    ("national_ids", "11010519491231002X"),
    ("national_ids", "123-45-6789"),
    ("national_ids", "12345678Z"),
    ("national_ids", "2 55 08 14 168 025 38"),
    ("national_ids", "111.444.777-35"),
    ("phones", "+966 50 123 4567"),
    ("phones", "٠٠٩٦٦٥٠١٢٣٤٥٦٧"),
    ("phones", "966501234567+"),
    ("phones", "01001234567"),
    ("phones", "(020) 7946 0958"),
    ("phones", "01 42 68 53 00"),
    ("phones", "212-555-0123"),
    ("phones", "0123-555-212"),
    ("phones", "للحجز جوال رقم: 5551234"),
]
# The others name no digits, or refuse what their pattern takes with fewer or more.
COUNTED_BY_PATTERN = [
    shape
    for shape in shapes()
    if shape.digits[0] and shape.name not in {"international", "after a word for it"}
]


@pytest.mark.parametrize(("kind", "text"), MADE)
def test_a_number_of_each_shape_counts_once_and_for_one_kind(kind, text):
    """In the midst of a sentence, whatever the script of its digits."""
    counted = count_numbers(f"قال المتحدث {text}، ثم انصرف.")
    assert counted == dict.fromkeys(counted, 0) | {kind: 1}


@pytest.mark.parametrize(
    "text",
    [
        "من 2018-2019 إلى 1950-1953", "2018-09-12 14:30:00", "12.09.2018 و 01/02/2019", "2,000,000,000 دولار",
        "1.234.567.890 ريال", "12 345 678 نسمة", "ISBN 978-3-16-148410-0", "ISSN 2049-3630", "رقم 1000000009",
        "192.168.100.200", "30.0444, 31.2357", "الحلقة 0012", "2010 2011 2012 2013", "هاتف ذكي 2018-2019",
        "https://example.org/2018/09/12/1234567", "10:30-11:45", "رقم القضية 4521987", "100000000000 دولار",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_of_a_person_is_left_alone(text):
    """Dates, years, sums, places, titles of books, addresses of pages."""
    assert not any(count_numbers(text).values())


@pytest.mark.parametrize("name", ["luhn", "iran", "turkey", "verhoeff", "brazil", "kuwait"])
def test_one_wrong_digit_is_told(name):
    """What check digits are for: no change of one digit leaves a right number right."""
    right = {
        "luhn": "4111111111111111", "iran": "0499370899", "turkey": "10000000146", "verhoeff": "234123412346",
        "brazil": "11144477735", "kuwait": "290010112346",
    }[name]  # fmt: skip
    check = CHECKS[name]
    assert check(right)
    changed = [
        right[:place] + digit + right[place + 1 :]
        for place in range(len(right))
        for digit in "0123456789"
        if digit != right[place]
    ]
    assert not [number for number in changed if check(number)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("news@example.org، و desk.ar@news.example.org.", 2),
        ("للتواصل:info@موقع.شبكة", 1),
        ("@name و icon@2x.png و a@b و 5 @ 3", 0),
    ],
)
def test_addresses_are_told_from_handles_and_file_names(text, count):
    """A sentence's stop behind an address is no part of it."""
    assert count_addresses(text) == count


def test_every_shape_names_its_kind_and_can_be_compiled():
    """The table is data; a slip in it is told here."""
    assert len(shapes()) >= 20
    assert {shape.kind for shape in shapes()} == {"emails", "phones", "national_ids", "payment_numbers"}


@pytest.mark.parametrize("shape", COUNTED_BY_PATTERN, ids=lambda shape: shape.name)
def test_a_shape_has_as_many_digits_as_its_row_says(shape):
    """Where fewer stand together it is not looked for: a row that said too many would hide what its pattern finds."""
    least, most = shape.digits

    @settings(deadline=None, max_examples=30)
    @given(st.from_regex(shape.pattern, fullmatch=True, alphabet=st.characters(max_codepoint=0x7E)))
    def law(number):
        assert least <= sum(one.isdigit() for one in number) <= most

    law()


@pytest.mark.parametrize(
    "text",
    ["+1" + "1" * 20_000, "+" + "1 " * 10_000, "00" * 10_000, "1-" * 10_000, "a" * 20_000 + "@", "a@" + "b." * 10_000, "AB12" + " ABCD" * 5_000, "هاتف 1 " * 3_000],
)  # fmt: skip
def test_a_hostile_text_costs_no_more_than_its_length(text):
    """No pattern goes back over what it has read more than a fixed number of times."""
    start = time.process_time()
    count_numbers(text), count_addresses(text)
    assert time.process_time() - start < 1


@pytest.mark.needs_data
def test_ntrex_s_numbers_are_found_in_every_language_and_nothing_else():
    """Two telephone numbers in 20 languages, one address in 19: every hit was judged, none is wrong, none is missed."""
    folder = os.environ.get("HARNESS_DATA")
    if not folder:
        pytest.skip("HARNESS_DATA does not name the folder of real text")
    found = {"emails": 0, "phones": 0, "national_ids": 0, "payment_numbers": 0}
    for file in (Path(folder) / "ntrex").glob("newstest2019-*.txt"):
        for line in file.read_text(encoding="utf-8").split("\n"):
            found["emails"] += count_addresses(line)
            for kind, count in count_numbers(line).items():
                found[kind] += count
    assert found == {"emails": 19, "phones": 40, "national_ids": 0, "payment_numbers": 0}


PIECES = [
    *(text for _, text in MADE), "هاتف", "tel", "phone no", "الهوية", "aadhaar", "GB82 WEST", "784", "+", "00", "(0", "0", "-",
    ".", " ", "  ", "\n", "كلمة", "(", ")", "/", "X", "2024", "12", "123", "1234", "x" * 30, "x" * 64, "x" * 100,
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=24).map("".join))
def test_looking_near_long_numbers_finds_what_looking_everywhere_finds(text):
    """The parts of a text that are looked at hold every number whole, with the word before it."""
    plain = text.translate({0x0660 + digit: str(digit) for digit in range(10)})
    plain = plain.translate({0x06F0 + digit: str(digit) for digit in range(10)})
    taken = []
    everywhere = dict.fromkeys(("payment_numbers", "national_ids", "phones"), 0)
    for shape in shapes():
        for start, end in shape.spans(plain) if shape.kind in everywhere else ():
            if all(end <= other or stop <= start for other, stop in taken):
                taken.append((start, end))
                everywhere[shape.kind] += 1
    assert count_numbers(text) == everywhere


NEAR_ADDRESSES = [
    "a@b.co", "@", ".", "a.b", "b." * 9, "c-d.", "org", "png", "www.", " ", "\n", "é", "كلمة", "_", "%", "+1", "x" * 63, "x" * 64,
    "-" * 66, "a" * 63 + ".", " " * 600,
]  # fmt: skip


@given(st.lists(st.sampled_from(NEAR_ADDRESSES), max_size=14).map("".join))
def test_looking_near_the_sign_of_addresses_finds_what_looking_everywhere_finds(text):
    """The parts of a text that are looked at hold every address whole, with what must not follow it."""
    (address,) = (shape for shape in shapes() if shape.kind == "emails")
    assert count_addresses(text) == len(list(address.spans(text)))
