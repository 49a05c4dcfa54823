"""A month of free times as its page shows it. Drawing one takes longer than finding its times: it is done once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_time, get_day_names
from flask import current_app
from flask_babel import get_locale
from markupsafe import Markup

from coachhub.booking.rules.month_page import Reach, weeks_of
from coachhub.platform import clock
from coachhub.platform.language import date_words, month_words

Cell = tuple[int, str, str, bool]
"""A day: its number, where it leads (empty: nowhere), how it is read out, and whether it is the one that is open."""


@dataclass(frozen=True)
class Way:
    """An address of the booker, with what every link on the page carries on."""

    path: str
    kept: tuple[tuple[str, str], ...]

    def to(self, **more: str) -> str:
        """The address that says this, too."""
        said = (*self.kept, *more.items())
        return f"{self.path}?{urlencode(said, safe=':/')}" if said else self.path


@dataclass(frozen=True)
class Asked:
    """What the page of a month depends on, and nothing else does: the same is drawn once, and shown again.

    `free` are the days that have a time, `day` the one that is open, with the instants (UTC) of its times.
    `this_year` and `locale` decide how days are written.
    """

    month: date
    reach: Reach
    free: tuple[date, ...]
    day: date | None
    times: tuple[datetime, ...]
    zone: ZoneInfo
    way: Way
    locale: str
    this_year: int


@dataclass(frozen=True)
class MonthView:
    """A month and the times of one of its days. Addresses are empty where they would lead nowhere."""

    title: str
    before: str
    after: str
    heads: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Cell | None, ...], ...]
    day: str
    times: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DrawnMonth:
    """The month as HTML: its calendar, and the times of the open day, where there are any."""

    title: str
    calendar: Markup
    times: Markup


def month_of(
    month: date, reach: Reach, days: dict[date, list[int]], wanted: date | None, zone: ZoneInfo, way: Way
) -> DrawnMonth:
    """The month, open at the day that was asked for, or at its first day with a time."""
    day = wanted if wanted is not None and wanted in days else next(iter(days), None)
    times = tuple([datetime.fromtimestamp(at, UTC) for at in days[day]]) if day else ()
    locale = str(get_locale() or "en")
    return _drawn(Asked(month, reach, tuple(days), day, times, zone, way, locale, clock.now().year))


@lru_cache(maxsize=512)
def _drawn(asked: Asked) -> DrawnMonth:
    view = month_view(asked)
    parts: Any = current_app.jinja_env.get_template("booking/month_parts.html").module
    return DrawnMonth(view.title, parts.calendar(view), parts.times(view) if view.times else Markup())


def month_view(asked: Asked) -> MonthView:
    """The month in words and addresses."""
    month, way = asked.month, asked.way
    before, after = asked.reach.before(month), asked.reach.after(month)
    first_weekday, heads = _weekdays(asked.locale)
    return MonthView(
        title=month_words(month),
        before=way.to(month=f"{before:%Y-%m}") if before else "",
        after=way.to(month=f"{after:%Y-%m}") if after else "",
        heads=heads,
        weeks=_weeks(asked, first_weekday),
        day=date_words(asked.day) if asked.day else "",
        times=_times(asked),
    )


def slot_address(way: Way, starts_at: datetime) -> str:
    """Where one time is booked."""
    return way.to(at=written_instant(starts_at))


def written_instant(at: datetime) -> str:
    """An instant as addresses carry it: `2026-03-05T12:30Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _weeks(asked: Asked, first_weekday: int) -> tuple[tuple[Cell | None, ...], ...]:
    begun = f"{asked.way.to(month=f'{asked.month:%Y-%m}')}&day="
    return tuple(
        tuple(
            (day.day, f"{begun}{day}" if day in asked.free else "", date_words(day), day == asked.day) if day else None
            for day in week
        )
        for week in weeks_of(asked.month, first_weekday)
    )


def _times(asked: Asked) -> tuple[tuple[str, str], ...]:
    """A local time that comes twice, on the night when clocks are set back, is told with what its clock is called."""
    begun = asked.way.to(at="")
    local = [at.astimezone(asked.zone) for at in asked.times]
    shown = [_clock_words(at.hour, at.minute, asked.locale) for at in local]
    twice = {words for words in shown if shown.count(words) > 1} if len(set(shown)) < len(shown) else set()
    return tuple(
        (f"{words} {there.tzname()}" if words in twice else words, begun + written_instant(at))
        for words, there, at in zip(shown, local, asked.times, strict=True)
    )


@lru_cache(maxsize=4096)
def _clock_words(hour: int, minute: int, locale: str) -> str:
    return str(format_time(time(hour, minute), "HH:mm", locale=locale))


@lru_cache(maxsize=64)
def _weekdays(locale: str) -> tuple[int, tuple[tuple[str, str], ...]]:
    """On which weekday a week begins (0: Monday), and the days from there: short, and in full."""
    first = Locale.parse(locale).first_week_day
    short, full = get_day_names("short", locale=locale), get_day_names("wide", locale=locale)
    return first, tuple((short[(first + n) % 7], full[(first + n) % 7]) for n in range(7))
