"""The form of days that are different: away, or other hours."""

from datetime import date
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, FieldList, FormField, RadioField, StringField
from wtforms.validators import InputRequired, Optional

from coachhub.accounts.forms import on_one_line
from coachhub.booking.forms.week import RangeFields, complain, do_not_overlap, show_ranges, written_in
from coachhub.booking.service.other_days import OtherDaysEntry
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost

AWAY, HOURS = "away", "hours"
_RANGES = 3


class OtherDaysForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """From a day to a day; the second may be left out."""

    first_day = DateField(_l("First day"), [InputRequired(_l("Choose a day.")), OfOurTime(2)])
    last_day = DateField(_l("Last day"), [Optional(), OfOurTime(2)])
    kind = RadioField(
        _l("What is different?"), choices=lambda: [(AWAY, _("I am away")), (HOURS, _("Other hours"))], default=AWAY
    )
    ranges = FieldList(FormField(RangeFields), min_entries=_RANGES, max_entries=_RANGES)
    note = StringField(_l("Note"), filters=[on_one_line], validators=[AtMost(120)])

    def about(self, today: date) -> Self:
        """By the calendar of the coach's zone."""
        self._today = today
        return self

    def validate(self, *more: Any, **named: Any) -> bool:
        """Each field, then what they come to together. Hours are nothing to somebody who is away."""
        if self.kind.data == AWAY:
            show_ranges(self.ranges, (), spare=_RANGES)
        return super().validate(*more, **named) and self._are_days_right() and self._are_hours_right()

    def entry(self) -> OtherDaysEntry:
        """What was written."""
        hours = written_in(self.ranges) if self.kind.data == HOURS else ()
        return OtherDaysEntry(self.first_day.data, self._last_day(), hours, self.note.data or "")

    def _last_day(self) -> date:
        last_day: date = self.last_day.data or self.first_day.data
        return last_day

    def _are_days_right(self) -> bool:
        if self._last_day() < self.first_day.data:
            self.last_day.errors = [_("The last day is before the first.")]
        elif self._last_day() < self._today:
            self.first_day.errors = [_("These days have passed.")]
        return not (self.first_day.errors or self.last_day.errors)

    def _are_hours_right(self) -> bool:
        if self.kind.data != HOURS:
            return True
        if not written_in(self.ranges):
            return complain(self.ranges, self.ranges[0].form, _("From when until when do you work on these days?"))
        return do_not_overlap(self.ranges)
