"""A coaching session: when, how long, where, what about, with whom."""

from datetime import datetime
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, NumberRange

from coachhub.accounts.service.members import coaches
from coachhub.coaching.service.entries import SessionEntry
from coachhub.coaching.service.reading import CoachingSessionRow
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost
from coachhub.platform.local_time import local_instant
from coachhub.platform.texts import one_line

LONGEST_PLACE, LONGEST_AGENDA, MOST_MINUTES = 300, 4000, 720


class SessionForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A coaching session. Day and time are by the clock of whoever types them."""

    day = DateField(_("Day"), [InputRequired(_("Choose a day.")), OfOurTime()])
    at = TimeField(_("Time"), [InputRequired(_("Choose a time, such as 12:30."))])
    minutes = IntegerField(
        _("Minutes"),
        [InputRequired(_("How many minutes?")), NumberRange(5, MOST_MINUTES, _("Between 5 and 720 minutes."))],
        default=60,
    )
    place = StringField(
        _("Place"), [AtMost(LONGEST_PLACE)], description=_("A video link, a telephone number or an address.")
    )
    agenda = TextAreaField(
        _("Agenda"), [AtMost(LONGEST_AGENDA)], description=_("It stands in the reminders, and your client reads it.")
    )
    coach_id = SelectField(_("Coach"))

    def offer(self, person_id: UUID) -> Self:
        """Fill in the choice of coaches, the person first chosen; a practice of one coach is not asked."""
        self.coach_id.choices = [(str(coach.user_id), coach.name or coach.email) for coach in coaches()]
        if not self.is_submitted() or len(self.coach_id.choices) == 1:
            self.coach_id.data = str(person_id)
        return self

    def start_with(self, found: CoachingSessionRow, zone: ZoneInfo) -> Self:
        """Fill in what is planned, unless something was sent."""
        if not self.is_submitted():
            shown = found.starts_at.astimezone(zone)
            self.day.data, self.at.data, self.minutes.data = shown.date(), shown.time(), found.minutes
            self.place.data, self.agenda.data, self.coach_id.data = found.place, found.agenda, str(found.coach_id)
        return self

    def is_past(self, zone: ZoneInfo, now: datetime, kept: datetime | None = None) -> bool:
        """Whether the time written has passed; says so beside the field. A time left as it is may have passed."""
        starts_at = self._starts_at(zone, kept)
        is_past = starts_at <= now and starts_at != kept
        if is_past:
            self.refuse(_("That time has already passed. Choose one that is still ahead."))
        return is_past

    def is_ahead(self, zone: ZoneInfo, now: datetime) -> bool:
        """Whether the time written is still to come; says so beside the field."""
        is_ahead = self._starts_at(zone, None) > now
        if is_ahead:
            self.refuse(_("That time is still ahead. Plan the session instead."))
        return is_ahead

    def begin_agenda(self, text: str) -> Self:
        """Put a text into the agenda instead of what stands there."""
        self.agenda.data = text
        return self

    def refuse(self, why: str) -> Self:
        """Say beside the time why it cannot be had."""
        self.day.errors = [*self.day.errors, why]
        return self

    def entry(self, zone: ZoneInfo, kept: datetime | None = None) -> SessionEntry:
        """What was written, tidied; `kept` is the instant that is planned, where one is."""
        return SessionEntry(
            coach_id=UUID(self.coach_id.data),
            starts_at=self._starts_at(zone, kept),
            minutes=self.minutes.data,
            place=one_line(self.place.data or ""),
            agenda=(self.agenda.data or "").replace("\r\n", "\n").strip(),
        )

    def _starts_at(self, zone: ZoneInfo, kept: datetime | None) -> datetime:
        """The UTC instant; the one that is planned where the fields show it, so that saving moves nothing."""
        if kept is not None:
            shown = kept.astimezone(zone)
            if (shown.date(), shown.hour, shown.minute) == (self.day.data, self.at.data.hour, self.at.data.minute):
                return kept
        return local_instant(self.day.data, self.at.data, zone)
