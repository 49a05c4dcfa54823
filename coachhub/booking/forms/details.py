"""What whoever books says of themselves. A field that an offering does not ask for is not in its form."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, SelectField, StringField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional, ValidationError

from coachhub.accounts.forms import is_address, on_one_line, stripped
from coachhub.booking.models import PlaceKind
from coachhub.booking.service.offers import OfferingRow, QuestionRow
from coachhub.network.service.channels import as_e164
from coachhub.platform.lengths import AtMost

LONGEST_LINE, LONGEST_TEXT = 200, 2000


class PersonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Name and address of somebody without an account; `website` is for machines, which fill in everything."""

    name = StringField(
        _l("Your name"), filters=[on_one_line], validators=[DataRequired(_l("Write your name.")), AtMost(120)]
    )
    email = EmailField(
        _l("Your e-mail address"),
        filters=[stripped],
        validators=[DataRequired(_l("Write your e-mail address.")), AtMost(254), is_address],
    )
    website = StringField(_l("Leave this empty"), validators=[Optional(), AtMost(200)])

    def known_as(self, name: str, email: str) -> None:
        """Whoever is signed in is not asked who they are."""
        del self.name
        del self.email
        self.own_name, self.own_email = name, email

    @property
    def written_name(self) -> str:
        """The name, typed or known."""
        return str(self.name.data or "") if "name" in self else self.own_name

    @property
    def written_email(self) -> str:
        """The address, typed or known."""
        return str(self.email.data or "") if "email" in self else self.own_email

    def validate_website(self, field: Field) -> None:
        if field.data:
            raise ValidationError(_("Leave this field empty: it is there to keep machines out."))


class DetailsForm(PersonForm):
    """All that is asked at booking: made by `details_form`, with the questions of the offering in it."""

    phone = TelField(_l("Your telephone number"), filters=[stripped], validators=[AtMost(40)])
    place = StringField(_l("Where shall we meet?"), filters=[on_one_line], validators=[AtMost(LONGEST_LINE)])

    kind: PlaceKind
    zone: ZoneInfo
    asked: tuple[QuestionRow, ...]

    def validate_phone(self, field: Field) -> None:
        """A number is needed for a call; where the client may choose, a place will do instead."""
        number = as_e164(field.data, self.zone) if field.data else None
        if field.data and number is None:
            raise ValidationError(_("Write a telephone number, with the country's code: +44 20 7946 0958."))
        if number is None and not (self.kind is PlaceKind.CLIENT and self.place.data):
            raise ValidationError(_("Write the number that we should call."))
        field.data = number or ""

    def written_phone(self) -> str:
        """The number as `+442079460958`; empty where none was asked for."""
        return str(self.phone.data or "") if "phone" in self else ""

    def written_place(self) -> str:
        """Where the client wants to meet: an address, else their number; empty where the offering says where."""
        return str(self.place.data or self.written_phone()) if "place" in self else ""

    def answers(self) -> tuple[tuple[str, str], ...]:
        """Each question that was answered, as it was asked, with the answer."""
        given = ((row.label, str(self[_name_of(row)].data or "").strip()) for row in self.asked)
        return tuple((label, answer) for label, answer in given if answer)

    def questions(self) -> list[Field]:
        """The fields of the offering's questions, in order."""
        return [self[_name_of(row)] for row in self.asked]


def details_form(offering: OfferingRow, questions: Iterable[QuestionRow], zone: ZoneInfo) -> DetailsForm:
    """The form of an offering. A number without its country's code is read as one of the visitor's zone."""
    asked = tuple(questions)
    fields: dict[str, Any] = {_name_of(row): _field_of(row) for row in asked}
    form: DetailsForm = type("DetailsOfOffering", (DetailsForm,), fields)()
    form.kind, form.zone, form.asked = offering.place_kind, zone, asked
    if offering.place_kind is not PlaceKind.CLIENT:
        del form.place
    if not _asks_for_number(offering):
        del form.phone
    return form


def _asks_for_number(offering: OfferingRow) -> bool:
    """Where the offering names no number to call, it is the coach who calls."""
    is_call = offering.place_kind is PlaceKind.PHONE and not offering.place
    return is_call or offering.place_kind is PlaceKind.CLIENT


def _name_of(row: QuestionRow) -> str:
    return f"answer_{row.id.hex}"


def _field_of(row: QuestionRow) -> Field:
    must = [DataRequired(_("Please answer this."))] if row.is_required else [Optional()]
    if row.kind == "choice":
        choices = [SelectChoice(each, each) for each in ("", *row.choices)]
        return SelectField(row.label, choices=choices, validators=must)
    if row.kind == "text":
        return TextAreaField(row.label, validators=[*must, AtMost(LONGEST_TEXT)])
    return StringField(row.label, filters=[on_one_line], validators=[*must, AtMost(LONGEST_LINE)])
