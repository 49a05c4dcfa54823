"""Months are the client's own: the client's zone decides when one begins and ends."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from coachhub.platform.local_time import first_of_month, local_day, start_of_day

_WRITTEN = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, written 2026-11. Raises ValueError for one that no calendar has."""

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that `day` lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month written as `2026-11`; ValueError for anything else."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def local(cls, now: datetime, zone: ZoneInfo) -> Self:
        """The month running in `zone` at `now`: the one with `starts_at <= now < ends_at`.

        Once begun it stays begun: where the clock goes back over midnight of the 1st, the repeated hour
        belongs to the new month.
        """
        shown = cls.of(local_day(now, zone))
        return shown if now < shown.ends_at(zone) else shown.next()

    def first_day(self) -> date:
        """The 1st."""
        return date(self.year, self.month, 1)

    def last_day(self) -> date:
        """The 28th to 31st."""
        return self.next().first_day() - timedelta(days=1)

    def plus(self, months: int) -> Self:
        """The month `months` later, or earlier when negative."""
        return self.of(first_of_month(self.first_day(), months))

    def next(self) -> Self:
        """The month after."""
        return self.plus(1)

    def previous(self) -> Self:
        """The month before."""
        return self.plus(-1)

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """The UTC instant of local midnight of the 1st, or of the first instant after it that exists."""
        return start_of_day(self.first_day(), zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """The UTC instant at which the next month begins; itself no longer part of this one."""
        return _ends_at(self, zone)


def day_of_month(now: datetime, zone: ZoneInfo) -> int:
    """The day, 1 to 31, of the month running in `zone` at `now`."""
    return running_day(now, zone).day


def days_left(now: datetime, zone: ZoneInfo) -> int:
    """The local days left in the running month, today counted: on the last day one is left."""
    return left_from(running_day(now, zone))


def running_day(now: datetime, zone: ZoneInfo) -> date:
    """The local day, or the 1st of the running month where the clock has gone back over midnight of it."""
    return max(local_day(now, zone), Month.local(now, zone).first_day())


def left_from(day: date) -> int:
    """The days left in its month, itself counted."""
    return monthrange(day.year, day.month)[1] - day.day + 1


@lru_cache(maxsize=1024)
def _ends_at(month: Month, zone: ZoneInfo) -> datetime:
    """Remembered: whatever is about a running month asks, and it is the same few for all."""
    return month.next().starts_at(zone)
