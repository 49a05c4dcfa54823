"""Packages and their sessions in words."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.payments.models import CreditKind
from coachhub.payments.service.credits import HoldingRow, holding_of_booking
from coachhub.platform.language import date_words

_A_MOMENT = timedelta(seconds=1)


def use_words(left: int) -> str:
    """The button that pays with a session: `Use one of your 4 sessions`."""
    return str(ngettext("Use your last session", "Use one of your %(num)s sessions", left))


def left_words(row: HoldingRow) -> str:
    """`4 of 5 left`."""
    return str(_("%(left)s of %(all)s left", left=row.left, all=row.of_all))


def until_words(expires_at: datetime | None, zone: str | ZoneInfo | None = None) -> str:
    """Until which day something is good, that day included; empty: for good."""
    if expires_at is None:
        return ""
    return str(_("good until %(day)s", day=date_words(expires_at - _A_MOMENT, zone)))


def kind_words(kind: CreditKind) -> str:
    """Why sessions came or went."""
    words: dict[CreditKind, str] = {
        CreditKind.BOUGHT: _("Bought"),
        CreditKind.GRANTED: _("Given"),
        CreditKind.USED: _("Used for a booking"),
        CreditKind.RETURNED: _("Back: the booking was called off"),
        CreditKind.EXPIRED: _("Over: not used in time"),
        CreditKind.ROLLED_OUT: _("Moved on to the next package"),
        CreditKind.ROLLED_IN: _("Moved here from the package before"),
        CreditKind.REVOKED: _("Taken back"),
    }
    return words[kind]


def state_words(row: HoldingRow, now: datetime) -> tuple[str, str]:
    """The key of a package's chip, and a word: used up, over, or how many are left."""
    if row.left == 0:
        return "ended", str(_("nothing left"))
    if row.expires_at is not None and row.expires_at <= now:
        return "ended", str(_("over"))
    return "active", left_words(row)


def credit_of_booking(booking_id: UUID) -> list[tuple[str, str]]:
    """With what a booking is paid where that is a session, as a pair of term and text; else nothing."""
    held = holding_of_booking(booking_id)
    return [(str(_("Paid with")), f"{held.title}, {left_words(held)}")] if held else []
