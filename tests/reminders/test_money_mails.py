"""Money that goes back, a time that was gone when it was paid, a bank that did not pay: each told once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from coachhub.payments.models import Purchase, Refund
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.coaching.booked_rows import IN_A_WEEK, an_offering, held
from tests.conftest import NOW
from tests.factories import LONG_AGO
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, keep


def _purchase(cast: Cast, booking_id: UUID | None, **more: Any) -> UUID:
    """Vera, who has no account, pays 90 pounds."""
    purchase_id = uuid4()
    who = {"name": "Vera Visitor", "email": "vera@example.net", "locale": "en_GB", "time_zone": "Europe/Berlin"}
    money = {"title": "Career conversation", "list_amount": 9000, "amount": 9000, "currency": "GBP"}
    stands = {"status": "paid", "account_id": "acct_1", "expires_at": NOW, "created_at": NOW, "closed_at": NOW}
    row = {"id": purchase_id, "booking_id": booking_id, **who, **money, **stands, **more}
    keep(cast.app, cast.ana, Purchase(**row))
    return purchase_id


def _refund(cast: Cast, reason: str, status: str = "succeeded", amount: int = 9000, **of_booking: Any) -> UUID:
    booking_id, refund_id = held(cast, **of_booking), uuid4()
    bought = _purchase(cast, booking_id)
    money = {"amount": amount, "currency": "GBP", "reason": reason, "status": status, "asked_at": NOW}
    keep(cast.app, cast.ana, Refund(id=refund_id, purchase_id=bought, **money))
    return refund_id


@pytest.mark.parametrize(
    ("reason", "amount", "words"),
    [
        ("cancelled", 9000, "What you paid for “Career conversation” comes back to you: £90.00."),
        ("cancelled", 4500, "Of the £90.00 that you paid for “Career conversation”, £45.00 comes back to you."),
        ("paid_twice", 9000, "“Career conversation” was paid twice."),
        ("outside", 9000, "comes back to you: £90.00."),
    ],
)
def test_it_tells_what_comes_back(
    cast: Cast, office: Office, mailer: OutboxMailer, reason: str, amount: int, words: str
) -> None:
    _refund(cast, reason, amount=amount)
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    [mail] = mailer.to("vera@example.net")
    assert words in mail.text
    assert "http://localhost/b/" in mail.text
    assert (mail.from_name, mail.reply_to) == ("Ana Alvarez via Ana Coaching", "ana@example.com")


@pytest.mark.parametrize("status", ["asked", "failed", "cancelled"])
def test_it_tells_nothing_of_money_that_is_not_on_its_way(cast: Cast, office: Office, status: str) -> None:
    _refund(cast, "cancelled", status)
    assert office.deliver(cast.ana).planned == 0


def test_it_tells_both_that_the_slot_was_gone(cast: Cast, office: Office, mailer: OutboxMailer) -> None:
    """Paid but the slot is gone: refunded by itself, both told."""
    _refund(cast, "slot_gone", "asked", offering_id=an_offering(cast, slug="hour"))
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [2, 0]
    [hers] = mailer.to("vera@example.net")
    assert hers.subject == "Your time was gone, and your £90.00 comes back"
    assert "Thursday 12 March, 13:00" in hers.text  # by the clock in Berlin
    assert "/hour" in hers.text
    [to_coach] = mailer.to("ana@example.com")
    assert to_coach.subject == "Paid too late: Vera Visitor gets £90.00 back"
    assert "Vera Visitor (vera@example.net) has paid" in to_coach.text
    assert "Thursday 12 March, 12:00" in to_coach.text
    assert to_coach.reply_to == "vera@example.net"


def test_it_does_not_wait_for_the_morning_where_the_time_is_near(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    clock.instant = NOW.replace(hour=23)
    _refund(cast, "slot_gone", starts_at=NOW + timedelta(hours=20))
    _refund(cast, "slot_gone")
    office.deliver(cast.ana)
    assert len(mailer.to("vera@example.net")) == 1


@pytest.mark.parametrize(("status", "words"), [("held", "still kept for you"), ("expired", "choose one again")])
def test_it_tells_that_the_bank_did_not_pay(
    cast: Cast, office: Office, mailer: OutboxMailer, status: str, words: str
) -> None:
    _purchase(cast, held(cast, status=status), status="failed")
    assert [office.deliver(cast.ana).sent for _ in range(2)] == [1, 0]
    [mail] = mailer.mails
    assert mail.subject == "Your payment for “Career conversation” did not come through"
    assert "Your bank has not paid £90.00" in mail.text
    assert words in mail.text


@pytest.mark.parametrize("what", ["paid", "over"])
def test_it_says_nothing_where_it_was_paid_in_the_end(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, what: str
) -> None:
    booking_id = held(cast)
    _purchase(cast, booking_id, status="failed")
    if what == "paid":
        _purchase(cast, booking_id)
    office.plan(cast.ana, NOW)
    if what == "over":
        clock.instant = IN_A_WEEK
    office.deliver(cast.ana)
    assert office.states(cast.ana)["payment_failed"] == ("dropped", what)
    assert mailer.mails == []


def test_it_names_its_reader_in_the_outbox_without_keeping_the_name(cast: Cast, office: Office) -> None:
    _refund(cast, "cancelled")
    _purchase(cast, held(cast, IN_A_WEEK + timedelta(days=1)), status="failed", name="Paul Payer")
    office.deliver(cast.ana)
    page = cast.browser(cast.ana).get("/settings/outbox").text
    assert "Vera Visitor" in page
    assert "Paul Payer" in page
    rows = office.admin.execute("select outbox::text from outbox").fetchall()
    assert not any("Vera" in row or "Paul" in row for (row,) in rows)


def test_it_tells_nothing_of_long_ago(cast: Cast, office: Office) -> None:
    booking_id = held(cast)
    bought = _purchase(cast, booking_id, status="failed", closed_at=LONG_AGO, created_at=LONG_AGO)
    money = {"amount": 900, "currency": "GBP", "reason": "outside", "status": "succeeded", "asked_at": LONG_AGO}
    keep(cast.app, cast.ana, Refund(purchase_id=bought, **money))
    assert office.deliver(cast.ana).planned == 0
