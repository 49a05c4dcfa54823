"""What clients type about their friends."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from coachhub.network import wording
from coachhub.network.forms.fields import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_PHONE,
    LONGEST_TEXT,
    SHORT_TEXT,
    YEAR,
    is_address,
    is_name,
    is_number,
)
from coachhub.network.rules import Kind
from coachhub.network.rules.estimates import LastSpoke, contact_estimate, middle_of
from coachhub.network.rules.profiles import LONGEST_PROFILE, normalised_profile
from coachhub.network.rules.quick_line import read_quick_line
from coachhub.network.service.channels import as_e164
from coachhub.network.service.friends import FriendEntry, FriendRow
from coachhub.network.service.owner import Owner
from coachhub.platform.addresses import good_address
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost
from coachhub.platform.texts import one_line
from coachhub.platform.zones import is_zone, present_name, zone_choices

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


def _zones() -> list[tuple[str, str]]:
    return [("", str(_("Not known"))), *zone_choices()]


def _liking_choices() -> list[tuple[int, str]]:
    return [(liking, wording.liking_words(liking)) for liking in range(1, 6)]


class ShortFriendForm(Form):  # type: ignore[misc]
    """One of three people in the first visit's form: a row without a name is left out."""

    name = StringField(_("Name"), [SHORT_TEXT])
    company = StringField(_("From where"), [SHORT_TEXT])
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


class QuickFriendForm(FlaskForm):  # type: ignore[misc]
    """One line about a friend: name, company, kind."""

    line = StringField(_("Add somebody in one line"), [AtMost(LONGEST_TEXT)])

    def entry(self) -> FriendEntry | None:
        """The friend that the line names; None, with the reason beside the field, where it cannot be taken."""
        words = {wording.kind_words(kind): kind for kind in Kind}
        said = read_quick_line(self.line.data or "", words)
        if not one_line(said.name):
            self.line.errors = [*self.line.errors, _("Begin with a name: Maria Silva, Acme, mentor.")]
        elif max(len(said.name), len(said.company)) > LONGEST_NAME:
            self.line.errors = [*self.line.errors, _("That is a long line. Name, company and kind are enough.")]
        elif said.email and good_address(said.email) is None:
            self.line.errors = [*self.line.errors, _("The e-mail address in it is not whole.")]
        else:
            return FriendEntry(
                name=said.name,
                company=said.company,
                kind=said.kind or Kind.COLLEAGUE,
                title=said.title,
                email=said.email,
            )
        return None


class SpokeForm(FlaskForm):  # type: ignore[misc]
    """When they last spoke, in one tap."""

    spoke = RadioField(_("When did you last speak?"), [InputRequired()], choices=_spoke_choices)

    def day(self, today: date) -> date | None:
        """The local day in the middle of what was said; None when nobody is sure."""
        return contact_estimate(LastSpoke(self.spoke.data), today)


class _FriendFields(FlaskForm):  # type: ignore[misc]
    """What both forms about a friend ask."""

    name = StringField(_("Name"), [InputRequired(_("Please write a name.")), SHORT_TEXT, is_name])
    company = StringField(_("From where"), [SHORT_TEXT], description=_("The company or place where you met."))
    kind = RadioField(_("How do you know each other?"), choices=_kind_choices, default=Kind.COLLEAGUE.value)
    liking = RadioField(_("How much do you like their company?"), choices=_liking_choices, coerce=int, default=4)
    email = StringField(
        _("E-mail address"),
        [Optional(), AtMost(LONGEST_ADDRESS), is_address],
    )
    phone = StringField(_("Phone"), [Optional(), AtMost(LONGEST_PHONE), is_number])
    title = StringField(_("What they do"), [SHORT_TEXT], description=_("Their work today, such as head of design."))
    profile = StringField(
        _("Public profile"), [AtMost(4 * LONGEST_PROFILE)], description=_("Such as linkedin.com/in/dan-dorsey.")
    )
    city = StringField(_("City"), [SHORT_TEXT])
    known_from = IntegerField(_("Worked together from (year)"), [*YEAR])
    known_until = IntegerField(_("Until (year)"), [*YEAR])
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

    def validate_profile(self, field: Field) -> None:
        """A web address, which is kept without its scheme; anything else could be a script."""
        if (field.data or "").strip() and not normalised_profile(field.data):
            raise ValidationError(_("Copy the whole address of the profile, such as linkedin.com/in/dan-dorsey."))

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
            title=self.title.data or "",
            profile=normalised_profile(self.profile.data or ""),
            time_zone=kept.time_zone if kept else None,
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
    time_zone = SelectField(_("Their time zone"), choices=_zones, validate_choice=False)

    def start_with(self, friend: FriendRow) -> None:
        """Fill in what is known, before anything is sent."""
        for name in ("name", "company", "liking", "last_contact_on", "email", "phone", "city", "notes"):
            self[name].data = getattr(friend, name)
        self.title.data, self.profile.data = friend.title, friend.profile
        self.time_zone.data = present_name(friend.time_zone) if friend.time_zone else ""
        self.kind.data = friend.kind.value
        self.known_from.data = friend.known_from and friend.known_from.year
        self.known_until.data = friend.known_until and friend.known_until.year

    def validate_last_contact_on(self, field: Field) -> None:
        """Not in the future."""
        if field.data is not None and field.data > self.today:
            raise ValidationError(_("That day is still to come."))

    def validate_time_zone(self, field: Field) -> None:
        """One of the list, or none."""
        if field.data and not is_zone(field.data):
            raise ValidationError(_("Choose a time zone from the list."))

    def entry(self, kept: FriendRow) -> FriendEntry:
        """The friend as written now; a year that did not change keeps its day."""
        return replace(self._entry(self.last_contact_on.data, kept), time_zone=self.time_zone.data or None)
