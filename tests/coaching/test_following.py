"""A coaching session follows its booking: one for each that was confirmed, as the booking stands, told once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from coachhub.booking.models import Side
from coachhub.coaching.rules import day_before, hour_before
from coachhub.coaching.service.following import follow_booking
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.coaching.booked_rows import IN_A_WEEK, booked, call_off, end, held, move
from tests.conftest import NOW
from tests.fakes import KeptQueue

LATER = IN_A_WEEK + timedelta(days=2)


def _row(admin: psycopg.Connection, columns: str) -> tuple[Any, ...] | None:
    return admin.execute(f"select {columns} from coaching_sessions").fetchone()


def _follow(cast: Cast, booking_id: UUID) -> None:
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        follow_booking(booking_id)


def test_it_plans_a_session_for_a_confirmed_booking(cast: Cast, admin: psycopg.Connection, queue: KeptQueue) -> None:
    booking_id = booked(cast)
    stands = _row(admin, "id, booking_id, client_id, coach_id, starts_at, minutes, place, status, sequence, news_by")
    people = (cast.ben.client_id, cast.ana.user_id)
    what = (IN_A_WEEK, 60, "https://meet.example/ana", "scheduled", 0, "client")
    assert stands == (booking_id, booking_id, *people, *what)
    assert [ring.job for ring in queue.rings] == ["workers.jobs.deliver_asked_for"]
    looks = admin.execute("select at from wakes where not is_urgent order by at").fetchall()
    assert [at for (at,) in looks] == [day_before(IN_A_WEEK), hour_before(IN_A_WEEK)]


def test_it_writes_nothing_when_it_is_told_again(cast: Cast, clock: FixedClock, admin: psycopg.Connection) -> None:
    booking_id = booked(cast)
    before = _row(admin, "coaching_sessions::text, xmin")
    clock.advance(timedelta(hours=1))
    _follow(cast, booking_id)
    assert _row(admin, "coaching_sessions::text, xmin") == before


@pytest.mark.parametrize("status", ["held", "expired", "cancelled"])
def test_it_has_no_session_of_what_was_never_confirmed(cast: Cast, admin: psycopg.Connection, status: str) -> None:
    _follow(cast, held(cast, status=status))
    assert _row(admin, "count(*)") == (0,)


def test_it_moves_with_the_booking_and_remembers_from_when(
    cast: Cast, clock: FixedClock, admin: psycopg.Connection
) -> None:
    booking_id = booked(cast)
    clock.advance(timedelta(hours=1))
    move(cast, booking_id, LATER)
    stands = _row(admin, "starts_at, moved_from, sequence, news_sequence, news_by, changed_at, news_at")
    assert stands == (LATER, IN_A_WEEK, 1, 1, "client", clock.now(), clock.now())


def test_it_is_off_with_the_booking_and_back_with_it(cast: Cast, clock: FixedClock, admin: psycopg.Connection) -> None:
    booking_id = booked(cast)
    clock.advance(timedelta(hours=1))
    call_off(cast, booking_id, Side.COACH)
    stands = _row(admin, "status, cancelled_at, news_sequence, news_by, changed_at")
    assert stands == ("cancelled", clock.now(), 1, "coach", NOW)
    admin.execute("update bookings set status = 'confirmed'")
    clock.advance(timedelta(hours=1))
    _follow(cast, booking_id)
    assert _row(admin, "status, cancelled_at, news_sequence, changed_at") == ("scheduled", None, 2, clock.now())


@pytest.mark.parametrize(("ended", "stands"), [("completed", "held"), ("no_show", "missed")])
def test_it_ends_with_the_booking_and_is_no_news(
    cast: Cast, clock: FixedClock, admin: psycopg.Connection, ended: str, stands: str
) -> None:
    booking_id = booked(cast)
    clock.instant = IN_A_WEEK
    end(cast, booking_id, ended)
    assert _row(admin, "status, sequence, news_at") == (stands, 0, NOW)


def test_it_never_counts_back(cast: Cast, admin: psycopg.Connection) -> None:
    booking_id = booked(cast, sequence=4)
    admin.execute("update coaching_sessions set sequence = 9")
    move(cast, booking_id, LATER)
    assert _row(admin, "sequence") == (10,)


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ({"place": "12 High Street", "place_kind": "address"}, "12 High Street"),
        ({"place": "", "place_kind": "phone", "phone": "+44 20 7946 0000"}, "+44 20 7946 0000"),
        ({"place": "", "place_kind": "address"}, ""),
    ],
)
def test_it_says_where_it_takes_place(cast: Cast, admin: psycopg.Connection, where: dict[str, str], place: str) -> None:
    booked(cast, **where)
    assert _row(admin, "place") == (place,)


def test_it_keeps_practices_apart(cast: Cast, admin: psycopg.Connection) -> None:
    booking_id = held(cast, status="confirmed", client_id=cast.ben.client_id)
    with cast.app.app_context(), as_practice(cast.cleo.practice_id), pytest.raises(NotFound):
        follow_booking(booking_id)
    assert _row(admin, "count(*)") == (0,)
