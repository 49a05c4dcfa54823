"""The pretended pages: clearly marked, open to whoever has an address of one, and nowhere in production."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from coachhub.app import create_app
from coachhub.payments.gateway import PlanAsked, plug_gateway
from coachhub.payments.pretend_gateway import PretendGateway
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from tests.cast import Cast
from tests.conftest import NOW
from tests.payments.banks import PretendedBank
from tests.payments.fake_gateway import FakeGateway

HOME = "http://localhost"


@pytest.fixture
def bank(cast: Cast, gateway: FakeGateway, clock: FixedClock, admin: psycopg.Connection) -> Iterator[PretendedBank]:
    """Ana takes pretended money."""
    made = PretendedBank(PretendGateway(), clock, cast.ana.practice_id)
    plug_gateway(cast.app, made.gateway)
    with cast.app.app_context():
        made.open()
    admin.execute(
        "insert into stripe_accounts (practice_id, account_id, card_payments, created_at) "
        "values (%s, %s, 'active', %s)",
        [cast.ana.practice_id, made.account_id, NOW],
    )
    yield made
    plug_gateway(cast.app, gateway)


def path_of(url: str | None) -> str:
    return str(url).removeprefix(HOME)


def opened(bank: PretendedBank, cast: Cast) -> tuple[str, str]:
    with cast.app.app_context():
        made = bank.gateway.open_checkout(bank.asked())
    return made.id, path_of(made.url)


def kinds(admin: psycopg.Connection) -> list[str]:
    return [kind for (kind,) in admin.execute("select kind from stripe_events order by received_at").fetchall()]


def test_it_is_paid_on_a_page_that_says_it_is_pretended(
    bank: PretendedBank, cast: Cast, admin: psycopg.Connection
) -> None:
    checkout_id, path = opened(bank, cast)
    browser = cast.browser()
    page = browser.get(path)
    assert "This is a pretend checkout: no money moves." in page.text
    assert "£50.00" in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert browser.post(path, data={"how": "pay"}).location == "http://localhost/b/token/paid"
    with cast.app.app_context():
        assert bank.gateway.checkout(bank.account_id, checkout_id).is_paid
    assert kinds(admin) == ["checkout.session.completed"]
    assert "This page is over" in browser.get(path).text
    assert browser.post(path, data={"how": "pay"}).status_code == 409


def test_it_declines_and_stays_open(bank: PretendedBank, cast: Cast, admin: psycopg.Connection) -> None:
    _, path = opened(bank, cast)
    answer = cast.browser().post(path, data={"how": "decline"})
    assert (answer.status_code, "Your card was declined" in answer.text) == (422, True)
    assert "Pay with a pretend card" in answer.text
    assert kinds(admin) == []


def test_it_is_over_when_its_time_has_run_out(bank: PretendedBank, cast: Cast, clock: FixedClock) -> None:
    _, path = opened(bank, cast)
    clock.advance(timedelta(minutes=31))
    assert "This page is over" in cast.browser().get(path).text


def test_it_sets_an_account_up_and_tells(bank: PretendedBank, cast: Cast, admin: psycopg.Connection) -> None:
    with cast.app.app_context():
        path = path_of(bank.gateway.onboarding_link(bank.account_id, f"{HOME}/back", f"{HOME}/again"))
    assert "no money moves" in cast.browser().get(path).text
    assert cast.browser().post(path).location == f"{HOME}/back"
    assert kinds(admin) == ["account.updated"]


def test_it_takes_a_plan_and_gives_it_up(bank: PretendedBank, cast: Cast, clock: FixedClock) -> None:
    asked = PlanAsked("plan:1", cast.ana.practice_id, "ana@example.com", None, "price_1", 14, "en", HOME, HOME)
    with cast.app.app_context():
        path = path_of(bank.gateway.open_plan_checkout(asked).url)
        checkout_id = path.rpartition("/")[2]
    browser = cast.browser()
    assert "Take the pretend plan" in browser.get(path).text
    assert browser.post(path).status_code == 303
    with cast.app.app_context():
        taken = bank.gateway.plan_checkout(checkout_id)
        plan = bank.gateway.subscription(taken.subscription_id)
        portal = path_of(bank.gateway.portal_link("portal:1", taken.customer_id, f"{HOME}/plan"))
    assert (plan.status, plan.trial_ends_at, plan.practice_id) == (
        "trialing",
        NOW + timedelta(days=14),
        cast.ana.practice_id,
    )
    assert browser.post(portal, data={"how": "give-up"}).location == f"{HOME}/plan"
    clock.advance(timedelta(days=15))
    with cast.app.app_context():
        assert bank.gateway.subscription(taken.subscription_id).status == "canceled"


@pytest.mark.parametrize("kind", ["checkout", "account", "plan-checkout", "plan"])
def test_it_knows_no_others(bank: PretendedBank, cast: Cast, kind: str) -> None:
    unknown = f"cs_pretend_{cast.ana.practice_id.hex}_00"
    for pretend_id in ("nothing", unknown):
        assert cast.browser().get(f"/pretend/{kind}/{pretend_id}").status_code == 404
        assert cast.browser().post(f"/pretend/{kind}/{pretend_id}").status_code == 404


def test_it_is_nowhere_beside_stripe_and_nowhere_in_production(
    bank: PretendedBank, cast: Cast, gateway: FakeGateway, settings: Settings
) -> None:
    _, path = opened(bank, cast)
    plug_gateway(cast.app, gateway)
    assert cast.browser().get(path).status_code == 404
    strict = {"environment": "production", "base_url": "https://coachhub.example"}
    made = create_app(settings.model_copy(update=strict), gateway=gateway)
    assert [rule.rule for rule in made.url_map.iter_rules() if rule.rule.startswith("/pretend")] == []
