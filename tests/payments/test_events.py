"""What the gateway tells: in any order, twice, late or not at all, everything ends the same."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from coachhub.payments.gateway import GatewayAway, Told
from coachhub.payments.models import Dispute, LedgerEntry, PurchaseStatus, Refund
from coachhub.payments.rules.waiting import MOST_TRIES
from coachhub.platform.clock import FixedClock
from tests.booking.booked import AN_HOUR, NEXT_MONDAY
from tests.payments.fake_gateway import FakeGateway
from tests.payments.till import Till

Step = Callable[[FakeGateway, str], Any]


def _payment(gateway: FakeGateway, checkout_id: str) -> str:
    return str(gateway.checkouts[checkout_id].state.payment_id)


PAY: Step = lambda gateway, page: gateway.pay(page)  # noqa: E731
PAY_SLOWLY: Step = lambda gateway, page: gateway.pay(page, slowly=True)  # noqa: E731
BANK_SAYS_YES: Step = lambda gateway, page: gateway.bank_decides(page, yes=True)  # noqa: E731
BANK_SAYS_NO: Step = lambda gateway, page: gateway.bank_decides(page, yes=False)  # noqa: E731
EXPIRE: Step = lambda gateway, page: gateway.expire(page)  # noqa: E731
REFUND: Step = lambda gateway, page: gateway.refund_outside(_payment(gateway, page), 2500)  # noqa: E731
REFUND_FAILS: Step = lambda gateway, page: gateway.refund_stands(_payment(gateway, page), "failed")  # noqa: E731
DISPUTE: Step = lambda gateway, page: gateway.dispute(_payment(gateway, page))  # noqa: E731
WIN: Step = lambda gateway, page: gateway.dispute_ends(_payment(gateway, page), won=True)  # noqa: E731
LOSE: Step = lambda gateway, page: gateway.dispute_ends(_payment(gateway, page), won=False)  # noqa: E731

STORIES: dict[str, tuple[list[Step], str, str, int]] = {
    "paid": ([PAY], "confirmed", "paid", 9000),
    "given back": ([PAY, REFUND, REFUND], "confirmed", "paid", 4000),
    "given back in vain": ([PAY, REFUND, REFUND_FAILS], "confirmed", "paid", 9000),
    "questioned and won": ([PAY, DISPUTE, WIN], "confirmed", "paid", 9000),
    "questioned and lost": ([PAY, DISPUTE, LOSE], "confirmed", "paid", 0),
    "paid by a bank": ([PAY_SLOWLY, BANK_SAYS_YES, REFUND], "confirmed", "paid", 6500),
    "refused by a bank": ([PAY_SLOWLY, BANK_SAYS_NO], "expired", "failed", 0),
    "left": ([EXPIRE], "expired", "expired", 0),
}
_example = settings(
    max_examples=12,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
_hours = iter(range(1, 10_000))


def _tell(till: Till, told: list[Told], extra: int) -> None:
    """The same thing told twice may well be two events."""
    again = [replace(event, event_id=f"{event.event_id}-{n}") for n in range(extra) for event in told]
    till.tell(*told, *again)


def _shuffled(events: list[Told], dice: list[int]) -> list[Told]:
    thrown = {event.event_id: dice.pop() for event in events}
    return sorted(events, key=lambda event: thrown[event.event_id])


def _all_of(till: Till, purchase_id: UUID) -> tuple[object, ...]:
    def own(table: Any) -> list[Any]:
        return [row for row in till.rows(table) if row.purchase_id == purchase_id]

    return (
        sorted((entry.kind, entry.amount) for entry in own(LedgerEntry)),
        sorted((refund.reason, refund.status, refund.amount) for refund in own(Refund)),
        sorted((dispute.status, dispute.amount) for dispute in own(Dispute)),
    )


@pytest.mark.parametrize("story", STORIES)
@_example
@given(dice=st.lists(st.integers(0, 99), min_size=80, max_size=80))
def test_it_ends_the_same_in_whatever_order_it_is_told(till: Till, story: str, dice: list[int]) -> None:
    steps, booking_stands, purchase_stands, left = STORIES[story]
    starts_at = NEXT_MONDAY + next(_hours) * AN_HOUR
    booking_id, purchase_id, page = till.at_checkout(f"Vera{starts_at:%d%H}", starts_at)
    till.gateway.events.clear()
    for step in steps:
        step(till.gateway, page)
        if dice.pop() % 2:
            _tell(till, _shuffled(till.gateway.events, dice), dice.pop() % 2)
            till.settle()
    _tell(till, _shuffled(till.gateway.events, dice), 1)
    till.settle()
    assert till.booking(booking_id).status == booking_stands
    assert till.purchase(purchase_id).status == purchase_stands
    assert [event.kind for event in till.events() if event.outcome != "handled"] == []
    found = _all_of(till, purchase_id)
    till.sync(purchase_id)
    assert _all_of(till, purchase_id) == found
    assert sum(amount for _, amount in found[0]) == left  # type: ignore[attr-defined]


def test_it_handles_an_event_that_came_before_its_page_was_written_down(till: Till) -> None:
    purchase_id = till.buy(till.hold())
    till.gateway.fail("open_checkout", RuntimeError("killed"), "after")
    with pytest.raises(RuntimeError):
        till.open_page(purchase_id)
    till.gateway.pay(till.gateway.the_checkout())
    till.tell()
    till.settle()
    assert till.purchase(purchase_id).status is PurchaseStatus.PAID


def test_it_tries_an_event_again_later_and_shows_it_when_it_gives_up(till: Till, clock: FixedClock) -> None:
    _, purchase_id, page = till.at_checkout()
    till.gateway.pay(page)
    till.tell(till.gateway.events[-1])
    waits = []
    for _ in range(MOST_TRIES):
        till.gateway.fail("checkout", GatewayAway("503"))
        till.settle()
        [event] = till.events()
        waits.append((event.next_try_at or clock.now()) - clock.now())
        clock.instant = event.next_try_at or clock.now()
    assert waits[:4] == sorted(waits[:4])
    assert (event.outcome, event.tries, event.trouble) == ("failed", MOST_TRIES, "503")
    clock.advance(timedelta(hours=1))
    till.settle()
    assert till.purchase(purchase_id).status is PurchaseStatus.PAID


def test_it_ignores_what_concerns_no_purchase(till: Till, clock: FixedClock) -> None:
    kinds = ("checkout.session.completed", "payment_intent.succeeded", "payout.paid", "charge.refunded")
    till.tell(*(Told(f"evt_{kind}", kind, till.account_id, "xx_1", "", None, clock.now()) for kind in kinds))
    till.settle()
    assert {event.outcome for event in till.events()} == {"ignored"}


def test_it_lets_no_event_hold_up_the_others(till: Till, clock: FixedClock) -> None:
    _, first_id, first_page = till.at_checkout()
    _, second_id, second_page = till.at_checkout("Wim", NEXT_MONDAY + AN_HOUR)
    till.gateway.pay(first_page)
    till.gateway.pay(second_page)
    till.tell(*till.gateway.events)
    till.gateway.fail("checkout", RuntimeError("our mistake"))
    till.settle()
    stands = {till.purchase(first_id).status, till.purchase(second_id).status}
    assert stands == {PurchaseStatus.OPEN, PurchaseStatus.PAID}
    clock.advance(timedelta(minutes=1))
    till.settle()
    assert till.purchase(first_id).status is till.purchase(second_id).status is PurchaseStatus.PAID
