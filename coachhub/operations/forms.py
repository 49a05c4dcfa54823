"""The one form of the operator's page."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from coachhub.operations.wording import kinds_to_hold
from coachhub.platform.lengths import AtMost

_LONGEST_SLUG = 100


class HoldForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Which mail to hold back: of one practice or of all, of one kind or of every kind."""

    practice = StringField(
        _l("Practice"),
        [AtMost(_LONGEST_SLUG)],
        description=_l("The end of its address, after /p/. Leave it empty for every practice."),
    )
    kind = SelectField(_l("Kind"), default="")

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.kind.choices = kinds_to_hold()

    def which(self) -> tuple[str | None, str | None]:
        """The practice and the kind; None for all of them."""
        return (self.practice.data or "").strip() or None, self.kind.data or None
