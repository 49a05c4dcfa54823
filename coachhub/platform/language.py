"""Language, dates, times and money as the reader writes them, through Babel."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from babel.numbers import format_decimal
from flask import Flask, g, has_request_context
from flask.globals import request_ctx
from flask_babel import force_locale
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from coachhub.platform import clock
from coachhub.platform.identity import identity
from coachhub.platform.markdown import as_html
from coachhub.platform.money import written_money
from coachhub.platform.tongues import put_once, speak_tongues, tongue

TRANSLATED = ("en",)
"""The languages that have a catalogue; dates and numbers follow the reader's full locale."""
_LONG = 200


def speak(app: Flask) -> None:
    """Wire Babel: the person's locale, else the browser's; the person's time zone."""
    speak_tongues(app, _locale_of_reader, _zone_of_reader)
    for formatter in (date_words, date_short, time_words, moment_words, month_words, money_words, zone_words):
        app.jinja_env.filters[formatter.__name__] = formatter
    app.jinja_env.filters["markdown"] = as_html
    app.jinja_env.filters["decimalformat"] = _number
    app.add_template_global(lang)
    app.add_template_global(direction)


def _locale_of_reader() -> Locale:
    person = identity()
    if person is not None:
        return _locale(person.locale)
    if g.get("locale"):
        return _locale(str(g.locale))
    return _locale(guessed_locale() if has_request_context() else "en")


@lru_cache(maxsize=1024)
def _locale(tag: str) -> Locale:
    """Each is read once: Flask-Babel would for each request."""
    return Locale.parse(tag)


def _zone_of_reader() -> str:
    written_for: str | None = g.get("time_zone")
    person = None if written_for else identity()
    return written_for or (person.time_zone if person else "UTC")


@contextmanager
def as_reader(locale: str, time_zone: str) -> Iterator[None]:
    """Write for somebody who is not asking now: a mail's words, dates and times are in their language and zone."""
    g.time_zone = time_zone
    try:
        with force_locale(locale):
            yield
    finally:
        g.pop("time_zone", None)


def guessed_locale() -> str:
    """The browser's first locale that Babel knows and that has a catalogue, such as `en_GB`; else `en`."""
    asked = request_ctx.request.environ.get("HTTP_ACCEPT_LANGUAGE", "")
    return _guessed(asked) if len(asked) < _LONG else _first_known(asked)


def _first_known(asked: str) -> str:
    for tag, _quality in parse_accept_header(asked, LanguageAccept):
        try:
            locale = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        if locale.language in TRANSLATED:
            return str(locale)
    return "en"


_guessed = lru_cache(maxsize=512)(_first_known)
"""Browsers ask for the same few: what one of them means is found out once, as it takes longer than to look it up."""


def lang() -> str:
    """The page's language tag."""
    return tongue().tag.replace("_", "-")


def direction() -> str:
    """`rtl` or `ltr`."""
    return "rtl" if tongue().locale.text_direction == "rtl" else "ltr"


def _zone(zone: str | ZoneInfo | None) -> ZoneInfo:
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone or _zone_of_reader())


def date_words(day: date | datetime, zone: str | ZoneInfo | None = None) -> str:
    """`Thursday 5 March`, with the year when it is not this one. An instant is read in `zone`."""
    local = day.astimezone(_zone(zone)).date() if isinstance(day, datetime) else day
    return _in_words(local, tongue().tag)


def _in_words(day: date, locale: str) -> str:
    return _formatted(day, "EEEE d MMMM" if day.year == clock.now().year else "EEEE d MMMM y", locale)


@lru_cache(maxsize=4096)
def _formatted(day: date, pattern: str, locale: str) -> str:
    """A day in words, remembered: mails of one morning, and lines of one list, are about the same few days."""
    return format_date(day, pattern, locale=locale)


def date_short(day: date | datetime, zone: str | ZoneInfo | None = None) -> str:
    """`5 Mar 2026`."""
    local = day.astimezone(_zone(zone)).date() if isinstance(day, datetime) else day
    return _formatted(local, "d MMM y", tongue().tag)


def dates_short() -> Callable[[datetime, str], str]:
    """`date_short` for the many instants of a list, each in a zone: the reader's language is asked for once."""
    locale = tongue().tag

    def short(instant: datetime, zone: str) -> str:
        return _formatted(instant.astimezone(ZoneInfo(zone)).date(), "d MMM y", locale)

    return short


def time_words(instant: datetime, zone: str | ZoneInfo | None = None) -> str:
    """`12:30`, in the reader's zone unless another is given."""
    local = instant.astimezone(_zone(zone))
    return _time(time(local.hour, local.minute), tongue().tag)


@lru_cache(maxsize=4096)
def _time(of_day: time, locale: str) -> str:
    return format_time(of_day, "HH:mm", locale=locale)


def moment_words(instant: datetime, zone: str | ZoneInfo | None = None) -> str:
    """`Thursday 5 March, 12:30`; the zone is named when it is not the reader's own."""
    there, locale = _zone(zone), tongue().tag
    local = instant.astimezone(there)
    words = f"{_in_words(local.date(), locale)}, {_time(time(local.hour, local.minute), locale)}"
    if there.key == _zone_of_reader():
        return words
    return f"{words} ({_place(there, locale, as_city=False)})"


def zone_words(zone: ZoneInfo) -> str:
    """Whose clock a time is told by, named after its city: `London`."""
    return "UTC" if zone.key == "UTC" else _place(zone, tongue().tag, as_city=True)


@lru_cache(maxsize=1024)
def _place(zone: ZoneInfo, locale: str, *, as_city: bool) -> str:
    """Where a zone is, in words: `London` as a city, `United Kingdom Time` otherwise."""
    return str(get_timezone_location(zone, locale=locale, return_city=as_city))


def month_words(day: date) -> str:
    """`March 2026`; `2026年3月` where it is written so."""
    return _month(day, tongue().tag)


@lru_cache(maxsize=4096)
def _month(day: date, locale: str) -> str:
    return format_skeleton("yMMMM", day, locale=locale)


@put_once
def _number(number: float, pattern: str | None = None) -> str:
    """Babel's filter of the name, remembered: most numbers on a page are small."""
    return str(format_decimal(number, pattern, locale=tongue().locale))


def money_words(minor: int, currency: str) -> str:
    """An amount in the currency's minor unit (ISO 4217), as the reader writes money."""
    return _money(minor, currency, tongue().locale)


@lru_cache(maxsize=4096)
def _money(minor: int, currency: str, locale: Locale) -> str:
    return written_money(minor, currency, locale)
