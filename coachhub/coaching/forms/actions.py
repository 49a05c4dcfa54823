"""What coach and client agree to do, and what the client would like to talk about."""

from datetime import date
from typing import Any, Self
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from coachhub.coaching.models import Party
from coachhub.coaching.service.acting import ActionEntry
from coachhub.coaching.service.actions import ActionRow
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost
from coachhub.platform.texts import one_line

LONGEST_ACTION, LONGEST_TOPIC = 300, 1000


class ActionForm(FlaskForm):  # type: ignore[misc]
    """Something to do. It stands on pages that have other forms, so its fields have names of their own.

    `action_id` is made with the form, so that a second click is the same action.
    """

    text = StringField(_("What was agreed?"), [AtMost(LONGEST_ACTION), DataRequired(_("Write it in a few words."))])
    owner = RadioField(_("Who does it?"), [InputRequired(_("Who does it?"))], default=Party.CLIENT.value)
    due_on = DateField(_("Until when?"), [Optional(), OfOurTime(years_ahead=10)])
    action_id = HiddenField()
    session_id = HiddenField()

    def __init__(self, client: str, coach: str, today: date, **how: Any) -> None:
        """`client` and `coach` are their names, `today` is the day of the client's calendar."""
        super().__init__(prefix="action-", **how)
        self.owner.choices = [(Party.CLIENT.value, client), (Party.COACH.value, coach)]
        self.today = today
        self._kept_due: date | None = None
        self.text.filters = (lambda written: one_line(written or ""),)

    @classmethod
    def empty(cls, client: str, coach: str, today: date, session_id: UUID | None = None) -> Self:
        """A form to begin with, agreed in a session where one is named."""
        form = cls(client, coach, today, formdata=None)
        form.action_id.data, form.session_id.data = str(uuid4()), str(session_id or "")
        return form

    def start_with(self, found: ActionRow) -> Self:
        """Fill in how it stands, unless something was sent. A day that has passed may stay as it is."""
        self._kept_due = found.due_on
        if not self.is_submitted():
            self.text.data, self.owner.data, self.due_on.data = found.text, found.owner.value, found.due_on
        return self

    def validate_due_on(self, field: Field) -> None:
        """Nothing is agreed for a day that is over."""
        if field.data is not None and field.data < self.today and field.data != self._kept_due:
            raise ValidationError(_("That day has already passed. Choose one that is still ahead."))

    def entry(self) -> ActionEntry:
        """What was written."""
        return ActionEntry(Party(self.owner.data), self.text.data, self.due_on.data)


class TopicForm(FlaskForm):  # type: ignore[misc]
    """What the client would like to talk about."""

    topic = TextAreaField(_("What would you like to talk about?"), [AtMost(LONGEST_TOPIC)])

    def start_with(self, topic: str) -> Self:
        """Fill in what they said before, unless something was sent."""
        if not self.is_submitted():
            self.topic.data = topic
        return self

    def written(self) -> str:
        """What was written, tidied."""
        return (self.topic.data or "").replace("\r\n", "\n").strip()


class MailedTopicForm(TopicForm):
    """The same under the secret address of a mail: whoever can send it needs no token, and no cookie is set."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False
