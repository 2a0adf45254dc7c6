"""Dates of publication: the forms that sources write, and null for whatever is none."""

import time

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.curation.dates import FIRST_YEAR, LAST_YEAR, date_in, parse_published, seconds_of
from harness.text.language_data import language_table


def parsed(text):
    """Read one date, as ISO text in UTC."""
    instant = parse_published(pa.array([text], pa.string()))[0].as_py()
    return instant and instant.isoformat().removesuffix("+00:00")


@pytest.mark.parametrize(
    ("raw", "instant"),
    [
        ("2024-05-17", "2024-05-17T00:00:00"),
        ("2024-05-17T09:30", "2024-05-17T09:30:00"),
        (" 2024-05-17 09:30:15.789 ", "2024-05-17T09:30:15"),
        ("2024-05-17T09:30:00Z", "2024-05-17T09:30:00"),
        ("2024-05-17T01:30:00+03:00", "2024-05-16T22:30:00"),
        ("2024-05-17T01:30:00-0330", "2024-05-17T05:00:00"),
        ("2024-05-17T01:30:00+03", "2024-05-16T22:30:00"),
        ("20240517T093000Z", "2024-05-17T09:30:00"),
        ("17/05/2024 09:30", "2024-05-17T09:30:00"),
        ("5/4/2024", "2024-04-05T00:00:00"),
        ("Fri, 17 May 2024 09:30:00 +0300", "2024-05-17T06:30:00"),
        ("17 May 2024 09:30 GMT", "2024-05-17T09:30:00"),
        ("٢٠٢٤-٠٥-١٧", "2024-05-17T00:00:00"),
        ("۱۷/۰۵/۲۰۲۴", "2024-05-17T00:00:00"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59"),
        ("1750-01-01", "1750-01-01T00:00:00"),
    ],
)
def test_a_known_form_is_read_into_utc(raw, instant):
    """Without a zone UTC is assumed, without a time midnight."""
    assert parsed(raw) == instant


@pytest.mark.parametrize(
    ("raw", "instant"),
    [
        ("17 مايو 2024", "2024-05-17T00:00:00"),
        ("الجمعة 17 مايو 2024", "2024-05-17T00:00:00"),
        ("الجمعة، ١٧ أيار/مايو ٢٠٢٤ - 09:30", "2024-05-17T09:30:00"),
        ("17 مايو (أيار) 2024 م", "2024-05-17T00:00:00"),
        ("5 كانون الثاني/يناير 2026", "2026-01-05T00:00:00"),
        ("12 تشرين الثاني، 2025", "2025-11-12T00:00:00"),
        ("17 جانفي 2024", "2024-01-17T00:00:00"),
        ("3 غشت 2024", "2024-08-03T00:00:00"),
        ("1 يولـيو 2024", "2024-07-01T00:00:00"),
        ("مايو 17, 2024", "2024-05-17T00:00:00"),
        ("6 مارس 2026 09:30 مساءً", "2026-03-06T21:30:00"),
        ("6 مارس 2026 12:15 ص", "2026-03-06T00:15:00"),
        ("10:00 - 6 مارس 2026", "2026-03-06T10:00:00"),
        ("6 مارس 2026 - الساعة 09:30 صباحاً بتوقيت مكة المكرمة", "2026-03-06T06:30:00"),
        ("6 مارس 2026 | 09:30 بتوقيت غرينتش", "2026-03-06T09:30:00"),
        ("الجمعة 9 ذو القعدة 1445 هـ الموافق 17 مايو 2024 م", "2024-05-17T00:00:00"),
        ("17 مايو 2024 الموافق 9 ذي القعدة 1445هـ", "2024-05-17T00:00:00"),
        ("09/11/1445هـ - 17/05/2024", "2024-05-17T00:00:00"),
        ("20 مئی 2024", "2024-05-20T00:00:00"),
        ("۵ ژوئیه ۲۰۲۴", "2024-07-05T00:00:00"),
        ("Friday, May 17th, 2024 at 9:30 pm", "2024-05-17T21:30:00"),
        ("17 May 2024", "2024-05-17T00:00:00"),
        ("6-3-2026", "2026-03-06T00:00:00"),
        ("2024/05/17 09:30", "2024-05-17T09:30:00"),
    ],
)  # fmt: skip
def test_a_date_in_words_is_read_as_each_country_writes_it(raw, instant):
    """Names of months from Rabat to Karachi, both calendars side by side, halves of the day."""
    assert parsed(raw) == instant


@pytest.mark.parametrize(
    "raw",
    [
        "9 ذو القعدة 1445 هـ", "الجمعة ٩ ذو القعدة ١٤٤٥", "09/11/1445هـ", "1445-11-09", "1445/11/09 هـ", "9 رمضان 2024",
        "۱۴۰۳/۰۲/۲۸", "۲۸ اردیبهشت ۱۴۰۳",
    ],
)  # fmt: skip
def test_a_date_of_another_calendar_is_not_taken_for_one_of_ours(raw):
    """Which day a month of the moon begins on was not computed by whoever wrote it."""
    assert parsed(raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        "31 يونيو 2024", "5 كانون الأول/يناير 2026", "مايو 2024", "17 مايو", "6 مارس 2026 09:30 بتوقيت القاهرة",
        "الأحد 03/04/2024", "17 مايو 24", "نشر في 17 مايو 2024",
    ],
)  # fmt: skip
def test_what_contradicts_itself_or_lacks_a_part_is_null(raw):
    """Two months, a day of the week that fits neither order, a zone that nobody told us."""
    assert parsed(raw) is None


@pytest.mark.parametrize(
    ("raw", "instant"),
    [
        ("الخميس, 02/12/2026 - 07:20", "2026-02-12T07:20:00"),
        ("الأربعاء, 02/12/2026 - 07:20", "2026-12-02T07:20:00"),
        ("02/12/2026 - 07:20", "2026-12-02T07:20:00"),
        ("Fri, 05/17/2024 - 09:30", "2024-05-17T09:30:00"),
    ],
)
def test_the_day_of_the_week_decides_which_number_is_the_month(raw, instant):
    """Drupal writes the month first unless told otherwise, in Arabic too."""
    assert parsed(raw) == instant


def test_no_name_of_a_month_means_two():
    """Conventions of several countries are read at once, so none may contradict another."""
    meant = {}
    for row in language_table("dates")["months"]:
        for number, name in enumerate(row, start=1):
            assert meant.setdefault(name, number) == number
        assert len(row) == 12


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("كتب: أحمد – القاهرة – الجمعة 17 مايو 2024 | 09:30 م", "الجمعة 17 مايو 2024 | 09:30 م"),
        ("نُشر في ٩ ذو القعدة ١٤٤٥ هـ", "٩ ذو القعدة ١٤٤٥ هـ"),
        ("6 مارس 2026 09:30 بتوقيت القاهرة", "6 مارس 2026"),
        ("31 يونيو 2024، ثم 1 يوليو 2024", "1 يوليو 2024"),
        ("هاتف 0100-17-05-2024", None),
        ("بعد عام 2024 بقليل", None),
        ("12024-05-17", None),
    ],
)
def test_a_date_is_found_in_a_text_as_it_stands(text, date):
    """The whole of it with its time, not a part of a longer number."""
    assert date_in(text) == date


def test_no_text_makes_looking_for_a_date_slow():
    """Blanks are one blank and quantifiers are bounded, so that time grows with the text's length alone."""
    started = time.process_time()
    for piece in ("1 ", "1/1/", "الجمعة ", "17 مايو ", "1:11 ", "17 مايو 2024 الموافق ", " "):
        date_in((piece * 200)[:200])
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "raw",
    [
        None, "", "yesterday", "0000-01-01", "0001-01-01T00:00:00", "9999-12-31", "2024-02-30", "2024-13-01",
        "31/06/2024", "05/17/2024", "2024-05-17T25:00", "2024-05-17T09:30:61", "2024-05-17T09:30+99:00",
        "2024-05-17 09:30 AST", "17 Foo 2024 09:30", "2024-05-17x", "2024-05", "²024-05-17", "2" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_date_is_null(raw):
    """A guess would move an article in time unseen."""
    assert parsed(raw) is None


@given(st.lists(st.none() | st.text() | st.from_regex(r"[0-9٠-٩/:TZ+ -]{0,30}"), max_size=5))
def test_no_text_makes_it_raise_and_every_row_keeps_its_place(texts):
    """Length and type hold for whatever a feed says, and years stay in their bounds."""
    column = parse_published(pa.array(texts, pa.string()))
    assert (len(column), column.type) == (len(texts), pa.timestamp("s", tz="UTC"))
    years = [instant.year for instant in column.to_pylist() if instant]
    assert all(FIRST_YEAR - 1 <= year <= LAST_YEAR + 1 for year in years)


def _edges():
    days = [
        "2024-02-28",
        "2024-02-29",
        "2023-02-29",
        "2024-04-31",
        "2024-12-31",
        "1699-12-31",
        "2201-01-01",
        "2024-00-10",
    ]
    clocks = ["", "T23:59:59", " 00:00:00", "T23:59:60", "T24:00:00", "T09:30", "t09:30:00"]
    zones = ["", "Z", "+03:00", "-23:59", "+0300", "+24:00", " +03:00", "\n"]
    return [None, "", *(day + clock + zone for day in days for clock in clocks for zone in zones)]


def test_dates_that_are_read_a_column_at_a_time_are_those_read_one_by_one():
    """What Arrow reads of plain ISO dates is what the forms read, at every edge of calendar, clock and zone."""
    texts = _edges()
    read = parse_published(pa.array(texts, pa.string()))
    assert read.cast(pa.int64()).to_pylist() == [seconds_of(text) for text in texts]
