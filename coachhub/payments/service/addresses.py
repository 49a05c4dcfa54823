"""Where a purchase is paid for and looked at: its links are signed, and whoever has one may pay."""

from uuid import UUID

from coachhub.payments.service.purchases import PurchaseRow
from coachhub.platform import tokens
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import current_practice

_BOOKING, _PURCHASE = "booking", "purchase"


def pay_address(purchase: PurchaseRow) -> str:
    """The full address of the page that asks for its payment."""
    return address_of(pay_path(purchase))


def paid_address(purchase: PurchaseRow) -> str:
    """The full address of the page that says what became of it."""
    return address_of(f"{pay_path(purchase)[: -len('pay')]}paid")


def pay_path(purchase: PurchaseRow) -> str:
    """A booking's own link, which its mails carry too; a package has one of its purchase."""
    if purchase.booking_id is not None:
        return f"/b/{tokens.sign(_BOOKING, current_practice(), purchase.booking_id)}/pay"
    return f"/buy/{tokens.sign(_PURCHASE, current_practice(), purchase.id)}/pay"


def read_link(token: str, *, of_booking: bool) -> tuple[UUID, UUID] | None:
    """The practice and the booking, or the purchase, that a link names; None where it is not ours."""
    ids = tokens.read(_BOOKING if of_booking else _PURCHASE, token)
    return (ids[0], ids[1]) if ids is not None and len(ids) == 2 else None
