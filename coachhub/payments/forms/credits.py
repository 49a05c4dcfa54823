"""Giving a client sessions, and taking some back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional, ValidationError

from coachhub.accounts.forms import on_one_line
from coachhub.booking.service.offers import OfferingRow
from coachhub.payments.service.giving_credits import MOST_SESSIONS, Gift
from coachhub.platform import clock
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost
from coachhub.platform.local_time import local_day, start_of_day
from coachhub.platform.once_field import OnceField

_A_DAY = timedelta(days=1)


class GiveForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """So many sessions of an offering, and why. `zone` is the practice's: its last day ends by that clock."""

    once = OnceField()
    offering = SelectField(_l("Of what"))
    sessions = IntegerField(
        _l("How many"),
        [
            InputRequired(_l("How many sessions?")),
            NumberRange(1, MOST_SESSIONS, _l("Between 1 and 100 sessions.")),
        ],
        default=1,
    )
    last_day = DateField(_l("Good until"), [Optional(), OfOurTime(10)])
    reason = StringField(
        _l("Why"), filters=[on_one_line], validators=[DataRequired(_l("Say why, in a few words.")), AtMost(200)]
    )

    def __init__(self, offerings: Sequence[OfferingRow], zone: ZoneInfo) -> None:
        super().__init__()
        self.zone, self.offerings = zone, {str(each.id): each for each in offerings}
        self.offering.choices = [(key, each.title) for key, each in self.offerings.items()]

    def validate_last_day(self, field: Field) -> None:
        if field.data and field.data < local_day(clock.now(), self.zone):
            raise ValidationError(_("That day is over already."))

    def gift(self) -> Gift:
        """What was written."""
        offering = self.offerings[self.offering.data]
        return Gift(offering.id, self.sessions.data, self.reason.data, self._expires_at())

    def _expires_at(self) -> datetime | None:
        return start_of_day(self.last_day.data + _A_DAY, self.zone) if self.last_day.data else None


class TakeBackForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """How many of the sessions that are left; `left` is the most there are."""

    once = OnceField()
    sessions = IntegerField(_l("How many"), [InputRequired(_l("How many sessions?"))], default=1)
    reason = StringField(
        _l("Why"), filters=[on_one_line], validators=[DataRequired(_l("Say why, in a few words.")), AtMost(200)]
    )

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def validate_sessions(self, field: Field) -> None:
        if not 1 <= (field.data or 0) <= self.left:
            raise ValidationError(_("There are not so many sessions left: %(left)s.", left=self.left))
