"""What owner, coaches and clients see of payments, and giving money back from the screen."""

import re

import psycopg
import pytest
from flask.testing import FlaskClient

from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering
from tests.cast import Cast
from tests.factories import a_coach
from tests.payments.till import Till
from tests.words import words_of


@pytest.fixture
def ana(till: Till) -> FlaskClient:
    return till.cast.browser(till.cast.ana)


def test_it_lists_what_was_paid_with_its_sum(till: Till, ana: FlaskClient) -> None:
    till.paid()
    till.at_checkout("Wim", NEXT_MONDAY + AN_HOUR)
    page = ana.get("/payments").text
    for words in ("A session", "Vera", "Wim", "Paid", "Not paid yet", "£90.00 came, £0.00 went back"):
        assert words in page


def test_it_filters_by_how_payments_stand(till: Till, ana: FlaskClient) -> None:
    till.paid()
    till.at_checkout("Wim", NEXT_MONDAY + AN_HOUR)
    assert "Wim" not in words_of(ana.get("/payments?state=paid").text)
    assert "Vera" not in ana.get("/payments?state=not_paid").text
    assert "Nothing here" in ana.get("/payments?state=disputed").text
    assert ana.get("/payments?state=nonsense").status_code == 200


def test_it_says_what_is_missing_where_nothing_was_paid(till: Till, ana: FlaskClient) -> None:
    assert "No payment yet" in ana.get("/payments").text


def test_it_leads_the_owner_without_an_account_to_stripe(cast: Cast) -> None:
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    page = cast.browser(cast.ana).get("/payments").text
    assert ("Connect Stripe" in page, 'href="/settings/payments"' in page) == (True, True)
    page = cast.browser(zoe).get("/payments").text
    assert ("as soon as the owner" in page, 'href="/settings/payments"' in page) == (True, False)


@pytest.mark.parametrize(
    ("card_payments", "wants", "words"),
    [
        ("restricted", ("business_profile.url",), "wants to know more before clients can pay"),
        ("pending", (), "still looking at your account"),
        ("active", ("business_profile.url",), "payments may stop at any time"),
        ("restricted", (), "takes no payments for this practice"),
    ],
)
def test_it_says_what_keeps_the_account_from_being_paid(
    till: Till, ana: FlaskClient, admin: psycopg.Connection, card_payments: str, wants: tuple[str, ...], words: str
) -> None:
    admin.execute("update stripe_accounts set card_payments = %s, wants = %s", [card_payments, "\n".join(wants)])
    page = ana.get("/payments").text
    assert words in page
    assert "Connect Stripe" not in page


def test_it_says_that_the_account_is_lost_beside_what_was_paid(
    till: Till, ana: FlaskClient, admin: psycopg.Connection
) -> None:
    till.paid()
    admin.execute("update stripe_accounts set card_payments = 'disconnected'")
    page = ana.get("/payments").text
    assert "no longer connected" in page
    assert "Vera" in page


def test_it_gives_back_a_part_from_the_screen(till: Till, ana: FlaskClient) -> None:
    _, purchase_id = till.paid()
    here = f"/payments/{purchase_id}"
    assert 'value="90.00"' in ana.get(here).text
    answer = ana.post(f"{here}/refunds", data={"amount": "20", "note": "fell ill"}, follow_redirects=True)
    assert "On its way to Stripe" in answer.text
    till.settle()
    page = ana.get(here).text
    for words in ("Partly given back", "Given back by the practice", "fell ill", "-£20.00", "Up to £70.00"):
        assert words in page


@pytest.mark.parametrize(("amount", "words"), [("90.01", "more than is left"), ("x", "Write an amount"), ("0", "Say")])
def test_it_says_what_is_wrong_with_an_amount_and_keeps_it(
    till: Till, ana: FlaskClient, amount: str, words: str
) -> None:
    _, purchase_id = till.paid()
    answer = ana.post(f"/payments/{purchase_id}/refunds", data={"amount": amount})
    assert (answer.status_code, till.refunds()) == (422, [])
    assert words in answer.text
    assert f'value="{amount}"' in answer.text


def test_it_takes_an_amount_in_the_currencys_own_minor_unit(till: Till, ana: FlaskClient) -> None:
    till.offering_id = an_offering(till.cast.app, till.cast.ana, price=45_500, currency="KWD")
    _, purchase_id = till.paid()
    ana.post(f"/payments/{purchase_id}/refunds", data={"amount": "10.250"})
    till.settle()
    assert [(refund.amount, refund.currency) for refund in till.refunds()] == [(10_250, "KWD")]
    answer = ana.post(f"/payments/{purchase_id}/refunds", data={"amount": "10.255"})
    assert (answer.status_code, "write 10.250 or 10.260" in answer.text) == (422, True)


def test_it_shows_a_dispute_and_until_when_to_answer(till: Till, ana: FlaskClient) -> None:
    _, purchase_id = till.paid()
    till.gateway.dispute(till.purchase(purchase_id).payment_id or "")
    till.sync(purchase_id)
    page = ana.get(f"/payments/{purchase_id}").text
    assert "Answer in Stripe until Thursday 12 March" in page
    assert "Give money back" not in page
    assert "One payment needs a look" in ana.get("/payments").text


def test_it_shows_why_a_refund_failed(till: Till, ana: FlaskClient) -> None:
    _, purchase_id = till.paid()
    till.gateway.refund_outside(till.purchase(purchase_id).payment_id or "", 9000)
    till.gateway.refund_stands(till.purchase(purchase_id).payment_id or "", "failed", "lost_or_stolen_card")
    till.sync(purchase_id)
    assert "Stripe says: lost_or_stolen_card" in ana.get(f"/payments/{purchase_id}").text


def test_it_shows_a_client_what_they_paid_and_nobody_else(till: Till) -> None:
    ben = till.cast.browser(till.cast.ben)
    assert "Nothing paid yet" in ben.get("/sessions/payments").text
    till.paid("Vera")
    assert "Nothing paid yet" in ben.get("/sessions/payments").text
    till.paid_by_client(till.cast.ben, NEXT_MONDAY + AN_HOUR)
    assert "£90.00" in ben.get("/sessions/payments").text
    page = till.cast.browser(till.cast.ana).get(f"/clients/{till.cast.ben.client_id}/payments").text
    assert (page.count("A session"), "Vera" in page) == (1, False)


def _once(page: str) -> str:
    found = re.search(r'name="once" type="hidden" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("amount", ["20", "90"])
def test_it_gives_back_once_for_two_clicks(till: Till, ana: FlaskClient, amount: str) -> None:
    _, purchase_id = till.paid()
    here = f"/payments/{purchase_id}"
    page = ana.get(here).text
    form = {"amount": amount, "once": _once(page)}
    assert [ana.post(f"{here}/refunds", data=form).status_code for _ in range(2)] == [303, 303]
    assert [refund.amount for refund in till.refunds()] == [int(amount) * 100]
    if amount == "20":  # meant a second time: the page has another number
        assert ana.post(f"{here}/refunds", data=form | {"once": _once(ana.get(here).text)}).status_code == 303
        assert [refund.amount for refund in till.refunds()] == [2000, 2000]
    till.settle()
