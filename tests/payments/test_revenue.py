"""Whose money came in: coach by coach, as the ledger says."""

from datetime import timedelta

import psycopg

from coachhub.payments.service.revenue import Revenue, revenue_by_coach
from tests.conftest import NOW
from tests.factories import a_client, a_coach
from tests.habits.facts import acting
from tests.payments.till import Till

_PACKAGE = """
insert into purchases (practice_id, client_id, package_id, title, name, email, locale, time_zone, list_amount, amount,
    currency, status, account_id, expires_at, created_at, closed_at, paid_at)
values (%(practice)s, %(client)s, %(package)s, 'Five', 'B', 'b@example.com', 'en_GB', 'Europe/London', %(amount)s,
    %(amount)s, %(currency)s, 'paid', 'acct_1', %(now)s, %(now)s, %(now)s, %(now)s)
returning id
"""
_ENTRY = """
insert into ledger_entries (practice_id, purchase_id, kind, amount, currency, reference, happened_at, created_at)
select practice_id, id, %(kind)s, %(amount)s, currency, %(reference)s, %(at)s, %(at)s from purchases where id = %(id)s
"""
_A_DAY = timedelta(days=1)


def _revenue(till: Till) -> list[Revenue]:
    with acting(till.cast, till.cast.ana):
        return revenue_by_coach(NOW - _A_DAY, NOW + _A_DAY)


def test_it_gives_a_bookings_money_to_its_coach(till: Till) -> None:
    till.paid()
    assert _revenue(till) == [Revenue(till.cast.ana.user_id, "GBP", 9000)]


def test_it_knows_the_period(till: Till) -> None:
    till.paid()
    with acting(till.cast, till.cast.ana):
        assert revenue_by_coach(NOW + _A_DAY, NOW + 2 * _A_DAY) == []
        assert revenue_by_coach(NOW - _A_DAY, NOW) == []


def test_it_gives_a_packages_money_to_the_coach_of_its_client_by_currency(
    till: Till, admin: psycopg.Connection
) -> None:
    bob = a_coach(till.cast.app, till.cast.ana, "Bob Bell", "bob@example.com")
    hal = a_client(till.cast.app, bob, "Hal Hill", "hal@example.com")
    for client, amount, back, currency in ((hal.client_id, 40000, -5000, "GBP"), (None, 700, 0, "EUR")):
        _sold(till, admin, client, amount, back, currency)
    till.is_counted = False
    assert _revenue(till) == [Revenue(None, "EUR", 700), Revenue(bob.user_id, "GBP", 35000)]


def _sold(till: Till, admin: psycopg.Connection, client: object, amount: int, back: int, currency: str) -> None:
    package = admin.execute(
        "insert into packages (practice_id, offering_id, slug, title, sessions, price, currency, status, created_at, "
        "changed_at) values (%s, %s, %s, 'Five', 5, 1, %s, 'open', now(), now()) returning id",
        [till.practice_id, till.offering_id, f"p-{amount}", currency],
    ).fetchone()
    told = {"client": client, "package": package[0] if package else None, "amount": amount, "currency": currency}
    bought = admin.execute(_PACKAGE, told | {"practice": till.practice_id, "now": NOW}).fetchone()
    moved = [("payment", amount)] + ([("refund", back)] if back else [])
    for kind, moving in moved:
        entry = {"kind": kind, "amount": moving, "reference": f"{kind}-{amount}", "at": NOW}
        admin.execute(_ENTRY, entry | {"id": bought[0] if bought else None})
