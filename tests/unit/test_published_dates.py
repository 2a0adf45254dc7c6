"""Dates of publication: the forms that sources write, and null for whatever is none."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.curation.dates import FIRST_YEAR, LAST_YEAR, parse_published


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
