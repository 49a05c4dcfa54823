"""Booking by the coach: any time ahead, but never over what is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from coachhub.booking.models import BookingStatus, PaidWith, Side
from coachhub.booking.service.by_hand import book_by_hand, change_by_hand
from coachhub.booking.service.overlaps import Overlap
from coachhub.clients.service.standing import archive_clients
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, held, read
from tests.booking.heard import listening
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_coach

AT_NIGHT = NEXT_MONDAY.replace(hour=23)


@contextmanager
def as_ana(cast: Cast) -> Iterator[UUID]:
    assert cast.ben.client_id is not None
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        yield cast.ben.client_id


def _book(cast: Cast, starts_at: datetime = AT_NIGHT, offering_id: UUID | None = None) -> UUID:
    with as_ana(cast) as ben:
        return book_by_hand(ben, cast.ana.user_id, starts_at, 45, "Room 4", offering_id)


def test_it_books_a_client_at_any_time_ahead_and_tells_of_it(cast: Cast) -> None:
    with listening() as heard:
        booking_id = _book(cast)
        assert _book(cast) == booking_id
    found = read(cast, booking_id)
    assert heard == [("CONFIRMED", booking_id)]
    assert (found.status, found.client_id, found.minutes) == (BookingStatus.CONFIRMED, cast.ben.client_id, 45)
    assert (found.email, found.price, found.paid_with) == (cast.ben.email, 0, PaidWith.COACH)


def test_it_takes_title_price_and_buffers_from_an_offering(cast: Cast) -> None:
    offering_id = an_offering(cast.app, cast.ana, buffer_after=15)
    found = read(cast, _book(cast, offering_id=offering_id))
    assert (found.title, found.price, found.minutes) == ("A session", 9000, 45)
    assert found.busy_until - found.ends_at == timedelta(minutes=15)


def test_it_says_what_is_in_the_way(cast: Cast) -> None:
    held(cast, "Vera", an_offering(cast.app, cast.ana))
    with pytest.raises(Overlap) as overlap:
        _book(cast, NEXT_MONDAY + AN_HOUR / 2)
    assert overlap.value.status == 409
    assert "Vera" in overlap.value.text


def test_it_changes_time_length_place_and_coach(cast: Cast) -> None:
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    booking_id = _book(cast)
    with listening() as heard, as_ana(cast):
        for _ in range(2):
            change_by_hand(booking_id, zoe.user_id, NEXT_MONDAY, 90, "")
    assert heard == [("CHANGED", booking_id, Side.COACH), ("FREED", booking_id)]
    found = read(cast, booking_id)
    assert (found.coach_id, found.starts_at, found.minutes, found.place) == (zoe.user_id, NEXT_MONDAY, 90, "")
    assert (found.moved_from, found.sequence) == (AT_NIGHT, 1)


def test_it_frees_nothing_for_another_place(cast: Cast) -> None:
    booking_id = _book(cast)
    with listening() as heard, as_ana(cast):
        change_by_hand(booking_id, cast.ana.user_id, AT_NIGHT, 45, "Room 5")
    assert heard == [("CHANGED", booking_id, Side.COACH)]
    assert read(cast, booking_id).moved_from is None


def test_it_makes_nothing_longer_than_the_room_there_is(cast: Cast) -> None:
    booking_id = _book(cast, NEXT_MONDAY - AN_HOUR)
    held(cast, "Vera", an_offering(cast.app, cast.ana))
    with as_ana(cast), pytest.raises(Overlap):
        change_by_hand(booking_id, cast.ana.user_id, NEXT_MONDAY - AN_HOUR, 61, "Room 4")
    assert read(cast, booking_id).minutes == 45


def test_it_refuses_the_past_the_archive_and_who_is_no_coach(cast: Cast) -> None:
    with pytest.raises(Refused):
        _book(cast, NOW)
    with as_ana(cast) as ben, pytest.raises(Refused):
        book_by_hand(ben, cast.ben.user_id, AT_NIGHT, 45, "")
    with as_ana(cast), pytest.raises(NotFound):
        book_by_hand(uuid4(), cast.ana.user_id, AT_NIGHT, 45, "")
    with as_ana(cast) as ben:
        archive_clients([ben])
    with pytest.raises(Refused):
        _book(cast)
