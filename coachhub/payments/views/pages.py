"""The blueprint of this domain, and what its templates may say and ask."""

from flask import Blueprint

from coachhub.booking.wording import visitors
from coachhub.booking.wording.terms import terms_words
from coachhub.payments.service.buying import takes_payments
from coachhub.payments.service.coupon_book import code_of
from coachhub.payments.wording import paid
from coachhub.platform.links import address_of

pages = Blueprint("payments", __name__)


@pages.context_processor
def _words() -> dict[str, object]:
    return {
        "address_of": address_of,
        "payment_words": paid,
        "code_of": code_of,
        "terms_words": terms_words,
        "length_words": visitors.length_words,
        "sessions_words": visitors.sessions_words,
        "good_for_words": visitors.good_for_words,
    }


@pages.app_context_processor
def _money() -> dict[str, object]:
    return {"money_of_booking": paid.money_of_booking, "takes_payments": takes_payments}
