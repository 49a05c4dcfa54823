"""What the coaching domain says on screen and in calendars."""

from datetime import date, timedelta

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from coachhub.booking.models import PaidWith
from coachhub.booking.service.reading import BookingRow
from coachhub.booking.wording.terms import booking_terms_words
from coachhub.coaching.models import CoachingSessionStatus, NoteLevel, Party, TemplateKind
from coachhub.coaching.rules.actions import is_late
from coachhub.coaching.rules.hours import Counts, as_hours
from coachhub.coaching.service.actions import ActionRow
from coachhub.platform.language import date_words, money_words

LOG_COLUMNS = (
    *("Client Name", "Client Contact Information", "Individual/Group", "Number in Group"),
    *("Start Date", "End Date", "Paid Hours", "Pro Bono Hours"),
)
"""The columns of the coaching log of the International Coaching Federation, in its words."""


def status_words(status: CoachingSessionStatus) -> str:
    """Where a coaching session stands, in a word."""
    words: dict[CoachingSessionStatus, str] = {
        CoachingSessionStatus.SCHEDULED: _("Planned"),
        CoachingSessionStatus.HELD: _("Took place"),
        CoachingSessionStatus.CANCELLED: _("Cancelled"),
        CoachingSessionStatus.MISSED: _("Missed"),
    }
    return words[status]


def minutes_words(minutes: int) -> str:
    """`60 minutes`."""
    return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))


def due_words(due_on: date | None, today: date) -> str:
    """Until when something is to be done, both days of one calendar; empty without a day. Never a reproach."""
    if due_on is None:
        return ""
    if due_on == today:
        return str(_("today"))
    if due_on == today + timedelta(days=1):
        return str(_("tomorrow"))
    if is_late(due_on, today):
        return str(_("was for %(day)s", day=date_words(due_on)))
    return str(_("by %(day)s", day=date_words(due_on)))


def action_words(action: ActionRow, today: date) -> str:
    """Who does it, and until when, or what became of it, as the coach reads it."""
    return _joined(action.owner_name, action, today)


def my_action_words(action: ActionRow, today: date) -> str:
    """The same as the client reads it: their own say nothing of who."""
    who = str(_("%(name)s does this", name=action.coach_name)) if action.owner is Party.COACH else ""
    return _joined(who, action, today)


def promised_words(action: ActionRow, today: date) -> str:
    """The same in a list of what coaches do, whose rows are named after the client."""
    return _joined(str(_("for %(name)s", name=action.client_name)), action, today)


def _joined(who: str, action: ActionRow, today: date) -> str:
    return " · ".join(part for part in (who, _ended_words(action) or due_words(action.due_on, today)) if part)


def _ended_words(action: ActionRow) -> str:
    zone = action.client_zone
    if action.done_at is not None:
        return str(_("done on %(day)s", day=date_words(action.done_at, zone)))
    if action.dropped_at is not None:
        return str(_("dropped on %(day)s", day=date_words(action.dropped_at, zone)))
    return ""


def cost_words(booking: BookingRow) -> str:
    """What a booking cost, and how that is settled; empty where money is a matter between coach and client."""
    words: dict[PaidWith, str] = {
        PaidWith.NOTHING: _("Free of charge"),
        PaidWith.MONEY: _("Price: %(price)s", price=money_words(booking.price, booking.currency)),
        PaidWith.CREDIT: _("Paid with a session of your package"),
        PaidWith.COACH: "",
    }
    return words[booking.paid_with]


def rule_words(booking: BookingRow) -> str:
    """The rule by which a booking is moved and called off, in sentences."""
    return " ".join(booking_terms_words(booking))


def level_words(level: NoteLevel, client_name: str) -> str:
    """Who reads a note, as its heading."""
    words: dict[NoteLevel, str] = {
        NoteLevel.ME: _("Only me"),
        NoteLevel.COACHES: _("Coaches of this practice"),
        NoteLevel.CLIENT: _("%(name)s and the coaches", name=client_name),
    }
    return words[level]


def level_hint(level: NoteLevel, client_name: str) -> str:
    """What that means, in a sentence."""
    words: dict[NoteLevel, str] = {
        NoteLevel.ME: _("Nobody else reads it, and no report or mail ever holds it."),
        NoteLevel.COACHES: _("Your colleagues read it with the session; no report or mail ever holds it."),
        NoteLevel.CLIENT: _(
            "%(name)s reads it as it is saved, and the report of the session holds it.", name=client_name
        ),
    }
    return words[level]


def counts_words(counts: Counts) -> str:
    """What a session counts as in the log of coaching hours."""
    words: dict[Counts, str] = {
        Counts.PAID: _("paid"),
        Counts.PRO_BONO: _("pro bono"),
        Counts.UNSAID: _("not said yet, so pro bono"),
        Counts.LEFT_OUT: _("an intro call, so left out"),
    }
    return words[counts]


def hours_words(minutes: int) -> str:
    """`12.5`: hours, as the reader writes numbers."""
    return str(format_decimal(as_hours(minutes), "#,##0.##"))


def template_kind_words(kind: TemplateKind) -> str:
    """What a template is put into."""
    words: dict[TemplateKind, str] = {TemplateKind.AGENDA: _("Agendas"), TemplateKind.NOTES: _("Notes")}
    return words[kind]
