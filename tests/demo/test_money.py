"""The demo's money: every state is there, and what we say agrees with what the pretended gateway says."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from coachhub.app import create_worker_app
from coachhub.operations.service.checks import examine
from coachhub.payments.service.credits import credits_of
from coachhub.payments.service.giving_back import give_back_due
from coachhub.payments.service.listing import Pile, payments
from coachhub.payments.service.reconciling import Report, reconcile
from coachhub.platform import clock
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice

_FURTHER_THAN_IT_GOES = 500


@pytest.fixture(scope="module", autouse=True)
def worker(settings: Settings) -> Iterator[None]:
    with create_worker_app(settings).app_context():
        yield
        db.engine.dispose()


def _one(admin: psycopg.Connection, query: str) -> object:
    row = admin.execute(query).fetchone()
    assert row is not None
    return row[0]


def _report(admin: psycopg.Connection) -> Report:
    practice_id = _one(admin, "select id from practices")
    return reconcile(practice_id, _FURTHER_THAN_IT_GOES)  # type: ignore[arg-type]


def test_it_agrees_with_the_pretended_gateway(demo: None, admin: psycopg.Connection) -> None:
    report = _report(admin)
    assert (report.findings, report.is_fine) == ((), True)
    assert report.there == report.here > 24
    assert report.money == {"GBP": _one(admin, "select sum(amount)::int from ledger_entries")}


def test_it_shows_payments_in_every_state(demo: None, admin: psycopg.Connection) -> None:
    statuses = {status for (status,) in admin.execute("select distinct status from purchases")}
    assert statuses == {"open", "waiting", "paid", "failed", "expired"}
    refunds = admin.execute("select status, reason from refunds group by 1, 2 order by 1, 2").fetchall()
    assert refunds == [("failed", "asked_for"), ("succeeded", "asked_for"), ("succeeded", "cancelled")]
    with as_practice(_one(admin, "select id from practices")):  # type: ignore[arg-type]
        assert [pile for pile in Pile if not payments(pile)[0]] == []


def test_it_has_coupons_in_use_and_one_that_is_about_to_be(demo: None, admin: psycopg.Connection) -> None:
    used = admin.execute("select status, count(*) from purchases where coupon_id is not null group by 1 order by 1")
    assert used.fetchall() == [("open", 1), ("paid", 2)]


def test_it_pays_for_bookings_as_they_say(demo: None, admin: psycopg.Connection) -> None:
    with_money = "exists (select from purchases p where p.booking_id = b.id and p.status = 'paid')"
    with_credit = "exists (select from credit_entries c where c.booking_id = b.id and c.kind = 'used')"
    odd = (
        f"select count(*) from bookings b where (paid_with = 'money' and client_id is not null) <> {with_money} "
        f"or (paid_with = 'credit') <> {with_credit}"
    )
    assert _one(admin, odd) == 0
    kept = (
        "select count(*) from bookings b join purchases p on p.booking_id = b.id where b.status = 'cancelled' and "
        "(select sum(amount) from ledger_entries l where l.purchase_id = p.id) <> 0"
    )
    assert _one(admin, kept) == 0


def test_it_keeps_packages_that_are_used_given_back_and_over(demo: None, admin: psycopg.Connection) -> None:
    kinds = {kind for (kind,) in admin.execute("select distinct kind from credit_entries")}
    assert kinds == {"bought", "granted", "used", "returned", "expired", "revoked"}
    assert _one(admin, "select min(c) from (select sum(count) c from credit_entries group by holding_id) s") == 0
    ben = _one(admin, "select id from clients where email = 'ben@demo.example'")
    with as_practice(_one(admin, "select id from practices")):  # type: ignore[arg-type]
        assert [(each.left, each.of_all) for each in credits_of(ben, clock.now())] == [(3, 5)]  # type: ignore[arg-type]


def test_it_numbers_receipts_without_gaps_in_the_order_of_payment(demo: None, admin: psycopg.Connection) -> None:
    numbered = (
        "select r.number, row_number() over (order by p.paid_at) from receipts r join purchases p on p.id = purchase_id"
    )
    odd = f"select count(*) from ({numbered}) as counted(number, place) where number <> place"
    assert _one(admin, odd) == 0
    assert _one(admin, "select count(*) from receipts") == _one(
        admin, "select count(*) from purchases where status = 'paid'"
    )
    assert _one(admin, "select count(*) from receipts where net + tax <> gross") == 0


def test_it_leaves_no_refund_to_be_asked_for(demo: None, admin: psycopg.Connection) -> None:
    give_back_due(_one(admin, "select id from practices"))  # type: ignore[arg-type]
    assert _report(admin).findings == ()
    newest = "select max(asked_at) from refunds where status = 'succeeded'"
    assert _one(admin, newest) < clock.now() - timedelta(days=31), "whoever had it back has read of it long ago"  # type: ignore[operator]


def test_it_gives_the_doctor_nothing_to_say(demo: None, settings: Settings) -> None:
    found = {check.name: check.is_fine for check in examine(settings)}
    assert [found[name] for name in ("payments", "stripe events", "money")] == [True, True, True]
