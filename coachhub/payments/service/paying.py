"""Opening the page on which a purchase is paid: read, call, mark. It heals whatever step it broke off at.

That it is about to be asked for is written down before it is: a page that was made while nobody lived to mark it is
found again by that, by its key while its words are still good, and in the gateway's list after that.
"""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from flask_babel import gettext as _

from coachhub.booking.models import BookingStatus
from coachhub.booking.service.ending import keep_hold
from coachhub.booking.service.reading import booking_of
from coachhub.payments.gateway import CheckoutAsked, CheckoutState, GatewayAway, GatewayRefused, gateway
from coachhub.payments.rules.waiting import CHECKOUT_LASTS, HOLD_OUTLIVES
from coachhub.payments.service.addresses import paid_address, pay_address
from coachhub.payments.service.buying import buy_instead, discount_on
from coachhub.payments.service.looking import lost_checkout
from coachhub.payments.service.purchases import PurchaseRow, change_purchase, lock_purchase, purchase_of
from coachhub.platform import clock
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import as_practice

log = structlog.get_logger(__name__)
_WORDS_ARE_GOOD = CHECKOUT_LASTS - timedelta(minutes=30)
"""So long after it was first asked for, a page that ends when ours must can still be made."""


def open_payment(practice_id: UUID, purchase_id: UUID) -> str:
    """The address of the page of payment; opened twice, it is the same page. Runs outside of any transaction.

    It is our own page of how it stands where there is nothing left to pay. Raises NotFound; Refused where the hold has
    ended, and with status 503 where the gateway does not answer.
    """
    with as_practice(practice_id):
        purchase = _begin(purchase_id)
        written = _written(practice_id, purchase)
    try:
        checkout = _page_of(purchase, written)
    except GatewayAway as error:
        raise _away() from error
    if checkout is None:
        return _open_another(practice_id, purchase_id)
    with as_practice(practice_id):
        _mark(purchase_id, checkout)
    return checkout.url or written.success_url


def _begin(purchase_id: UUID) -> PurchaseRow:
    """Write down that its page is asked for, from which moment it may exist, and hold the time for longer than it."""
    purchase, now = lock_purchase(purchase_id), clock.now()
    if not purchase.is_open and purchase.checkout_id is None:
        raise _over()
    if purchase.asked_at is not None:
        return purchase
    ends_at = now + CHECKOUT_LASTS
    if purchase.booking_id is not None:
        _hold_for(purchase.booking_id, ends_at + HOLD_OUTLIVES)
    change_purchase(purchase_id, asked_at=now, expires_at=ends_at)
    return lock_purchase(purchase_id)


def _hold_for(booking_id: UUID, until: datetime) -> None:
    keep_hold(booking_id, until)
    if booking_of(booking_id).status is not BookingStatus.HELD:
        raise _over()


def _written(practice_id: UUID, purchase: PurchaseRow) -> CheckoutAsked:
    return CheckoutAsked(
        key=f"purchase-{purchase.id}",
        account_id=purchase.account_id,
        practice_id=practice_id,
        purchase_id=purchase.id,
        title=purchase.title,
        amount=purchase.amount,
        currency=purchase.currency,
        fee=purchase.fee,
        email=purchase.email,
        locale=purchase.locale,
        expires_at=purchase.expires_at,
        success_url=paid_address(purchase),
        cancel_url=pay_address(purchase),
    )


def _page_of(purchase: PurchaseRow, written: CheckoutAsked) -> CheckoutState | None:
    """Its page, made or found again; None where there is none, and its words are too old to make one."""
    if purchase.checkout_id is not None:
        return gateway().checkout(purchase.account_id, purchase.checkout_id)
    try:
        return gateway().open_checkout(written)
    except GatewayRefused as error:
        found = lost_checkout(purchase)
        is_old = purchase.asked_at is not None and purchase.asked_at + _WORDS_ARE_GOOD <= clock.now()
        if found is None and not is_old:
            log.error("checkout_refused", purchase_id=str(purchase.id), code=error.code)
            raise _away() from error
        return found


def _open_another(practice_id: UUID, purchase_id: UUID) -> str:
    with as_practice(practice_id):
        instead = buy_instead(purchase_id, discount_on(purchase_of(purchase_id)))
    return open_payment(practice_id, instead)


def _mark(purchase_id: UUID, checkout: CheckoutState) -> None:
    purchase = lock_purchase(purchase_id)
    if purchase.checkout_id is None:
        change_purchase(purchase_id, checkout_id=checkout.id, checkout_url=checkout.url)


def _over() -> Refused:
    return Refused(409, _("This time is no longer held for you. Please choose a time again."))


def _away() -> Refused:
    return Refused(503, _("The payment page cannot be reached just now. Your time stays held: try again in a minute."))
