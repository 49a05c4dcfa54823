"""Coaches side by side: whom they look after, what they held, what came in, how full their hours are."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from coachhub.accounts.service.members import coaches
from coachhub.booking.rules.utilisation import utilisation
from coachhub.booking.service.coach_periods import zones_of_coaches
from coachhub.booking.service.workload import Workload, workloads
from coachhub.coaching.service.held import Held, held_by_coach
from coachhub.habits.rules import Month
from coachhub.payments.service.revenue import revenue_by_coach
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from coachhub.reports.models import ClientStanding
from coachhub.reports.rules import Standing, does_month_count, share_of
from coachhub.reports.service.standings import refresh_standings

_NOT_LOOKED_AFTER = (Standing.ARCHIVED, Standing.INVITED)


class Period(StrEnum):
    """Of which months the figures are."""

    THIS = "this"
    LAST = "last"
    THREE = "3"
    TWELVE = "12"


@dataclass(frozen=True, slots=True)
class CoachLine:
    """A coach (None: nobody's) as the owner compares them.

    `clients` have started and are not in the archive; `on_track` of `counted` have a month that counts. The rest is of
    the period; money in minor units, by currency.
    """

    coach_id: UUID | None
    name: str
    clients: int
    on_track: int
    counted: int
    sessions: int
    minutes: int
    booked: int
    available: int
    money: tuple[tuple[str, int], ...]

    @property
    def on_track_share(self) -> int | None:
        """How many percent are on track; None where nobody's month counts."""
        return share_of(self.on_track, self.counted)

    @property
    def utilisation(self) -> int | None:
        """How many percent of their hours are booked; None without hours."""
        return utilisation(self.booked, self.available)


@dataclass(frozen=True)
class CoachesSeen:
    """Everybody who works in the practice, by name, and all together."""

    lines: tuple[CoachLine, ...]
    total: CoachLine
    first: Month
    last: Month


def months_of_period(period: Period, now: datetime, zone: ZoneInfo) -> tuple[Month, Month]:
    """The first and the last month of a period: the running one, or so many that are over."""
    this = Month.local(now, zone)
    if period is Period.THIS:
        return this, this
    back = {Period.LAST: 1, Period.THREE: 3, Period.TWELVE: 12}[period]
    return this.plus(-back), this.previous()


def coaches_seen(period: Period, now: datetime, zone: ZoneInfo) -> CoachesSeen:
    """The coaches of the practice in a period. Months of sessions and hours are of each coach's zone, those of money
    of `zone`. Some dozen statements, however many coaches and clients.
    """
    first, last = months_of_period(period, now, zone)
    days = first.first_day(), last.first_day()
    refresh_standings(now)
    stand = _standings()
    held, loads = held_by_coach(zones_of_coaches(), *days), workloads(*days)
    money = _money(first, last, zone)
    named: list[tuple[UUID | None, str]] = [(coach.user_id, coach.name) for coach in coaches()]
    strangers = [(coach_id, "") for coach_id in money if coach_id not in dict(named)]
    lines = tuple(_line(*who, stand, held, loads, money) for who in (*named, *strangers))
    return CoachesSeen(lines, _together(lines), first, last)


def _line(
    coach_id: UUID | None,
    name: str,
    stand: Mapping[UUID | None, Counter[Standing]],
    held: Mapping[UUID, Held],
    loads: Mapping[UUID, Workload],
    money: Mapping[UUID | None, Mapping[str, int]],
) -> CoachLine:
    where = stand.get(coach_id, Counter())
    none: tuple[Held, Workload] = (Held(0, 0), Workload(0, 0))
    sessions, load = (held.get(coach_id, none[0]), loads.get(coach_id, none[1])) if coach_id else none
    return CoachLine(
        coach_id=coach_id,
        name=name,
        clients=sum(count for standing, count in where.items() if standing not in _NOT_LOOKED_AFTER),
        on_track=where[Standing.ON_TRACK],
        counted=sum(count for standing, count in where.items() if does_month_count(standing)),
        sessions=sessions.sessions,
        minutes=sessions.minutes,
        booked=load.booked,
        available=load.available,
        money=tuple(sorted(money.get(coach_id, {}).items())),
    )


def _standings() -> dict[UUID | None, Counter[Standing]]:
    chosen = (
        select(ClientStanding.coach_id, ClientStanding.standing, func.count())
        .where(ClientStanding.practice_id == current_practice())
        .group_by(ClientStanding.coach_id, ClientStanding.standing)
    )
    found: dict[UUID | None, Counter[Standing]] = defaultdict(Counter)
    for coach_id, standing, count in db.session.execute(chosen):
        found[coach_id][Standing(standing)] += count
    return found


def _money(first: Month, last: Month, zone: ZoneInfo) -> dict[UUID | None, dict[str, int]]:
    found: dict[UUID | None, dict[str, int]] = defaultdict(dict)
    for each in revenue_by_coach(first.starts_at(zone), last.ends_at(zone)):
        found[each.coach_id][each.currency] = each.amount
    return found


def _together(lines: Sequence[CoachLine]) -> CoachLine:
    names = ("clients", "on_track", "counted", "sessions", "minutes", "booked", "available")
    sums = {name: sum(getattr(line, name) for line in lines) for name in names}
    money: dict[str, int] = defaultdict(int)
    for line in lines:
        for currency, amount in line.money:
            money[currency] += amount
    return CoachLine(coach_id=None, name="", money=tuple(sorted(money.items())), **sums)
