"""How the networks of a group grow, and what comes of its messages."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.habits.rules import Month
from coachhub.habits.service.histories import History, number_of
from coachhub.network.service.by_month import ReplyMonth, networks_by_month, replies_by_month
from coachhub.reports.rules import share_of
from coachhub.reports.service.cohort.group import Group, histories_of

MONTHS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class StrengthMonth:
    """The networks of so many clients at the end of a month, or now: the median and the mean of their strength.

    A client counts from the month in which they began to the one in which they left, with one friend or more. None
    where nobody does. `stronger` of
    `compared` have a stronger network than twelve months before; compared are those who counted then, too.
    """

    month: Month
    clients: int
    median: float | None
    mean: float | None
    compared: int = 0
    stronger: int = 0

    @property
    def stronger_share(self) -> int | None:
        """How many percent are stronger; None where nobody can be compared."""
        return share_of(self.stronger, self.compared)


@dataclass(frozen=True, slots=True)
class Replies:
    """Friends written to in a month (None: in all of them together): so many answered, were met after that."""

    month: Month | None
    written: int
    answered: int
    met_again: int

    @property
    def reply_rate(self) -> int | None:
        """How many percent answered; None where nobody was written to."""
        return share_of(self.answered, self.written)

    @property
    def reconnect_rate(self) -> int | None:
        """How many percent were met after that; None where nobody was written to."""
        return share_of(self.met_again, self.written)


@dataclass(frozen=True)
class NetworksSeen:
    """Twelve months, oldest first, the running one last. `has_begun`: it runs for everybody, wherever they live."""

    strengths: tuple[StrengthMonth, ...]
    replies: tuple[Replies, ...]
    total: Replies
    beginnings: Mapping[Month, int]
    has_begun: bool = True

    @property
    def year(self) -> StrengthMonth:
        """The month that is compared with the one twelve months before: the latest that has begun for everybody, so
        that nobody is left out for living where it begins last.
        """
        return self.strengths[-1 if self.has_begun else -2]


def networks_seen(group: Group, now: datetime, zone: ZoneInfo) -> NetworksSeen:
    """The networks of a group, in numbers. Three statements."""
    found = histories_of(group, now)
    this = Month.local(now, zone)
    known = [this.plus(back - 2 * MONTHS_SHOWN + 1) for back in range(2 * MONTHS_SHOWN)]
    months = known[MONTHS_SHOWN:]
    clients = {history.client_id: history for history in found.of_group}
    of_habit = group.habit_id is not None
    by_client = _strengths(clients, known, now, of_habit=of_habit)
    replies = _replies(clients, months, now, of_habit=of_habit)
    return NetworksSeen(
        strengths=tuple(_strength_month(month, by_client.values()) for month in months),
        replies=replies,
        total=_total(replies),
        beginnings=found.beginnings,
        has_begun=all(history.current >= number_of(this) for history in found.of_group),
    )


def _strengths(
    clients: Mapping[UUID, History], months: Sequence[Month], now: datetime, *, of_habit: bool
) -> Mapping[UUID, Mapping[Month, float]]:
    """The strength of each client's network by month, from the one in which they began to that in which they left."""
    by_day = {month.first_day(): month for month in months}
    found: dict[UUID, dict[Month, float]] = defaultdict(dict)
    for row in networks_by_month(list(clients), list(by_day), now):
        month, history = by_day[row.month], clients[row.client_id]
        if history.first <= number_of(month) and _is_there(history, month, of_habit=of_habit):
            found[row.client_id][month] = row.strength
    return found


def _is_there(history: History, month: Month, *, of_habit: bool) -> bool:
    """Whether a month of a client counts: until they left, and of a habit only those that were given to it."""
    number = number_of(month)
    return (history.left is None or number <= history.left) and (not of_habit or number in history.months)


def _strength_month(month: Month, by_client: Iterable[Mapping[Month, float]]) -> StrengthMonth:
    here = [of_month for of_month in by_client if month in of_month]
    if not here:
        return StrengthMonth(month, 0, None, None)
    values, before = [of_month[month] for of_month in here], month.plus(-MONTHS_SHOWN)
    gained = [of_month[month] - of_month[before] for of_month in here if before in of_month]
    return StrengthMonth(
        month,
        len(values),
        median(values),
        fmean(values),
        compared=len(gained),
        stronger=sum(each > 0 for each in gained),
    )


def _replies(
    clients: Mapping[UUID, History], months: Sequence[Month], now: datetime, *, of_habit: bool
) -> tuple[Replies, ...]:
    found: dict[Month, list[ReplyMonth]] = {month: [] for month in months}
    for row in replies_by_month(list(clients), months[0].first_day(), now):
        month = Month.of(row.month)
        if month in found and _is_there(clients[row.client_id], month, of_habit=of_habit):
            found[month].append(row)
    return tuple(_sum(month, rows) for month, rows in found.items())


def _sum(month: Month, rows: Sequence[ReplyMonth]) -> Replies:
    written, answered = sum(row.written for row in rows), sum(row.answered for row in rows)
    return Replies(month, written, answered, sum(row.met_again for row in rows))


def _total(months: Sequence[Replies]) -> Replies:
    written, answered = sum(each.written for each in months), sum(each.answered for each in months)
    return Replies(None, written, answered, sum(each.met_again for each in months))
