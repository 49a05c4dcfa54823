"""Keeping a filter of the list under a name."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired

from coachhub.platform.lengths import AtMost
from coachhub.platform.texts import one_line

LONGEST_NAME = 40


class SavedFilterForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The name of a filter."""

    name = StringField(
        _l("Name"),
        filters=[lambda text: one_line(text or "")],
        validators=[DataRequired(_l("Give it a name.")), AtMost(LONGEST_NAME)],
    )
