"""Connecting a practice with Stripe: one account, whatever is clicked how often, and how it stands in words."""

import subprocess
import sys
from dataclasses import replace

import psycopg
import pytest

from coachhub.payments.gateway import GatewayAway, GatewayRefused, plug_gateway
from coachhub.payments.gateways import ClosedGateway, gateway_of
from coachhub.payments.service.connecting import sync_account
from coachhub.payments.service.inbox import handle_events
from coachhub.platform.config import Settings
from tests.cast import Cast
from tests.conftest import NOW
from tests.payments.fake_gateway import FakeGateway

WANTED = ("identity.individual.documents.primary_verification", "defaults.profile.business_url")


def stands(gateway: FakeGateway, account_id: str, card_payments: str, wants: tuple[str, ...] = ()) -> None:
    gateway.accounts[account_id] = replace(gateway.accounts[account_id], card_payments=card_payments, wants=wants)


@pytest.fixture
def connected(cast: Cast, gateway: FakeGateway) -> str:
    """Ana's account, as she has just opened it."""
    cast.browser(cast.ana).post("/settings/payments", data={"country": "GB"})
    return next(iter(gateway.accounts))


def test_it_asks_for_the_country_and_leads_to_stripe(cast: Cast, gateway: FakeGateway) -> None:
    browser = cast.browser(cast.ana)
    page = browser.get("/settings/payments").text
    assert "Connect Stripe" in page
    answer = browser.post("/settings/payments", data={"country": "GB"})
    assert (answer.status_code, answer.location.startswith("https://stripe.example/")) == (303, True)
    assert [account.country for account in gateway.accounts.values()] == ["GB"]


def test_it_asks_again_for_a_country_that_stripe_is_not_in(cast: Cast, gateway: FakeGateway) -> None:
    answer = cast.browser(cast.ana).post("/settings/payments", data={"country": "AQ"})
    assert answer.status_code == 422
    assert gateway.accounts == {}


def test_it_opens_one_account_however_often_it_is_asked(cast: Cast, gateway: FakeGateway, connected: str) -> None:
    for _ in range(2):
        assert cast.browser(cast.ana).post("/settings/payments").status_code == 303
    assert list(gateway.accounts) == [connected]


def test_it_finds_the_account_whose_opening_was_never_answered(cast: Cast, gateway: FakeGateway) -> None:
    gateway.fail("open_account", GatewayAway("lost"), when="after")
    browser = cast.browser(cast.ana)
    assert browser.post("/settings/payments", data={"country": "GB"}).location == "/settings/payments"
    assert "Nothing is lost" in browser.get("/settings/payments").text
    assert browser.post("/settings/payments", data={"country": "GB"}).location.startswith("https://stripe.example/")
    assert len(gateway.accounts) == 1


@pytest.mark.parametrize(
    ("card_payments", "wants", "words"),
    [
        ("active", (), "Ready"),
        ("pending", (), "Being checked"),
        ("restricted", WANTED, "a document that shows who you are"),
        ("restricted", (), "Stopped"),
    ],
)
def test_it_says_in_words_how_the_account_stands(
    cast: Cast, gateway: FakeGateway, connected: str, card_payments: str, wants: tuple[str, ...], words: str
) -> None:
    stands(gateway, connected, card_payments, wants)
    browser = cast.browser(cast.ana)
    assert browser.get("/settings/payments/back").location == "/settings/payments"
    assert words in browser.get("/settings/payments").text


def test_it_gives_a_fresh_link_for_one_that_was_used(cast: Cast, connected: str) -> None:
    answer = cast.browser(cast.ana).get("/settings/payments/again")
    assert (answer.status_code, answer.location.endswith(connected)) == (303, True)


def test_it_shows_how_it_stood_while_stripe_is_away(cast: Cast, gateway: FakeGateway, connected: str) -> None:
    gateway.fail("account")
    browser = cast.browser(cast.ana)
    browser.post("/settings/payments/look")
    assert "this is how it stood last" in browser.get("/settings/payments").text


def test_it_hears_of_a_change_through_the_inbox(
    cast: Cast, gateway: FakeGateway, connected: str, admin: psycopg.Connection
) -> None:
    stands(gateway, connected, "restricted", WANTED)
    admin.execute(
        "insert into stripe_events (practice_id, event_id, account_id, kind, object_id, happened_at, received_at) "
        "values (%s, 'evt_1', %s, 'account.updated', %s, %s, %s)",
        [cast.ana.practice_id, connected, connected, NOW, NOW],
    )
    with cast.app.app_context():
        assert handle_events(cast.ana.practice_id) == 1
    row = admin.execute("select card_payments, wants from stripe_accounts").fetchone()
    assert row == ("restricted", "\n".join(WANTED))
    assert admin.execute("select outcome from stripe_events").fetchone() == ("handled",)


def test_it_says_that_an_account_lets_us_in_no_more_and_connects_another(
    cast: Cast, gateway: FakeGateway, connected: str
) -> None:
    gateway.fail("account", GatewayRefused("account_invalid", "no access"))
    with cast.app.app_context():
        sync_account(cast.ana.practice_id)
    browser = cast.browser(cast.ana)
    assert "no longer connected" in browser.get("/settings/payments").text
    answer = browser.post("/settings/payments", data={"country": "GB"})
    assert not answer.location.endswith(connected)
    assert len(gateway.accounts) == 2


def test_it_shows_no_other_practices_account(cast: Cast, connected: str) -> None:
    assert "Connect Stripe" in cast.browser(cast.cleo).get("/settings/payments").text


def test_it_refuses_money_in_production_without_a_key_and_says_so(
    cast: Cast, settings: Settings, gateway: FakeGateway
) -> None:
    closed = gateway_of(settings.model_copy(update={"environment": "production"}))
    assert isinstance(closed, ClosedGateway)
    with pytest.raises(GatewayRefused, match="STRIPE_SECRET_KEY"):
        closed.account("acct_1")
    plug_gateway(cast.app, closed)
    page = cast.browser(cast.ana).get("/settings/payments").text
    plug_gateway(cast.app, gateway)
    assert "Payments are not set up here" in page
    assert "Connect Stripe" not in page


def test_it_loads_stripes_library_only_where_money_moves() -> None:
    asked = (
        "import sys; from coachhub.app import create_app; from coachhub.platform.config import Settings; "
        "create_app(Settings(environment='test', secret_key='x' * 32, database_url='postgresql:///x', "
        "redis_url='redis://localhost:1', base_url='http://localhost', stripe_secret_key='sk_test_x', "
        "stripe_webhook_secrets=['whsec_x'])); print('stripe' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
