"""Asking to be told when a time opens."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import DataRequired

from coachhub.booking.forms.details import PersonForm
from coachhub.platform.days import OfOurTime

_LONGEST = timedelta(days=366)


class WaitForm(PersonForm):
    """Who wants to be told, and on which days the time should be."""

    first_day = DateField(_l("From"), validators=[DataRequired(_l("Choose a day.")), OfOurTime(3)])
    last_day = DateField(_l("Until"), validators=[DataRequired(_l("Choose a day.")), OfOurTime(3)])

    def is_without_days(self, today: date) -> bool:
        """Whether no day of these is ahead, or they are far too many; says so beside the field."""
        first, last = self.first_day.data, self.last_day.data
        if last < first:
            self.last_day.errors = [*self.last_day.errors, _("This day comes before the first one.")]
        elif last < today:
            self.last_day.errors = [*self.last_day.errors, _("This day has passed.")]
        elif last - first > _LONGEST:
            self.last_day.errors = [*self.last_day.errors, _("Choose a year at most.")]
        return bool(self.last_day.errors)
