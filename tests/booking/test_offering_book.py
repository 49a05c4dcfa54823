"""Offerings as an owner keeps them."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from coachhub.booking.models import Booking, OfferingStatus
from coachhub.booking.service.offering_book import (
    add_offering,
    change_offering,
    close_offering,
    move_offering,
    open_offering,
)
from coachhub.booking.service.offers import coaches_of, offering_of, offerings
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from tests.booking.office import an_hour, working
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_coach


def test_it_adds_an_offering_in_draft_in_the_practices_currency(cast: Cast) -> None:
    with working(cast):
        offering = offering_of(add_offering(an_hour(cast.ana)))
        assert (offering.status, offering.currency, offering.slug) == (OfferingStatus.DRAFT, "GBP", "career-hour")
        assert [coach.name for coach in coaches_of(offering.id)] == ["Ana Alvarez"]


def test_it_takes_the_same_again_for_a_second_click(cast: Cast, clock: FixedClock) -> None:
    with working(cast):
        first = add_offering(an_hour(cast.ana))
        assert add_offering(an_hour(cast.ana)) == first
        clock.advance(timedelta(minutes=3))
        assert add_offering(an_hour(cast.ana)) != first


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Über-Gespräch", "uber-gesprach"), ("جلسة تدريب", "session"), ("コーチング", "session"), ("コーチング 60", "60")],
)
def test_it_makes_an_address_of_any_title(cast: Cast, title: str, slug: str) -> None:
    with working(cast):
        assert offering_of(add_offering(an_hour(cast.ana, title=title))).slug == slug


def test_it_gives_each_offering_an_address_of_its_own(cast: Cast) -> None:
    with working(cast):
        slugs = [offering_of(add_offering(an_hour(cast.ana, title=title))).slug for title in ("指導", "訓練", "対話")]
    assert slugs == ["session", "session-2", "session-3"]


def test_it_lets_two_practices_have_one_address(cast: Cast) -> None:
    for person in (cast.ana, cast.cleo):
        with working(cast, person):
            assert offering_of(add_offering(an_hour(person))).slug == "career-hour"


def test_it_keeps_the_address_of_an_offering_that_was_open(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        change_offering(offering_id, an_hour(cast.ana, title="Leadership hour"))
        open_offering(offering_id)
        change_offering(offering_id, an_hour(cast.ana, title="Something else"))
        assert (offering_of(offering_id).slug, offering_of(offering_id).title) == ("leadership-hour", "Something else")


def test_it_opens_and_closes_and_opens_again(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        for step, status in ((open_offering, "open"), (open_offering, "open"), (close_offering, "closed")):
            step(offering_id)
            assert offering_of(offering_id).status == status
        open_offering(offering_id)
        assert [row.id for row in offerings(open_only=True)] == [offering_id]


def test_it_opens_nothing_that_nobody_gives(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour())
        with pytest.raises(Refused, match="at least one coach"):
            open_offering(offering_id)
        change_offering(offering_id, an_hour(cast.ana))
        open_offering(offering_id)
        with pytest.raises(Refused, match="at least one coach"):
            change_offering(offering_id, an_hour())


def test_it_lists_no_hidden_offering(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana, is_hidden=True))
        open_offering(offering_id)
        assert offerings(open_only=True) == ()
        assert offering_of(offering_id).slug == "career-hour"


def test_it_puts_offerings_in_order(cast: Cast) -> None:
    with working(cast):
        first, second, third = (add_offering(an_hour(cast.ana, title=title)) for title in ("One", "Two", "Three"))
        move_offering(third, up=True)
        move_offering(first, up=False)
        move_offering(third, up=True)
        assert [row.id for row in offerings()] == [third, first, second]


def test_it_takes_a_colleague_and_no_stranger(cast: Cast) -> None:
    eva = a_coach(cast.app, cast.ana, "Eva Evans", "eva@example.com")
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana, eva))
        assert [coach.name for coach in coaches_of(offering_id)] == ["Ana Alvarez", "Eva Evans"]
        for stranger in (cast.cleo, cast.ben):
            with pytest.raises(Refused, match="coaches of this practice"):
                change_offering(offering_id, an_hour(stranger))


def test_it_keeps_the_other_practice_out(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
    with working(cast, cast.cleo):
        for step in (open_offering, close_offering, lambda each: change_offering(each, an_hour(cast.cleo))):
            with pytest.raises(NotFound):
                step(offering_id)


def test_it_changes_no_booking_when_a_price_changes(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        db.session.add(_booked(cast, offering_id))
        db.session.flush()
        change_offering(offering_id, replace(an_hour(cast.ana), price=12000, late_percent=0, move_until_minutes=0))
        kept = db.session.execute(select(Booking.price, Booking.late_percent, Booking.move_until_minutes)).one()
        assert tuple(kept) == (9000, 50, 1440)
        assert offering_of(offering_id).price == 12000


def _booked(cast: Cast, offering_id):  # type: ignore[no-untyped-def]
    begins, ends = NOW + timedelta(days=2), NOW + timedelta(days=2, hours=1)
    said = {"title": "Career hour", "name": "Vera", "email": "vera@example.com", "time_zone": "UTC", "locale": "en"}
    rule = {
        "price": 9000,
        "currency": "GBP",
        "free_until_minutes": 1440,
        "late_percent": 50,
        "move_until_minutes": 1440,
    }
    times = {"starts_at": begins, "ends_at": ends, "busy_from": begins, "busy_until": ends, "created_at": NOW}
    key = {"practice_id": cast.ana.practice_id, "id": uuid4(), "offering_id": offering_id, "coach_id": cast.ana.user_id}
    held = {"status": "held", "held_until": begins, "place_kind": "video", "paid_with": "money"}
    return Booking(**key, **said, **rule, **times, **held)
