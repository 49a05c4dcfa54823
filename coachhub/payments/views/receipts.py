"""Receipts as PDF: for whoever has the link of a booking or a package, for the client, and for the staff."""

from uuid import UUID

from flask import Response, g, url_for

from coachhub.booking.service.visitor_links import follow_booking_link
from coachhub.booking.views.visit import secret
from coachhub.payments.service.addresses import read_link
from coachhub.payments.service.receipts import (
    ReceiptRow,
    receipt_of,
    receipt_of_client,
    receipted_of_booking,
    receipted_of_client,
)
from coachhub.payments.views.pages import pages
from coachhub.payments.wording.receipts import receipt_words
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_client, for_staff, public
from coachhub.platform.identity import identity, signed_in_as
from coachhub.platform.private_pages import by_link
from coachhub.platform.tenancy import bind
from coachhub.platform.typeset import typeset
from coachhub.platform.web import as_download

_PDF = "application/pdf"


@pages.get("/b/<token>/receipt.pdf")
@public
@by_link
@secret
def booking_receipt(token: str) -> Response:
    """Of what was paid for a booking."""
    purchase_id = receipted_of_booking(follow_booking_link(token))
    if purchase_id is None:
        raise NotFound
    return _printed(receipt_of(purchase_id))


@pages.get("/buy/<token>/receipt.pdf")
@public
@by_link
@secret
def package_receipt(token: str) -> Response:
    """Of a package."""
    ids = read_link(token, of_booking=False)
    if ids is None:
        raise NotFound
    bind(ids[0], None)
    return _printed(receipt_of(ids[1]))


@pages.get("/sessions/payments/<uuid:purchase_id>/receipt.pdf")
@for_client
def my_receipt(purchase_id: UUID) -> Response:
    """Of something that the client paid."""
    client_id = signed_in_as().client_id
    if client_id is None:
        raise NotFound
    return _printed(receipt_of_client(client_id, purchase_id))


@pages.get("/payments/<uuid:purchase_id>/receipt.pdf")
@for_staff
def receipt(purchase_id: UUID) -> Response:
    """Of any payment of the practice."""
    return _printed(receipt_of(purchase_id))


@pages.app_context_processor
def _for_other_pages() -> dict[str, object]:
    """Pages of bookings and sessions link to receipts; asked for by the template, so that no other page reads them."""
    return {"receipt_of_booking": receipt_of_booking, "has_receipt": has_receipt}


def receipt_of_booking(booking_id: UUID) -> str | None:
    """Where the client who is signed in finds the receipt of a booking of theirs; None where there is none."""
    person = identity()
    if person is None or person.client_id is None:
        return None
    if "receipted" not in g:
        g.receipted = receipted_of_client(person.client_id)  # once for a page that lists many
    purchase_id = g.receipted.get(booking_id)
    return url_for("payments.my_receipt", purchase_id=purchase_id) if purchase_id else None


def has_receipt(booking_id: UUID) -> bool:
    """Whether there is a receipt of a booking."""
    return receipted_of_booking(booking_id) is not None


def _printed(row: ReceiptRow) -> Response:
    made = typeset("receipt.typ", receipt_words(row), row.issued_at)
    return as_download(made.pdf, f"receipt-{row.number}.pdf", _PDF)
