"""A hold that somebody pays for goes free only after Stripe was asked, whatever the clock says."""

from datetime import timedelta
from uuid import UUID

import pytest

from coachhub.booking.models import BookingStatus
from coachhub.booking.service.ending import end_free_holds
from coachhub.payments.models import Purchase
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from tests.booking.booked import an_offering, as_nobody, held, read
from tests.cast import Cast
from tests.conftest import NOW


def _purchase(cast: Cast, booking_id: UUID, status: str) -> None:
    paid = {"status": status, "amount": 9000, "list_amount": 9000, "currency": "GBP", "account_id": "acct_1"}
    said = {"title": "A session", "name": "Vera", "email": "vera@example.org", "locale": "en", "time_zone": "UTC"}
    with as_nobody(cast):
        times = {"created_at": NOW, "expires_at": NOW + timedelta(minutes=31)}
        db.session.add(Purchase(practice_id=cast.ana.practice_id, booking_id=booking_id, **paid, **said, **times))


@pytest.mark.parametrize(
    ("status", "stands"),
    [
        ("open", BookingStatus.HELD),
        ("waiting", BookingStatus.HELD),
        ("paid", BookingStatus.HELD),
        ("failed", BookingStatus.EXPIRED),
        ("expired", BookingStatus.EXPIRED),
    ],
)
def test_it_keeps_a_hold_while_its_purchase_is_undecided(
    cast: Cast, clock: FixedClock, status: str, stands: BookingStatus
) -> None:
    booking_id = held(cast, "Vera", an_offering(cast.app, cast.ana))
    _purchase(cast, booking_id, status)
    clock.advance(timedelta(hours=1))
    with as_nobody(cast):
        end_free_holds(clock.now())
    assert read(cast, booking_id).status is stands
