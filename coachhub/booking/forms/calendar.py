"""What coaches type into their calendar. Days and times are by the clock of whoever types them."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation

from coachhub.accounts.service.members import coaches
from coachhub.booking.service.offers import OfferingRow, offerings
from coachhub.booking.service.reading import BookingRow
from coachhub.clients.service.choosing import clients_to_choose
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost
from coachhub.platform.local_time import local_instant
from coachhub.platform.texts import one_line

_LONGEST_NOTE, _LONGEST_PLACE, _LONGEST_REASON = 200, 300, 1000
_YEARS_AHEAD = 3


class _TimeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A day, a time, and whose."""

    day = DateField(_("Day"), [InputRequired(_("Choose a day.")), OfOurTime(_YEARS_AHEAD)])
    at = TimeField(_("Time"), [InputRequired(_("Choose a time, such as 12:30."))])
    coach_id = SelectField(_("Coach"))

    def offer_coaches(self, chosen_id: UUID, *, only: UUID | None = None) -> Self:
        """Fill in the choice of coaches; `only` this one, where nobody else's calendar may be changed."""
        team = [coach for coach in coaches() if only in (None, coach.user_id)]
        self.coach_id.choices = [(str(coach.user_id), coach.name or coach.email) for coach in team]
        if not self.is_submitted() or len(team) == 1:
            self.coach_id.data = str(chosen_id)
        return self

    def begin_at(self, instant: datetime, zone: ZoneInfo) -> Self:
        """Fill in a time, unless something was sent."""
        if not self.is_submitted():
            shown = instant.astimezone(zone)
            self.day.data, self.at.data = shown.date(), shown.time()
        return self

    def instant(self, zone: ZoneInfo) -> datetime:
        """The UTC instant that was written."""
        return local_instant(self.day.data, self.at.data, zone)

    @property
    def coach(self) -> UUID:
        """Whose calendar."""
        return UUID(self.coach_id.data)

    def say(self, text: str) -> None:
        """Say beside the time what is the matter with it."""
        self.at.errors = [*self.at.errors, text]


class BlockForm(_TimeForm):
    """A time to keep free, from one moment until another."""

    last_day = DateField(_("Last day"), [Optional(), OfOurTime(_YEARS_AHEAD)])
    until = TimeField(_("Until"), [InputRequired(_("Choose a time, such as 12:30."))])
    note = StringField(_("Note"), [AtMost(_LONGEST_NOTE)], description=_("Only you and your colleagues see it."))

    def end(self, zone: ZoneInfo) -> datetime:
        """The UTC instant at which it ends: on the same day, unless another was written."""
        return local_instant(self.last_day.data or self.day.data, self.until.data, zone)

    @property
    def written_note(self) -> str:
        """The note, on one line."""
        return one_line(self.note.data or "")


class _PlacedForm(_TimeForm):
    """A time at which a booking shall stand. `anyway`: the coach has read what is unusual about it."""

    anyway = BooleanField(_("I know. Do it all the same."))


class MoveForm(_PlacedForm):
    """Where a booking shall stand from now on."""

    def start_with(self, booking: BookingRow, zone: ZoneInfo) -> Self:
        """Fill in where it stands."""
        return self.begin_at(booking.starts_at, zone)


def _is_said_or_offered(form: "BookForm", field: Field) -> None:
    """Without an offering the length must be said; what is wrong with an empty number is not."""
    if not (field.raw_data and field.raw_data[0].strip()) and form.offering is None:
        field.errors = []
        raise StopValidation(str(_("How many minutes?")))


class BookForm(_PlacedForm):
    """A booking for a client, by the coach."""

    client_id = SelectField(_("Client"), [InputRequired(_("Choose a client."))])
    offering_id = SelectField(_("What"), description=_("It brings title, length and price."))
    minutes = IntegerField(
        _("Minutes"),
        [_is_said_or_offered, Optional(), NumberRange(5, 720, _("Between 5 and 720 minutes."))],
        description=_("Empty: as long as the offering."),
    )
    place = StringField(_("Place"), [AtMost(_LONGEST_PLACE)], description=_("Empty: your usual place."))

    def offer(self, client_id: str) -> Self:
        """Fill in whom and what may be chosen."""
        self.client_id.choices = [("", _("Choose a client")), *((str(id_), name) for id_, name in clients_to_choose())]
        self._offerings = {str(each.id): each for each in offerings()}
        of_offerings = [(key, each.title) for key, each in self._offerings.items()]
        self.offering_id.choices = [*of_offerings, ("", _("A session of another length"))]
        if not self.is_submitted():
            self.client_id.data = client_id
        return self

    @property
    def offering(self) -> OfferingRow | None:
        """The offering that was chosen."""
        return self._offerings.get(self.offering_id.data or "")

    @property
    def length(self) -> int:
        """How many minutes it takes."""
        offering = self.offering
        return int(self.minutes.data or (offering.minutes if offering else 0))

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when until when (UTC)."""
        begin = self.instant(zone)
        return begin, begin + timedelta(minutes=self.length)

    @property
    def written_place(self) -> str:
        """The place, on one line."""
        return one_line(self.place.data or "")


class CallOffForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Why a booking is off."""

    reason = TextAreaField(_("Why"), [AtMost(_LONGEST_REASON)], description=_("Your client reads it in the mail."))

    @property
    def written_reason(self) -> str:
        """The reason, tidied."""
        return (self.reason.data or "").replace("\r\n", "\n").strip()
