"""The rule of moving and cancelling, in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.booking.models import PaidWith
from coachhub.booking.rules.terms import Back, Span, SpanUnit, Terms, terms_of
from coachhub.booking.service.reading import BookingRow


def span_words(span: Span) -> str:
    """`24 hours`, `3 days`, `90 minutes`."""
    if span.unit is SpanUnit.DAYS:
        return str(ngettext("%(num)s day", "%(num)s days", span.count))
    if span.unit is SpanUnit.HOURS:
        return str(ngettext("%(num)s hour", "%(num)s hours", span.count))
    return str(ngettext("%(num)s minute", "%(num)s minutes", span.count))


def terms_words(price: int, free_until_minutes: int, late_percent: int, move_until_minutes: int) -> tuple[str, str]:
    """How a booking may be cancelled, and how moved: two sentences. `price` is what it costs, 0 for nothing."""
    terms = terms_of(price, free_until_minutes, late_percent, move_until_minutes)
    return _cancelling(terms), _moving(terms)


def booking_terms_words(booking: BookingRow) -> tuple[str, str]:
    """The same of a booking, by what it is settled with: money, a package's session, or nothing that could go back."""
    price = booking.price if booking.paid_with in (PaidWith.MONEY, PaidWith.CREDIT) else 0
    terms = terms_of(price, booking.free_until_minutes, booking.late_percent, booking.move_until_minutes)
    words = _counting if booking.paid_with is PaidWith.CREDIT else _cancelling
    return words(terms), _moving(terms)


def _counting(terms: Terms) -> str:
    """Of one that a session pays for: it is not divided, so it comes back as a whole or counts."""
    if terms.free_until is None:
        return str(_("You can cancel until it begins, and your session comes back."))
    span = span_words(terms.free_until)
    return str(_("Cancel at least %(span)s before, and your session comes back. Later, it counts.", span=span))


def _cancelling(terms: Terms) -> str:
    if terms.is_free:
        return str(_("You can cancel until it begins."))
    if terms.free_until is None:
        return str(_("You can cancel until it begins, and all your money comes back."))
    span = span_words(terms.free_until)
    if terms.late is Back.NOTHING:
        return str(
            _("Cancel at least %(span)s before, and all your money comes back. Later, nothing comes back.", span=span)
        )
    return str(
        _(
            "Cancel at least %(span)s before, and all your money comes back. Later, %(percent)s%% of it comes back.",
            span=span,
            percent=terms.late_percent,
        )
    )


def _moving(terms: Terms) -> str:
    if terms.move_until is None:
        return str(_("You can move it until it begins."))
    return str(_("You can move it until %(span)s before.", span=span_words(terms.move_until)))
