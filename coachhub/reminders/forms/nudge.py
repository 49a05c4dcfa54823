"""What a coach writes in a nudge."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import ValidationError

from coachhub.platform.lengths import AtMost
from coachhub.platform.texts import one_line
from coachhub.reminders.rules import unknown_fields
from coachhub.reminders.service.nudging import nudge_fields

LONGEST_SUBJECT, LONGEST_WORDS = 150, 5_000


def _is_written(_form: FlaskForm, field: Any) -> None:
    if not (field.data or "").strip():
        raise ValidationError(gettext("This is empty: a nudge needs some words."))


def _knows_its_fields(_form: FlaskForm, field: Any) -> None:
    wrong = unknown_fields(field.data or "", nudge_fields())
    if wrong:
        named = ", ".join(name if name in "{}" else f"{{{name}}}" for name in wrong)
        there_are = ", ".join(f"{{{name}}}" for name in nudge_fields())
        raise ValidationError(
            gettext("%(wrong)s is not known here. There are %(fields)s.", wrong=named, fields=there_are)
        )


class NudgeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Subject and words, with {fields} where each reader's own stands."""

    subject = StringField(_("Subject"), validators=[AtMost(LONGEST_SUBJECT), _is_written, _knows_its_fields])
    words = TextAreaField(
        _("Words"),
        description=_("“Hello” and the name stand above it by themselves. {name}, {coach} and {step} are filled in."),
        validators=[AtMost(LONGEST_WORDS), _is_written, _knows_its_fields],
    )

    @property
    def subject_line(self) -> str:
        """The subject, on one line."""
        return one_line(self.subject.data or "")

    @property
    def text(self) -> str:
        """The words, with plain line ends."""
        return (self.words.data or "").replace("\r\n", "\n").strip()
