"""What clients type about their friends and meetups."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from coachhub.network import wording
from coachhub.network.rules import Kind
from coachhub.network.service.channels import as_e164, is_dialable
from coachhub.network.service.estimates import LastSpoke, contact_estimate, middle_of
from coachhub.network.service.friends import FriendEntry, FriendRow
from coachhub.network.service.meetups import LogEntry, LogRow, MeetupRow
from coachhub.network.service.owner import Owner
from coachhub.platform.addresses import good_address
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost
from coachhub.platform.local_time import local_instant
from coachhub.platform.texts import one_line

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_PHONE, LONGEST_TEXT = 120, 254, 40, 4000
FIRST_YEAR = 1940
MOST_MINUTES = 720


_SPOKE = {
    LastSpoke.THIS_MONTH: _("This month"),
    LastSpoke.THIS_YEAR: _("This year"),
    LastSpoke.ONE_TO_TWO_YEARS: _("1–2 years ago"),
    LastSpoke.LONGER: _("Longer ago"),
    LastSpoke.UNSURE: _("Not sure"),
}


def _spoke_choices() -> list[tuple[str, str]]:
    return [(spoke.value, str(_SPOKE[spoke])) for spoke in LastSpoke]


def _kind_choices() -> list[tuple[str, str]]:
    return [(kind.value, wording.kind_words(kind)) for kind in Kind]


def _liking_choices() -> list[tuple[int, str]]:
    return [(liking, wording.liking_words(liking)) for liking in range(1, 6)]


def _feeling_choices() -> list[tuple[int, str]]:
    return [(feeling, wording.feeling_words(feeling)) for feeling in (3, 2, 1)]


def _is_name(form: Form, field: Field) -> None:
    if not one_line(field.data or ""):
        raise ValidationError(_("Please write a name."))


def _is_address(form: Form, field: Field) -> None:
    if good_address(field.data) is None:
        raise ValidationError(_("Write a whole e-mail address, such as dan@example.com."))


def _is_number(form: Form, field: Field) -> None:
    if not is_dialable(field.data):
        raise ValidationError(_("This does not look like a telephone number."))


_year = (Optional(), NumberRange(FIRST_YEAR, 2100, _("Write a year with four digits, such as 2019.")))
_short_text = AtMost(LONGEST_NAME)


class ShortFriendForm(Form):  # type: ignore[misc]
    """One of three people in the first visit's form: a row without a name is left out."""

    name = StringField(_("Name"), [_short_text])
    company = StringField(_("From where"), [_short_text])
    spoke = RadioField(_("Last spoke"), [Optional()], choices=_spoke_choices)

    def validate_company(self, field: Field) -> None:
        """A company alone is nobody yet."""
        if one_line(field.data or "") and not one_line(self.name.data or ""):
            raise ValidationError(_("Who was it there? Write the name, or empty this line."))


class ThreeFriendsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Three people you liked working with; one is enough."""

    people = FieldList(FormField(ShortFriendForm), min_entries=3, max_entries=10)

    def validate_people(self, field: Field) -> None:
        """At least one name."""
        if not self._named():
            self.people[0].form.name.errors = [_("Write at least one name. One is enough to begin.")]
            field.errors = [row.form.errors for row in self.people]

    def _named(self) -> list[ShortFriendForm]:
        return [row.form for row in self.people if one_line(row.form.name.data or "")]

    def entries(self, today: date) -> list[FriendEntry]:
        """The friends as written, for `add_friends`; `today` is the client's local day."""
        return [
            FriendEntry(
                name=row.name.data,
                company=row.company.data or "",
                last_contact_on=contact_estimate(LastSpoke(row.spoke.data or LastSpoke.UNSURE), today),
            )
            for row in self._named()
        ]


class _FriendFields(FlaskForm):  # type: ignore[misc]
    """What both forms about a friend ask."""

    name = StringField(_("Name"), [InputRequired(_("Please write a name.")), _short_text, _is_name])
    company = StringField(_("From where"), [_short_text], description=_("The company or place where you met."))
    kind = RadioField(_("How do you know each other?"), choices=_kind_choices, default=Kind.COLLEAGUE.value)
    liking = RadioField(_("How much do you like their company?"), choices=_liking_choices, coerce=int, default=4)
    email = StringField(
        _("E-mail address"),
        [Optional(), AtMost(LONGEST_ADDRESS), _is_address],
    )
    phone = StringField(_("Phone"), [Optional(), AtMost(LONGEST_PHONE), _is_number])
    city = StringField(_("City"), [_short_text])
    known_from = IntegerField(_("Worked together from (year)"), [*_year])
    known_until = IntegerField(_("Until (year)"), [*_year])
    notes = TextAreaField(_("Notes"), [AtMost(LONGEST_TEXT)], description=_("For your eyes, unless you share."))

    def __init__(self, owner: Owner, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.owner = owner
        self.today = owner.today()

    def validate_known_from(self, field: Field) -> None:
        """Not in a year that has not begun."""
        if field.data is not None and field.data > self.today.year:
            raise ValidationError(_("That year has not begun yet."))

    def validate_known_until(self, field: Field) -> None:
        """Not before it began, nor in a year that has not begun."""
        self.validate_known_from(field)
        if field.data is not None and self.known_from.data is not None and field.data < self.known_from.data:
            raise ValidationError(_("That is before the year in which it began."))

    def _entry(self, last_contact_on: date | None, kept: FriendRow | None = None) -> FriendEntry:
        phone = self.phone.data or ""
        return FriendEntry(
            name=self.name.data,
            company=self.company.data or "",
            kind=Kind(self.kind.data),
            liking=self.liking.data,
            known_from=middle_of(self.known_from.data, self.today, kept.known_from if kept else None),
            known_until=middle_of(self.known_until.data, self.today, kept.known_until if kept else None),
            last_contact_on=last_contact_on,
            email=self.email.data or "",
            phone=as_e164(phone, self.owner.zone) or phone,
            city=self.city.data or "",
            notes=self.notes.data or "",
        )


class AddFriendForm(_FriendFields):
    """A new friend, in four quick answers."""

    spoke = RadioField(_("When did you last speak?"), [Optional()], choices=_spoke_choices)

    def entry(self) -> FriendEntry:
        """The friend as written."""
        return self._entry(contact_estimate(LastSpoke(self.spoke.data or LastSpoke.UNSURE), self.today))


class EditFriendForm(_FriendFields):
    """Everything that is written of a friend."""

    last_contact_on = DateField(
        _("Last contact"),
        [Optional(), OfOurTime()],
        description=_("A meetup or a real conversation. A rough day will do."),
    )

    def start_with(self, friend: FriendRow) -> None:
        """Fill in what is known, before anything is sent."""
        for name in ("name", "company", "liking", "last_contact_on", "email", "phone", "city", "notes"):
            self[name].data = getattr(friend, name)
        self.kind.data = friend.kind.value
        self.known_from.data = friend.known_from and friend.known_from.year
        self.known_until.data = friend.known_until and friend.known_until.year

    def validate_last_contact_on(self, field: Field) -> None:
        """Not in the future."""
        if field.data is not None and field.data > self.today:
            raise ValidationError(_("That day is still to come."))

    def entry(self, kept: FriendRow) -> FriendEntry:
        """The friend as written now; a year that did not change keeps its day."""
        return self._entry(self.last_contact_on.data, kept)


def _instant(day: date, at: Any, owner: Owner, kept: datetime | None) -> datetime:
    """The UTC instant of local fields; the one already kept where they show it, so that saving moves nothing."""
    if kept is not None:
        shown = kept.astimezone(owner.zone)
        if (shown.date(), shown.hour, shown.minute) == (day, at.hour, at.minute):
            return kept
    return local_instant(day, at, owner.zone)


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
        return _instant(self.day.data, self.at.data, owner, kept)

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
    follow_up_on = DateField(_("By when"), [Optional(), OfOurTime(years_ahead=10)])
    shared = BooleanField(_("Share this log with my coach"))

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
        return _instant(self.day.data, self.at.data, owner, kept)

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
