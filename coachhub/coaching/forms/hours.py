"""What a coach says of a session for the log of coaching hours."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectChoice

from coachhub.coaching.forms.session import SessionForm

SAID = {"": None, "paid": True, "pro_bono": False}
"""What a form may say, and what it means; nothing said: what the booking says."""


class RecordForm(SessionForm):
    """A session that took place."""

    counts = RadioField(
        _("For your coaching hours it counts as"),
        choices=[
            SelectChoice("paid", _("Paid")),
            SelectChoice("pro_bono", _("Pro bono")),
            SelectChoice("", _("I will say later")),
        ],
        default="",
    )

    @property
    def is_paid(self) -> bool | None:
        """Whether it was paid for; None where that was not said."""
        return SAID.get(self.counts.data or "")
