"""Hours invested: the time that clients spend with friends, beside the time that their habits ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from coachhub.habits.rules import CycleResult, Month
from coachhub.habits.service.histories import History, number_of
from coachhub.reports.rules import share_of
from coachhub.reports.service.cohort.group import Group, histories_of

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class HoursMonth:
    """A month of a group (None: several together), in minutes: spent in so many meetups, and asked by their habits.

    `clients` are those whose month did not rest; of several months together, so many months of clients.
    """

    month: Month | None
    clients: int
    meetups: int
    minutes: int
    asked: int

    @property
    def share(self) -> int | None:
        """Spent of asked, in percent; None where nothing was asked."""
        return share_of(self.minutes, self.asked)

    @property
    def of_client(self) -> float | None:
        """The minutes that a client spent in a month, on average; None without clients."""
        return self.minutes / self.clients if self.clients else None


@dataclass(frozen=True)
class HoursSeen:
    """Twelve months, oldest first, the running one last; and all of them together."""

    months: tuple[HoursMonth, ...]
    total: HoursMonth
    beginnings: Mapping[Month, int]


def hours_seen(group: Group, now: datetime, zone: ZoneInfo) -> HoursSeen:
    """The hours of a group. One statement."""
    found = histories_of(group, now)
    this = Month.local(now, zone)
    months = tuple(_month(this.plus(back - MONTHS_SHOWN + 1), found.of_group) for back in range(MONTHS_SHOWN))
    return HoursSeen(months, _together(months), found.beginnings)


def _month(month: Month, group: Iterable[History]) -> HoursMonth:
    """What is done in a month that rests counts, but nothing is asked of it."""
    number = number_of(month)
    here = [history for history in group if number in history.months]
    return HoursMonth(
        month=month,
        clients=sum(history.months[number].result is not CycleResult.PAUSED for history in here),
        meetups=sum(history.months[number].held for history in here),
        minutes=sum(history.minutes.get(number, 0) for history in here),
        asked=sum(history.asked_in(number) for history in here),
    )


def _together(months: Iterable[HoursMonth]) -> HoursMonth:
    names = ("clients", "meetups", "minutes", "asked")
    return HoursMonth(None, *(sum(getattr(month, name) for month in months) for name in names))
