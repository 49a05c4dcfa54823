"""What coaches and clients type about clients."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, StopValidation, ValidationError

from coachhub.accounts.service.members import coaches
from coachhub.clients.rules.people import MAX_NAME, Written, tidy
from coachhub.clients.rules.table import MAX_BYTES, CannotRead, read_file, read_people
from coachhub.clients.service.adding import reason_against
from coachhub.clients.service.records import ClientRow
from coachhub.clients.wording import skip_words, unreadable_words
from coachhub.platform.addresses import good_address
from coachhub.platform.identity import Identity
from coachhub.platform.lengths import AtMost
from coachhub.platform.zones import present_name, zone_choices

LONGEST_ADDRESS = 254
LONGEST_LIST = 500_000


def _is_address(form: FlaskForm, field: Field) -> None:
    if good_address(field.data or "") is None:
        raise StopValidation(_("Write a whole e-mail address, such as ben@example.com."))


def _is_name(form: FlaskForm, field: Field) -> None:
    if not tidy(field.data or ""):
        raise ValidationError(_("Please write a name."))


class _PlaceForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The coach and the time zone that new clients start with; both have a good first value."""

    coach_id = SelectField(_("Coach"))
    time_zone = SelectField(_("Time zone, until they start"))

    def offer(self, person: Identity) -> "_PlaceForm":
        """Fill the choices, and where nothing was sent, choose the person and the practice's zone."""
        self.coach_id.choices = [(str(coach.user_id), coach.name or coach.email) for coach in coaches()]
        self.time_zone.choices = zone_choices()
        if not self.is_submitted():
            self.coach_id.data = str(person.user_id)
            self.time_zone.data = present_name(person.practice_time_zone)
        return self


class OnePersonForm(_PlaceForm):
    """One new client."""

    name = StringField(_("Name"), [InputRequired(_("Please write a name.")), AtMost(MAX_NAME), _is_name])
    email = StringField(
        _("E-mail address"),
        [InputRequired(_("Please write an e-mail address.")), AtMost(LONGEST_ADDRESS), _is_address],
    )


class PeopleForm(_PlaceForm):
    """Many new clients: pasted lines, or a CSV file."""

    people = TextAreaField(
        _("Your clients, one a line"),
        [AtMost(LONGEST_LIST)],
        description=_("Name and e-mail address. Lines from a mail program or a spreadsheet work too."),
    )
    file = FileField(_("Or a CSV file"), description=_("Up to 2 MB and 1,000 people, with a column “E-mail”."))

    written: Sequence[Written] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Also read the list and the file, and keep the people of both in `written`."""
        if not super().validate(extra_validators):
            return False
        try:
            self.written = [*self._pasted(), *self._sent()]
        except CannotRead:
            return False
        return True

    def _pasted(self) -> list[Written]:
        if self.file.data and not (self.people.data or "").strip():
            return []
        return _readable(self.people, lambda: read_people(self.people.data or ""))

    def _sent(self) -> list[Written]:
        if not self.file.data:
            return []
        return _readable(self.file, lambda: read_file(self.file.data.read(MAX_BYTES + 1)))


def _readable(field: Field, read: Callable[[], list[Written]]) -> list[Written]:
    """What was read; where it cannot be, the words stand beside the field."""
    try:
        return read()
    except CannotRead as error:
        field.errors = [unreadable_words(error.reason)]
        raise


class EditForm(_PlaceForm):
    """A client's record; the address only while they have not started."""

    time_zone = SelectField(_("Time zone"))
    name = StringField(_("Name"), [InputRequired(_("Please write a name.")), AtMost(MAX_NAME), _is_name])
    email = StringField(_("E-mail address"), [AtMost(LONGEST_ADDRESS), _is_address])
    email_now = ""

    def validate_email(self, field: Field) -> None:
        """Refuse the address of another client or of a coach."""
        reason = reason_against(field.data) if good_address(field.data or "") != self.email_now else None
        if reason is not None:
            raise ValidationError(f"{field.data}: {skip_words(reason)}")

    def fill(self, client: ClientRow) -> "EditForm":
        """Start with what is known; somebody who has started keeps the address they started with."""
        self.email_now = client.email
        if client.user_id is not None:
            del self.email
        if not self.is_submitted():
            self.process(obj=client)
            self.coach_id.data = str(client.coach_id)
        return self


class MySettingsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What a client may change of themselves."""

    name = StringField(_("Your name"), [InputRequired(_("Please write a name.")), AtMost(MAX_NAME), _is_name])
    time_zone = SelectField(_("Time zone"), description=_("Your months begin and end at midnight here."))

    def fill(self, client: ClientRow) -> "MySettingsForm":
        """Start with what is known."""
        self.time_zone.choices = zone_choices()
        if not self.is_submitted():
            self.name.data, self.time_zone.data = client.name, present_name(client.time_zone)
        return self
