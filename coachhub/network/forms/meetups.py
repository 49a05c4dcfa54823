"""What clients type about when and where they meet a friend."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField, TimeField
from wtforms.validators import InputRequired, NumberRange

from coachhub.network.forms.fields import MOST_MINUTES, instant_of
from coachhub.network.service.meetups import MeetupRow
from coachhub.network.service.owner import Owner
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost


class TimeAndPlaceForm(FlaskForm):  # type: ignore[misc]
    """When and where: for a meetup that is agreed or moved. Times are the client's own."""

    day = DateField(_("Day"), [InputRequired(_("Choose a day.")), OfOurTime()])
    at = TimeField(_("Time"), [InputRequired(_("Choose a time, such as 12:30."))])
    place = StringField(_("Place"), [AtMost(200)], description=_("A café, an address, a call."))

    def start_with(self, meetup: MeetupRow, owner: Owner) -> None:
        """Fill in what is agreed, before anything is sent."""
        shown = meetup.starts_at.astimezone(owner.zone)
        self.day.data, self.at.data, self.place.data = shown.date(), shown.time(), meetup.place

    def starts_at(self, owner: Owner, kept: datetime | None = None) -> datetime:
        """The UTC instant as written; `kept` is the meetup's, where it has one."""
        return instant_of(self.day.data, self.at.data, owner, kept)

    def is_past(self, owner: Owner, now: datetime, kept: datetime | None = None) -> bool:
        """Whether the time written has passed; says so beside the field. A time left as it is may have passed."""
        starts_at = self.starts_at(owner, kept)
        is_past = starts_at <= now and starts_at != kept
        if is_past:
            refusal = _("That time has already passed. If you have met, write down how it was instead.")
            self.day.errors = [*self.day.errors, refusal]
        return is_past


class AgreeForm(TimeAndPlaceForm):
    """A time that a friend has agreed to."""

    minutes = IntegerField(
        _("Minutes"), [InputRequired(_("How many minutes?")), NumberRange(5, MOST_MINUTES)], default=60
    )
