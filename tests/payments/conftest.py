"""What the tests of money share; each ends by counting it: what the gateway has is what is written down."""

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from tests.cast import Cast
from tests.payments.fake_gateway import FakeGateway
from tests.payments.packages import Shelf
from tests.payments.till import Till


@pytest.fixture
def till(cast: Cast, gateway: FakeGateway, worker_app: Flask, admin: psycopg.Connection) -> Iterator[Till]:
    """Ana takes payments, for an hour that costs 90 pounds. At the end the till is counted, currency by currency."""
    till = Till.open(cast, gateway, worker_app)
    yield till
    rows = admin.execute("select currency, sum(amount)::int from ledger_entries group by 1").fetchall()
    if till.is_counted:
        assert {currency: amount for currency, amount in rows if amount} == till.gateway.balance(till.account_id)


@pytest.fixture
def shelf(till: Till) -> Shelf:
    """Packages of Ana's hour, for Ben."""
    return Shelf(till, till.cast.ben)
