"""What the coaching domain says on screen and in calendars."""

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.coaching.models import CoachingSessionStatus


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
