"""Dates as sources write them, read into instants of UTC; what cannot be read is unknown, not guessed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

import pyarrow as pa

# The first newspaper is of 1605; a date behind 2200 is a slip, as is the year 0001 of an empty field.
FIRST_YEAR = 1605
LAST_YEAR = 2200

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
_ZONE = r"(?P<zone>[A-Za-z]{1,4}|[+-]\d{2}:?\d{2}|[+-]\d{2})"
# ISO 8601: 2024-05-17, 2024-05-17T09:30, 2024-05-17 09:30:00.123+03:00, 20240517T093000Z.
_ISO = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?:(?:T|t|\s+){_CLOCK}\s*{_ZONE}?)?"
)
_ISO_BASIC = re.compile(
    rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})"
    rf"(?:[Tt](?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?\s*{_ZONE}?)?"
)
# 17/05/2024 09:30: the day first, as Arabic, Persian and European pages write it.
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})/(?P<month>\d{{1,2}})/(?P<year>\d{{4}})(?:,?\s+{_CLOCK}\s*{_ZONE}?)?"
)
# RFC 2822: Fri, 17 May 2024 09:30:00 +0300.
_MAIL = re.compile(
    rf"(?:[A-Za-z]{{3}},\s*)?(?P<day>\d{{1,2}})\s+(?P<name>[A-Za-z]{{3}})\s+(?P<year>\d{{4}})\s+{_CLOCK}\s*{_ZONE}?"
)
_FORMS = (_ISO, _ISO_BASIC, _DAY_FIRST, _MAIL)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The zones that RFC 2822 names, in hours from UTC. Others, such as AST, mean several.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7,
    "pdt": -7, "pst": -8,
}  # fmt: skip
_LONGEST = 64  # code points; no date is longer
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_INVISIBLE = dict.fromkeys(
    map(ord, "\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ZERO WIDTH NO-BREAK SPACE}")
)


def parse_published(raw: pa.StringArray) -> pa.TimestampArray:
    """Read dates of publication.

    Forms: ISO 8601 (date, or date and time; the basic form, too), `DD/MM/YYYY` with or without a time, and
    RFC 2822; digits may be Arabic or Persian. **A time without a zone is taken as UTC, a date without a
    time as midnight of UTC.** A fraction of a second is cut off.

    Args:
        raw: Dates as text, length n.

    Returns:
        Instants in whole seconds of UTC, length n; null where there is none, where the form is another
        one, the date does not exist or its year is outside `FIRST_YEAR` to `LAST_YEAR`. Never raises.
    """
    return pa.array([_seconds(text) for text in raw.to_pylist()], pa.int64()).cast(
        pa.timestamp("s", tz="UTC")
    )


# One source writes many articles of one day; a cache has no effect on the result.
@lru_cache(maxsize=65_536)
def _seconds(text: str | None) -> int | None:
    if text is None or len(text) > _LONGEST:
        return None
    plain = text.translate(_DIGITS).translate(_INVISIBLE).strip()
    for form in _FORMS:
        match = form.fullmatch(plain)
        if match:
            return _instant(match.groupdict().get)
    return None


def _instant(part: Callable[[str], str | None]) -> int | None:
    year = int(part("year") or 0)
    offset = _offset(part("zone"))
    if not FIRST_YEAR <= year <= LAST_YEAR or offset is None:
        return None
    name = part("name")
    if name is not None and name.lower() not in _MONTHS:
        return None
    month = _MONTHS.index(name.lower()) + 1 if name else int(part("month") or 0)
    hour, minute, second = (int(part(unit) or 0) for unit in ("hour", "minute", "second"))
    second = min(second, 59) if second <= 60 else second  # a leap second, which no instant of ours can say
    try:
        local = datetime(year, month, int(part("day") or 0), hour, minute, second, tzinfo=timezone(offset))
    except ValueError:  # the 31st of June, 25 o'clock, a zone of a hundred hours
        return None
    return int((local - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


def _offset(zone: str | None) -> timedelta | None:
    """Give a zone's distance from UTC; none given is UTC, an unknown name is None."""
    if zone is None:
        return timedelta()
    if zone[0] not in "+-":
        hours = _ZONES.get(zone.lower())
        return None if hours is None else timedelta(hours=hours)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) > 59 or int(digits[:2]) > 23:
        return None
    distance = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -distance if zone[0] == "-" else distance
