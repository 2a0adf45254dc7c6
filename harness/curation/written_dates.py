"""The forms that dates are written in, as patterns over folded text; every form names the parts of its date."""

import functools
import re

from harness.text.date_words import pattern_of

# Folded text has one blank where there were several, small letters and ASCII digits. All quantifiers on blanks are
# at most one, so that no text costs more than a few passes.
_OFFSET = r"[+-]\d{2}:?\d{2}|[+-]\d{2}"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?!\d)"
# ISO 8601: 2024-05-17, 2024-05-17T09:30, 2024-05-17 09:30:00.123+03:00; 2024/05/17.
_YEAR_FIRST = r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)"
# 20240517T093000Z: never looked for inside a text, where eight digits are more often something else.
_ISO_BASIC = (
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    rf"(?:t(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})? ?(?P<zone>[a-z]{{1,4}}|{_OFFSET})?)?"
)
# 17/05/2024, 17-5-2024, 17.5.2024: the day first, as Arabic, Persian and European pages write it; Drupal writes the
# month first unless told otherwise, with the day of the week before it, which then decides.
_DAY_FIRST = r"(?P<day>\d{1,2})(?P<parting>[-/.])(?P<month>\d{1,2})(?P=parting)(?P<year>\d{4})(?!\d)"


@functools.cache
def whole_forms() -> tuple[re.Pattern[str], ...]:
    """Give the forms of a text that is a date and nothing else; to be matched in full."""
    return (*_forms(), re.compile(_ISO_BASIC))


@functools.cache
def forms_in_text() -> tuple[re.Pattern[str], ...]:
    """Give the forms of dates that are looked for in a text, the surest first."""
    return tuple(re.compile(rf"(?<![\w/.-]){form.pattern}(?![\w/-])") for form in _forms())


@functools.cache
def islamic_form() -> re.Pattern[str]:
    """Give the form of a date of the Islamic calendar that stands alone in a text."""
    return re.compile(rf"(?<![\w/.-]){_islamic()}(?![\w/-])")


def _forms() -> tuple[re.Pattern[str], ...]:
    clock = _clock()
    dates = (_day_and_month(), _month_and_day(), _DAY_FIRST, _YEAR_FIRST)
    behind = rf"(?:(?:t| ?[-–—|،,(]? ?(?:(?:في )?(?:تمام )?الساعه:? |at )?){clock}\)?)?"
    before = rf"(?:الساعه )?{clock} ?[-–—|،,]? ?"
    islamic = _islamic()
    # Which of the two calendars comes first differs from country to country.
    ahead = rf"(?:{islamic} ?[-–—|/،,(]? ?(?:الموافق(?: ل|:)? ?)?)?"
    after = rf"(?: ?[-–—|/،,(]? ?(?:الموافق(?: ل|:)? ?)?{islamic}\)?)?"
    weekday = rf"(?:(?:يوم )?(?P<weekday>{pattern_of('weekdays')})\.?[،,]? )?"
    return tuple(
        re.compile(pattern)
        for date in dates
        for pattern in (
            rf"{weekday}{ahead}{date}{after}{behind}",
            rf"{before}{weekday}{ahead}{date}{after}",
        )
    )


def _clock() -> str:
    half = rf"(?: ?\(?(?P<half>{pattern_of('halves')})\)?(?!\w))?"
    zone = rf"(?: ?\(?(?:ب?توقيت )?(?P<zone>{pattern_of('zones')}|[a-z]{{1,4}}(?!\w)|{_OFFSET})\)?)?"
    return rf"{_CLOCK}{half}{zone}(?! ?\(?ب?توقيت)"  # a time of a zone that is not known tells less than none


def _month() -> str:
    # 17 أيار/مايو, 17 مايو (أيار), 17 مايو - أيار: papers that are read in several countries write both names.
    return (
        rf"(?P<name>{pattern_of('months')})\.?(?: ?[/(-] ?(?P<other_name>{pattern_of('months')})\)?)?(?!\w)"
    )


def _day_and_month() -> str:
    return rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ /-]?(?:من )?{_month()} ?[-/،,]? ?{_year()}"


def _month_and_day() -> str:
    return rf"{_month()} (?P<day>\d{{1,2}})(?:st|nd|rd|th)? ?[،,]? ?{_year()}"


def _year() -> str:
    # `م` and `ميلادي` say which calendar; behind a time `م` would say which half of the day.
    return r"(?P<year>\d{4})(?!\d)(?: ?(?:ميلاديه?|م)\.?(?!\w))?"


def _islamic() -> str:
    of_it = r" ?(?:هجريه?|ه)\.?(?!\w)"
    named = rf"\d{{1,2}}[ /-]?(?:من )?(?:{pattern_of('islamic_months')}) ?[-/،,]? ?\d{{4}}(?!\d)(?:{of_it})?"
    return rf"(?:{named}|\d{{1,2}}[-/.]\d{{1,2}}[-/.]1[2-5]\d\d{of_it}|1[2-5]\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}{of_it})"
