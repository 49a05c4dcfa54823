"""How much of their hours coaches have booked, and that a month's hours stay what they were."""

from datetime import date, timedelta
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.booking.models import BookingStatus
from coachhub.booking.rules.day_ranges import DayRange
from coachhub.booking.rules.utilisation import minutes_available, utilisation
from coachhub.booking.service.availability import Week, WeekEntry, keep_week
from coachhub.booking.service.blocking import block_time
from coachhub.booking.service.other_days import OtherDaysEntry, add_other_days
from coachhub.booking.service.workload import Workload, note_hours, ring_for_all, workloads
from coachhub.platform.clock import FixedClock
from tests.booking.booked import NEXT_MONDAY, an_offering, confirmed, held
from tests.booking.office import working
from tests.cast import Cast
from tests.fakes import KeptQueue

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
MONDAYS: Week = ((DayRange(540, 720),), (), (), (), (), (), ())
"""Three hours each Monday: March 2026 has five."""
_stretches = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 900)).map(lambda each: (each[0], sum(each))))


def _week(cast: Cast, week: Week = MONDAYS) -> None:
    with working(cast):
        keep_week(cast.ana.user_id, WeekEntry("Europe/London", None, week))


def _load(cast: Cast, first: date = MARCH, last: date = MARCH) -> Workload:
    with working(cast):
        return workloads(first, last)[cast.ana.user_id]


@pytest.mark.parametrize(("booked", "available", "percent"), [(30, 60, 50), (90, 60, 150), (0, 60, 0), (60, 0, None)])
def test_it_is_booked_minutes_of_available_minutes(booked: int, available: int, percent: int | None) -> None:
    assert utilisation(booked, available) == percent


@given(blocked=_stretches)
def test_it_takes_each_blocked_minute_away_once(blocked: list[tuple[int, int]]) -> None:
    work = [(600, 1200), (1800, 2400)]
    free = {second for begin, end in work for second in range(begin, end)}
    for begin, end in blocked:
        free -= set(range(begin, end))
    assert minutes_available(work, blocked) == len(free) // 60


def test_it_counts_a_month_of_weekly_hours_without_holidays_and_blocked_times(cast: Cast) -> None:
    _week(cast)
    assert _load(cast) == Workload(0, 5 * 180)
    with working(cast):
        add_other_days(cast.ana.user_id, OtherDaysEntry(date(2026, 3, 16), date(2026, 3, 16), (), ""))
        block_time(cast.ana.user_id, NEXT_MONDAY, NEXT_MONDAY + timedelta(hours=8))  # 10:00 to 18:00
    assert _load(cast) == Workload(0, 3 * 180 + 60)
    assert _load(cast, MARCH, APRIL).available == 3 * 180 + 60 + 4 * 180


def test_it_counts_bookings_that_take_time_in_the_coachs_own_month(cast: Cast, admin: psycopg.Connection) -> None:
    hour = an_offering(cast.app, cast.ana)
    for n, status in enumerate((BookingStatus.COMPLETED, BookingStatus.NO_SHOW, BookingStatus.CANCELLED)):
        _stand(admin, confirmed(cast, f"V{n}", hour, NEXT_MONDAY + n * timedelta(hours=2)), status)
    held(cast, "Hal", hour, NEXT_MONDAY + timedelta(days=1))
    april_there = confirmed(cast, "Zoe", hour, NEXT_MONDAY + timedelta(days=2))
    admin.execute(
        "update bookings set busy_from = busy_from, starts_at = '2026-03-31 23:00Z', ends_at = "
        "'2026-04-01 00:00Z', busy_until = '2026-04-01 00:00Z' where id = %s",
        [april_there],
    )
    with working(cast):
        keep_week(cast.ana.user_id, WeekEntry("Pacific/Kiritimati", None, MONDAYS))
    assert _load(cast).booked == 120
    assert _load(cast, APRIL, APRIL).booked == 60


def _stand(admin: psycopg.Connection, booking_id: UUID, status: BookingStatus) -> None:
    admin.execute("update bookings set status = %s where id = %s", [status.value, booking_id])


def test_it_keeps_what_a_months_hours_came_to(cast: Cast, clock: FixedClock) -> None:
    _week(cast)
    clock.instant = NEXT_MONDAY + timedelta(days=25)  # 3 April
    with cast.app.app_context():
        note_hours(cast.ana.practice_id)
    _week(cast, ((DayRange(540, 600),), (), (), (), (), (), ()))
    with cast.app.app_context():
        note_hours(cast.ana.practice_id)
    assert (_load(cast).available, _load(cast, APRIL, APRIL).available) == (5 * 180, 4 * 60)


def test_it_keeps_a_month_without_hours_too(cast: Cast, clock: FixedClock) -> None:
    clock.instant = NEXT_MONDAY + timedelta(days=25)
    with cast.app.app_context():
        note_hours(cast.ana.practice_id)
    _week(cast)
    assert _load(cast) == Workload(0, 0)


def test_it_rings_for_every_practice(cast: Cast, queue: KeptQueue) -> None:
    queue.rings.clear()
    with cast.app.app_context():
        ring_for_all()
    assert {ring.arguments for ring in queue.rings} == {(str(who.practice_id),) for who in (cast.ana, cast.cleo)}
    assert {ring.job for ring in queue.rings} == {"workers.jobs.note_hours_of_practice"}
