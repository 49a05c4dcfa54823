"""Holding a slot: half an hour for one person, whatever anybody does at the same moment."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from coachhub.booking.models import BookingStatus, PaidWith
from coachhub.booking.service.holding import HOLD_MINUTES, SlotTaken, hold_slot
from coachhub.booking.service.reading import answers_of
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound, Refused
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, as_nobody, asked_by, confirm, confirmed, held, read
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_coach


@pytest.fixture
def hour(cast: Cast) -> UUID:
    return an_offering(cast.app, cast.ana)


def test_it_holds_a_slot_for_half_an_hour_and_a_little(cast: Cast, hour: UUID) -> None:
    found = read(cast, held(cast, "Vera", hour))
    assert (found.status, found.coach_name, found.minutes) == (BookingStatus.HELD, "Ana Alvarez", 60)
    assert found.held_until == NOW + timedelta(minutes=HOLD_MINUTES) > NOW + timedelta(minutes=31)


def test_it_keeps_price_place_and_rule_as_they_were_that_day(cast: Cast) -> None:
    found = read(cast, held(cast, "Vera", an_offering(cast.app, cast.ana, late_percent=50, place="Room 4")))
    assert (found.price, found.currency, found.place) == (9000, "GBP", "Room 4")
    assert (found.late_percent, found.free_until_minutes, found.paid_with) == (50, 1440, PaidWith.MONEY)


def test_it_keeps_the_answers_with_their_questions(cast: Cast, hour: UUID) -> None:
    answers = (("What is it about?", "A new job"), ("Who sent you?", "Ben"))
    booking_id = held(cast, "Vera", hour, answers=answers)
    with as_nobody(cast):
        assert answers_of(booking_id) == answers


def test_it_gives_a_slot_to_one_person_alone(cast: Cast, hour: UUID) -> None:
    held(cast, "Vera", hour)
    with pytest.raises(SlotTaken):
        held(cast, "Wim", hour)


def test_it_counts_buffers(cast: Cast) -> None:
    with_buffers = an_offering(cast.app, cast.ana, buffer_before=15, buffer_after=15, step_minutes=60)
    held(cast, "Vera", with_buffers)
    with pytest.raises(SlotTaken):
        held(cast, "Wim", with_buffers, NEXT_MONDAY + AN_HOUR)


def test_it_goes_on_in_the_same_transaction_after_a_slot_was_taken(cast: Cast, hour: UUID) -> None:
    held(cast, "Vera", hour)
    with as_nobody(cast):
        with pytest.raises(SlotTaken):
            hold_slot(asked_by("Wim", hour))
        second = hold_slot(asked_by("Wim", hour, NEXT_MONDAY + AN_HOUR))
    assert read(cast, second).status is BookingStatus.HELD


def test_it_gives_a_second_click_the_same_hold(cast: Cast, hour: UUID, clock: FixedClock) -> None:
    first = held(cast, "Vera", hour)
    clock.advance(timedelta(minutes=10))
    typed = {"name": "Vera Vogel", "email": "VERA@example.org", "answers": (("Why?", "A new job"),)}
    assert held(cast, "Vera", hour, **typed, held_here=(first,)) == first
    found = read(cast, first)
    assert (found.name, found.held_until) == ("Vera Vogel", NOW + timedelta(minutes=HOLD_MINUTES))
    with as_nobody(cast):
        assert answers_of(first) == typed["answers"]


def test_it_knows_a_second_click_by_its_words_before_the_browser_knows_the_hold(
    cast: Cast, hour: UUID, clock: FixedClock
) -> None:
    first = held(cast, "Vera", hour)
    assert held(cast, "Vera", hour) == first
    clock.advance(timedelta(minutes=5))
    with pytest.raises(SlotTaken):
        held(cast, "Vera", hour)


def test_it_gives_a_hold_to_nobody_who_only_knows_the_address(cast: Cast, hour: UUID) -> None:
    first = held(cast, "Vera", hour, name="Vera Vogel")
    with pytest.raises(SlotTaken):
        held(cast, "Vera", hour, name="Mallory")
    assert read(cast, first).name == "Vera Vogel"


def test_it_gives_a_client_who_is_signed_in_their_hold_again(cast: Cast, hour: UUID, clock: FixedClock) -> None:
    ben = {"email": cast.ben.email, "client_id": cast.ben.client_id}
    first = held(cast, "Ben", hour, **ben)
    clock.advance(timedelta(minutes=5))
    assert held(cast, "Ben", hour, **ben, phone="+44 20 7946 0018") == first


def test_it_gives_a_second_click_the_free_booking_that_the_first_has_made(
    cast: Cast, hour: UUID, clock: FixedClock
) -> None:
    booking_id = confirmed(cast, "Vera", hour)
    assert held(cast, "Vera", hour) == booking_id
    with pytest.raises(SlotTaken):  # somebody else, with her address
        held(cast, "Vera", hour, name="Mallory")
    clock.advance(timedelta(minutes=5))
    with pytest.raises(SlotTaken):
        held(cast, "Vera", hour)


def test_it_takes_any_coach_who_is_free(cast: Cast) -> None:
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    shared = an_offering(cast.app, cast.ana, zoe)
    coaches = {read(cast, held(cast, name, shared)).coach_id for name in ("Vera", "Wim")}
    assert coaches == {cast.ana.user_id, zoe.user_id}
    with pytest.raises(SlotTaken):
        held(cast, "Xaver", shared)


def test_it_takes_the_coach_who_is_asked_for(cast: Cast) -> None:
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    shared = an_offering(cast.app, cast.ana, zoe)
    assert read(cast, held(cast, "Vera", shared, coach_id=zoe.user_id)).coach_id == zoe.user_id
    with pytest.raises(SlotTaken):
        held(cast, "Wim", shared, coach_id=zoe.user_id)


def test_it_lets_nobody_hold_many_times_at_once(cast: Cast, hour: UUID, clock: FixedClock) -> None:
    for n in range(3):
        held(cast, "Vera", hour, NEXT_MONDAY + n * AN_HOUR)
    with pytest.raises(Refused) as refused:
        held(cast, "Vera", hour, NEXT_MONDAY + 3 * AN_HOUR)
    assert refused.value.status == 429
    held(cast, "Wim", hour, NEXT_MONDAY + 3 * AN_HOUR)


def test_it_gives_an_intro_once_to_each_person(cast: Cast) -> None:
    intro = an_offering(cast.app, cast.ana, is_intro=True, price=0)
    confirmed(cast, "Vera", intro)
    for n, other in enumerate(("Wim", "Xaver")):
        held(cast, other, intro, NEXT_MONDAY + (5 + n) * AN_HOUR)
    with pytest.raises(Refused) as refused:
        held(cast, "Vera", intro, NEXT_MONDAY + AN_HOUR)
    assert not isinstance(refused.value, SlotTaken)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("vera@example.org", "VERA@Example.org"),
        ("vera@example.org", "vera+coach@example.org"),
        ("vera+a@example.org", "vera+b@example.org"),
        ("vera@bücher.example", "vera@xn--bcher-kva.example"),
        ("ver.a@gmail.com", "vera+x@googlemail.com"),
    ],
)
def test_it_knows_a_person_by_another_spelling_of_the_address(cast: Cast, first: str, again: str) -> None:
    intro = an_offering(cast.app, cast.ana, is_intro=True, price=0)
    confirm(cast, held(cast, "Vera", intro, email=first), PaidWith.NOTHING)
    with pytest.raises(Refused, match="once for each person"):
        held(cast, "Vera", intro, NEXT_MONDAY + AN_HOUR, email=again)
    for n, other in enumerate(("ver.a@example.org", "vera@example.com", "+@example.org")):
        held(cast, "Somebody", intro, NEXT_MONDAY + (n + 2) * AN_HOUR, email=other)


def test_it_knows_a_person_by_their_record_too(cast: Cast) -> None:
    intro = an_offering(cast.app, cast.ana, is_intro=True, price=0)
    first = held(cast, "Ben", intro, email="old@example.org", client_id=cast.ben.client_id)
    confirm(cast, first, PaidWith.NOTHING)
    with pytest.raises(Refused):
        held(cast, "Ben", intro, NEXT_MONDAY + AN_HOUR, email=cast.ben.email)


def test_it_books_nothing_that_is_not_open(cast: Cast, hour: UUID) -> None:
    with pytest.raises(NotFound):
        held(cast, "Vera", an_offering(cast.app, cast.ana, status="draft"))
    with pytest.raises(Refused):
        held(cast, "Vera", an_offering(cast.app, cast.ana, status="closed"))
    with as_nobody(cast), pytest.raises(NotFound):
        hold_slot(replace(asked_by("Vera", hour), offering_id=uuid4()))


def test_it_books_nothing_of_another_practice(cast: Cast) -> None:
    cleos = an_offering(cast.app, cast.cleo)
    with pytest.raises(NotFound):
        held(cast, "Vera", cleos)
