"""What a coach reads of an offering or a package in a list."""

from flask_babel import gettext as _

from coachhub.booking.models import OfferingStatus
from coachhub.booking.service.offers import OfferingRow, PackageRow
from coachhub.booking.wording.visitors import good_for_words, length_words, price_words, sessions_words


def status_words(status: OfferingStatus) -> str:
    """One word for where an offering or package stands."""
    words: dict[OfferingStatus, str] = {
        OfferingStatus.DRAFT: _("draft"),
        OfferingStatus.OPEN: _("open"),
        OfferingStatus.CLOSED: _("closed"),
    }
    return words[status]


def offering_words(row: OfferingRow) -> str:
    """Length and price, and what is special."""
    parts = [length_words(row.minutes), price_words(row.price, row.currency)]
    if row.is_intro:
        parts.append(_("once for each person"))
    if row.is_hidden:
        parts.append(_("by link only"))
    return " · ".join(parts)


def package_words(row: PackageRow, offering_title: str) -> str:
    """What is in it, its price, and how long it is good for."""
    good_for = good_for_words(row.valid_days) if row.valid_days else _("no end")
    parts = [f"{sessions_words(row.sessions)}, {offering_title}", price_words(row.price, row.currency), good_for]
    return " · ".join([*parts, _("by link only")] if row.is_hidden else parts)
