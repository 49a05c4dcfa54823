"""The words of a reminder as a practice writes them: every field is known and stands where it is said."""

from collections.abc import Iterable, Mapping
from typing import Any, Self
from uuid import UUID, uuid4

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from coachhub.platform.lengths import AtMost
from coachhub.platform.texts import one_line
from coachhub.reminders.rules import Items, Part, fields_in, misplaced_fields, unknown_fields
from coachhub.reminders.service.practice_rules import Words

LONGEST_SUBJECT, LONGEST_WORDS = 150, 4_000


def _tidy(text: str | None) -> str | None:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() if text else text


def _on_one_line(text: str | None) -> str | None:
    """What is too long is refused, and then it stays as it was typed."""
    return one_line(text) if text and len(text) <= LONGEST_SUBJECT else text


def _has_known_fields(form: "WordsForm", field: Field) -> None:
    wrong = unknown_fields(field.data or "", form.sample)
    names = [name for name in wrong if name not in ("{", "}")]
    if names:
        text = gettext("Nobody fills in %(names)s.", names=braced(names))
        raise ValidationError(f"{text} {_what_there_is(form)}")
    if wrong:
        text = gettext("There is a brace %(brace)s that belongs to no field.", brace=" ".join(wrong))
        raise ValidationError(f"{text} {_what_there_is(form)}")


def _what_there_is(form: "WordsForm") -> str:
    return str(gettext("You can use %(known)s.", known=braced(form.sample)))


def _is_said(form: "WordsForm", field: Field) -> None:
    wrong = misplaced_fields(field.data or "", form.sample)
    if wrong:
        refusal = gettext("%(names)s is longer than a word: give it a paragraph of its own.", names=braced(wrong))
        raise ValidationError(refusal)


def _fits_a_subject(form: "WordsForm", field: Field) -> None:
    lists = [name for name in fields_in(field.data or "") if isinstance(form.sample.get(name), Items)]
    if lists:
        raise ValidationError(gettext("%(names)s is a list, too long for a subject.", names=braced(lists)))


def braced(names: Iterable[str]) -> str:
    """Fields as they are written: `{friend}, {day}`."""
    return ", ".join(f"{{{name}}}" for name in names)


class WordsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Subject and words. `asked` names this showing of the form: a test that is asked for twice by it goes once."""

    subject = StringField(
        _("Subject"),
        [DataRequired(_("Write a subject.")), AtMost(LONGEST_SUBJECT), _has_known_fields, _fits_a_subject],
        filters=[_on_one_line],
    )
    words = TextAreaField(
        _("Words"),
        [DataRequired(_("Write what the mail says.")), AtMost(LONGEST_WORDS), _has_known_fields, _is_said],
        filters=[_tidy],
    )
    asked = HiddenField()

    def __init__(self, sample: Mapping[str, Part], **given: Any) -> None:
        super().__init__(**given)
        self.sample = sample

    def fill(self, words: Words) -> Self:
        """Start with the words as they are."""
        self.subject.data, self.words.data = words.subject, words.words
        self.asked.data = str(uuid4())
        return self

    def written(self) -> Words:
        """What was written; only after `validate`."""
        return Words(self.subject.data, self.words.data)

    def asked_id(self) -> UUID:
        """The id of this showing; a new one where something else was sent."""
        try:
            return UUID(self.asked.data or "")
        except ValueError:
            return uuid4()
