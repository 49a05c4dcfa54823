"""What clients type after a meetup."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, IntegerField, RadioField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from coachhub.network import wording
from coachhub.network.forms.fields import LONGEST_TEXT, MOST_MINUTES, instant_of
from coachhub.network.service.meetups import LogEntry, LogRow, MeetupRow
from coachhub.network.service.owner import Owner
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost


def _feeling_choices() -> list[tuple[int, str]]:
    return [(feeling, wording.feeling_words(feeling)) for feeling in (3, 2, 1)]


class LogForm(FlaskForm):  # type: ignore[misc]
    """How a meetup was: three fields, and more for who likes to write."""

    feeling = RadioField(
        _("How was it?"), [InputRequired(_("One tap: how was it?"))], choices=_feeling_choices, coerce=int
    )
    minutes = IntegerField(
        _("How many minutes?"),
        [
            InputRequired(_("How many minutes? A rough number will do.")),
            NumberRange(1, MOST_MINUTES, _("Between 1 and 720 minutes.")),
        ],
    )
    learned = TextAreaField(_("One thing you learned"), [AtMost(LONGEST_TEXT)])
    day = DateField(_("Day"), [InputRequired(_("Choose a day.")), OfOurTime()])
    at = TimeField(_("Time"), [InputRequired(_("Choose a time, such as 12:30."))])
    help_given = TextAreaField(_("Help you gave"), [AtMost(LONGEST_TEXT)])
    help_received = TextAreaField(_("Help you received"), [AtMost(LONGEST_TEXT)])
    follow_up = StringField(_("What you promised"), [AtMost(500)], description=_("Send the book, make the call."))
    follow_up_on = DateField(
        _("By when"), [Optional(), OfOurTime(years_ahead=10)], description=_("We remind you that morning.")
    )
    shared = BooleanField(_("Share this log with my coach"))

    def validate_follow_up_on(self, field: Field) -> None:
        """A day alone promises nothing."""
        if field.data is not None and not (self.follow_up.data or "").strip():
            raise ValidationError(_("What did you promise? Write it, or empty the day."))

    def start_with(self, meetup: MeetupRow, log: LogRow | None, owner: Owner, shared: bool) -> None:
        """Fill in what is known, before anything is sent; `shared` is the switch for a new log."""
        shown = (log.held_at if log else meetup.starts_at).astimezone(owner.zone)
        self.day.data, self.at.data = shown.date(), shown.time()
        self.minutes.data, self.shared.data = meetup.minutes, shared
        if log is not None:
            for name in ("feeling", "minutes", "learned", "help_given", "help_received", "follow_up"):
                self[name].data = getattr(log, name)
            self.follow_up_on.data, self.shared.data = log.follow_up_on, log.shared

    def start_at(self, instant: datetime, owner: Owner, shared: bool) -> None:
        """Fill in the first guess for a meetup that nobody planned."""
        shown = instant.astimezone(owner.zone)
        self.day.data, self.at.data = shown.date(), shown.time().replace(minute=0, second=0, microsecond=0)
        self.minutes.data, self.shared.data = 60, shared

    def is_ahead(self, owner: Owner, now: datetime) -> bool:
        """Whether the time written is still to come; says so beside the field."""
        is_ahead = self.held_at(owner) > now
        if is_ahead:
            self.day.errors = [*self.day.errors, _("This meetup is still ahead. Set the day on which you really met.")]
        return is_ahead

    def held_at(self, owner: Owner, kept: datetime | None = None) -> datetime:
        """The UTC instant as written; `kept` is the meetup's, where it has one."""
        return instant_of(self.day.data, self.at.data, owner, kept)

    def entry(self, owner: Owner, kept: datetime | None = None) -> LogEntry:
        """The log as written."""
        return LogEntry(
            held_at=self.held_at(owner, kept),
            minutes=self.minutes.data,
            feeling=self.feeling.data,
            learned=self.learned.data or "",
            help_given=self.help_given.data or "",
            help_received=self.help_received.data or "",
            follow_up=self.follow_up.data or "",
            follow_up_on=self.follow_up_on.data,
            shared=self.shared.data,
        )
