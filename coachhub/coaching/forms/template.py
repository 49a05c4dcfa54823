"""A template of an agenda or of notes."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired

from coachhub.coaching.forms.session import LONGEST_AGENDA
from coachhub.coaching.models import TemplateKind
from coachhub.coaching.service.templates import TemplateEntry
from coachhub.platform.lengths import AtMost
from coachhub.platform.texts import one_line

LONGEST_NAME = 80


class TemplateForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What it is for, what it is called, what it says."""

    kind = RadioField(
        _("For"),
        choices=[
            SelectChoice(TemplateKind.AGENDA.value, _("Agendas")),
            SelectChoice(TemplateKind.NOTES.value, _("Notes")),
        ],
        default=TemplateKind.NOTES.value,
    )
    name = StringField(_("Name"), [DataRequired(_("Give it a name to choose it by.")), AtMost(LONGEST_NAME)])
    text = TextAreaField(
        _("Text"),
        [DataRequired(_("Write what it begins with.")), AtMost(LONGEST_AGENDA)],
        description=_("In notes, Markdown: # a heading, - an item of a list. An agenda is read as it stands."),
    )

    def entry(self) -> TemplateEntry:
        """What was written, tidied."""
        text = (self.text.data or "").replace("\r\n", "\n").strip()
        return TemplateEntry(TemplateKind(self.kind.data), one_line(self.name.data or ""), text)
