"""Coupons as an owner keeps them, and who issues receipts."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from coachhub.booking.service.offering_book import add_offering
from coachhub.booking.service.package_book import add_package
from coachhub.payments.models import Purchase
from coachhub.payments.rules.coupon_codes import tidy_code
from coachhub.payments.service.coupon_book import (
    CodeTaken,
    CouponEntry,
    add_coupon,
    change_coupon,
    coupon_of,
    coupon_with_code,
    coupons,
    switch_coupon,
)
from coachhub.payments.service.sellers import seller
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from tests.booking.office import an_hour, five_sessions, working
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_coach

SPRING = CouponEntry("SPRING-20", 20, None, None, None, None, False, None, None)
FIELDS = {"code": "spring 20", "kind": "percent", "percent": "20", "only_for": ""}


@pytest.fixture
def ana(cast: Cast) -> FlaskClient:
    """Ana's browser."""
    return cast.browser(cast.ana)


@pytest.mark.parametrize(
    ("text", "code"),
    [("spring-20", "SPRING-20"), (" Spring 20 ", "SPRING20"), ("ＡＢＣ１", "ABC1"), ("a" * 30, "A" * 30)],
)
def test_it_takes_a_code_as_people_type_it(text: str, code: str) -> None:
    assert tidy_code(text) == code


@pytest.mark.parametrize("text", ["", "A", "-AB", "ÜBER", "A" * 31, "A_B", "٢٠٢٦", "A\nB;"])
def test_it_takes_nothing_else_for_a_code(text: str) -> None:
    assert tidy_code(text) is None


def test_it_keeps_each_code_once_in_a_practice(cast: Cast, clock: FixedClock) -> None:
    with working(cast):
        first = add_coupon(SPRING)
        assert add_coupon(SPRING) == first
        clock.advance(timedelta(minutes=3))
        with pytest.raises(CodeTaken):
            add_coupon(SPRING)
    with working(cast, cast.cleo):
        assert add_coupon(SPRING) != first


def test_it_refuses_to_change_a_code_into_another_coupons(cast: Cast) -> None:
    with working(cast):
        add_coupon(SPRING)
        other = add_coupon(CouponEntry("TALK", None, 1000, None, None, None, False, None, None))
        with pytest.raises(CodeTaken):
            change_coupon(other, SPRING)
        assert (coupon_of(other).code, coupon_of(other).currency) == ("TALK", "GBP")


@pytest.mark.parametrize(("percent", "amount"), [(None, None), (20, 1000), (None, 0)])
def test_it_takes_off_either_a_percentage_or_an_amount(cast: Cast, percent: int | None, amount: int | None) -> None:
    with working(cast), pytest.raises(Refused, match="either"):
        add_coupon(CouponEntry("BOTH", percent, amount, None, None, None, False, None, None))


def test_it_keeps_the_other_practice_out_of_coupons(cast: Cast) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        coupon_id = add_coupon(SPRING)
    with working(cast, cast.cleo):
        assert coupons() == ()
        assert coupon_with_code("SPRING-20") is None
        for step in (coupon_of, lambda each: switch_coupon(each, off=True), lambda each: change_coupon(each, SPRING)):
            with pytest.raises(NotFound):
                step(coupon_id)
        with pytest.raises(NotFound):
            add_coupon(CouponEntry("MINE", 20, None, None, None, None, False, offering_id, None))


def test_it_counts_the_purchases_that_used_a_coupon(cast: Cast) -> None:
    with working(cast):
        package_id = add_package(five_sessions(add_offering(an_hour(cast.ana))))
        coupon_id = add_coupon(SPRING)
        for status in ("paid", "waiting", "open", "expired", "failed"):
            db.session.add(_bought(cast, package_id, coupon_id, status))
        db.session.flush()
        assert coupon_of(coupon_id).uses == 2


def _bought(cast: Cast, package_id: UUID, coupon_id: UUID, status: str) -> Purchase:
    money = {"list_amount": 40000, "discount": 8000, "amount": 32000, "currency": "GBP"}
    buyer = {"title": "Five", "name": "Vera", "email": "vera@example.com", "locale": "en", "time_zone": "UTC"}
    key = {"practice_id": cast.ana.practice_id, "id": uuid4(), "package_id": package_id, "coupon_id": coupon_id}
    return Purchase(**key, **money, **buyer, status=status, account_id="acct_made_up", expires_at=NOW, created_at=NOW)


def test_it_adds_a_coupon_from_the_page(cast: Cast, ana: FlaskClient) -> None:
    fields = FIELDS | {"first_day": "2026-03-01", "last_day": "2026-05-31", "most_uses": "20", "is_once_a_person": "y"}
    assert ana.post("/coupons/new", data=fields).location == "/coupons"
    with working(cast):
        (row,) = coupons()
    assert (row.code, row.percent, row.amount, row.most_uses) == ("SPRING20", 20, None, 20)
    assert (row.first_day, row.last_day, row.is_once_a_person) == (date(2026, 3, 1), date(2026, 5, 31), True)
    assert "20% off · everything · 1 Mar 2026 – 31 May 2026" in ana.get("/coupons").text


def test_it_adds_an_amount_for_one_offering_and_changes_it_to_a_package(cast: Cast, ana: FlaskClient) -> None:
    with working(cast):
        offering_id = add_offering(an_hour(cast.ana))
        package_id = add_package(five_sessions(offering_id))
    fields = {"code": "TALK", "kind": "amount", "amount": "10.50", "percent": "999"}
    ana.post("/coupons/new", data=fields | {"only_for": f"offering:{offering_id}"})
    with working(cast):
        (row,) = coupons()
    assert (row.amount, row.currency, row.offering_id) == (1050, "GBP", offering_id)
    assert "£10.50 off · Career hour" in ana.get("/coupons").text
    ana.post(f"/coupons/{row.id}", data=fields | {"only_for": f"package:{package_id}"})
    with working(cast):
        assert (coupon_of(row.id).offering_id, coupon_of(row.id).package_id) == (None, package_id)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("code", "!", "Write 2 to 30 letters"),
        ("percent", "", "How many percent?"),
        ("percent", "101", "Between 1 and 100 percent."),
        ("most_uses", "0", "Between 1 and 100,000"),
        ("only_for", "offering:00000000-0000-4000-8000-000000000001", "Not a valid choice"),
        ("kind", "gift", "Not a valid choice"),
    ],
)
def test_it_says_what_is_wrong_with_a_coupon(cast: Cast, ana: FlaskClient, field: str, text: str, words: str) -> None:
    answer = ana.post("/coupons/new", data=FIELDS | {field: text})
    assert answer.status_code == 422
    assert words in answer.text


@pytest.mark.parametrize("amount", ["", "0", "ten", "1.005"])
def test_it_says_what_is_wrong_with_an_amount(cast: Cast, ana: FlaskClient, amount: str) -> None:
    assert ana.post("/coupons/new", data={"code": "TALK", "kind": "amount", "amount": amount}).status_code == 422


def test_it_refuses_a_coupon_that_ends_before_it_begins(cast: Cast, ana: FlaskClient) -> None:
    answer = ana.post("/coupons/new", data=FIELDS | {"first_day": "2026-05-02", "last_day": "2026-05-01"})
    assert answer.status_code == 422
    assert "The last day is before the first." in answer.text


def test_it_says_beside_the_field_that_a_code_is_taken(cast: Cast, ana: FlaskClient, clock: FixedClock) -> None:
    ana.post("/coupons/new", data=FIELDS)
    clock.advance(timedelta(minutes=3))
    answer = ana.post("/coupons/new", data=FIELDS)
    assert answer.status_code == 422
    assert "There is a coupon with this code already." in answer.text


def test_it_switches_a_coupon_off_and_on(cast: Cast, ana: FlaskClient) -> None:
    with working(cast):
        coupon_id = add_coupon(SPRING)
    for path, is_off in (("off", True), ("off", True), ("on", False)):
        assert ana.post(f"/coupons/{coupon_id}/{path}").status_code == 303
        with working(cast):
            assert coupon_of(coupon_id).is_off is is_off


def test_it_leaves_coupons_and_receipts_to_the_owner(cast: Cast) -> None:
    eva = cast.browser(a_coach(cast.app, cast.ana, "Eva Evans", "eva@example.com"))
    assert [eva.get(path).status_code for path in ("/coupons", "/coupons/new", "/settings/receipts")] == [404] * 3


def test_it_issues_receipts_in_the_practices_name_until_told_otherwise(cast: Cast, ana: FlaskClient) -> None:
    with working(cast):
        assert (seller().name, seller().tax_basis_points) == ("Ana Coaching", 0)
    fields = {"name": "Ana Alvarez Ltd", "address": "1 High Street\r\nLeeds", "tax_name": "VAT", "tax_rate": "7.7 %"}
    assert ana.post("/settings/receipts", data=fields).status_code == 303
    with working(cast):
        assert (seller().name, seller().address) == ("Ana Alvarez Ltd", "1 High Street\nLeeds")
        assert (seller().tax_name, seller().tax_basis_points) == ("VAT", 770)
    assert 'value="7.7"' in ana.get("/settings/receipts").text


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"tax_rate": "101", "tax_name": "VAT"}, {"tax_rate": "7.777", "tax_name": "VAT"}]
)
def test_it_refuses_a_seller_without_a_name_or_with_no_percentage(
    cast: Cast, ana: FlaskClient, wrong: dict[str, str]
) -> None:
    assert ana.post("/settings/receipts", data={"name": "Ana"} | wrong).status_code == 422


def test_it_asks_what_a_tax_is_called(cast: Cast, ana: FlaskClient) -> None:
    answer = ana.post("/settings/receipts", data={"name": "Ana", "tax_rate": "20"})
    assert answer.status_code == 422
    assert "What is the tax called?" in answer.text
