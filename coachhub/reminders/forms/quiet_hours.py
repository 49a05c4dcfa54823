"""From when to when nobody is to be disturbed."""

from typing import Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TimeField
from wtforms.validators import InputRequired

from coachhub.reminders.rules import QuietHours


def _hour(label: str) -> TimeField:
    return TimeField(label, [InputRequired(_("Write a time of day, such as 20:00."))])


class QuietHoursForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Two times of the reader's own clock; the same twice means none."""

    quiet_from = _hour(_("Quiet from"))
    quiet_until = _hour(_("Until"))

    def fill(self, quiet: QuietHours) -> Self:
        """Start with the hours as they are."""
        self.quiet_from.data, self.quiet_until.data = quiet.start, quiet.end
        return self

    def quiet(self) -> QuietHours:
        """What was chosen; only after `validate`."""
        return QuietHours(self.quiet_from.data, self.quiet_until.data)
