"""Days that people write in forms: of our own time, so that no calendar and no clock of any zone runs out."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from wtforms import Field, Form
from wtforms.validators import ValidationError

from coachhub.platform import clock

_LIFETIME = 100


@dataclass(frozen=True)
class OfOurTime:
    """Refuses a day more than a hundred calendar years ago, or more than so many calendar years ahead."""

    years_ahead: int = 1

    def __call__(self, form: Form, field: Field) -> None:
        written: date | datetime | None = field.data
        if written is not None and not -_LIFETIME <= written.year - clock.now().year <= self.years_ahead:
            raise ValidationError(_("Look at the year again: that is too far away."))
