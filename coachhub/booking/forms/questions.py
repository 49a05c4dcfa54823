"""The questions of an offering, a few rows at a time; a row without words is none."""

from collections.abc import Sequence
from typing import Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, FieldList, Form, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from coachhub.accounts.forms import on_one_line
from coachhub.booking.service.asking import MOST_QUESTIONS, QuestionEntry, QuestionKind
from coachhub.booking.service.offers import QuestionRow
from coachhub.platform.lengths import AtMost
from coachhub.platform.texts import one_line

LONGEST_QUESTION, LONGEST_CHOICES, _BLANKS = 200, 2000, 2


def _kinds() -> list[tuple[str, str]]:
    return [
        (QuestionKind.LINE.value, _("One line")),
        (QuestionKind.TEXT.value, _("Several lines")),
        (QuestionKind.CHOICE.value, _("A choice")),
    ]


class QuestionFields(Form):  # type: ignore[misc]  # WTForms ships no types
    """One question."""

    label = StringField(_l("Question"), filters=[on_one_line], validators=[AtMost(LONGEST_QUESTION)])
    kind = SelectField(_l("Answered by"), choices=_kinds)
    choices = TextAreaField(_l("Answers to choose from, one a line"), [AtMost(LONGEST_CHOICES)])
    is_required = BooleanField(_l("Must be answered"))

    def validate_choices(self, field: Field) -> None:
        if self.label.data and self.kind.data == QuestionKind.CHOICE and len(self.lines) < 2:
            raise ValidationError(_("Write at least two answers to choose from, one a line."))

    @property
    def lines(self) -> tuple[str, ...]:
        """The answers to choose from, each once."""
        lines = (one_line(line) for line in (self.choices.data or "").splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    @property
    def is_written(self) -> bool:
        """Whether there is a question in this row."""
        return bool(self.label.data)


class QuestionsForm(FlaskForm):  # type: ignore[misc]
    """All questions of an offering."""

    questions = FieldList(FormField(QuestionFields), max_entries=MOST_QUESTIONS)

    def start_with(self, found: Sequence[QuestionRow]) -> Self:
        """Show what is asked now, and rows for more."""
        for row in found:
            self.questions.append_entry(
                {
                    "label": row.label,
                    "kind": row.kind,
                    "choices": "\n".join(row.choices),
                    "is_required": row.is_required,
                }
            )
        return self.with_blanks()

    def with_blanks(self) -> Self:
        """Rows for more, as far as there may be more."""
        for _blank in range(min(_BLANKS, MOST_QUESTIONS - len(self.questions))):
            self.questions.append_entry({"kind": QuestionKind.LINE.value})
        return self

    def lift(self, row: int) -> Self:
        """Put a row one place up, with all that was typed."""
        rows = [dict(each.form.data) for each in self.questions]
        if 0 < row < len(rows):
            rows[row - 1], rows[row] = rows[row], rows[row - 1]
        for entry, written in zip(self.questions, rows, strict=True):
            for field in entry.form:
                field.data = written[field.short_name]
        return self

    def entries(self) -> list[QuestionEntry]:
        """What was written, in order."""
        rows = (entry.form for entry in self.questions if entry.form.is_written)
        return [
            QuestionEntry(row.label.data, QuestionKind(row.kind.data), row.lines, row.is_required.data) for row in rows
        ]
