"""What a coach ticks before an address is written to again."""

from typing import Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired

from coachhub.reminders.service.suppressions import Suppressed


class WriteAgainForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """After a complaint one tick more; after a bounce the button is enough."""

    confirmed = BooleanField(
        _("They told me that they want mail again"),
        validators=[InputRequired(_("Write again only if they have told you that they want it."))],
    )

    def about(self, found: Suppressed) -> Self:
        """Ask for the tick only where it is about a complaint."""
        if not found.needs_certainty:
            del self.confirmed
        return self

    @property
    def is_confirmed(self) -> bool:
        """Whether the tick was set."""
        return "confirmed" in self and bool(self.confirmed.data)
