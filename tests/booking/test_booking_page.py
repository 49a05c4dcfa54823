"""A visitor's own booking under its link: how it stands, and moving or ending it by the rule."""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.booking.models import PaidWith, Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.ending import expire_hold
from coachhub.booking.service.visitor_links import booking_token
from coachhub.platform import tokens
from coachhub.platform.clock import FixedClock
from tests.booking.booked import as_nobody, confirm, confirmed, held
from tests.booking.visited import Shop, an_offer, form_of
from tests.statements import asked

AT = datetime.fromisoformat("2026-03-12T10:00+00:00")


def _hour(shop: Shop, **more: object) -> UUID:
    return an_offer(shop.cast.app, "hour", shop.cast.ana, title="An hour", minutes=60, price=9000, **more)


def _path(shop: Shop, booking_id: UUID) -> str:
    with as_nobody(shop.cast):
        return f"/b/{booking_token(booking_id)}"


def _booked(shop: Shop, offering_id: UUID, paid_with: PaidWith = PaidWith.MONEY) -> str:
    """Vera has booked the 12th at ten; the address of her booking."""
    booking_id = held(shop.cast, "Vera", offering_id, AT)
    confirm(shop.cast, booking_id, paid_with)
    return _path(shop, booking_id)


def _heading(browser: FlaskClient, path: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", browser.get(path).text, re.S)
    assert found is not None
    return found[1].strip()


def test_it_says_what_when_where_and_with_whom(shop: Shop) -> None:
    path = _booked(shop, _hour(shop, place="https://meet.example/ana"))
    answer = shop.visitor.get(path)
    for words in (
        "Thursday 12 March, 10:00",
        "London",
        "An hour",
        "Ana Alvarez",
        "1 hour",
        "<bdi>Vera</bdi>, vera@example.org",
    ):
        assert words in answer.text
    assert 'href="https://meet.example/ana"' in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_it_says_how_a_hold_stands(shop: Shop, clock: FixedClock) -> None:
    booking_id = held(shop.cast, "Vera", _hour(shop), AT)
    path = _path(shop, booking_id)
    page = shop.visitor.get(path).text
    assert "Held for you until 12:35" in page
    assert f'href="{path}/pay"' in page
    clock.advance(timedelta(minutes=40))
    assert _heading(shop.visitor, path) == "The time to pay is over"
    with as_nobody(shop.cast):
        expire_hold(booking_id)
    assert _heading(shop.visitor, path) == "This time was let go"


@pytest.mark.parametrize(
    ("status", "words"), [("completed", "Thursday 12 March, 10:00"), ("no_show", "This session did not come about")]
)
def test_it_says_how_it_ended(shop: Shop, admin: psycopg.Connection, status: str, words: str) -> None:
    path = _booked(shop, _hour(shop))
    admin.execute("update bookings set status = %s", [status])
    assert _heading(shop.visitor, path) == words
    assert "Move it" not in shop.visitor.get(path).text


def test_it_leads_nowhere_by_a_link_that_is_not_ours(shop: Shop) -> None:
    path = _booked(shop, _hour(shop))
    with as_nobody(shop.cast):
        wrong = [tokens.sign("wait", shop.cast.ana.practice_id, uuid4()), tokens.sign("booking", uuid4(), uuid4())]
        wrong += [tokens.sign("booking", shop.cast.cleo.practice_id, tokens.read("booking", path[3:])[1])]  # type: ignore[index]
    for token in (*wrong, "nothing", path[3:-1], path[3:] + "A"):
        for below in ("", "/move", "/cancel", "/calendar.ics"):
            assert shop.visitor.get(f"/b/{token}{below}").status_code == 404


def test_it_changes_nothing_by_looking(shop: Shop) -> None:
    path = _booked(shop, _hour(shop))
    with asked(shop.cast.app) as statements:
        for below in ("", "/move", "/move?at=2026-03-13T10:00Z", "/cancel", "/calendar.ics"):
            assert shop.visitor.get(f"{path}{below}").status_code == 200
    assert not [each for each in statements if not each.lstrip().lower().startswith("select")]


def test_it_gives_a_calendar_file_that_follows_the_booking(shop: Shop) -> None:
    path = _booked(shop, _hour(shop))
    first = shop.visitor.get(f"{path}/calendar.ics")
    assert first.mimetype == "text/calendar"
    shop.visitor.post(f"{path}/move", data={"at": "2026-03-13T11:00Z"})
    moved = shop.visitor.get(f"{path}/calendar.ics").text
    shop.visitor.post(f"{path}/cancel", data={})
    off = shop.visitor.get(f"{path}/calendar.ics").text
    uids = {re.search(r"UID:(\S+)", file)[1] for file in (first.text, moved, off)}  # type: ignore[index]
    assert len(uids) == 1
    assert "SEQUENCE:0" in first.text
    assert "SEQUENCE:1" in moved
    assert "DTSTART:20260313T110000Z" in moved
    assert "SEQUENCE:2" in off
    assert "METHOD:CANCEL" in off


def test_it_has_no_calendar_file_of_a_hold(shop: Shop) -> None:
    assert shop.visitor.get(f"{_path(shop, held(shop.cast, 'Vera', _hour(shop), AT))}/calendar.ics").status_code == 404


def test_it_moves_to_a_time_that_is_free(shop: Shop, admin: psycopg.Connection) -> None:
    path = _booked(shop, _hour(shop))
    page = shop.visitor.get(f"{path}/move?day=2026-03-12").text
    assert "at=2026-03-12T10:30Z" in page  # overlaps the booking that is moved, which does not stand in its own way
    page = shop.visitor.get(f"{path}/move?at=2026-03-12T10:30Z").text
    answer = shop.visitor.post(f"{path}/move", data=form_of(page))
    assert (answer.status_code, answer.location) == (303, path)
    assert admin.execute("select starts_at, sequence from bookings").fetchall() == [(AT + timedelta(minutes=30), 1)]
    assert "Moved from" in shop.visitor.get(path).text


def test_it_stays_where_it_is_when_the_new_time_is_taken(shop: Shop, admin: psycopg.Connection) -> None:
    hour = _hour(shop)
    path = _booked(shop, hour)
    confirmed(shop.cast, "Walt", hour, AT + timedelta(hours=2))
    for answer in (
        shop.visitor.get(f"{path}/move?at=2026-03-12T12:00Z"),
        shop.visitor.post(f"{path}/move", data={"at": "2026-03-12T12:00Z"}),
    ):
        assert answer.status_code == 409
        assert "Your booking stands where it stood: Thursday 12 March, 10:00" in answer.text
    rows = admin.execute("select starts_at from bookings where name = 'Vera'").fetchall()
    assert rows == [(AT,)]


def test_it_says_kindly_that_it_is_too_late_to_move(shop: Shop, clock: FixedClock) -> None:
    path = _booked(shop, _hour(shop, move_until_minutes=1440))
    clock.instant = AT - timedelta(hours=23)
    page = shop.visitor.get(f"{path}/move").text
    assert "You can move it until 24 hours before. Now it is nearer than that" in page
    assert shop.visitor.post(f"{path}/move", data={"at": "2026-03-13T10:00Z"}).status_code == 409


@pytest.mark.parametrize(
    ("before", "late_percent", "words"),
    [
        (24, 50, "Everything you paid comes back"),
        (23, 50, "By the rule 50% of what you paid come back."),
        (23, 0, "By the rule nothing of what you paid comes back any more."),
    ],
)
def test_it_says_what_comes_back_before_it_is_cancelled(
    shop: Shop, clock: FixedClock, before: int, late_percent: int, words: str
) -> None:
    path = _booked(shop, _hour(shop, late_percent=late_percent))
    clock.instant = AT - timedelta(hours=before)
    assert words in shop.visitor.get(f"{path}/cancel").text


def test_it_cancels_once(shop: Shop, admin: psycopg.Connection) -> None:
    path = _booked(shop, _hour(shop))
    for _ in range(2):
        assert shop.visitor.post(f"{path}/cancel", data={"reason": "Ill, sorry"}).location == path
    rows = admin.execute("select status, cancelled_by, cancel_reason, sequence from bookings").fetchall()
    assert rows == [("cancelled", "client", "Ill, sorry", 1)]
    assert _heading(shop.visitor, path) == "It is cancelled"
    assert shop.visitor.get(f"{path}/cancel").location == path


def test_it_keeps_a_word_that_is_too_long(shop: Shop) -> None:
    path = _booked(shop, _hour(shop))
    answer = shop.visitor.post(f"{path}/cancel", data={"reason": "so " * 300})
    assert (answer.status_code, "so so so" in answer.text) == (422, True)


def test_it_passes_on_the_coachs_word(shop: Shop) -> None:
    booking_id = held(shop.cast, "Vera", _hour(shop), AT)
    confirm(shop.cast, booking_id)
    with as_nobody(shop.cast):
        cancel_booking(booking_id, Side.COACH, "I have caught a cold.")
    assert "I have caught a cold." in shop.visitor.get(_path(shop, booking_id)).text


def test_it_tells_times_by_another_clock_when_asked(shop: Shop) -> None:
    path = _booked(shop, _hour(shop))
    page = shop.visitor.get(f"{path}/move?zone=Asia/Tokyo&day=2026-03-13").text
    assert "It stands at Thursday 12 March, 19:00." in page
    assert "zone=Asia/Tokyo&amp;at=2026-03-13T09:00Z" in page


def test_it_is_the_same_page_for_a_client_who_is_signed_in(shop: Shop) -> None:
    path = _booked(shop, _hour(shop))
    page = shop.cast.browser(shop.cast.ben).get(path).text
    assert "Thursday 12 March, 10:00" in page
