"""Receipts: numbered without gaps, true to the day they were issued, right in every script, for nobody else."""

import re
import zlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from coachhub.booking.models import Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.visitor_links import booking_token
from coachhub.payments.models import Receipt, Seller
from coachhub.payments.rules.taxes import tax_in
from coachhub.payments.service.receipts import receipt_of
from coachhub.payments.wording.receipts import receipt_words
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.typeset import typeset
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, as_nobody
from tests.conftest import NOW
from tests.factories import LONG_AGO
from tests.payments.packages import Shelf
from tests.payments.till import Till


def _sells(till: Till, **said: Any) -> None:
    row = {"name": "Ana Ltd", "address": "12 Long Street\nLondon", "tax_name": "VAT", "tax_basis_points": 2000}
    with as_nobody(till.cast):
        db.session.add(Seller(practice_id=till.practice_id, changed_at=LONG_AGO, **row | said))


def _words(till: Till, purchase_id: UUID) -> dict[str, Any]:
    with as_nobody(till.cast):
        return receipt_words(receipt_of(purchase_id))


def _is_for_everybody(pdf: bytes) -> bool:
    """Whether it says that it is PDF/UA."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return any(b"pdfuaid" in each or b"pdfuaid" in _unpacked(each) for each in streams)


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


@given(gross=st.integers(0, 10**9), basis_points=st.integers(0, 10_000))
def test_it_rounds_the_tax_to_the_nearest_and_adds_up(gross: int, basis_points: int) -> None:
    tax = tax_in(gross, basis_points)
    assert abs(tax - gross * basis_points / (10_000 + basis_points)) <= 0.5 + 1e-6
    assert 0 <= tax <= gross


@pytest.mark.parametrize(("gross", "basis_points", "tax"), [(9000, 2000, 1500), (100, 0, 0), (3, 10_000, 2)])
def test_it_takes_the_tax_out_of_the_price(gross: int, basis_points: int, tax: int) -> None:
    assert tax_in(gross, basis_points) == tax


def test_it_numbers_without_gaps_in_each_practice(till: Till, clock: FixedClock) -> None:
    for number in range(3):
        till.paid(f"V{number}", NEXT_MONDAY + number * AN_HOUR)
        till.at_checkout(f"W{number}", NEXT_MONDAY + (number + 5) * AN_HOUR)
    clock.advance(timedelta(hours=2))
    till.settle()
    assert sorted(row.number for row in till.rows(Receipt)) == [1, 2, 3]


def test_it_issues_one_however_often_the_payment_is_told(till: Till) -> None:
    _, purchase_id = till.paid()
    till.sync(purchase_id)
    assert len(till.rows(Receipt)) == 1


def test_it_shows_net_tax_and_total(till: Till) -> None:
    _sells(till, footer="Thank you.")
    words = _words(till, till.paid()[1])
    assert words["sums"] == [["Without tax", "£75.00"], ["VAT, 20%", "£15.00"], ["Paid", "£90.00"]]
    assert (words["seller"], words["footer"]) == (["Ana Ltd", "12 Long Street", "London"], ["Thank you."])
    assert words["lines"] == [["A session", "9 Mar 2026, 10:00", "£90.00"]]


def test_it_shows_no_tax_where_there_is_none(till: Till) -> None:
    words = _words(till, till.paid()[1])
    assert (words["sums"], words["seller"]) == ([["Paid", "£90.00"]], ["Ana Coaching"])


def test_it_stays_as_it_was_issued(till: Till, admin: psycopg.Connection) -> None:
    _sells(till)
    _, purchase_id = till.paid()
    admin.execute("update sellers set name = 'Other', tax_basis_points = 700")
    words = _words(till, purchase_id)
    assert (words["seller"][0], words["sums"][1]) == ("Ana Ltd", ["VAT, 20%", "£15.00"])


def test_it_shows_what_has_gone_back_since(till: Till) -> None:
    _sells(till)
    booking_id, purchase_id = till.paid()
    with as_nobody(till.cast):
        cancel_booking(booking_id, Side.COACH)
    till.settle()
    back = [["Given back on 5 Mar 2026", "-£90.00"], ["of which VAT", "-£15.00"], ["Left of what was paid", "£0.00"]]
    assert _words(till, purchase_id)["back"] == back


@pytest.mark.parametrize("name", ["Vera Vogel", "محمد الفارسي", "田中 花子", "Ελένη", "नेहा", "𓀀"])
def test_it_is_a_pdf_in_every_script(name: str) -> None:
    said = {"lang": "en", "dir": "ltr", "paper": "a4", "title": "Receipt", "number": "No. 1", "date": "5 Mar 2026"}
    said |= {"seller": ["Ana"], "tax_number": "", "for": "For", "heads": ["What", "Amount"], "footer": ["Danke #x [y]"]}
    lists: dict[str, object] = {"buyer": [name, "a@example.org"], "lines": [["A", "", "1"]], "sums": [["P", "1"]]}
    made = typeset("receipt.typ", said | lists | {"back": []}, NOW)
    assert made.pdf.startswith(b"%PDF-")
    assert (_is_for_everybody(made.pdf), made.is_accessible) == (name != "𓀀", name != "𓀀")


@pytest.mark.parametrize(("lang", "direction", "paper"), [("ar", "rtl", "a4"), ("en_US", "ltr", "us-letter")])
def test_it_is_written_for_its_reader(
    till: Till, admin: psycopg.Connection, lang: str, direction: str, paper: str
) -> None:
    _, purchase_id = till.paid()
    admin.execute("update purchases set locale = %s", [lang])
    words = _words(till, purchase_id)
    assert (words["dir"], words["paper"]) == (direction, paper)
    assert words["seller"][0] == ("\u2068Ana Coaching\u2069" if direction == "rtl" else "Ana Coaching")
    assert typeset("receipt.typ", words, NOW).pdf.startswith(b"%PDF-")


def test_it_is_found_by_visitor_client_and_coach_and_by_nobody_else(till: Till) -> None:
    booking_id, purchase_id = till.paid_by_client(till.cast.ben, NEXT_MONDAY)
    with as_nobody(till.cast):
        link = f"/b/{booking_token(booking_id)}"
    nobody, ben, ana, cleo = (till.cast.browser(who) for who in (None, till.cast.ben, till.cast.ana, till.cast.cleo))
    mine, theirs = f"/sessions/payments/{purchase_id}/receipt.pdf", f"/payments/{purchase_id}/receipt.pdf"
    assert "receipt.pdf" in nobody.get(link).text
    assert mine in ben.get("/sessions").text
    assert mine in ben.get("/sessions/payments").text
    assert theirs in ana.get(f"/payments/{purchase_id}").text
    for answer in (nobody.get(f"{link}/receipt.pdf"), ben.get(mine), ana.get(theirs)):
        assert (answer.content_type, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert (cleo.get(theirs).status_code, cleo.get(mine).status_code, ben.get(theirs).status_code) == (404, 404, 404)


def test_it_gives_whoever_bought_a_package_their_receipt(shelf: Shelf) -> None:
    shelf.buys(shelf.package())
    paid = shelf.till.gateway.asked[-1].success_url.removeprefix("http://localhost")
    browser: FlaskClient = shelf.till.cast.browser()
    assert browser.get(paid.replace("paid", "receipt.pdf")).data.startswith(b"%PDF-")
    assert browser.get("/buy/forged/receipt.pdf").status_code == 404


def test_it_has_no_receipt_of_what_was_not_paid(till: Till) -> None:
    booking_id = till.hold()
    with as_nobody(till.cast):
        link = f"/b/{booking_token(booking_id)}"
    assert till.cast.browser().get(f"{link}/receipt.pdf").status_code == 404
