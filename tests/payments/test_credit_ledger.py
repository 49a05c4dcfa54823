"""Whatever happens to packages, in any order: nothing is ever below 0, and what is left is the sum of what happened."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coachhub.booking.models import Side
from coachhub.payments.service.giving_credits import revoke_credits, take_back_unused
from coachhub.payments.service.writing_off import expire_credits
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import Refused
from tests.booking.booked import AN_HOUR, as_nobody
from tests.conftest import NOW
from tests.factories import a_client
from tests.payments.packages import Shelf
from tests.payments.till import Till

STEPS = st.sampled_from(("buy", "give", "spend", "call_off", "expire", "revoke", "pay_back", "wait"))
_numbers = count(1)
_ahead = count(1)


@dataclass
class Life:
    """What a client does with packages, and a plain count of it beside the ledger."""

    shelf: Shelf
    package_id: UUID
    watch: FixedClock
    bookings: list[UUID] = field(default_factory=list)
    purchases: list[UUID] = field(default_factory=list)
    came: int = 0
    used: int = 0

    def buy(self) -> None:
        self.purchases.append(self.shelf.buys(self.package_id))
        self.came += 5

    def give(self) -> None:
        self.shelf.given(2, self.watch.now() + timedelta(days=20))
        self.came += 2

    def spend(self) -> None:
        tomorrow = self.watch.now().replace(minute=0) + timedelta(days=1)
        booking_id, has_one = self.shelf.hold(tomorrow + next(_ahead) * AN_HOUR), self.shelf.left() > 0
        try:
            self.shelf.use(booking_id)
            self.bookings.append(booking_id)
            self.used += 1
            assert has_one
        except Refused:
            self.shelf.cancel(booking_id)
            assert not has_one

    def call_off(self) -> None:
        if self.bookings:
            booking_id = self.bookings.pop()
            self.shelf.cancel(booking_id, Side.COACH)
            self.shelf.cancel(booking_id, Side.CLIENT)
            self.used -= 1

    def expire(self) -> None:
        with as_nobody(self.shelf.till.cast):
            expire_credits()

    def revoke(self) -> None:
        for row in [row for row in self.shelf.holdings() if row.left][:1]:
            with as_nobody(self.shelf.till.cast):
                revoke_credits(row.id, row.left, "")

    def pay_back(self) -> None:
        for purchase_id in self.purchases[-1:]:
            with as_nobody(self.shelf.till.cast):
                take_back_unused(purchase_id)

    def wait(self) -> None:
        self.watch.advance(timedelta(days=11))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=5, max_size=14))
def test_it_never_falls_below_nothing_and_always_adds_up(till: Till, clock: FixedClock, steps: list[str]) -> None:
    clock.instant, name = NOW, f"b{next(_numbers)}"
    ben = a_client(till.cast.app, till.cast.ana, "Ben Berger", f"{name}@example.com")
    shelf = Shelf(till, ben)
    life = Life(shelf, shelf.package(name, rolls_over=True, valid_days=25), clock)
    for step in steps:
        getattr(life, step)()
        _adds_up(life)


def _adds_up(life: Life) -> None:
    rows, entries = life.shelf.holdings(), life.shelf.entries()
    assert all(0 <= row.left <= row.of_all for row in rows)
    assert sum(row.left for row in rows) == sum(number for _, number, _ in entries)

    def moved(*kinds: str) -> int:
        return sum(number for kind, number, _ in entries if kind in kinds)

    assert moved("bought", "granted") == life.came
    assert -moved("used", "returned") == life.used
    assert moved("rolled_in", "rolled_out") == 0
