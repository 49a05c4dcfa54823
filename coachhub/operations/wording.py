"""What the operator's page says."""

from datetime import timedelta

from babel.dates import format_timedelta
from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from coachhub.operations.service.pausing import Pause
from coachhub.reminders.captions import in_reading_order
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.models import MessageState
from coachhub.reminders.wording import reason_words, title_of
from coachhub.reminders.wording import state_words as words_of_state

__all__ = [
    "count_words",
    "kinds_to_hold",
    "pause_words",
    "reason_words",
    "rows_words",
    "share_words",
    "span_words",
    "state_words",
    "title_of",
]


def kinds_to_hold() -> list[tuple[str, str]]:
    """Every kind of mail by name and in words, and first of all every kind together."""
    return [("", _("Every kind")), *((name, title_of(name)) for name in in_reading_order(KINDS))]


def pause_words(pause: Pause) -> str:
    """Which mail is held back."""
    kind = title_of(pause.kind) if pause.kind else _("Every kind")
    return str(_("%(kind)s, %(practice)s", kind=kind, practice=pause.practice or _("every practice")))


def count_words(count: int) -> str:
    """A number as its reader writes it."""
    return str(format_decimal(count, locale=get_locale()))


def share_words(number: float) -> str:
    """A mean, with one digit behind the point."""
    return str(format_decimal(number, "#,##0.0", locale=get_locale()))


def rows_words(what: str, state: str) -> str:
    """Which rows are counted."""
    words = {
        ("mail_events", "open"): _("What the mail provider told, not yet read"),
        ("stripe_events", "open"): _("What Stripe told, not yet read"),
        ("stripe_events", "failed"): _("What Stripe told, given up"),
        ("reports", "waiting"): _("Reports that wait"),
        ("reports", "making"): _("Reports being made"),
        ("reports", "failed"): _("Reports that failed"),
        ("bookings", "held"): _("Times held for who is paying"),
        ("bookings", "ahead"): _("Bookings ahead"),
        ("bookings", "over"): _("Bookings that are over, not yet told how they went"),
    }
    return str(words.get((what, state), f"{what} {state}"))


def span_words(span: timedelta) -> str:
    """How long something has waited, in its largest unit."""
    return str(format_timedelta(max(span, timedelta()), locale=get_locale()))


def state_words(state: str) -> str:
    """How a mail stands; an operator tells those that a worker has taken from those that nobody has."""
    return str(_("Being sent")) if state == MessageState.CLAIMED else words_of_state(MessageState(state))
