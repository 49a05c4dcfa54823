"""A month of free times as its page shows it: all of it text already, so that drawing it formats nothing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_time, get_day_names
from flask_babel import get_locale

from coachhub.booking.rules.month_page import Reach, weeks_of
from coachhub.booking.service.slots import Slot
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
class MonthView:
    """A month and the times of one of its days. Addresses are empty where they would lead nowhere."""

    title: str
    before: str
    after: str
    heads: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[Cell | None, ...], ...]
    day: str
    times: tuple[tuple[str, str], ...]


def month_view(
    month: date, reach: Reach, days: dict[date, list[Slot]], asked: date | None, zone: ZoneInfo, way: Way
) -> MonthView:
    """The month, open at the day that was asked for, or at its first day with a time."""
    day = asked if asked is not None and asked in days else next(iter(days), None)
    first_weekday, heads = _weekdays(str(get_locale() or "en"))
    before, after = reach.before(month), reach.after(month)
    return MonthView(
        title=month_words(month),
        before=way.to(month=f"{before:%Y-%m}") if before else "",
        after=way.to(month=f"{after:%Y-%m}") if after else "",
        heads=heads,
        weeks=_weeks(month, first_weekday, days, day, way),
        day=date_words(day) if day else "",
        times=_times(days[day], zone, way) if day else (),
    )


def slot_address(way: Way, starts_at: datetime) -> str:
    """Where one time is booked."""
    return way.to(at=written_instant(starts_at))


def written_instant(at: datetime) -> str:
    """An instant as addresses carry it: `2026-03-05T12:30Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def _weeks(
    month: date, first_weekday: int, days: dict[date, list[Slot]], chosen: date | None, way: Way
) -> tuple[tuple[Cell | None, ...], ...]:
    begun = f"{way.to(month=f'{month:%Y-%m}')}&day="
    drawn = _drawn(month, first_weekday, str(get_locale() or "en"), clock.now().year)
    return tuple(
        tuple(
            (day.day, f"{begun}{day}" if day in days else "", words, day == chosen) if day else None
            for day, words in week
        )
        for week in drawn
    )


@lru_cache(maxsize=256)
def _drawn(
    month: date, first_weekday: int, locale: str, _this_year: int
) -> tuple[tuple[tuple[date | None, str], ...], ...]:
    """The days of a month with their words, which say the year where it is not this one: written once, shown often."""
    weeks = weeks_of(month, first_weekday)
    return tuple(tuple((day, date_words(day) if day else "") for day in week) for week in weeks)


def _times(slots: list[Slot], zone: ZoneInfo, way: Way) -> tuple[tuple[str, str], ...]:
    """A local time that comes twice, on the night when clocks are set back, is told with what its clock is called."""
    locale, begun = str(get_locale() or "en"), way.to(at="")
    local = [slot.starts_at.astimezone(zone) for slot in slots]
    shown = [_clock_words(at.hour, at.minute, locale) for at in local]
    twice = {words for words in shown if shown.count(words) > 1} if len(set(shown)) < len(shown) else set()
    return tuple(
        (f"{words} {at.tzname()}" if words in twice else words, begun + written_instant(slot.starts_at))
        for words, at, slot in zip(shown, local, slots, strict=True)
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
