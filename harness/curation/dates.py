"""Dates as sources write them, read into instants of UTC; what cannot be read is unknown, not guessed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from harness.curation.written_dates import forms_in_text, islamic_form, whole_forms
from harness.text.date_words import fold_for_dates, months, second_half, weekdays, zones

# The first newspaper is of 1605; a date behind 2200 is a slip, as is the year 0001 of an empty field. Years of the
# Islamic and of the Persian calendar lie before it, so that none is taken for one of ours.
FIRST_YEAR = 1605
LAST_YEAR = 2200

# Raised when some date is read otherwise than before.
DATES_VERSION = "2"
_LONGEST = 160  # code points; both calendars, the day of the week, the time and its zone have about a hundred
# The zones that RFC 2822 names, in hours from UTC. Others, such as AST, mean several.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7,
    "pdt": -7, "pst": -8,
}  # fmt: skip

# What most sources write, told by its form alone to be a date that exists, so that Arrow may read it; all else is read
# one by one, for which the forms of all languages have to be compiled. RE2.
_LEAP_YEAR = r"(?:(?:1[7-9]|2[01])(?:0[48]|[2468][048]|[13579][26])|2000)"
_ISO_DAY = (
    r"(?:(?:1[7-9]|2[01])[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    rf"|{_LEAP_YEAR}-02-29)"
)
_ISO_CLOCK = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
# Form, and what is put behind it for Arrow, which wants a time and a zone.
_ISO_FORMS = (
    (rf"^{_ISO_DAY}$", "T00:00:00Z"),
    (rf"^{_ISO_DAY}{_ISO_CLOCK}$", "Z"),
    (rf"^{_ISO_DAY}{_ISO_CLOCK}(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$", ""),
)
_INSTANT = pa.timestamp("s", tz="UTC")


def parse_published(raw: pa.StringArray) -> pa.TimestampArray:
    """Read dates of publication.

    Forms: ISO 8601 (date, or date and time; the basic form, too), `DD/MM/YYYY` and its like, RFC 2822, and
    dates in words (`17 May 2024`) with the months of Arabic, Persian, Dari, Urdu, Pashto and English, as
    `harness/text/data/dates.toml` lists them; beside them may stand the day of the week, a time, and the same
    day in the Islamic calendar. Digits may be of any script. **A time without a zone is taken as UTC, a date
    without a time as midnight of UTC.** A fraction of a second is cut off.

    Args:
        raw: Dates as text, length n.

    Returns:
        Instants in whole seconds of UTC, length n; null where there is none, where the form is another
        one, the date does not exist, its year is outside `FIRST_YEAR` to `LAST_YEAR`, two names of its month
        disagree, or it is told in the Islamic calendar alone. Never raises.
    """
    read, rest = pa.nulls(len(raw), _INSTANT), pc.is_valid(raw)
    for form, zone in _ISO_FORMS:
        is_of_form = pc.and_(rest, pc.fill_null(pc.match_substring_regex(raw, form), False))
        instants = pc.binary_join_element_wise(raw.filter(is_of_form), zone, "").cast(_INSTANT)
        read = pc.replace_with_mask(read, is_of_form, instants)
        rest = pc.and_not(rest, is_of_form)
    others = pa.array([seconds_of(text) for text in raw.filter(rest).to_pylist()], pa.int64())
    return pc.replace_with_mask(read, rest, others.cast(_INSTANT))


def date_in(text: str) -> str | None:
    """Find the first date in a short text, as it stands there; the longest form of those that begin there.

    A date that is told in the Islamic calendar alone is found, too, if there is no other. One that does not
    exist is none.
    """
    folded = fold_for_dates(text)
    matches = [match for form in forms_in_text() for match in form.finditer(folded.text)]
    found = [match for match in matches if _instant(match.groupdict().get) is not None]
    if not found:
        found = list(islamic_form().finditer(folded.text))
    if not found:
        return None
    first = min(found, key=lambda match: (match.start(), -match.end()))
    start, end = folded.place_of(first.start(), first.end())
    return text[start:end].rstrip()


# One source writes many articles of one day; a cache has no effect on the result.
@lru_cache(maxsize=65_536)
def seconds_of(text: str | None) -> int | None:
    """Read one date of publication, in seconds since 1970 in UTC; None as `parse_published` has null."""
    if text is None or len(text) > _LONGEST:
        return None
    plain = fold_for_dates(text).text.strip()
    for form in whole_forms():
        match = form.fullmatch(plain)
        if match:
            return _instant(match.groupdict().get)
    return None


def _instant(part: Callable[[str], str | None]) -> int | None:
    offset = _offset(part("zone"))
    day = _day(part)
    if offset is None or day is None:
        return None
    hour, minute, second = (int(part(unit) or 0) for unit in ("hour", "minute", "second"))
    second = min(second, 59) if second <= 60 else second  # a leap second, which no instant of ours can say
    hour = _of_whole_day(hour, part("half"))
    try:
        local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError:  # 25 o'clock, a zone of a hundred hours
        return None
    return int((local - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


def _day(part: Callable[[str], str | None]) -> date | None:
    """Give the day that is meant; None where it does not exist or where the parts contradict each other.

    Where the month is a number behind the day's, the day of the week decides whether it is the other way round.
    """
    year, month, day = int(part("year") or 0), _month(part), int(part("day") or 0)
    if month is None:
        return None
    if part("parting") is None or part("weekday") is None:
        return _existing(year, month, day)
    weekday = weekdays()[part("weekday") or ""]
    readings = (_existing(year, month, day), _existing(year, day, month))
    return next((one for one in readings if one is not None and one.isoweekday() % 7 + 1 == weekday), None)


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:  # the 31st of June
        return None


def _month(part: Callable[[str], str | None]) -> int | None:
    """Give the month's number; None where two names mean two months."""
    name, other = part("name"), part("other_name")
    if name is None:
        return int(part("month") or 0)
    return months()[name] if other is None or months()[other] == months()[name] else None


def _of_whole_day(hour: int, half: str | None) -> int:
    """Turn an hour of a half of the day into one of 24; one that is none of twelve is left."""
    if half is None or not 1 <= hour <= 12:
        return hour
    return hour % 12 + (12 if half in second_half() else 0)


def _offset(zone: str | None) -> timedelta | None:
    """Give a zone's distance from UTC; none given is UTC, an unknown name is None."""
    if zone is None:
        return timedelta()
    if zone[0] not in "+-":
        hours = zones().get(zone, _ZONES.get(zone))
        return None if hours is None else timedelta(hours=hours)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) > 59 or int(digits[:2]) > 23:
        return None
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -distance if zone[0] == "-" else distance
