"""A coach's calendar for `coachhub bench booking`: months full of bookings, one of them with a change of the clocks."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg

from coachhub.bench.scratch import Scratch
from coachhub.platform import clock
from coachhub.platform.local_time import first_of_month, local_instant, start_of_day

ZONE = ZoneInfo("Europe/London")
RUSH, ORDINARY_ONE = "rush", "hour"
"""The offering that a crowd books at once, and the one of which the page is asked for."""
ORDINARY = 60
"""Bookings of a month in which a coach does other things, too."""
_PIECE = timedelta(minutes=15)
_WORKDAY = 16 * 4
"""From six in the morning until ten in the evening, in pieces."""
_TAKES = 3
"""A booking with its buffers, in pieces: half an hour, 5 minutes before it and 10 after it."""
_BREAKS = 3
_MONTHS_BEFORE, _MONTHS_AFTER = 6, 2


@dataclass(frozen=True)
class BookedMonth:
    """Where it is: the month from `first` until `last`, with so many bookings of the coach in it."""

    coach_id: UUID
    full_id: UUID
    rush_id: UUID
    first: datetime
    last: datetime
    bookings: int

    @property
    def ordinary_path(self) -> str:
        """The booker's page of the month after, with ORDINARY bookings in it."""
        return f"/p/bench/{ORDINARY_ONE}?month={self.last.astimezone(ZONE):%Y-%m}&zone={ZONE.key}"


_TERMS: LiteralString = """
insert into coach_profiles (practice_id, coach_id, time_zone) values (%(practice)s, %(coach)s, %(zone)s)
  on conflict (practice_id, coach_id) do update set time_zone = excluded.time_zone;
delete from weekly_hours where practice_id = %(practice)s;
insert into weekly_hours (practice_id, coach_id, weekday, from_minute, until_minute)
  select %(practice)s, %(coach)s, day, 360, 1320 from generate_series(0, 6) day;
insert into dated_hours (practice_id, coach_id, first_day, last_day)
  select %(practice)s, %(coach)s, day, day from unnest(array[%(first)s::date - 40, %(first)s::date + 60]) day;
insert into blocked_times (practice_id, coach_id, starts_at, ends_at, created_at)
  select %(practice)s, %(coach)s, at + interval '21 hours', at + interval '23 hours', now()
  from generate_series(%(first)s - interval '30 days', %(last)s, interval '7 days') at;
insert into offerings (practice_id, id, slug, title, status, minutes, price, currency, place_kind, buffer_before,
    buffer_after, notice_minutes, horizon_days, step_minutes, created_at, changed_at)
  values
    (%(practice)s, %(full)s, 'full', 'A session', 'open', 30, 9000, 'GBP', 'video', 5, 10, 720, 400, 15, now(), now()),
    (%(practice)s, %(rush)s, 'rush', 'A call', 'open', 15, 0, 'GBP', 'video', 0, 0, 60, 400, 15, now(), now()),
    (%(practice)s, uuidv7(), 'hour', 'An hour', 'open', 60, 9000, 'GBP', 'video', 0, 15, 720, 400, 60, now(), now());
insert into offering_coaches (practice_id, offering_id, coach_id)
  select practice_id, id, %(coach)s from offerings where practice_id = %(practice)s and slug <> 'intro';
"""
_COPY: LiteralString = (
    "copy bookings (practice_id, coach_id, offering_id, client_id, status, starts_at, ends_at, busy_from, busy_until, "
    "title, name, email, time_zone, locale, place_kind, price, currency, paid_with, free_until_minutes, late_percent, "
    "move_until_minutes, created_at) from stdin"
)
_WHO = ("A session", "Client", "client-1@bench.example", ZONE.key, "en_GB")
_WHAT = ("video", 9000, "GBP", "money", 1440, 50, 1440)


def make_booked_month(scratch: Scratch, bookings: int) -> BookedMonth:
    """The calendar of the practice's coach: as many bookings in the months around, but for the ordinary one after."""
    client_id = scratch.client(1, friends=1).client_id
    month = _month_with_a_change()
    first, last = start_of_day(month, ZONE), start_of_day(first_of_month(month, 1), ZONE)
    made = BookedMonth(scratch.staff.coach_ids[0], uuid4(), uuid4(), first, last, bookings)
    keys = {"practice": scratch.staff.practice_id, "coach": made.coach_id, "full": made.full_id, "rush": made.rush_id}
    with psycopg.connect(scratch.superuser_url, cursor_factory=psycopg.ClientCursor) as admin:
        admin.execute(_TERMS, {**keys, "zone": ZONE.key, "first": first, "last": last})
        with admin.cursor().copy(_COPY) as copy:
            for number in range(-_MONTHS_BEFORE, _MONTHS_AFTER + 1):
                for at in _starts(first_of_month(month, number), ORDINARY if number == 1 else bookings):
                    copy.write_row(_row(scratch.staff.practice_id, made, client_id, at))
    scratch.as_admin("vacuum analyze")
    return made


def _month_with_a_change() -> date:
    """The next month in which clocks change that has not begun yet."""
    month = first_of_month(clock.machine_now().date(), 1)
    while ZONE.utcoffset(_noon(month)) == ZONE.utcoffset(_noon(first_of_month(month, 1))):
        month = first_of_month(month, 1)
    return month


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZONE)


def _starts(month: date, bookings: int) -> Iterator[datetime]:
    """When they begin: as many each day, one after the other but for a few breaks."""
    days = (first_of_month(month, 1) - month).days
    chance = random.Random(month.toordinal())  # noqa: S311 (a story, not a secret)
    for number in range(days):
        count = bookings * (number + 1) // days - bookings * number // days
        opens = local_instant(month + timedelta(days=number), time(6), ZONE)
        breaks, pause = [chance.randint(0, count) for _ in range(_BREAKS)], (_WORKDAY - _TAKES * count) // _BREAKS
        for place in range(count):
            rested = pause * sum(each <= place for each in breaks)
            yield opens + _PIECE * (rested + place * _TAKES) + timedelta(minutes=5)


def _row(practice_id: UUID, made: BookedMonth, client_id: UUID, at: datetime) -> tuple[Any, ...]:
    ends_at = at + timedelta(minutes=30)
    times = (at, ends_at, at - timedelta(minutes=5), ends_at + timedelta(minutes=10))
    return (
        practice_id,
        made.coach_id,
        made.full_id,
        client_id,
        "confirmed",
        *times,
        *_WHO,
        *_WHAT,
        at - timedelta(days=9),
    )
