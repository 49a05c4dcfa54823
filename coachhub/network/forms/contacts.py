"""What clients type about a contact that was no meetup, and about a rest."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, RadioField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from coachhub.network import wording
from coachhub.network.forms.fields import LONGEST_TEXT
from coachhub.network.service.contacts import WAYS, How
from coachhub.network.service.owner import Owner
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost


def _ways() -> list[tuple[str, str]]:
    return [(how.value, wording.way_words(how)) for how in WAYS]


class ContactForm(FlaskForm):  # type: ignore[misc]
    """A call, a message or a chat in passing: when, how, and a note."""

    how = RadioField(_("How?"), [InputRequired(_("One tap: how were you in touch?"))], choices=_ways)
    day = DateField(_("Day"), [InputRequired(_("Choose a day.")), OfOurTime()])
    note = TextAreaField(
        _("Note"), [AtMost(LONGEST_TEXT)], description=_("What you want to remember: the new job, the move to Leeds.")
    )

    def __init__(self, owner: Owner, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.today: date = owner.today()
        if not self.is_submitted():
            self.day.data = self.today

    def validate_day(self, field: Field) -> None:
        """Not in the future."""
        if field.data is not None and field.data > self.today:
            raise ValidationError(_("That day is still to come."))

    def way(self) -> How:
        """How they were in touch."""
        return How(self.how.data)


class RestForm(FlaskForm):  # type: ignore[misc]
    """Not now: until which day?"""

    until = DateField(_("Not before"), [InputRequired(_("Choose a day.")), OfOurTime(years_ahead=10)])

    def __init__(self, owner: Owner, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.today: date = owner.today()

    def validate_until(self, field: Field) -> None:
        """In the future: a rest that is over is none."""
        if field.data is not None and field.data <= self.today:
            raise ValidationError(_("Choose a day that is still to come."))
