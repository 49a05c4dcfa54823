"""The last session, the last use of a code, the next number: each is had once, whatever happens at the same moment."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from flask import Flask

import coachhub.app
from coachhub.app import create_app
from coachhub.payments.models import Coupon, Receipt
from coachhub.payments.service.credits import book_with_credit
from coachhub.payments.service.discounting import use_coupon
from coachhub.payments.service.settling import sync_purchase
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.db import db, engine_options
from coachhub.platform.errors import Refused
from coachhub.platform.retries import until_it_fits
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, as_nobody
from tests.fakes import KeptQueue
from tests.payments.fake_gateway import FakeGateway
from tests.payments.packages import Shelf

CROWD = 8
Act = Callable[[], object]


@pytest.fixture(scope="module")
def wide_app(settings: Settings, clock: FixedClock, queue: KeptQueue, gateway: FakeGateway) -> Iterator[Flask]:
    """The application, with a connection for each of a crowd."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coachhub.app, "engine_options", lambda: engine_options(pool_size=CROWD))
        made = create_app(settings, clock=clock, queue=queue, gateway=gateway)
    yield made
    with made.app_context():
        db.engine.dispose()


def _at_once(wide_app: Flask, shelf: Shelf, acts: Sequence[Act], *, outside: bool = False) -> int:
    """How many of the acts came about, all begun together, each on a connection of its own."""
    start = Barrier(len(acts), timeout=30)

    def once(act: Act) -> object:
        if outside:
            return act()
        with as_practice(shelf.till.practice_id):
            return act()

    def one(act: Act) -> bool:
        with wide_app.app_context():
            start.wait()
            try:
                until_it_fits(lambda: once(act))
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return sum([begun.result() for begun in [pool.submit(one, act) for act in acts]])


def test_it_spends_the_last_session_once(shelf: Shelf, wide_app: Flask) -> None:
    shelf.given(2)
    held = [shelf.hold(NEXT_MONDAY + number * AN_HOUR) for number in range(3)]
    acts: list[Act] = [lambda held=each: book_with_credit(held) for each in held * 2]  # type: ignore[misc]
    _at_once(wide_app, shelf, acts)
    assert [count for kind, count, _ in shelf.entries() if kind == "used"] == [-1, -1]
    assert shelf.left() == 0


def test_it_grants_the_last_use_of_a_code_once(shelf: Shelf, wide_app: Flask) -> None:
    with as_nobody(shelf.till.cast):
        code = {"code": "LAST", "percent": 100, "most_uses": 1, "created_at": NEXT_MONDAY}
        db.session.add(Coupon(practice_id=shelf.till.practice_id, id=uuid4(), **code))
    held = [shelf.till.hold(f"V{number}", NEXT_MONDAY + number * AN_HOUR) for number in range(CROWD)]
    acts: list[Act] = [lambda held=each: use_coupon(held, "last") for each in held]  # type: ignore[misc]
    assert _at_once(wide_app, shelf, acts) == 1


def test_it_leaves_no_number_of_a_receipt_out(shelf: Shelf, wide_app: Flask) -> None:
    till, bought = shelf.till, []
    for number in range(CROWD):
        _, purchase_id, page = till.at_checkout(f"V{number}", NEXT_MONDAY + number * AN_HOUR)
        till.gateway.pay(page)
        bought.append(purchase_id)
    acts: list[Act] = [
        lambda paid=each: sync_purchase(till.practice_id, paid)  # type: ignore[misc]
        for each in bought
    ]
    assert _at_once(wide_app, shelf, acts, outside=True) == CROWD
    assert sorted(row.number for row in till.rows(Receipt)) == list(range(1, CROWD + 1))
