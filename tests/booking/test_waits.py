"""The waiting list: who asks to be told is told once, who asked first first, of a time that nobody else is told of."""

from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from flask import Flask

from coachhub.booking.models import Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.visitor_links import wait_token
from coachhub.booking.service.waiting import (
    MOST_WAITS,
    WaitAsked,
    ask_to_be_told,
    find_waits,
    ring_where_somebody_waits,
)
from coachhub.platform.clock import FixedClock
from tests.booking.booked import as_nobody, confirmed
from tests.booking.visited import Shop, an_offer, form_of
from tests.fakes import KeptQueue

TEN = datetime.fromisoformat("2026-03-12T10:00+00:00")
AN_HOUR = timedelta(hours=1)
VERA = {"name": "Vera Visitor", "email": "Vera@Example.org", "zone": "Europe/London"}


def _hour(shop: Shop, **more: object) -> UUID:
    """An hour on Thursdays: at ten and at eleven there is a time, and at no other."""
    more |= {"minutes": 60, "step_minutes": 60, "notice_minutes": 0}
    return an_offer(shop.cast.app, "hour", shop.cast.ana, title="An hour", **more)


def _full(shop: Shop, admin: psycopg.Connection, *begin: datetime) -> tuple[UUID, list[UUID]]:
    """Ana works on Thursdays from ten to twelve, and these times are booked."""
    admin.execute("delete from weekly_hours where weekday <> 3")
    admin.execute("update weekly_hours set from_minute = 600, until_minute = 720")
    hour = _hour(shop, horizon_days=7)
    return hour, [confirmed(shop.cast, f"Walt{n}", hour, at) for n, at in enumerate(begin)]


def _waits(shop: Shop, offering_id: UUID, who: str, day: datetime = TEN, **more: object) -> UUID:
    said: dict[str, object] = {"coach_id": None, "client_id": None, "time_zone": "Europe/London", "locale": "en_GB"}
    said |= {"first_day": day.date(), "last_day": day.date(), "name": who, "email": f"{who.lower()}@example.org"}
    with as_nobody(shop.cast):
        return ask_to_be_told(WaitAsked(offering_id=offering_id, **said | more))  # type: ignore[arg-type]


def _find(shop: Shop, worker_app: Flask) -> int:
    with worker_app.app_context():
        return find_waits(shop.cast.ana.practice_id)


def _cancel(shop: Shop, booking_id: UUID) -> None:
    with as_nobody(shop.cast):
        cancel_booking(booking_id, Side.CLIENT)


def _told(admin: psycopg.Connection) -> dict[str, datetime | None]:
    return dict(admin.execute("select name, found_starts_at from waits order by created_at").fetchall())


def test_it_puts_a_visitor_on_the_list(shop: Shop, admin: psycopg.Connection) -> None:
    page = shop.visitor.get(f"{shop.path}/intro/wait?month=2026-04").text
    assert 'value="2026-04-01"' in page
    assert 'value="2026-04-30"' in page
    data = form_of(page) | VERA | {"first_day": "2026-04-01", "last_day": "2026-04-30"}
    answers = [shop.visitor.post(f"{shop.path}/intro/wait", data=data) for _ in range(2)]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, answers[0].location)}
    shown = shop.visitor.get(answers[0].location).text
    assert "We will tell you" in shown
    assert "Wednesday 1 April to Thursday 30 April" in shown
    rows = admin.execute("select name, email, time_zone, first_day::text from waits").fetchall()
    assert rows == [("Vera Visitor", "vera@example.org", "Europe/London", "2026-04-01")]


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-04-02", "2026-04-01"), ("2026-02-01", "2026-02-20"), ("", ""), ("2026-04-01", "2028-04-01")],
)
def test_it_keeps_what_was_typed_with_days_that_make_no_sense(shop: Shop, first: str, last: str) -> None:
    data = VERA | {"first_day": first, "last_day": last}
    answer = shop.visitor.post(f"{shop.path}/intro/wait", data=data)
    assert answer.status_code == 422
    assert 'value="Vera Visitor"' in answer.text


def test_it_ends_by_the_button_under_its_link(shop: Shop, admin: psycopg.Connection, worker_app: Flask) -> None:
    hour, (booking_id,) = _full(shop, admin, TEN)
    wait_id = _waits(shop, hour, "Vera")
    with as_nobody(shop.cast):
        path = f"/w/{wait_token(wait_id)}"
    assert "Do not tell me any more" in shop.visitor.get(path).text
    for _ in range(2):
        assert shop.visitor.post(path).location == path
    assert "You are not waiting any more" in shop.visitor.get(path).text
    _cancel(shop, booking_id)
    assert _find(shop, worker_app) == 0
    assert shop.visitor.get(f"{path}x").status_code == 404


def test_it_tells_when_a_booking_is_cancelled(
    shop: Shop, admin: psycopg.Connection, worker_app: Flask, queue: KeptQueue
) -> None:
    hour, (booking_id, _other) = _full(shop, admin, TEN, TEN + AN_HOUR)
    _waits(shop, hour, "Vera")
    assert _find(shop, worker_app) == 0
    queue.rings.clear()
    _cancel(shop, booking_id)
    assert "workers.jobs.find_waits" in [ring.job for ring in queue.rings]
    assert _find(shop, worker_app) == 1
    assert _told(admin) == {"Vera": TEN}
    assert "workers.jobs.deliver_asked_for" in [ring.job for ring in queue.rings]
    assert _find(shop, worker_app) == 0  # each is told once


def test_it_serves_who_asked_first_and_promises_a_time_to_one(
    shop: Shop, admin: psycopg.Connection, worker_app: Flask, clock: FixedClock
) -> None:
    hour, (booking_id, _other) = _full(shop, admin, TEN, TEN + AN_HOUR)
    _waits(shop, hour, "Vera")
    clock.advance(timedelta(minutes=1))
    _waits(shop, hour, "Wilma")
    _cancel(shop, booking_id)
    assert _find(shop, worker_app) == 1
    assert _told(admin) == {"Vera": TEN, "Wilma": None}
    clock.advance(timedelta(minutes=119))
    assert _find(shop, worker_app) == 0
    clock.advance(timedelta(minutes=2))  # Vera has had two hours, and has not booked it
    assert _find(shop, worker_app) == 1
    assert _told(admin) == {"Vera": TEN, "Wilma": TEN}


def test_it_tells_as_many_as_there_are_times(shop: Shop, admin: psycopg.Connection, worker_app: Flask) -> None:
    hour, bookings = _full(shop, admin, TEN, TEN + AN_HOUR)
    for name in ("Vera", "Wilma", "Xenia"):
        _waits(shop, hour, name)
    for booking_id in bookings:
        _cancel(shop, booking_id)
    assert _find(shop, worker_app) == 2
    assert sorted(at for at in _told(admin).values() if at) == [TEN, TEN + AN_HOUR]


def test_it_finds_hours_that_were_added(
    shop: Shop, admin: psycopg.Connection, worker_app: Flask, queue: KeptQueue
) -> None:
    hour, _booked = _full(shop, admin, TEN, TEN + AN_HOUR)
    _waits(shop, hour, "Vera")
    admin.execute("update weekly_hours set until_minute = 780")
    queue.rings.clear()
    with worker_app.app_context():
        ring_where_somebody_waits()
    assert [ring.arguments for ring in queue.rings] == [(str(shop.cast.ana.practice_id),)]
    assert _find(shop, worker_app) == 1
    assert _told(admin) == {"Vera": TEN + 2 * AN_HOUR}


def test_it_looks_at_the_days_by_the_clock_of_who_waits(
    shop: Shop, admin: psycopg.Connection, worker_app: Flask
) -> None:
    hour, _booked = _full(shop, admin)
    _waits(shop, hour, "Vera", TEN, time_zone="Pacific/Auckland")  # there it is late in the evening of that day
    _waits(shop, hour, "Wilma", TEN - timedelta(days=1), time_zone="Pacific/Auckland")
    assert _find(shop, worker_app) == 1
    assert _told(admin)["Wilma"] is None


def test_it_leaves_alone_who_has_booked_meanwhile(shop: Shop, admin: psycopg.Connection, worker_app: Flask) -> None:
    hour, _booked = _full(shop, admin)
    _waits(shop, hour, "Vera")
    _waits(shop, hour, "Wilma", TEN + timedelta(days=1))
    confirmed(shop.cast, "Vera", hour, TEN)
    confirmed(shop.cast, "Wilma", hour, TEN + AN_HOUR)
    ended = dict(admin.execute("select name, ended_at is not null from waits").fetchall())
    assert ended == {"Vera": True, "Wilma": False}
    assert _find(shop, worker_app) == 0


def test_it_lets_one_address_wait_for_so_many_times(shop: Shop, admin: psycopg.Connection) -> None:
    hour = _hour(shop)
    for n in range(MOST_WAITS):
        _waits(shop, hour, "Vera", TEN + timedelta(days=n))
    data = VERA | {"first_day": "2026-04-01", "last_day": "2026-04-30"}
    answer = shop.visitor.post(f"{shop.path}/hour/wait", data=data)
    assert answer.status_code == 409
    assert 'value="Vera Visitor"' in answer.text
    assert admin.execute("select count(*) from waits").fetchone() == (MOST_WAITS,)


def test_it_shows_the_time_that_has_opened(shop: Shop, admin: psycopg.Connection, worker_app: Flask) -> None:
    hour, _booked = _full(shop, admin)
    wait_id = _waits(shop, hour, "Vera")
    _find(shop, worker_app)
    with as_nobody(shop.cast):
        path = f"/w/{wait_token(wait_id)}"
    page = shop.visitor.get(path).text
    assert "A time has opened" in page
    assert "Thursday 12 March, 10:00" in page
    assert "at=2026-03-12T10:00Z" in page
