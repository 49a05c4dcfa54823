"""Whatever is done to bookings in whatever order: nobody overlaps, and each goes only the ways that there are."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coachhub.booking.models import BookingStatus, PaidWith, Side
from coachhub.booking.service.by_hand import book_by_hand
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.confirming import Outcome, confirm_booking
from coachhub.booking.service.ending import complete_booking, complete_past, end_free_holds, expire_hold, mark_no_show
from coachhub.booking.service.holding import hold_slot
from coachhub.booking.service.moving import move_booking
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import Refused
from tests.booking.booked import NEXT_MONDAY, an_offering, as_nobody, asked_by
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_coach

ALLOWED = {
    "held": {"confirmed", "expired", "cancelled"},
    "confirmed": {"completed", "no_show", "cancelled"},
    "completed": {"no_show"},
    "no_show": {"completed"},
    "expired": {"confirmed"},
    "cancelled": {"confirmed"},
}
_OVERLAPS = """
select count(*) from bookings a join bookings b on a.coach_id = b.coach_id and a.id < b.id
where a.status in ('held', 'confirmed') and b.status in ('held', 'confirmed')
and tstzrange(a.busy_from, a.busy_until) && tstzrange(b.busy_from, b.busy_until)
"""
Act = tuple[str, int, int]
NAMES = [
    *("hold", "hold", "hold", "by_hand", "confirm", "confirm", "expire", "move", "shove", "cancel", "call_off"),
    *("complete", "no_show", "wait", "sweep"),
]
acts = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 7), st.integers(0, 7)), min_size=4, max_size=25)


@dataclass
class World:
    """Ana's practice with two coaches, and what has been made in it."""

    cast: Cast
    clock: FixedClock
    offerings: tuple[UUID, UUID]
    made: list[UUID] = field(default_factory=list)

    def do(self, act: Act) -> None:
        """One act, in its own transaction; a refusal is fine."""
        name, one, other = act
        with as_nobody(self.cast):
            try:
                getattr(self, name)(one, other)
            except Refused:
                return

    def _some(self, number: int) -> UUID:
        if not self.made:
            raise Refused(404, "Nothing yet.")
        return self.made[number % len(self.made)]

    def _keep(self, booking_id: UUID) -> None:
        if booking_id not in self.made:
            self.made.append(booking_id)

    def hold(self, one: int, other: int) -> None:
        at = NEXT_MONDAY + other * timedelta(minutes=30)
        self._keep(hold_slot(asked_by(f"Visitor{one}", self.offerings[one % 2], at)))

    def by_hand(self, one: int, other: int) -> None:
        assert self.cast.ben.client_id is not None
        at = NEXT_MONDAY + other * timedelta(minutes=25)
        self._keep(book_by_hand(self.cast.ben.client_id, self.cast.ana.user_id, at, 20 + one * 5, ""))

    def confirm(self, one: int, other: int) -> None:
        outcome = confirm_booking(self._some(one), PaidWith.MONEY)
        assert outcome in Outcome

    def expire(self, one: int, other: int) -> None:
        expire_hold(self._some(one))

    def move(self, one: int, other: int) -> None:
        move_booking(self._some(one), NEXT_MONDAY + other * timedelta(minutes=30), Side.CLIENT)

    def shove(self, one: int, other: int) -> None:
        move_booking(self._some(one), NEXT_MONDAY + other * timedelta(minutes=20), Side.COACH)

    def cancel(self, one: int, other: int) -> None:
        cancel_booking(self._some(one), Side.CLIENT)

    def call_off(self, one: int, other: int) -> None:
        cancel_booking(self._some(one), Side.COACH, "Ill")

    def complete(self, one: int, other: int) -> None:
        complete_booking(self._some(one))

    def no_show(self, one: int, other: int) -> None:
        mark_no_show(self._some(one))

    def wait(self, one: int, other: int) -> None:
        self.clock.advance(timedelta(hours=one * one))

    def sweep(self, one: int, other: int) -> None:
        end_free_holds(self.clock.now())
        complete_past(self.clock.now())


@pytest.fixture
def new_world(cast: Cast, clock: FixedClock, admin: psycopg.Connection) -> Callable[[], World]:
    """An empty calendar, as often as one is wanted."""
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    alone = an_offering(cast.app, cast.ana, buffer_before=10, buffer_after=5)
    shared = an_offering(cast.app, zoe, cast.ana, price=0)

    def begin() -> World:
        admin.execute("truncate coaching_sessions, bookings cascade")
        clock.instant = NOW
        return World(cast, clock, (alone, shared))

    return begin


def _look(admin: psycopg.Connection) -> dict[UUID, tuple[str, bool, int]]:
    rows = admin.execute("select id, status, confirmed_at is not null, sequence from bookings").fetchall()
    return {booking_id: (status, was_confirmed, sequence) for booking_id, status, was_confirmed, sequence in rows}


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=acts)
def test_it_never_overlaps_and_goes_only_the_ways_there_are(
    new_world: Callable[[], World], admin: psycopg.Connection, done: list[Act]
) -> None:
    world, before = new_world(), {}
    for act in done:
        world.do(act)
        assert admin.execute(_OVERLAPS).fetchone() == (0,)
        after = _look(admin)
        for booking_id, (status, was_confirmed, sequence) in before.items():
            now_status, _, now_sequence = after[booking_id]
            assert now_status == status or now_status in ALLOWED[status]
            assert not (was_confirmed and status == "cancelled" and now_status == "confirmed")
            assert now_sequence >= sequence
        before = after
    assert {status for status, _, _ in before.values()} <= set(BookingStatus)
