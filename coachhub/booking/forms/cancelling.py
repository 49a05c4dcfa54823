"""Calling a booking off."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from coachhub.platform.lengths import AtMost

_LONGEST = 500


class CancelForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A word with it, if one likes."""

    reason = TextAreaField(_l("A word with it"), validators=[AtMost(_LONGEST)])
