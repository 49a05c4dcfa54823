"""Forms of accounts. A password is never shown again; everything else that was typed stays."""

from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, IntegerField, PasswordField, SelectField, StringField
from wtforms.fields.choices import Choice
from wtforms.validators import DataRequired, NumberRange, ValidationError

from coachhub.accounts.rules.passwords import AT_LEAST, AT_MOST, PasswordFault, Strength, fault_of, strength_of
from coachhub.accounts.service.places import currency_choices, locale_choices
from coachhub.accounts.service.practices import PracticeSettings
from coachhub.platform.addresses import good_address
from coachhub.platform.lengths import AtMost
from coachhub.platform.texts import one_line
from coachhub.platform.zones import is_zone, zone_choices


def stripped(text: str | None) -> str | None:
    """Text without the spaces around it."""
    return text.strip() if text else text


def on_one_line(text: str | None) -> str | None:
    """A name without line ends and doubled spaces: in a mail it must not begin a paragraph of its own."""
    return one_line(text) if text else text


def is_address(form: FlaskForm, field: Any) -> None:
    """Accept what can be an e-mail address; whether it can be delivered is found out by writing to it."""
    address = good_address(field.data or "")
    if address is None:
        raise ValidationError(_("Write an e-mail address such as ana@example.com."))
    field.data = address


def password_fault(password: str, *own_names: str) -> str | None:
    """Why this may not be a password, in words; None where it may."""
    texts = {
        PasswordFault.TOO_SHORT: _(
            "Use at least %(n)s characters. Three or four words make a good password.", n=AT_LEAST
        ),
        PasswordFault.TOO_LONG: _("Use at most %(n)s characters.", n=AT_MOST),
        PasswordFault.COMMON: _("Many people use this password, so it is among the first to be guessed. Take another."),
        PasswordFault.OWN_NAME: _("Your own address or practice is easy to guess. Take another password."),
    }
    fault = fault_of(password, *own_names)
    return texts[fault] if fault else None


def strength_words(password: str) -> str:
    """What to tell somebody who has just chosen a password."""
    texts = {
        Strength.FAIR: _(
            "Your new password is set, and other browsers are signed out. A longer one would be stronger."
        ),
        Strength.GOOD: _("Your new password is good. Other browsers are signed out."),
        Strength.STRONG: _("Your new password is strong. Other browsers are signed out."),
    }
    return str(texts[strength_of(password)])


class CheckedPassword:
    """Checks a new password; the form knows which names it may not be."""

    def __call__(self, form: Any, field: Any) -> None:
        fault = password_fault(field.data or "", *form.own_names())
        if fault:
            raise ValidationError(fault)


def _reading() -> str:
    return str(get_locale() or "en")


def _required(text: Any) -> DataRequired:
    return DataRequired(message=text)


def _practice_name() -> StringField:
    return StringField(
        _l("Name of your practice"),
        filters=[on_one_line],
        validators=[_required(_l("Give your practice a name.")), AtMost(120)],
    )


def _address() -> EmailField:
    return EmailField(
        _l("E-mail address"),
        filters=[stripped],
        validators=[_required(_l("Write your e-mail address.")), AtMost(254), is_address],
    )


def _person_name() -> StringField:
    return StringField(
        _l("Your name"), filters=[on_one_line], validators=[_required(_l("Write your name.")), AtMost(120)]
    )


def _new_password(label: Any) -> PasswordField:
    return PasswordField(label, validators=[_required(_l("Choose a password.")), CheckedPassword()])


class SignUpForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Three fields, and the zone that the browser fills in."""

    practice_name = _practice_name()
    email = _address()
    password = _new_password(_l("Password"))
    time_zone = HiddenField()

    def own_names(self) -> tuple[str, str]:
        return self.email.data or "", self.practice_name.data or ""


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Address and password; with the address alone a code can be mailed."""

    email = EmailField(
        _l("E-mail address"), filters=[stripped], validators=[_required(_l("Write your e-mail address."))]
    )
    password = PasswordField(_l("Password"), validators=[_required(_l("Write your password, or have a code mailed."))])


class AddressForm(FlaskForm):  # type: ignore[misc]
    """An address to write to."""

    email = EmailField(
        _l("E-mail address"), filters=[stripped], validators=[_required(_l("Write your e-mail address."))]
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The six digits of the mail."""

    email = HiddenField()
    code = StringField(_l("Six-digit code"), validators=[_required(_l("Write the six digits of the mail."))])


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """A mailed link that confirms an address, opened in a browser that has not signed up with it."""

    password = PasswordField(_l("The password that you chose"))


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A new password by a mailed link."""

    password = _new_password(_l("New password"))

    def __init__(self, names: tuple[str, ...], **kept: Any) -> None:
        super().__init__(**kept)
        self._names = names

    def own_names(self) -> tuple[str, ...]:
        return self._names


class ChangePasswordForm(NewPasswordForm):
    """A new password by somebody who is signed in; the old one is asked for where there is one."""

    current = PasswordField(_l("Your password now"))


class TeamInviteForm(FlaskForm):  # type: ignore[misc]
    """A further coach."""

    name = StringField(
        _l("Their name"), filters=[on_one_line], validators=[_required(_l("Write their name.")), AtMost(120)]
    )
    email = EmailField(
        _l("Their e-mail address"),
        filters=[stripped],
        validators=[_required(_l("Write their e-mail address.")), AtMost(254), is_address],
    )


class JoinForm(NewPasswordForm):
    """An invited coach who has no account yet."""

    name = _person_name()
    password = _new_password(_l("Password"))
    time_zone = HiddenField()


class PracticeNameForm(FlaskForm):  # type: ignore[misc]
    """One more practice."""

    practice_name = _practice_name()
    time_zone = HiddenField()


class ZoneField(SelectField):  # type: ignore[misc]
    """A choice of time zones; a zone under a former name stays choosable while it is in use."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, choices=zone_choices, validate_choice=False, **more)

    def iter_choices(self) -> Any:
        known = zone_choices()
        listed = known if self.data in dict(known) or not is_zone(self.data) else [(self.data, self.data), *known]
        return (Choice(key, label, key == self.data, {}) for key, label in listed)

    def pre_validate(self, form: FlaskForm) -> None:
        if not is_zone(self.data):
            raise ValidationError(_("Choose a time zone from the list."))


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """What a person is called and how they read dates."""

    name = _person_name()
    time_zone = ZoneField(_l("Your time zone"))
    locale = SelectField(_l("Dates and numbers as in"), choices=lambda: locale_choices(_reading()))


class PracticeForm(FlaskForm):  # type: ignore[misc]
    """What an owner may change of the practice."""

    name = _practice_name()
    time_zone = ZoneField(_l("Time zone of the practice"))
    currency = SelectField(_l("Currency"), choices=lambda: currency_choices(_reading()))
    half_life_days = IntegerField(
        _l("Days until a friendship is half as warm"),
        validators=[
            _required(_l("Write a number of days.")),
            NumberRange(30, 3650, message=_l("Between 30 days and ten years (3650).")),
        ],
    )

    def wanted(self) -> PracticeSettings:
        return PracticeSettings(self.name.data, self.time_zone.data, self.currency.data, self.half_life_days.data)
