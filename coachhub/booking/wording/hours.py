"""Hours and days of a coach, in words."""

from datetime import date

from babel.dates import get_day_names
from flask_babel import get_locale

from coachhub.booking.rules.day_ranges import DayRange
from coachhub.booking.service.other_days import OtherDays
from coachhub.platform.language import date_short


def weekday_words(weekday: int) -> str:
    """`Monday` for 0."""
    return str(get_day_names("wide", context="stand-alone", locale=get_locale() or "en")[weekday])


def minute_words(minute: int) -> str:
    """A minute of the day: `9:00`, and `24:00` for its end."""
    return f"{minute // 60}:{minute % 60:02}"


def range_words(hours: DayRange) -> str:
    """Begin and end with a dash between them."""
    return f"{minute_words(hours.from_minute)}–{minute_words(hours.until_minute)}"


def ranges_words(hours: tuple[DayRange, ...]) -> str:
    """All ranges of a day, in one line."""
    return ", ".join(range_words(each) for each in hours)


def days_words(days: OtherDays) -> str:
    """From when until when it is different; one day alone where it is one."""
    return span_of_days_words(days.first_day, days.last_day)


def span_of_days_words(first: date, last: date) -> str:
    """From a day to a day; one day alone where they are the same."""
    return date_short(first) if first == last else f"{date_short(first)} – {date_short(last)}"
