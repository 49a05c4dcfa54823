"""What visitors read of an offering, and of what has become of their booking."""

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.booking.models import PaidWith, PlaceKind
from coachhub.booking.rules.terms import Span, SpanUnit, span_of
from coachhub.booking.service.reading import BookingRow
from coachhub.booking.wording.terms import span_words
from coachhub.platform.language import money_words

_ALL = 100


def length_words(minutes: int) -> str:
    """How long something takes: `30 minutes`, `2 hours`."""
    return span_words(span_of(minutes))


def good_for_words(days: int) -> str:
    """How long credits are good for: `180 days`."""
    return span_words(Span(days, SpanUnit.DAYS))


def price_words(price: int, currency: str) -> str:
    """What something costs: `Free`, or the amount."""
    return money_words(price, currency) if price else str(_("Free"))


def sessions_words(sessions: int) -> str:
    """`5 sessions`."""
    return str(ngettext("%(num)s session", "%(num)s sessions", sessions))


def place_words(kind: PlaceKind, place: str) -> str:
    """Where it takes place, as anybody may read it: links and numbers are for those who have booked."""
    if kind is PlaceKind.VIDEO:
        return str(_("By video; you get the link when you have booked"))
    if kind is PlaceKind.PHONE:
        return str(_("By phone"))
    if kind is PlaceKind.ADDRESS:
        return place or str(_("In person; you get the address when you have booked"))
    return str(_("By phone, or where you like"))


def place_of(booking: BookingRow) -> str:
    """Where a booking takes place, for whoever has booked it."""
    if booking.place:
        return booking.place
    if booking.phone:
        return str(_("We call you: %(number)s", number=booking.phone))
    return str(_("%(name)s tells you where.", name=booking.coach_name))


def comes_back_words(booking: BookingRow, percent: int) -> str:
    """What comes back when it is cancelled now; empty where nothing was paid here."""
    if booking.paid_with is PaidWith.CREDIT:
        is_back = percent == _ALL
        return str(_("The session goes back to your package.") if is_back else _("By the rule the session counts."))
    if booking.paid_with is not PaidWith.MONEY:
        return ""
    if percent == _ALL:
        return str(_("Everything you paid comes back, to the card or account you paid from."))
    if percent == 0:
        return str(_("By the rule nothing of what you paid comes back any more."))
    return str(_("By the rule %(percent)s%% of what you paid come back.", percent=percent))
