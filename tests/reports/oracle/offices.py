"""A practice's office drawn by chance: two coaches with their hours, sessions, bookings and money; and its figures."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
from hypothesis import strategies as st

from tests.cast import Cast
from tests.factories import Person
from tests.properties import ZONES
from tests.reports.oracle.stories import begins, looks, number

TAKES_TIME = ("confirmed", "completed", "no_show")
_EDGES = st.sampled_from([timedelta(), timedelta(minutes=-1), timedelta(hours=11), timedelta(days=9, hours=1)])


@dataclass(frozen=True)
class Coach:
    """A coach: where they live, where their hours are if elsewhere, and what is in their calendar.

    `weekly` are (weekday, from, until), `dated` (day, from, until, or None twice), `blocked` (from, until); sessions
    and bookings are (instant, minutes, status).
    """

    home: ZoneInfo
    works_in: ZoneInfo | None
    weekly: tuple[tuple[int, int, int], ...]
    dated: tuple[tuple[date, int | None, int | None], ...]
    blocked: tuple[tuple[datetime, datetime], ...]
    sessions: tuple[tuple[datetime, int, str], ...]
    bookings: tuple[tuple[datetime, int, str], ...]

    @property
    def zone(self) -> ZoneInfo:
        """By which clock their months go."""
        return self.works_in or self.home

    def has(self, at: datetime, months: range) -> bool:
        """Whether an instant lies in these months of theirs."""
        return number(at, self.zone) in months

    def held(self, months: range) -> tuple[int, int]:
        """Sessions that took place, and their minutes."""
        took = [minutes for at, minutes, status in self.sessions if status == "held" and self.has(at, months)]
        return len(took), sum(took)

    def booked(self, months: range) -> int:
        """Minutes that are taken."""
        return sum(took for at, took, status in self.bookings if status in TAKES_TIME and self.has(at, months))

    def available(self, months: range) -> int:
        """Minutes of work, one after another."""
        return sum(self._available(month) for month in months)

    def _available(self, month: int) -> int:
        day, end = date(month // 12, month % 12 + 1, 1), date((month + 1) // 12, (month + 1) % 12 + 1, 1)
        found = 0
        while day < end:
            work = {minute for begin, until in self._ranges(day) for minute in range(begin, until)}
            found += len(work - self._blocked(day))
            day += timedelta(days=1)
        return found

    def _ranges(self, day: date) -> list[tuple[int, int]]:
        other = [(begin, until) for at, begin, until in self.dated if at == day]
        if (None, None) in other:
            return []
        usual = [(begin, until) for weekday, begin, until in self.weekly if weekday == day.weekday()]
        return [(begin, until) for begin, until in other if begin is not None and until is not None] or usual

    def _blocked(self, day: date) -> set[int]:
        midnight, taken = datetime.combine(day, datetime.min.time()), set[int]()
        for since, until in self.blocked:
            begin, end = (at.astimezone(self.zone).replace(tzinfo=None) - midnight for at in (since, until))
            taken.update(range(max(0, int(begin.total_seconds() // 60)), min(1440, int(end.total_seconds() // 60))))
        return taken


@dataclass(frozen=True)
class Money:
    """An entry of the ledger: when, how much, for a booking of a coach's or a package of their client, or nobody's."""

    at: datetime
    amount: int
    currency: str
    coach: int | None
    is_booking: bool


@dataclass(frozen=True)
class Office:
    """Two coaches, their money, and who looks at it when and where."""

    now: datetime
    zone: ZoneInfo
    coaches: tuple[Coach, Coach]
    money: tuple[Money, ...]

    def revenue(self, coach: int | None, months: range) -> dict[str, int]:
        """What came in less what went back, by currency; months are of who looks."""
        found: Counter[str] = Counter()
        for each in self.money:
            if each.coach == coach and number(each.at, self.zone) in months:
                found[each.currency] += each.amount
        return dict(found)


def _instants(now: datetime, zone: ZoneInfo) -> st.SearchStrategy[datetime]:
    this = number(now, zone)
    return st.builds(lambda back, into: begins(this - back, zone) + into, st.integers(-1, 13), _EDGES)


def _quarter(booking: tuple[datetime, int, str]) -> int:
    """Of a minute before and after a month's end only one is booked: nobody gets a coach twice."""
    return int((booking[0] + timedelta(minutes=1)).timestamp()) // 900


@st.composite
def _coaches(draw: st.DrawFn, now: datetime) -> Coach:
    home, works_in = draw(st.sampled_from(ZONES)), draw(st.none() | st.sampled_from(ZONES))
    instants = _instants(now, works_in or home)
    days = instants.map(lambda at: at.date())
    ranges = st.sampled_from([(540, 720), (780, 1080), (1380, 1440)])
    weekly = draw(st.lists(st.tuples(st.integers(0, 6), ranges), max_size=5))
    dated = draw(
        st.lists(st.tuples(days, st.sampled_from([(None, None), (600, 660)])), max_size=3, unique_by=lambda d: d[0])
    )
    blocked = st.builds(lambda at, hours: (at, at + timedelta(hours=hours)), instants, st.sampled_from([3, 30, 100]))
    held = st.tuples(
        instants, st.sampled_from([30, 60, 90]), st.sampled_from(["held", "scheduled", "missed", "cancelled"])
    )
    some = ["confirmed", "completed", "no_show", "cancelled"]
    booked = st.tuples(instants, st.sampled_from([30, 60, 90]), st.sampled_from(some))
    return Coach(
        home,
        works_in,
        tuple((weekday, *between) for weekday, between in dict(weekly).items()),
        tuple((day, *between) for day, between in dated),
        tuple(draw(st.lists(blocked, max_size=3))),
        tuple(draw(st.lists(held, max_size=6))),
        tuple(draw(st.lists(booked, max_size=6, unique_by=_quarter))),
    )


@st.composite
def offices(draw: st.DrawFn) -> Office:
    """An office at an instant near which months and clocks turn."""
    now, zone = draw(looks), draw(st.sampled_from(ZONES))
    amounts = st.sampled_from([9000, 50, -9000, -1])
    money = st.builds(
        Money,
        _instants(now, zone),
        amounts,
        st.sampled_from(["GBP", "JPY"]),
        st.none() | st.integers(0, 1),
        st.booleans(),
    )
    return Office(now, zone, (draw(_coaches(now)), draw(_coaches(now))), tuple(draw(st.lists(money, max_size=8))))


_BOOKING = """
insert into bookings (practice_id, id, client_id, coach_id, starts_at, ends_at, busy_from, busy_until, name, email,
    time_zone, locale, price, currency, free_until_minutes, late_percent, move_until_minutes, status, paid_with, title,
    place_kind, created_at)
values (%(practice)s, gen_random_uuid(), %(client)s, %(coach)s, %(at)s, %(until)s, %(at)s, %(until)s, 'B',
    'b@example.com', 'UTC', 'en_GB', 0, 'GBP', 0, 0, 0, %(status)s, 'coach', 'A', 'video', '2025-01-01') returning id
"""
_SESSION = """
insert into coaching_sessions (practice_id, id, client_id, coach_id, starts_at, minutes, status, created_at, changed_at,
    news_at)
values (%(practice)s, gen_random_uuid(), %(client)s, %(coach)s, %(at)s, %(minutes)s, %(status)s, %(at)s, %(at)s, %(at)s)
"""
_PURCHASE = """
insert into purchases (practice_id, id, client_id, booking_id, package_id, title, name, email, locale, time_zone,
    list_amount, amount, currency, status, account_id, expires_at, created_at, closed_at, paid_at)
values (%(practice)s, gen_random_uuid(), %(client)s, %(booking)s, %(package)s, 'A', 'B', 'b@example.com', 'en_GB',
    'UTC', 900, 900, %(currency)s, 'paid', 'acct_1', %(at)s, %(at)s, %(at)s, %(at)s) returning id
"""
_ENTRY = """
insert into ledger_entries (practice_id, id, purchase_id, kind, amount, currency, reference, happened_at, created_at)
values (%(practice)s, gen_random_uuid(), %(purchase)s, %(kind)s, %(amount)s, %(currency)s, gen_random_uuid()::text,
    %(at)s, %(at)s)
"""
_HOURS = """
insert into weekly_hours (practice_id, id, coach_id, weekday, from_minute, until_minute)
values (%(practice)s, gen_random_uuid(), %(coach)s, %(weekday)s, %(begin)s, %(end)s)
"""
_DATED = """
insert into dated_hours (practice_id, id, coach_id, first_day, last_day, from_minute, until_minute)
values (%(practice)s, gen_random_uuid(), %(coach)s, %(day)s, %(day)s, %(begin)s, %(end)s)
"""
_BLOCKED = """
insert into blocked_times (practice_id, id, coach_id, starts_at, ends_at, created_at)
values (%(practice)s, gen_random_uuid(), %(coach)s, %(at)s, %(until)s, %(at)s)
"""
_PROFILE = "insert into coach_profiles (practice_id, coach_id, time_zone) values (%(practice)s, %(coach)s, %(zone)s)"
_HOME = "update users set time_zone = %(zone)s where id = %(coach)s"


def open_office(
    admin: psycopg.Connection, cast: Cast, office: Office, people: tuple[tuple[Person, Person], ...], package: object
) -> None:
    """Write an office down; `people` are the coaches, each with a client."""
    for coach, (person, client) in zip(office.coaches, people, strict=True):
        key = {"practice": cast.ana.practice_id, "coach": person.user_id, "client": client.client_id}
        _keep_hours(admin, coach, key)
        for at, minutes, status in coach.sessions:
            admin.execute(_SESSION, {**key, "at": at, "minutes": minutes, "status": status})
        for at, minutes, status in coach.bookings:
            admin.execute(_BOOKING, {**key, "at": at, "until": at + timedelta(minutes=minutes), "status": status})
    for place, each in enumerate(office.money):
        _enter(admin, cast, each, people, package, place)


def _keep_hours(admin: psycopg.Connection, coach: Coach, key: dict[str, object]) -> None:
    admin.execute(_HOME, {**key, "zone": coach.home.key})
    if coach.works_in:
        admin.execute(_PROFILE, {**key, "zone": coach.works_in.key})
    for weekday, begin, end in coach.weekly:
        admin.execute(_HOURS, {**key, "weekday": weekday, "begin": begin, "end": end})
    for day, since, until in coach.dated:
        admin.execute(_DATED, {**key, "day": day, "begin": since, "end": until})
    for begins_at, ends_at in coach.blocked:
        admin.execute(_BLOCKED, {**key, "at": begins_at, "until": ends_at})


def _enter(
    admin: psycopg.Connection,
    cast: Cast,
    each: Money,
    people: tuple[tuple[Person, Person], ...],
    package: object,
    place: int,
) -> None:
    key: dict[str, object] = {"practice": cast.ana.practice_id, "at": each.at, "currency": each.currency}
    coach, client = people[each.coach] if each.coach is not None else (None, None)
    booking = None
    if coach and client and each.is_booking:
        at = datetime(2031, 1, 1 + place, 12, tzinfo=each.at.tzinfo)
        when = {"at": at, "until": at + timedelta(hours=1), "status": "cancelled"}
        whose = {"client": client.client_id, "coach": coach.user_id}
        booking = _id(admin.execute(_BOOKING, {**key, **when, **whose}))
    bought = {
        "client": client.client_id if client else None,
        "booking": booking,
        "package": None if booking else package,
    }
    purchase = _id(admin.execute(_PURCHASE, {**key, **bought}))
    kind = "payment" if each.amount > 0 else "refund"
    admin.execute(_ENTRY, {**key, "purchase": purchase, "kind": kind, "amount": each.amount})


def _id(found: psycopg.Cursor) -> object:
    row = found.fetchone()
    return row[0] if row else None
