"""Reconciling: what the gateway has and we lack, and the other way, listed and mended."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest

from coachhub.payments.gateway import GatewayAway, GatewayRefused
from coachhub.payments.models import PurchaseStatus
from coachhub.payments.service.reconciling import Difference, Report, reconcile
from coachhub.platform.clock import FixedClock
from tests.booking.booked import AN_HOUR, NEXT_MONDAY
from tests.payments.till import Till


def _reconcile(till: Till, days: int = 35) -> Report:
    with till.worker_app.app_context():
        return reconcile(till.practice_id, days)


def test_it_finds_nothing_where_everything_agrees(till: Till) -> None:
    till.paid()
    till.at_checkout("Wim", NEXT_MONDAY + AN_HOUR)
    report = _reconcile(till)
    assert (report.findings, report.is_fine, report.money) == ((), True, {"GBP": 9000})
    assert (report.there, report.here) == (2, 2)


def test_it_mends_a_payment_that_no_event_told(till: Till) -> None:
    _, purchase_id, page = till.at_checkout()
    till.gateway.pay(page)
    [finding] = _reconcile(till).findings
    assert (finding.difference, finding.there, finding.here, finding.is_mended) == (
        *(Difference.OTHER_AMOUNT, 9000, 0, True),
    )
    assert till.purchase(purchase_id).status is PurchaseStatus.PAID
    assert _reconcile(till).findings == ()


def test_it_mends_refunds_and_disputes_that_no_event_told(till: Till) -> None:
    _, purchase_id = till.paid()
    till.gateway.refund_outside(till.purchase(purchase_id).payment_id or "", 1000)
    assert [finding.is_mended for finding in _reconcile(till).findings] == [True]
    till.gateway.dispute(till.purchase(purchase_id).payment_id or "")
    assert [finding.is_mended for finding in _reconcile(till).findings] == [True]
    assert _reconcile(till).is_fine


def test_it_finds_every_night_what_a_bank_took_months_later(till: Till, clock: FixedClock) -> None:
    _, purchase_id = till.paid()
    clock.advance(timedelta(days=119))
    till.gateway.dispute(till.purchase(purchase_id).payment_id or "")
    clock.advance(timedelta(days=60))
    till.gateway.dispute_ends(till.purchase(purchase_id).payment_id or "", won=False)
    with till.worker_app.app_context():
        reconcile(till.practice_id)
    assert till.ledger() == [("dispute", -9000), ("payment", 9000)]


def test_it_mends_a_page_that_has_ended(till: Till) -> None:
    _, purchase_id, page = till.at_checkout()
    till.gateway.expire(page)
    assert [finding.difference for finding in _reconcile(till).findings] == [Difference.OTHER_STATE]
    assert till.purchase(purchase_id).status is PurchaseStatus.EXPIRED


def test_it_lists_money_for_a_purchase_that_we_do_not_have(till: Till) -> None:
    _, purchase_id = till.paid()
    payment_id = till.purchase(purchase_id).payment_id or ""
    kept = till.gateway.payments[payment_id]
    till.gateway.payments["pi_x"] = replace(kept, state=replace(kept.state, id="pi_x", purchase_id=uuid4()))
    till.is_counted = False
    report = _reconcile(till)
    assert [(finding.difference, finding.reference) for finding in report.findings] == [
        (Difference.UNKNOWN_HERE, "pi_x")
    ]
    assert not report.is_fine


def test_it_lists_what_the_gateway_does_not_have(till: Till) -> None:
    till.paid()
    till.gateway.payments.clear()
    till.gateway.checkouts.clear()
    till.is_counted = False
    report = _reconcile(till)
    assert [(finding.difference, finding.here) for finding in report.findings] == [(Difference.UNKNOWN_THERE, 9000)]


def test_it_leaves_alone_what_was_sold_elsewhere(till: Till) -> None:
    _, purchase_id = till.paid()
    kept = till.gateway.payments[till.purchase(purchase_id).payment_id or ""]
    till.gateway.payments["pi_x"] = replace(kept, state=replace(kept.state, id="pi_x", purchase_id=None))
    assert _reconcile(till).findings == ()


def test_it_looks_no_further_back_than_asked(till: Till, clock: FixedClock) -> None:
    _, _, page = till.at_checkout()
    till.gateway.pay(page)
    clock.advance(timedelta(days=3))
    assert (_reconcile(till, days=2).findings, len(_reconcile(till, days=4).findings)) == ((), 1)


def test_it_goes_on_where_an_account_was_disconnected(till: Till, admin: psycopg.Connection) -> None:
    till.paid()
    admin.execute("update stripe_accounts set account_id = 'acct_new'")
    till.gateway.add_account("acct_new")
    till.account_id = "acct_new"
    _, purchase_id, page = till.at_checkout("Wim", NEXT_MONDAY + AN_HOUR)
    till.gateway.pay(page)
    till.gateway.fail("payments_since", GatewayRefused("account_invalid", "no access"))
    report = _reconcile(till)
    assert (report.closed, report.there, report.here) == (("acct_ana",), 1, 1)
    assert [(finding.purchase_id, finding.is_mended) for finding in report.findings] == [(purchase_id, True)]
    assert report.is_fine
    till.is_counted = False


def test_it_stops_where_the_gateway_refuses_everything(till: Till) -> None:
    till.gateway.fail("payments_since", GatewayRefused("api_key_expired", "this key is no good"))
    with pytest.raises(GatewayRefused):
        _reconcile(till)


def test_it_says_so_where_the_gateway_does_not_answer(till: Till, admin: psycopg.Connection) -> None:
    till.gateway.fail("payments_since", GatewayAway("503"))
    with pytest.raises(GatewayAway):
        _reconcile(till)
    _reconcile(till)
    noted = admin.execute("select action from audit_entries where action like 'payments%'").fetchall()
    assert noted == [("payments_reconciled",)]
